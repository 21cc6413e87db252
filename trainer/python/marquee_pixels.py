"""What Marquee's networks see of a picture, by Pillow and numpy.

It needs numpy and Pillow from PyPI. It is one file, which can be copied anywhere:

    inputs = prepare(Image.open("poster.jpg"), metadata)
"""

import numpy
from PIL import Image, ImageOps


def rgb(picture):
    """A Pillow image as Marquee decodes it: upright, on white paper, in eight bits of red, green and blue.

    Pillow's `convert("RGB")` alone ignores EXIF's orientation, shows what transparency hides, and cuts grey of 16
    bits off at 255. WebP pictures are not turned, as browsers don't turn them.
    """
    if picture.format != "WEBP":
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        grey = numpy.asarray(picture)
        if grey.size and (grey.min() < 0 or grey.max() > 65_535):
            raise ValueError(f"grey from {grey.min()} to {grey.max()} is not read; make it 0 to 65535")
        grey = grey.astype(numpy.uint32)
        paper = grey == picture.info.get("transparency", -1)
        grey = numpy.where(paper, 255, (grey * 255 + 32_767) // 65_535)
        return Image.fromarray(grey.astype(numpy.uint8)).convert("RGB")
    # not Pillow's has_transparency_data, which came with 10.1
    if picture.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") or "transparency" in picture.info:
        colours = numpy.asarray(picture.convert("RGBA")).astype(numpy.uint32)
        colours, opacity = colours[..., :3], colours[..., 3:]
        mixed = (colours * opacity + 255 * (255 - opacity) + 127) // 255
        return Image.fromarray(mixed.astype(numpy.uint8))
    return picture.convert("RGB")


def prepare(picture, metadata):
    """A Pillow image as a batch of one, `[1, 3, height, width]`, resized and normalised as Marquee does.

    `metadata` is that of a weights file: `input` is the size, `mean` and `std` the normalisation.
    """
    size = metadata["input"]["width"], metadata["input"]["height"]
    pixels = numpy.asarray(rgb(picture).resize(size, Image.Resampling.BILINEAR), numpy.float32) / 255
    pixels = (pixels - numpy.float32(metadata["mean"])) / numpy.float32(metadata["std"])
    return numpy.ascontiguousarray(pixels.transpose(2, 0, 1)[None])
