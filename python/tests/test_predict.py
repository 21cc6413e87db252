"""`predict` answers as `marquee predict` does, whatever images are."""

import io
import math
import os
import pickle
import sys
import threading
from pathlib import Path

import marquee_posters
import numpy
import pandas
import pyarrow
import pytest
from conftest import answers_of_the_command, drawn, encoded, programs
from PIL import Image

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "trainer/python"))
import marquee_pixels  # noqa: E402

NETWORKS = ["cnn32", "posternet"]


def test_the_package_has_all_networks_that_are_shipped():
    assert marquee_posters.networks() == ["cnn32", "posternet", "deepcnn32", "cnn64"]
    for name in marquee_posters.networks():
        network = marquee_posters.load(name)
        assert network.name == name and len(network.labels) == 6
        assert network.card.startswith("---\n") and "## " in network.card


@pytest.mark.parametrize("program", programs(), ids=lambda program: Path(program[-1]).name)
@pytest.mark.parametrize("name", NETWORKS)
def test_answers_are_those_of_the_command(posters, name, program):
    paths = sorted(posters.iterdir())
    network = marquee_posters.load(name)
    columns = network.predict(paths)
    expected = answers_of_the_command(program, name, posters)
    assert [Path(row["path"]) for row in expected] == paths
    for index, row in enumerate(expected):
        assert columns["error"][index] == row["error"], row
        if row["error"]:
            assert columns["label"][index] is None and numpy.isnan(columns["probabilities"][index]).all()
            continue
        assert (columns["label"][index], columns["sure"][index]) == (row["label"], row["sure"])
        assert (columns["note"][index] or "") == row["note"]
        probabilities = numpy.array([row["probabilities"][label] for label in network.labels])
        assert numpy.abs(columns["probabilities"][index] - probabilities).max() <= 1e-6
        assert abs(columns["confidence"][index] - row["confidence"]) <= 1e-6
    assert [bool(error) for error in columns["error"]] == [False] * 21 + [True]
    assert columns["note"][20] == "the file is cut off, a part of the poster is missing"


def test_a_network_in_a_file_is_the_shipped_one(tmp_path, posters):
    shipped = marquee_posters.load("cnn32")
    file = tmp_path / "mine.safetensors"
    file.write_bytes(pickle.loads(pickle.dumps(shipped))._native.to_bytes())
    mine = marquee_posters.load(file)
    assert mine.card is None
    paths = sorted(posters.glob("0*"))
    assert numpy.array_equal(mine.predict(paths)["probabilities"], shipped.predict(paths)["probabilities"])
    file.with_suffix(".md").write_text("# Mine\n")
    assert marquee_posters.load(file).card == "# Mine\n"


def test_genres_and_score_are_columns_where_a_network_tells_them():
    poster = encoded(drawn(1), "PNG")
    columns = marquee_posters.load("cnn32").predict([poster])
    assert list(columns) == ["label", "confidence", "sure", "probabilities", "error", "note"]
    network = marquee_posters.load("posternet")
    columns = network.predict([poster, b"no picture"])
    assert len(network.genres) > 10 and "Horror" in network.genres
    assert columns["genres"].shape == (2, len(network.genres))
    assert ((0 <= columns["genres"][0]) & (columns["genres"][0] <= 1)).all()
    assert 2 < columns["score"][0] < 9 and 0 < columns["score_half_width"][0] < 5
    assert math.isnan(columns["score"][1]) and numpy.isnan(columns["genres"][1]).all()


def test_images_of_all_kinds_get_the_same_answer(tmp_path):
    picture = drawn(7)
    file = encoded(picture, "PNG")
    path = tmp_path / "poster.png"
    path.write_bytes(file)
    pixels = numpy.asarray(picture)
    images = [file, bytearray(file), memoryview(file), path, str(path), picture, Image.open(io.BytesIO(file)), pixels,
              numpy.dstack([pixels, numpy.full(pixels.shape[:2], 255, numpy.uint8)]), pixels.astype(numpy.uint16) * 257,
              {"bytes": file, "path": None}, {"bytes": None, "path": str(path)}]
    network = marquee_posters.load("cnn32")
    probabilities = network.predict(images)["probabilities"]
    assert (probabilities == probabilities[0]).all()

    other = encoded(drawn(8), "PNG")
    two = network.predict([file, other])["probabilities"]
    assert not numpy.array_equal(two[0], two[1])
    struct = [{"bytes": file, "path": "a"}, {"bytes": other, "path": "b"}]
    for images in [pyarrow.array([file, other]), pyarrow.chunked_array([[file], [other]]), pyarrow.array(struct),
                   pandas.Series([file, other]), numpy.array([file, other], object), iter([file, other])]:
        assert numpy.array_equal(network.predict(images)["probabilities"], two), type(images)
    batch = numpy.stack([pixels, numpy.asarray(drawn(8))])
    assert numpy.array_equal(network.predict(batch)["probabilities"], two)


def sideways():
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(drawn(3), "PNG", exif=exif)


def palette():
    return encoded(drawn(3).quantize(16), "PNG", transparency=3)


def clear(mode):
    picture = drawn(3).convert(mode)
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return encoded(picture, "PNG")


def grey16(**options):
    levels = numpy.linspace(0, 65_535, 200 * 300).astype(numpy.uint16).reshape(300, 200)
    return encoded(Image.fromarray(levels), "PNG", **options)


def turned_webp():
    return (ROOT / "models/tests/fixtures/pictures/webp_turned.webp").read_bytes()


@pytest.mark.parametrize("file", [sideways(), palette(), clear("RGB"), clear("L"), grey16(), turned_webp(),
                                  encoded(drawn(3).convert("L"), "PNG"), encoded(drawn(3).convert("1"), "PNG")])
def test_pillow_images_are_seen_as_their_files_are(file):
    # what prepares pictures for other engines sees the same
    pixels = numpy.asarray(marquee_pixels.rgb(Image.open(io.BytesIO(file))))
    images = [file, Image.open(io.BytesIO(file)), pixels]
    probabilities = marquee_posters.load("cnn32").predict(images)["probabilities"]
    assert numpy.array_equal(probabilities[0], probabilities[1])
    assert numpy.array_equal(probabilities[0], probabilities[2])


def test_an_image_that_cannot_be_read_costs_no_other_its_answer(tmp_path):
    file = encoded(drawn(1), "JPEG")
    images = [file, b"", None, tmp_path / "none.jpg", numpy.zeros((4, 4, 3)), numpy.zeros((0, 4, 3), numpy.uint8),
              numpy.zeros((2, 2, 5), numpy.uint8), numpy.zeros(3, numpy.uint8), Image.open(io.BytesIO(file[: len(file) * 3 // 4])), file]
    columns = marquee_posters.load("cnn32").predict(images)
    words = [None, "empty", "no image", "No such file", "float64", "no pixels", "1 to 4 channels", "shape (3,)", "Pillow",
             None]
    for error, word in zip(columns["error"], words, strict=True):
        assert error is None if word is None else word in error, (error, word)
    assert numpy.array_equal(columns["probabilities"][0], columns["probabilities"][-1])
    assert columns["label"][1:-1] == [None] * 8 and numpy.isnan(columns["confidence"][1:-1]).all()


def test_missing_cells_of_tables_are_no_images():
    file = encoded(drawn(1), "PNG")
    missing = [None, float("nan"), numpy.float64("nan"), pandas.NA, pandas.NaT]
    dictionaries = [{"bytes": cell, "path": cell} for cell in missing]
    columns = marquee_posters.load("cnn32").predict([file, *missing, *dictionaries, file])
    assert columns["error"] == [None] + ["there is no image"] * 10 + [None]
    table = pandas.DataFrame({"id": [1]}).merge(pandas.DataFrame({"id": [2], "image": [file]}), "outer")
    assert marquee_posters.load("cnn32").predict(table["image"])["error"] == ["there is no image", None]


class Odd(os.PathLike):
    def __fspath__(self):
        raise RuntimeError("no path today")


def damaged_exif():
    picture = drawn(1)
    picture.info["exif"] = b"Exif\0\0MM\0*\0\0\0"  # cut off within the number that says where the entries are
    return picture


def closed():
    picture = Image.open(io.BytesIO(encoded(drawn(1), "PNG")))
    picture.close()
    return picture


def grey32(*levels):
    return Image.fromarray(numpy.full((30, 20), levels[0], numpy.int32) + numpy.int32(numpy.arange(20) % 2 * levels[1]))


@pytest.mark.parametrize("image, words", [
    (damaged_exif(), "Pillow cannot read it"),
    (closed(), "Pillow cannot read it"),
    (grey32(65_000, 1_000), "65000 to 66000"),
    (grey32(0, -1), "-1 to 0"),
    (Odd(), "no path today"),
    ("\ud800", "surrogates"),
    ("nul\0", "NUL byte"),
], ids=["exif", "closed", "bright", "negative", "odd", "surrogate", "nul"])
def test_whatever_one_image_raises_costs_no_other_its_answer(image, words):
    file = encoded(drawn(1), "PNG")
    columns = marquee_posters.load("cnn32").predict([file, image, file])
    assert columns["error"][::2] == [None, None] and words in columns["error"][1]
    assert columns["label"][0] == columns["label"][2] is not None


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="only Unix has a file without end")
def test_a_file_without_end_is_not_read_to_its_end():
    assert "64 MB" in marquee_posters.load("cnn32").predict(["/dev/zero"])["error"][0]


def test_nothing_is_answered_with_columns_without_rows():
    columns = marquee_posters.load("posternet").predict([])
    assert all(len(column) == 0 for column in columns.values())


@pytest.mark.parametrize("images", [b"file", "path", Path("path"), drawn(1), numpy.zeros((2, 2, 3), numpy.uint8), [3]])
def test_what_is_no_list_of_images_is_told_at_once(images):
    with pytest.raises(TypeError, match="images"):
        marquee_posters.load("cnn32").predict(images)


def test_a_network_that_is_not_found_is_told_with_the_names(tmp_path):
    with pytest.raises(FileNotFoundError, match="cnn32, posternet"):
        marquee_posters.load("cnn33")
    (tmp_path / "no.safetensors").write_text("none")
    with pytest.raises(ValueError, match="not a usable model"):
        marquee_posters.load(tmp_path / "no.safetensors")
    with pytest.raises(ValueError, match="at least 1"):
        marquee_posters.load("cnn32", threads=0)
    network = marquee_posters.load("cnn32", threads=1)
    for ask in [network.predict, network.features]:
        with pytest.raises(ValueError, match="at least 1"):
            ask([], threads=0)


def test_features_tell_posters_apart():
    poster = drawn(5)
    near, far = poster.rotate(1), drawn(6)
    network = marquee_posters.load("posternet")
    columns = network.features([poster, near, far, b"no picture"])
    features = columns["features"]
    assert features.shape == (4, 192) and numpy.isnan(features[3]).all() and columns["error"][3]
    unit = features[:3] / numpy.linalg.norm(features[:3], axis=1, keepdims=True)
    assert unit[0] @ unit[1] > unit[0] @ unit[2]
    features[0] = 0  # it belongs to whoever asked


def test_threads_change_no_answer_and_other_threads_go_on():
    network = marquee_posters.load("posternet", threads=1)
    file = encoded(drawn(2), "JPEG")
    one = network.predict([file] * 5)["probabilities"]
    assert numpy.array_equal(network.predict([file] * 5, threads=3)["probabilities"], one)

    began = threading.Event()
    ended = []

    def work():
        began.set()
        network.predict([file] * 100)
        ended.append(turns[0])

    turns = [0]
    worker = threading.Thread(target=work)
    worker.start()
    began.wait()
    while worker.is_alive():
        turns[0] += 1
    # if the interpreter were held, this thread would have had next to no turns meanwhile
    assert ended and ended[0] > 1000


def test_a_pickled_network_answers_the_same():
    network = marquee_posters.load("posternet", threads=1)
    again = pickle.loads(pickle.dumps(network))
    file = encoded(drawn(2), "JPEG")
    assert numpy.array_equal(again.predict([file])["score"], network.predict([file])["score"])
    assert (again.card, again.threads) == (network.card, 1)
