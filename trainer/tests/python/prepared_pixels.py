"""Checks `prepare` against Marquee's own preprocessing.

The folder given has `metadata.json`, the metadata of a weights file, and pictures. For each NAME there is
NAME.inputs: numbers in single precision, what Marquee makes of it.
"""

import json
import sys
from pathlib import Path

import numpy
from marquee_pixels import prepare
from PIL import Image

folder = Path(sys.argv[1])
metadata = json.loads((folder / "metadata.json").read_text())
files = sorted(folder.glob("*.inputs"))
assert files, "there is nothing to check"
# Pillow rounds some pixels differently, and cuts colours of 16 bits off where Marquee rounds them
level = 1 / 255 / min(metadata["std"])
for file in files:
    with Image.open(file.with_suffix("")) as picture:
        inputs = prepare(picture, metadata)
    expected = numpy.fromfile(file, numpy.float32).reshape(inputs.shape)
    off = numpy.abs(inputs - expected).max() / level
    assert off < 2.1, f"{file.stem}: {off} levels off"
    print(file.stem, off)
