"""Marquee's networks as PyTorch classes, and `load`, which reads Marquee's files into them.

It needs torch, safetensors, numpy and Pillow from PyPI. With marquee_pixels.py beside it, it can be copied anywhere:

    network, metadata = load("cnn32.safetensors")
    logits = network(prepare(Image.open("poster.jpg"), metadata))
    print(metadata["labels"][logits.argmax()])

Without `load` it is as short, since Marquee's tensors have PyTorch's names and shapes:

    network = CNN32()
    network.load_state_dict(safetensors.torch.load_file("cnn32.safetensors"), strict=True)

PyTorch's batch norm has one more tensor, `num_batches_tracked`, which counts training steps and changes no
answer. Marquee's files lack it, but strict=True accepts them: `load_state_dict` adds it to a plain
dictionary, such as `load_file` returns, because it believes that PyTorch before 0.4.1 wrote that, which had no
such counter. Nothing needs to be added or renamed.

For the other direction, `safetensors.torch.save_file(network.state_dict(), "mine.safetensors")` writes a file
that `marquee import` reads.
"""

import json
from typing import NamedTuple

import marquee_pixels
import torch
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

    With `depthwise`, each channel is convolved on its own. With `linear`, there is no ReLU6. With `residual`,
    the network adds the input of the block two blocks earlier.
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
    """Successive inverted bottlenecks (Sandler et al. 2018); only the first has the stride."""

    outputs: int
    expansion: int
    kernel: int
    stride: int
    repeats: int


def bottlenecks(stages, stem=32):
    """A first convolution with a stride of two, and the blocks of some stages."""
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


def through(blocks, features):
    """Runs blocks over pictures."""
    came = []
    for block in blocks:
        came.append(features)
        features = block(features)
        if block.residual:
            features = features + came[-3]
    return features


class PosterNet(nn.Module):
    """Marquee's own network, from `[batch, 3, 240, 160]` to a dictionary with the output of each head.

    With no genres, or without `score`, it has no such head.

    `class` are logits `[batch, classes]` for a softmax, and `genres` logits `[batch, genres]`, each for a
    sigmoid. `score` is `[batch, 2]`: the standardised score's mean, and the logarithm of its variance.
    """

    STAGES = [
        Stage(16, expansion=1, kernel=3, stride=1, repeats=1),
        Stage(24, expansion=6, kernel=3, stride=2, repeats=2),
        Stage(40, expansion=6, kernel=5, stride=2, repeats=2),
        Stage(80, expansion=6, kernel=3, stride=2, repeats=3),
        Stage(112, expansion=6, kernel=5, stride=1, repeats=3),
        Stage(192, expansion=6, kernel=5, stride=2, repeats=4),
    ]

    def __init__(self, classes=6, genres=19, score=True):
        super().__init__()
        self.blocks = bottlenecks(self.STAGES)
        heads = {"class": classes, "genres": genres, "score": 2 if score else 0}
        inputs = self.STAGES[-1].outputs
        self.heads = nn.ModuleDict({task: nn.Linear(inputs, outputs) for task, outputs in heads.items() if outputs})

    def forward(self, posters):
        features = through(self.blocks, posters).mean((2, 3))
        return {task: head(features) for task, head in self.heads.items()}


NETWORKS = {"cnn": CNN, "cnn32": CNN32, "cnn64": CNN64, "deepcnn32": DeepCNN32, "posternet": PosterNet}


def load(path):
    """The network of one of Marquee's files in evaluation mode, and the file's metadata.

    The metadata's `labels` and `genres` are the names of the logits, `input` a poster's width and height, `mean`
    and `std` its normalisation. The classes' logits are divided by `temperature` before the softmax.
    """
    with safe_open(path, "pt") as file:
        texts = file.metadata() or {}
    if texts.get("network") not in NETWORKS:
        raise ValueError(
            f"{path} does not say which of Marquee's networks it holds; if it was trained in PyTorch, load "
            "it with load_state_dict, or turn it into a file of Marquee's with `marquee import`"
        )
    words = {"format", "network", "dataset", "trainer"}
    metadata = {key: text if key in words else json.loads(text) for key, text in texts.items()}
    counts = {"classes": len(metadata["labels"])}
    if metadata["network"] == "posternet":
        counts |= {"genres": len(metadata.get("genres", [])), "score": "score" in metadata}
    network = NETWORKS[metadata["network"]](**counts)
    network.load_state_dict(load_file(path), strict=True)
    return network.eval(), metadata


def prepare(picture, metadata):
    """A Pillow image as a batch of one, `[1, 3, height, width]`, resized and normalised as Marquee does."""
    return torch.from_numpy(marquee_pixels.prepare(picture, metadata))
