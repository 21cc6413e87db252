"""Training in PyTorch, as the teacher and PosterNet share it: the loop, the learning rate, the moving average."""

import copy
import math
import time
from typing import NamedTuple

import torch
from torch.nn import functional

from posters import normalise


class Settings(NamedTuple):
    """How a network is trained."""

    # passes over the training split
    epochs: float
    # posters in a batch
    batch: int
    # the highest one
    learning_rate: float
    weight_decay: float


def autocast(device):
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


@torch.no_grad()
def answer(network, seen):
    """A network's outputs about each poster and its mirror image, on average."""
    parts = []
    for part in seen.split(256):
        part = normalise(part.float())
        with autocast(part.device):
            parts.append((network(part).float() + network(part.flip(3)).float()) / 2)
    return torch.cat(parts)


def macro_f1(said, truth, classes):
    f1 = []
    for index in range(classes):
        right = ((said == index) & (truth == index)).sum()
        f1.append(float(2 * right / ((said == index).sum() + (truth == index).sum()).clamp(min=1)))
    return sum(f1) / classes


def show(name, said, truths, labels):
    said = said[:, : len(labels)]
    f1 = macro_f1(said.argmax(1), truths.classes, len(labels))
    loss = functional.cross_entropy(said, truths.classes)
    print(f"{name}: validation macro-F1 {f1:.3f}, cross-entropy {loss:.3f}", flush=True)


def rate(done):
    """The one-cycle factor of the learning rate after this share of the training (Smith & Topin 2018)."""
    if done < 0.25:
        return 0.04 + 0.96 * (1 - math.cos(math.pi * done / 0.25)) / 2
    return max(1e-4, (1 + math.cos(math.pi * (done - 0.25) / 0.75)) / 2)


def train(name, network, loss_of, validation_posters, truths, labels, settings, within=None):
    """Trains a network, and returns the moving average of its weights (Polyak & Juditsky 1992).

    `loss_of(network, rows)` is the loss of a batch. Rare classes are drawn more often, by the square root of how
    rare they are. With `within`, training ends after this many seconds; the learning rate still ends its cycle.
    """
    trained, validation = truths["train"], truths["validation"]
    device = trained.classes.device
    network = network.to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    counts = torch.bincount(trained.classes, minlength=len(labels)).float()
    weights = (counts.sum() / counts.clamp(min=1)).sqrt()[trained.classes]
    pairs = list(zip(average.state_dict().values(), network.state_dict().values()))
    floats = [pair for pair in pairs if pair[0].dtype.is_floating_point]
    means, values = ([pair[side] for pair in floats] for side in (0, 1))

    steps = settings.epochs * len(trained.classes) / settings.batch
    step, done, shown, begun = 0, 0.0, 1, time.time()
    while done < 1:
        network.train()
        for group in optimizer.param_groups:
            group["lr"] = settings.learning_rate * rate(done)
        rows = torch.multinomial(weights, settings.batch, replacement=True)
        optimizer.zero_grad()
        loss_of(network, rows).backward()
        optimizer.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(means, values, 1 - min(0.998, step / (step + 9)))
        seconds = time.time() - begun
        done = max(step / steps, seconds / within if within else 0)
        if done >= shown / 4:
            shown += 1
            posters = step * settings.batch
            said = answer(average, validation_posters)
            passed = posters / len(trained.classes)
            show(f"{name}, {passed:.1f} epochs, {posters / seconds:,.0f} posters a second", said, validation, labels)
    return average
