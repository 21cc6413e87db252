"""Checks ONNX files against their specification, and ONNX Runtime's answers against Marquee's own.

For every NAME.onnx in the folder given, NAME.inputs and NAME.answers are numbers in single precision: a
batch of inputs, and for each of them what all outputs answer.
"""

import json
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime

files = sorted(Path(sys.argv[1]).glob("*.onnx"))
assert files, "there are no files to check"
for file in files:
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    outputs = {output.name: output.shape for output in session.get_outputs()}
    assert outputs["class"] == ["batch", len(json.loads(metadata["labels"]))], outputs

    shape = session.get_inputs()[0].shape
    inputs = numpy.fromfile(file.with_suffix(".inputs"), numpy.float32).reshape(-1, *shape[1:])
    expected = numpy.fromfile(file.with_suffix(".answers"), numpy.float32).reshape(len(inputs), -1)
    # all at once, and alone
    for batch in [slice(None), slice(1)]:
        answers = numpy.concatenate(session.run(None, {"input": inputs[batch]}), axis=1)
        off = numpy.abs(answers - expected[batch]).max()
        assert off < 1e-4, f"{file.stem}: {off} off"
    print(file.stem, off)
