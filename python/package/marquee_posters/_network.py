"""A network, and what it answers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import numpy

from . import _marquee
from ._images import handed_over

Columns = dict[str, Any]
"""Columns by name, all with a value or a row for each image, in the images' order: lists, and NumPy arrays of 32-bit
floats. pandas, Arrow, Ray and Spark make tables of them."""


def load(network: str | os.PathLike[str], *, threads: int | None = None) -> Network:
    """Loads a network that comes with the package, by its name, or one of Marquee's .safetensors files.

    `threads` read and predict, one image each; without it, one for each processor. An engine that runs a process on
    each processor wants `threads=1`.

    Raises FileNotFoundError if there is neither, and ValueError if the file is no network of Marquee's.
    """
    return Network(_marquee.Network.find(os.fspath(network)), threads)


class Network:
    """A network that is ready to answer; `load` makes it. It can be pickled."""

    def __init__(self, native: _marquee.Network, threads: int | None = None) -> None:
        self._native = native
        self.threads = _checked(threads)

    @property
    def name(self) -> str:
        """Which of Marquee's networks it is, such as `posternet`."""
        return self._native.name

    @property
    def labels(self) -> list[str]:
        """The classes, in the order of the columns of `probabilities`."""
        return self._native.labels

    @property
    def genres(self) -> list[str]:
        """The genres, in the order of the columns of `genres`; empty if the network does not tell them."""
        return self._native.genres

    @property
    def threshold(self) -> float:
        """An answer whose confidence is below this, 0 to 1, is not `sure`; 0 if no threshold was chosen."""
        return self._native.threshold

    @property
    def card(self) -> str | None:
        """The model card, in Markdown: data, figures and limits. `None` if no .md file lies beside the network's."""
        return self._native.card

    def predict(self, images: Iterable[Any], *, threads: int | None = None) -> Columns:
        """Predicts the class of posters, and genres and score if the network tells them.

        `images` is a list, an Arrow array, a pandas column or a NumPy array of encoded files as bytes, paths, Pillow
        images, or NumPy arrays `[height, width]` or `[height, width, channels]` of uint8 or uint16. Their kinds may
        differ.

        The columns are `label`; `confidence`, 0 to 1; `sure`, which is False where that is below the network's
        threshold; `probabilities` `[images, labels]`; `genres` `[images, genres]`, a probability for each genre, and
        `score` and `score_half_width` in points, of which four of five films are within; `error`, why there is no
        answer, and `note`, such as that a file is cut off. Where there is no answer, numbers are NaN and the others None.

        None, NaN and pandas' NA are images that are missing. One that cannot be read costs no other its answer.

        Raises TypeError if something is none of these, and ValueError if `threads` is below 1.
        """
        columns = self._run(images, threads)
        del columns["features"]
        return columns

    def features(self, images: Iterable[Any], *, threads: int | None = None) -> Columns:
        """The numbers that the network's last layers read, by which posters can be compared.

        `images` are as for `predict`. The columns are `features` `[images, numbers]`, `error` and `note`.
        """
        columns = self._run(images, threads)
        return {name: columns[name] for name in ("features", "error", "note")}

    def _run(self, images: Iterable[Any], threads: int | None) -> Columns:
        threads = self.threads if threads is None else _checked(threads)
        columns = self._native.run(handed_over(images), threads)
        rows = len(columns["error"])

        def numbers(name: str, *shape: int) -> numpy.ndarray:
            return numpy.frombuffer(columns[name], numpy.float32).reshape(rows, *shape)

        probabilities = numbers("probabilities", len(self.labels))
        answers: Columns = {
            "label": columns["label"],
            "confidence": probabilities.max(axis=1),
            "sure": columns["sure"],
            "probabilities": probabilities,
        }
        if self.genres:
            answers["genres"] = numbers("genres", len(self.genres))
        if self._native.has_score:
            answers["score"], answers["score_half_width"] = numbers("score", 2).T.copy()
        answers["features"] = numbers("features", self._native.feature_len)
        answers["error"], answers["note"] = columns["error"], columns["note"]
        return answers

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._native.to_bytes(), self.card, self.threads)

    def __repr__(self) -> str:
        return f"<marquee_posters.Network {self.name}: {', '.join(self.labels)}>"


def _checked(threads: int | None) -> int | None:
    if threads is not None and threads < 1:
        raise ValueError("threads must be at least 1, or None for one on each processor")
    return threads


def _restored(file: bytes, card: str | None, threads: int | None) -> Network:
    return Network(_marquee.Network.from_bytes(file, card), threads)
