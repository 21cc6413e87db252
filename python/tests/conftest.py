"""Posters that are drawn for the tests: real ones belong to their owners."""

import io
import json
import os
import subprocess
from pathlib import Path

import numpy
import pytest
from PIL import Image


def drawn(seed, width=200, height=300):
    """A picture with large coloured shapes, different for each seed."""
    random = numpy.random.default_rng(seed)
    coarse = random.integers(0, 256, (6, 4, 3), numpy.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def encoded(picture, format, **options):
    """A picture as a file's bytes."""
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


@pytest.fixture(scope="session")
def posters(tmp_path_factory):
    """A folder of posters in several formats, one cut off, and one file that is no picture."""
    folder = tmp_path_factory.mktemp("posters")
    formats = ["JPEG", "PNG", "WEBP", "GIF", "BMP"]
    for seed in range(20):
        format = formats[seed % len(formats)]
        (folder / f"{seed:02}.{format.lower()}").write_bytes(encoded(drawn(seed), format))
    whole = encoded(drawn(20, 600, 900), "JPEG")
    (folder / "20.jpeg").write_bytes(whole[: len(whole) // 2])
    (folder / "21.jpeg").write_text("no picture")
    return folder


def answers_of_the_command(network, *paths):
    """What the native `marquee predict` answers, a dictionary for each poster."""
    program = os.environ.get("MARQUEE_PROGRAM")
    if not program:
        pytest.skip("MARQUEE_PROGRAM names no native program")
    model = Path(__file__).parents[2] / f"models/weights/{network}.safetensors"
    words = [program, "predict", *map(str, paths), "--model", str(model), "--format", "json"]
    return json.loads(subprocess.run(words, capture_output=True, text=True).stdout)
