"""Posters that are drawn for the tests: real ones belong to their owners."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
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


def programs():
    """The commands `marquee`: the package's own, and the native program where the tests know one."""
    commands = [[sys.executable, "-m", "marquee_posters"]]
    if os.environ.get("MARQUEE_PROGRAM"):
        commands.append([os.environ["MARQUEE_PROGRAM"]])
    return commands


def marquee(command, *arguments):
    """Runs the command `marquee`."""
    return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True)


def answers_of_the_command(command, network, *paths):
    """What `marquee predict` answers, a dictionary for each poster."""
    return json.loads(marquee(command, "predict", *paths, "--model", network, "--format", "json").stdout)


def resident(command, poster, counts):
    """Megabytes that `marquee predict` holds when it has answered so many rows of an endless list. Linux tells it."""
    words = [*command, "predict", "-", "--format", "jsonl"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def feed():
        try:
            while True:
                process.stdin.write(f"{poster}\n" * 100)
        except BrokenPipeError:
            pass

    feeder = threading.Thread(target=feed)
    feeder.start()
    done, held = 0, []
    for count in counts:
        for _ in range(count - done):
            assert '"error":null' in process.stdout.readline()
        done = count
        status = Path(f"/proc/{process.pid}/status").read_text()
        held.append(int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024)
    process.kill()
    process.wait()
    feeder.join()
    return held


@pytest.fixture(scope="session")
def command():
    """The package's command, as pip installs it."""
    path = shutil.which("marquee", path=str(Path(sys.executable).parent))
    assert path, "pip installed no command marquee"
    return [path]
