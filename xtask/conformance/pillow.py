"""Decodes pictures as Marquee is to decode them, by Pillow.

The arguments are sizes such as 32x32. Each line of the standard input is a picture's path. The answer is a line of
JSON with `width` and `height`, or `error`, and then the bytes of red, green and blue of its pixels: as large as it
is, and resized to each of the sizes.
"""

import json
import sys
import warnings

from marquee_pixels import rgb
from PIL import Image

# what Marquee reads; Pillow would read other formats, too
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

warnings.simplefilter("ignore")
sizes = [tuple(map(int, size.split("x"))) for size in sys.argv[1:]]
for line in sys.stdin:
    try:
        with Image.open(line.removesuffix("\n"), formats=FORMATS) as picture:
            pixels = rgb(picture)
    except Exception as error:
        head, parts = {"error": str(error) or type(error).__name__}, []
    else:
        head = {"width": pixels.width, "height": pixels.height}
        parts = [pixels, *(pixels.resize(size, Image.Resampling.BILINEAR) for size in sizes)]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part.tobytes())
    sys.stdout.flush()
