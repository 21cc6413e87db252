"""ONNX Runtime's side of inference.rs: for each request that is read, a number.

Requests are words separated by tabs:
  check MODEL FILE              how far its outputs are at most from those in FILE, for the input that is there
  network MODEL THREADS SECONDS posters a second through the network alone
  files MODEL THREADS FOLDER    files a second, from JPEGs in a folder to answers
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy
import onnxruntime
import PIL
from PIL import Image

# posters in one call
BATCHES = 1, 4, 16
# seconds for which each way to use the threads is tried
TRIAL = 0.5


@lru_cache
def session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(network, inputs):
    return numpy.concatenate(network.run(None, {"input": inputs}), axis=1)


def check(model, file):
    case = json.loads(Path(file).read_text())
    shape = session(model, 1).get_inputs()[0].shape[1:]
    outputs = run(session(model, 1), numpy.array(case["input"], numpy.float32).reshape(1, *shape))
    return float(numpy.abs(outputs[0] - numpy.array(case["outputs"])).max())


def rate(model, way, seconds):
    """Posters a second, where `way` is how many callers there are, the threads of each, and its batch."""
    callers, threads, batch = way
    network = session(model, threads)
    inputs = numpy.zeros((batch, *network.get_inputs()[0].shape[1:]), numpy.float32) + 0.5
    run(network, inputs)
    begin = time.perf_counter()

    def call(_):
        calls = 0
        while time.perf_counter() < begin + seconds:
            run(network, inputs)
            calls += 1
        return calls

    with ThreadPoolExecutor(callers) as pool:
        calls = sum(pool.map(call, range(callers)))
    return calls * batch / (time.perf_counter() - begin)


@lru_cache
def fastest(model, threads):
    callers = {(1, threads), (threads, 1)}
    ways = [(*caller, batch) for caller, batch in product(sorted(callers), BATCHES)]
    return max(ways, key=lambda way: rate(model, way, TRIAL))


def network_alone(model, threads, seconds):
    return rate(model, fastest(model, int(threads)), float(seconds))


def files(model, threads, folder):
    network = session(model, 1)
    height, width = network.get_inputs()[0].shape[2:]
    metadata = network.get_modelmeta().custom_metadata_map
    mean, std = (numpy.array(json.loads(metadata[key]), numpy.float32) for key in ("mean", "std"))
    paths = sorted(Path(folder).iterdir())

    def answer(path):
        with Image.open(path) as image:
            pixels = image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR)
        values = (numpy.asarray(pixels, numpy.float32) / 255 - mean) / std
        return run(network, numpy.ascontiguousarray(values.transpose(2, 0, 1)[None]))

    begin = time.perf_counter()
    with ThreadPoolExecutor(int(threads)) as pool:
        answers = len(list(pool.map(answer, paths)))
    return answers / (time.perf_counter() - begin)


print(f"ONNX Runtime {onnxruntime.__version__}, Pillow {PIL.__version__}", flush=True)
requests = {"check": check, "network": network_alone, "files": files}
for line in sys.stdin:
    request, *words = line.rstrip("\n").split("\t")
    print(requests[request](*words), flush=True)
