"""Marquee's networks as PyTorch classes, and `load`, which reads Marquee's files into them.

It needs torch, safetensors, numpy and Pillow from PyPI, and is one file to copy wherever it is wanted:

    network, card = load("cnn32.safetensors")
    logits = network(prepare(Image.open("poster.jpg"), card))
    print(card["labels"][logits.argmax()])

By hand it is as short, since Marquee's tensors have PyTorch's names and shapes:

    network = CNN32()
    network.load_state_dict(safetensors.torch.load_file("cnn32.safetensors"), strict=True)

PyTorch's batch norm has a tensor more, `num_batches_tracked`, which counts training steps and which no
answer depends on. Marquee's files lack it, and strict=True passes all the same: `load_state_dict` takes a
plain dictionary, such as `load_file` gives, for one from before that counter (PyTorch 0.4.1), and starts
the counter itself. Nothing needs to be added or renamed.

The other way, `safetensors.torch.save_file(network.state_dict(), "mine.safetensors")` writes what
`marquee import` reads.
"""

import json
from typing import NamedTuple

import numpy
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn


class StudentProjectNetwork(nn.Module):
    """The shape of the student project's networks, from `[batch, 3, side, side]` to logits `[batch, classes]`.

    Each of `channels` is a 3x3 convolution with batch norm and ReLU; a 2x2 max-pool follows the first
    `pools` of them. Each of `hidden` is a linear layer with ReLU.
    """

    def __init__(self, side, channels, pools, hidden, classes):
        super().__init__()
        features, inputs = [], 3
        for index, outputs in enumerate(channels):
            features += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
            if index < pools:
                features.append(nn.MaxPool2d(2))
            inputs = outputs
        self.features = nn.Sequential(*features)

        classifier, inputs = [nn.Flatten()], inputs * (side // 2**pools) ** 2
        for outputs in hidden:
            classifier += [nn.Linear(inputs, outputs), nn.ReLU()]
            inputs = outputs
        self.classifier = nn.Sequential(*classifier, nn.Linear(inputs, classes))

    def forward(self, posters):
        return self.classifier(self.features(posters))


class CNN(StudentProjectNetwork):
    def __init__(self, classes=6):
        super().__init__(300, [16, 32], 2, [32, 16], classes)


class CNN32(StudentProjectNetwork):
    def __init__(self, classes=6):
        super().__init__(32, [16, 32], 2, [32, 16], classes)


class CNN64(StudentProjectNetwork):
    def __init__(self, classes=6):
        super().__init__(64, [32, 64], 2, [32, 16], classes)


class DeepCNN32(StudentProjectNetwork):
    def __init__(self, classes=6):
        super().__init__(32, [16, 32, 64, 128], 3, [256, 128], classes)


class Block(nn.Module):
    """Convolution, batch norm and ReLU6.

    `depthwise` says that each channel is convolved on its own, `linear` that there is no ReLU6, and `residual`
    that the network adds what came in two blocks earlier.
    """

    def __init__(self, inputs, outputs, kernel, stride=1, depthwise=False, linear=False, residual=False):
        super().__init__()
        groups = inputs if depthwise else 1
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.linear, self.residual = linear, residual

    def forward(self, features):
        features = self.norm(self.conv(features))
        return features if self.linear else nn.functional.relu6(features)


class Stage(NamedTuple):
    """Inverted bottlenecks (Sandler et al. 2018) one after the other; only the first has the stride."""

    outputs: int
    expansion: int
    kernel: int
    stride: int
    repeats: int


def bottlenecks(stages, stem=32):
    """The blocks of some stages, behind a first convolution with a stride of two."""
    blocks, inputs = [Block(3, stem, kernel=3, stride=2)], stem
    for stage in stages:
        for index in range(stage.repeats):
            wide = inputs * stage.expansion
            if stage.expansion > 1:
                blocks.append(Block(inputs, wide, kernel=1))
            stride = 1 if index else stage.stride
            blocks.append(Block(wide, wide, stage.kernel, stride, depthwise=True))
            blocks.append(Block(wide, stage.outputs, kernel=1, linear=True, residual=index > 0))
            inputs = stage.outputs
    return nn.ModuleList(blocks)


def through(blocks, features, drop=0.0):
    """What a picture, or what earlier blocks have made of it, becomes.

    In training, what a residual block adds is left out of some pictures, the more often the later it comes, up
    to this share (Huang et al. 2016).
    """
    came = []
    for index, block in enumerate(blocks):
        came.append(features)
        features = block(features)
        if block.residual:
            rate = drop * index / len(blocks)
            if block.training and rate > 0:
                features = features * (torch.rand(len(features), 1, 1, 1) >= rate) / (1 - rate)
            features = features + came[-3]
    return features


class PosterNet(nn.Module):
    """Marquee's own network, from `[batch, 3, 138, 92]` to a dictionary of what its heads answer.

    `class` are logits `[batch, classes]`, for a softmax; `genres` logits `[batch, genres]`, for a sigmoid
    each; `score` is `[batch, 2]`: the standardised score's mean, and the logarithm of its variance.
    """

    STAGES = [
        Stage(16, expansion=1, kernel=3, stride=1, repeats=1),
        Stage(24, expansion=6, kernel=3, stride=2, repeats=2),
        Stage(40, expansion=6, kernel=5, stride=2, repeats=2),
        Stage(80, expansion=6, kernel=3, stride=2, repeats=3),
        Stage(112, expansion=6, kernel=5, stride=1, repeats=3),
        Stage(192, expansion=6, kernel=5, stride=2, repeats=2),
    ]

    def __init__(self, classes=6, genres=19):
        super().__init__()
        self.blocks = bottlenecks(self.STAGES)
        heads = {"class": classes, "genres": genres, "score": 2}
        inputs = self.STAGES[-1].outputs
        self.heads = nn.ModuleDict({task: nn.Linear(inputs, outputs) for task, outputs in heads.items()})

    def forward(self, posters):
        features = through(self.blocks, posters).mean((2, 3))
        return {task: head(features) for task, head in self.heads.items()}


NETWORKS = {"cnn": CNN, "cnn32": CNN32, "cnn64": CNN64, "deepcnn32": DeepCNN32, "posternet": PosterNet}


def load(path):
    """The network of one of Marquee's files, ready to answer, and its card: what the file's metadata says.

    The card's `labels` and `genres` are the names of the logits, `input` the width and height of a poster,
    `mean` and `std` what it is normalised by, `temperature` what the classes' logits are divided by before
    the softmax.
    """
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
    if metadata.get("network") not in NETWORKS:
        raise ValueError(
            f"{path} does not say which of Marquee's networks it holds; if it was trained in PyTorch, load "
            "it with load_state_dict, or make it a Marquee file with `marquee import`"
        )
    words = {"format", "network", "dataset", "trainer"}
    card = {key: value if key in words else json.loads(value) for key, value in metadata.items()}
    counts = {"classes": len(card["labels"])}
    if "genres" in card:
        counts["genres"] = len(card["genres"])
    network = NETWORKS[card["network"]](**counts)
    network.load_state_dict(load_file(path), strict=True)
    return network.eval(), card


def prepare(picture, card):
    """A Pillow image as a batch of one, `[1, 3, height, width]`: resized and normalised as Marquee does it."""
    size = card["input"]["width"], card["input"]["height"]
    pixels = picture.convert("RGB").resize(size, Image.Resampling.BILINEAR)
    colours = numpy.asarray(pixels, numpy.float32) / 255
    colours = (colours - numpy.float32(card["mean"])) / numpy.float32(card["std"])
    return torch.from_numpy(colours).permute(2, 0, 1).unsqueeze(0)
