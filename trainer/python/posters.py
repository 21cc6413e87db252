"""A dataset's posters for training in PyTorch: all of them on the device, and changed there in batches."""

import csv
import io
import json
import tarfile
import time
from multiprocessing import Pool

import numpy
import torch
from PIL import Image
from torch.nn import functional

from pretrained import MEAN, STD

# as PosterNet sees posters
WIDTH, HEIGHT = 160, 240
# smallest random size of a poster, and smallest part of it that is shown, as shares of its sides
SMALLEST, PART = 0.4, 0.75
# as many as `marquee train` needs to use a score, and to teach a genre
ENOUGH_VOTES, ENOUGH_FILMS = 10, 20
# what spreadsheets take for the beginning of a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# brightness of red, green and blue (ITU-R BT.601)
LUMA = 0.299, 0.587, 0.114


def text(cell):
    """A text of a table, without the `'` before what a spreadsheet would run as a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


class Dataset:
    """What `marquee build` made: the rows of the training and the validation split."""

    def __init__(self, folder):
        self.folder = folder
        summary = json.loads((folder / "dataset.json").read_text())
        self.hash, self.labels = summary["hash"], summary["labels"]
        with open(folder / "movies.csv", newline="", encoding="utf-8") as file:
            self.rows = [{name: text(cell) for name, cell in row.items()} for row in csv.DictReader(file)]
        self.indices = {
            split: [n for n, row in enumerate(self.rows) if row["split"] == split] for split in ("train", "validation")
        }
        films = [row for row in self.rows if row["split"] == "train" and row["variant"] == "poster"]
        counts = {}
        for row in films:
            for genre in filter(None, set(row["genres"].split("|"))):
                counts[genre] = counts.get(genre, 0) + 1
        # those that `marquee train` teaches, in its order
        self.genres = sorted(genre for genre, count in counts.items() if count >= ENOUGH_FILMS)
        scores = [score for score in map(known_score, films) if score is not None]
        self.mean = sum(scores) / max(1, len(scores))
        variance = sum((score - self.mean) ** 2 for score in scores) / max(1, len(scores))
        self.deviation = variance**0.5 or 1.0

    def posters(self):
        """The files of both splits' posters, in the archive's order, each with its row."""
        by_name = {row["poster"]: index for index, row in enumerate(self.rows)}
        with tarfile.open(self.folder / "posters.tar") as archive:
            for entry in archive:
                index = by_name.get(entry.name)
                if index is not None and self.rows[index]["split"] in self.indices:
                    yield archive.extractfile(entry).read(), index

    def read(self, device):
        """All posters of each split as bytes, [row of the split, channel, height, width], on the device."""
        slots = {split: {index: slot for slot, index in enumerate(own)} for split, own in self.indices.items()}
        arrays = {split: numpy.empty((len(own), 3, HEIGHT, WIDTH), numpy.uint8) for split, own in slots.items()}
        begun = time.time()
        with Pool() as pool:
            for done, (pixels, row) in enumerate(pool.imap(decode, self.posters(), chunksize=64), 1):
                split = self.rows[row]["split"]
                arrays[split][slots[split][row]] = pixels
                if done % 8192 == 0:
                    print(f"read {done} posters in {time.time() - begun:.0f} s", flush=True)
        return {split: torch.from_numpy(array).to(device) for split, array in arrays.items()}


class Truths:
    """What is known of each row of a split: class, genres, and standardised score, or NaN if nobody knows it."""

    def __init__(self, dataset, split, device):
        rows = [dataset.rows[index] for index in dataset.indices[split]]
        self.classes = torch.tensor([dataset.labels.index(row["label"]) for row in rows], device=device)
        own = [set(row["genres"].split("|")) for row in rows]
        has = [[float(genre in genres) for genre in dataset.genres] for genres in own]
        self.genres = torch.tensor(has, device=device)
        points = [known_score(row) for row in rows]
        scores = [float("nan") if known is None else (known - dataset.mean) / dataset.deviation for known in points]
        self.scores = torch.tensor(scores, device=device)


def known_score(row):
    """The film's score in points, if enough people voted."""
    if row["score"] and row["votes"] and float(row["votes"]) >= ENOUGH_VOTES:
        return float(row["score"])
    return None


def decode(poster):
    """A poster's pixels, [channel, height, width], and its row."""
    data, row = poster
    image = Image.open(io.BytesIO(data)).convert("RGB").resize((WIDTH, HEIGHT), Image.BILINEAR)
    return numpy.asarray(image).transpose(2, 0, 1), row


def normalise(pixels):
    mean = torch.tensor(MEAN, device=pixels.device).view(1, 3, 1, 1)
    std = torch.tensor(STD, device=pixels.device).view(1, 3, 1, 1)
    return ((pixels / 255 - mean) / std).contiguous(memory_format=torch.channels_last)


def changed(pixels):
    """Posters with other detail, cropped, mirrored and coloured at random, in 0 to 255."""
    count, device = len(pixels), pixels.device

    def uniform(low, high):
        return torch.rand(count, device=device) * (high - low) + low

    pixels = pixels.float()
    share = float(torch.rand(())) * (1 - SMALLEST) + SMALLEST
    small = [round(side * share) for side in (HEIGHT, WIDTH)]
    half = count // 2
    shrunk = functional.interpolate(pixels[:half], small, mode="bilinear", antialias=True)
    enlarged = functional.interpolate(shrunk, (HEIGHT, WIDTH), mode="bilinear", antialias=True)
    pixels = torch.cat([enlarged, pixels[half:]])

    place = torch.zeros(count, 2, 3, device=device)
    mirrored = (torch.rand(count, device=device) < 0.5) * 2.0 - 1
    for axis in (0, 1):
        part = uniform(PART, 1.0)
        place[:, axis, axis] = part * (mirrored if axis == 0 else 1)
        place[:, axis, 2] = uniform(-1, 1) * (1 - part)
    grid = functional.affine_grid(place, (count, 3, HEIGHT, WIDTH), align_corners=False)
    pixels = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)

    brightness, contrast, colour = (uniform(0.75, 1.25).view(-1, 1, 1, 1) for _ in range(3))
    pixels = pixels * brightness
    grey = (pixels * torch.tensor(LUMA, device=device).view(1, 3, 1, 1)).sum(1, keepdim=True)
    pixels = grey + (pixels - grey) * colour
    mean = grey.mean((2, 3), keepdim=True)
    return (mean + (pixels - mean) * contrast).clamp(0, 255)


class Mixed:
    """MixUp (Zhang et al. 2018): each example of a batch is a share of one row and the rest of another."""

    def __init__(self, count, alpha, device):
        shares = torch.distributions.Beta(alpha, alpha).sample((count,)).to(device)
        self.shares = torch.maximum(shares, 1 - shares)
        self.other = torch.randperm(count, device=device)

    def __call__(self, values):
        share = self.shares.view(-1, *[1] * (values.dim() - 1))
        return share * values + (1 - share) * values[self.other]
