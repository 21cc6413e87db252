// TensorFlow.js as an engine of the peers' page. It runs the layers that ../onnx.mjs has made.

import { add, avgPool, concat, fused, maxPool, ready, reshape, setBackend, tensor, tidy } from "@tensorflow/tfjs-core";

/** A convolution in TensorFlow.js's words. */
const convolution = ({ filter, bias, stride, pad: [top, left, bottom, right], activation }) => {
  return { filter, bias, strides: stride, pad: [[0, 0], [top, bottom], [left, right], [0, 0]], activation };
};

/** A function for each type of layer: from tensors to a tensor. */
const run = {
  conv: ([x], layer) => fused.conv2d({ x, ...convolution(layer) }),
  depthwise: ([x], layer) => fused.depthwiseConv2d({ x, ...convolution(layer) }),
  maxPool: ([x], { size, stride }) => maxPool(x, size, stride, "valid"),
  add: ([one, other]) => add(one, other),
  // A mean over both axes would have to transpose them first.
  average: ([x]) => avgPool(x, x.shape.slice(1, 3), 1, "valid"),
  flatten: ([x]) => reshape(x, [x.shape[0], -1]),
  dense: ([x], { filter, bias, activation }) => fused.matMul({ a: x, b: filter, bias, activation }),
};

/** The layers with their weights as tensors, and with batch norm's factors multiplied into them. */
const withWeights = (layers, weights) => {
  const values = ({ dims, from }) => weights.slice(from, from + dims.reduce((product, dim) => product * dim, 1));
  return layers.map(({ filter, factors, bias, ...layer }) => {
    if (!filter) return layer;
    const numbers = values(filter);
    if (factors) {
      // Output channels are the last axis, or the last but one before a factor of 1.
      const each = values(factors);
      for (let at = 0; at < numbers.length; at++) numbers[at] *= each[at % each.length];
    }
    return { ...layer, filter: tensor(numbers, filter.dims), bias: tensor(values(bias), bias.dims) };
  });
};

/** Starts it with a `backend`, which the page's program has imported. */
export const start = async (backend) => {
  const files = Promise.all([
    fetch("network.json").then((response) => response.json()),
    fetch("network.bin").then((response) => response.arrayBuffer()),
  ]);
  if (!(await setBackend(backend))) throw new Error(`TensorFlow.js does not start with ${backend}`);
  await ready();
  const [{ layers, outputs }, bytes] = await files;
  const network = withWeights(layers, new Float32Array(bytes));
  const { width, height } = NETWORK.input;
  const forward = (input) => {
    const tensors = { input };
    for (const layer of network) {
      tensors[layer.output] = run[layer.type](layer.input.map((name) => tensors[name]), layer);
    }
    return concat(outputs.map((name) => tensors[name]), 1);
  };
  return {
    layout: "NHWC",
    prepare: (numbers, posters) => tensor(numbers, [posters, height, width, 3]),
    run: async (input) => {
      const logits = tidy(() => forward(input));
      const numbers = await logits.data();
      logits.dispose();
      return numbers;
    },
    release: (input) => input.dispose(),
  };
};
