"""Images of all kinds, as the part in Rust takes them."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable
from typing import Any

import numpy

KINDS = (
    "encoded files as bytes, paths, Pillow images, or NumPy arrays [height, width] or [height, width, channels]"
)


def handed_over(images: Iterable[Any]) -> list[Any]:
    """Each image as the part in Rust takes it: a file's bytes, a path, samples, or why there is none.

    Pixels are only brought into samples here. What is done with them, grey, opacity and 16 bits included, is up to
    the part in Rust, as for files.
    """
    if isinstance(images, (bytes, bytearray, memoryview, str, os.PathLike, dict)) or _is_pillow(images):
        raise TypeError(f"images is one {type(images).__name__}; put it into a list: [image]")
    if isinstance(images, numpy.ndarray) and images.ndim in (2, 3):
        raise TypeError("images is one NumPy array of pixels; put it into a list: [image]")
    if hasattr(images, "to_pylist"):
        images = images.to_pylist()
    return [_one(image, index) for index, image in enumerate(images)]


def _one(image: Any, index: int) -> Any:
    try:
        taken = _taken(image)
    except Exception as error:  # whatever Pillow and others find, it is about this image alone
        reader = "Pillow" if _is_pillow(image) else "Python"
        return (f"{reader} cannot read it: {error or type(error).__name__}",)
    if taken is None:
        raise TypeError(f"image {index} is a {type(image).__name__}; images are {KINDS}")
    return taken


def _taken(image: Any) -> Any:
    """An image as the part in Rust takes it; `None` if it is of no kind that is known."""
    if isinstance(image, bytes):
        return image
    if isinstance(image, (str, os.PathLike)):
        # the system's own form of the path, which not every text has
        return os.fsdecode(os.fsencode(image))
    if isinstance(image, (bytearray, memoryview)):
        return bytes(image)
    if _is_missing(image):
        return ("there is no image",)
    if isinstance(image, numpy.ndarray):
        return _samples(image)
    if _is_pillow(image):
        return _samples(_upright(image))
    # as Hugging Face's datasets store images
    if isinstance(image, dict) and ("bytes" in image or "path" in image):
        file = image.get("bytes")
        return _taken(image.get("path") if _is_missing(file) else file)
    return None


def _is_missing(image: Any) -> bool:
    """Whether it is what tables have in cells without a value: None, NaN, or pandas' NA."""
    if image is None or (isinstance(image, float) and math.isnan(image)):
        return True
    # who has such a cell has imported pandas
    pandas = sys.modules.get("pandas")
    return pandas is not None and (image is pandas.NA or image is pandas.NaT)


def _samples(pixels: numpy.ndarray) -> Any:
    if pixels.dtype.kind != "u" or pixels.dtype.itemsize > 2:
        return (f"pixels of type {pixels.dtype} are not read; make them uint8 from 0 to 255",)
    if pixels.ndim not in (2, 3):
        return (f"an array of shape {pixels.shape} is no picture; it must be [height, width, channels]",)
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    native = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    return native.tobytes(), width, height, channels, native.dtype.itemsize


def _is_pillow(image: Any) -> bool:
    # who has such an image has imported Pillow, which the package itself does not need
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(image, pillow.Image)


def _upright(picture: Any) -> numpy.ndarray:
    """A Pillow image's samples, turned as EXIF says. Browsers and Marquee do not turn WebP pictures."""
    from PIL import ImageOps

    if picture.format != "WEBP":
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        levels = numpy.asarray(picture)
        if levels.size and (levels.min() < 0 or levels.max() > 65_535):
            raise ValueError(f"grey from {levels.min()} to {levels.max()} is not read; make it 0 to 65535")
        grey = levels.astype(numpy.uint16)
        paper = picture.info.get("transparency")
        if paper is None:
            return grey
        return numpy.stack([grey, numpy.where(grey == paper, 0, 65_535).astype(numpy.uint16)], axis=2)
    # not Pillow's has_transparency_data, which came with 10.1
    clear = picture.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") or "transparency" in picture.info
    return numpy.asarray(picture.convert("RGBA" if clear else "RGB"))
