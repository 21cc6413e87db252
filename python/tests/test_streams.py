"""Tables in and out, and standard input: what the command streams, read and written by other programs."""

import json
import subprocess
from pathlib import Path

import marquee_posters
import numpy
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from conftest import drawn, encoded, marquee, resident


@pytest.fixture
def images():
    return [encoded(drawn(1), "JPEG"), None, encoded(drawn(2), "PNG")]


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("compression", ["snappy", "none", "zstd", "gzip"])
def test_images_in_tables_are_read(command, tmp_path, images, compression):
    struct = [image and {"bytes": image, "path": "gone.jpg"} for image in images]
    tables = {
        "bytes": {"id": ["a", "b", "c"], "image": images},
        "hugging-face": {"label": [1, 2, 3], "id": [7, 8, 9], "image": struct},
        "unnamed": {"jpg": images},
    }
    expected = marquee_posters.load("cnn32").predict(images)
    for name, columns in tables.items():
        path = tmp_path / f"{name}.parquet"
        pyarrow.parquet.write_table(pyarrow.table(columns), path, compression=compression)
        done = marquee(command, "predict", path, "--format", "jsonl")
        rows = lines(done)
        assert [row.get("label") for row in rows] == expected["label"], done.stderr
        assert rows[1]["error"] == "there is no image"
        ids = [str(id) for id in columns.get("id", [f"{path}/{row}" for row in (1, 2, 3)])]
        assert [row["path"] for row in rows] == ids


def test_paths_in_tables_are_read(command, tmp_path, images):
    (tmp_path / "a.jpg").write_bytes(images[0])
    paths = [str(tmp_path / "a.jpg"), str(tmp_path / "none.jpg")]
    table = tmp_path / "list.parquet"
    pandas.DataFrame({"film": ["A", "B"], "file": paths}).to_parquet(table)
    done = marquee(command, "predict", table, "--format", "jsonl")
    assert done.returncode == 1 and "film, file" in done.stderr and "--images" in done.stderr
    rows = lines(marquee(command, "predict", table, "--images", "file", "--ids", "film", "--format", "jsonl"))
    assert [row["path"] for row in rows] == ["A", "B"]
    assert rows[0]["error"] is None and "No such file" in rows[1]["error"]
    done = marquee(command, "predict", table, "--images", "film", "--ids", "none", "--format", "jsonl")
    assert "no column none" in done.stderr


def test_answers_in_tables_are_read_by_others(command, tmp_path, images):
    source, target = tmp_path / "source.parquet", tmp_path / "answers"
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a", "b", "c"], "image": images}), source)
    options = ["--model", "posternet", "--features", "--format", "parquet", "--out", target]
    assert marquee(command, "predict", source, *options).returncode == 1
    network = marquee_posters.load("posternet")
    expected, features = network.predict(images), network.features(images)["features"]
    table = pandas.read_parquet(target)
    assert list(table["label"]) == expected["label"] and list(table["path"]) == ["a", "b", "c"]
    for row in (0, 2):
        assert list(table["probabilities"][row]) == network.labels and list(table["genres"][row]) == network.genres
        assert numpy.array_equal(list(table["probabilities"][row].values()), expected["probabilities"][row])
        assert numpy.array_equal(table["features"][row], features[row])
        assert table["score"][row] == expected["score"][row]
    assert table["features"][1] is None and table["error"][1] == "there is no image"


def test_paths_come_from_standard_input(command, tmp_path, images):
    (tmp_path / "a.jpg").write_bytes(images[0])
    words = [*command, "predict", "-", "--format", "jsonl"]
    done = subprocess.run(words, input="a.jpg\n\na.jpg\n", capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row["path"] for row in lines(done)] == ["a.jpg", "a.jpg"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says how much memory a process holds")
def test_memory_does_not_grow_with_rows(command, tmp_path):
    poster = tmp_path / "poster.png"
    poster.write_bytes(encoded(drawn(1, 32, 48), "PNG"))
    few, many = resident(command, poster, [1_000, 10_000])
    assert many <= 1.1 * few
