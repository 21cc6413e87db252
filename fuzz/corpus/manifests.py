"""Makes the lists in manifest/ that Marquee does not write itself. It needs pyarrow."""

import io
import json
import struct
import tarfile
import zlib
from pathlib import Path

import pyarrow
import pyarrow.parquet

FOLDER = Path(__file__).parent / "manifest"
LABELS = ["Kids", "Western"]


def png(shade):
    """A picture of one shade of red, 8 by 12 pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([shade, 9, 99]) * 8) * 12
    head = struct.pack(">IIBBBBB", 8, 12, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def parquet():
    """As Hugging Face's datasets writes it: pictures with their paths, lists, a column of repeated texts, and nulls."""
    table = pyarrow.table(
        {
            "image": [{"bytes": png(film * 40), "path": f"{film}.png"} for film in range(4)],
            "genres": [["Drama"], ["Horror", "War"], None, ["Comedy"]],
            "title": pyarrow.array(["Heat", "Heat", None, "봄"]).dictionary_encode(),
            "year": [1999.0, 2000.0, None, 2001.0],
            "label": [0, 1, 1, None],
        }
    )
    features = {"info": {"features": {"label": {"names": LABELS, "_type": "ClassLabel"}}}}
    table = table.replace_schema_metadata({"huggingface": json.dumps(features)})
    pyarrow.parquet.write_table(table, FOLDER / "films.parquet", compression="snappy")


def shard():
    """A tar of WebDataset's."""
    with tarfile.open(FOLDER / "films.tar", "w") as tar:
        for film in range(3):
            files = {
                "png": png(film * 40),
                "cls": LABELS[film % 2].encode(),
                "json": json.dumps({"genres": ["Drama"], "year": 1999 + film}).encode(),
            }
            for ending, data in files.items():
                entry = tarfile.TarInfo(f"{film:04}.{ending}")
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))


def lines():
    """JSON Lines, as Hugging Face's metadata.jsonl."""
    films = [
        {"file_name": "0.png", "label": "Kids", "year": 1999},
        {"file_name": "1.png", "genres": [{"id": 1, "name": "War"}], "title": None},
        {"file_name": "2.png", "genres": ["Drama", "봄"], "score": 7.5},
    ]
    (FOLDER / "films.jsonl").write_text("\r\n".join(json.dumps(film) for film in films), encoding="utf-8")


FOLDER.mkdir(exist_ok=True)
parquet()
shard()
lines()
