"""The command `marquee` that comes with the package."""

import csv
import io

import marquee_posters
import pytest
from conftest import marquee


def test_it_predicts_and_tells_what_it_could_not_read(command, posters):
    done = marquee(command, "predict", posters, "--format", "csv")
    assert done.returncode == 1 and "1 of 22 posters could not be read" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    columns = marquee_posters.load("cnn32").predict(sorted(posters.iterdir()))
    assert [row["label"] or None for row in rows] == columns["label"]


@pytest.mark.parametrize("arguments, status, words", [
    (["--help"], 0, "Tells the genre"),
    (["--version"], 0, "marquee "),
    (["predict"], 2, "required"),
    (["train", "--data", "dataset"], 2, "cargo install"),
    (["predict", "none.jpg", "--model", "cnn33"], 1, "cnn32, posternet"),
])
def test_mistakes_are_told(command, arguments, status, words):
    done = marquee(command, *arguments)
    assert done.returncode == status and words in done.stdout + done.stderr
