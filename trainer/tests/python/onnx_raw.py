"""Checks files of `marquee onnx --raw`: pictures in, Marquee's own answers out.

For every NAME.onnx in the folder given, NAME.json lists cases: a picture's height and width, its `pixels`, and what
Marquee answers about it. The second argument is docs/INTERCHANGE.md, whose model repository must fit the files.
"""

import json
import re
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime

TYPES = {"tensor(uint8)": "TYPE_UINT8", "tensor(float)": "TYPE_FP32"}
# where the runtime resizes, it rounds a little differently, most of all at edges
CLOSE, RESIZED = 1e-4, 0.03


def documented(text):
    """The inputs and outputs of a config.pbtxt: name, type and shape without the batch."""
    pattern = r'name: "(\w+)" data_type: (\w+) dims: \[ ([-0-9, ]+) \]'
    return {name: (kind, [int(side) for side in dims.split(",")]) for name, kind, dims in re.findall(pattern, text)}


files = sorted(Path(sys.argv[1]).glob("*.onnx"))
assert files, "there are no files to check"
config = documented(Path(sys.argv[2]).read_text(encoding="utf-8"))
for file in files:
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    values = [*session.get_inputs(), *session.get_outputs()]
    shapes = {
        value.name: (TYPES[value.type], [side if isinstance(side, int) else -1 for side in value.shape[1:]])
        for value in values
    }
    if file.stem == "posternet":
        assert shapes == config, (shapes, config)
    width, height = json.loads(session.get_modelmeta().custom_metadata_map["input"]).values()
    for case in json.loads(file.with_suffix(".json").read_text()):
        pixels = numpy.array(case["pixels"], numpy.uint8).reshape(1, case["height"], case["width"], 3)
        outputs = [output.name for output in session.get_outputs()]
        # a batch of two
        answers = session.run(None, {"pictures": numpy.concatenate([pixels, pixels[:, ::-1]])})
        answers = dict(zip(outputs, answers, strict=True))
        assert abs(answers["class"].sum(axis=1) - 1).max() < 1e-5
        same_size = (case["height"], case["width"]) == (height, width)
        for name, expected in case["answers"].items():
            off = numpy.abs(answers[name][0] - expected).max()
            assert off < (CLOSE if same_size else RESIZED), f"{file.stem}: {name} is {off} off"
            print(file.stem, "as it is" if same_size else "resized", name, off)
