"""Loads Marquee's files into the PyTorch classes, and checks PyTorch's answers against Marquee's own.

For every NAME.safetensors in the folder given, NAME.inputs and NAME.answers are numbers in single
precision: a batch of inputs, and for each of them what all heads answer.
"""

import sys
from pathlib import Path

import numpy
import torch
from marquee_networks import load

files = sorted(Path(sys.argv[1]).glob("*.safetensors"))
assert files, "there are no files to check"
for file in files:
    network, metadata = load(file)
    size = metadata["input"]
    numbers = torch.from_numpy(numpy.fromfile(file.with_suffix(".inputs"), numpy.float32))
    inputs = numbers.reshape(-1, 3, size["height"], size["width"])
    expected = numpy.fromfile(file.with_suffix(".answers"), numpy.float32).reshape(len(inputs), -1)
    with torch.no_grad():
        answers = network(inputs)
    answers = torch.cat(list(answers.values()), 1) if isinstance(answers, dict) else answers
    off = numpy.abs(answers.numpy() - expected).max()
    assert off < 1e-4, f"{file.stem}: {off} off"
    print(file.stem, off)
