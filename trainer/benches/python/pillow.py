"""Pillow's side of decoding.rs: posters a second, decoded and resized to 32x32, for each line read."""

import glob
import io
import sys
import time

import PIL
from PIL import Image

folder, seconds = sys.argv[1], float(sys.argv[2])
posters = [open(path, "rb").read() for path in glob.glob(f"{folder}/*.jpg")]
print(f"Pillow {PIL.__version__}", flush=True)
for _ in sys.stdin:
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for poster in posters:
            picture = Image.open(io.BytesIO(poster)).convert("RGB")
            picture.resize((32, 32), Image.Resampling.BILINEAR)
            count += 1
    print(count / (time.perf_counter() - begin), flush=True)
