// Reads the ONNX file of `marquee onnx`, and makes the same network for TensorFlow.js of it.
//
// Batch norm becomes part of the convolution before it, and an activation part of its layer, as in ONNX
// Runtime. The weights are downloaded without batch norm's factors, and the page multiplies them when it starts:
// as they are they have half precision, which brotli compresses better.

import protobuf from "protobufjs";

// The part of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto that such a file uses.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Attribute { string name = 1; float f = 2; int64 i = 3; repeated int64 ints = 8; }
  message Node {
    repeated string input = 1; repeated string output = 2; string type = 4; repeated Attribute attribute = 5;
  }
  message Tensor { repeated int64 dims = 1; string name = 8; bytes data = 9; }
  message Value { string name = 1; }
  message Graph { repeated Node node = 1; repeated Tensor initializer = 5; repeated Value output = 12; }
  message Property { string key = 1; string value = 2; }
  message Model { Graph graph = 7; repeated Property properties = 14; }
`);

const read = (bytes) => {
  const { graph, properties } = root.lookupType("Model").decode(bytes);
  const tensors = graph.initializer.map(({ name, dims, data }) => {
    // A copy, because the bytes in the file need not lie at a multiple of four.
    return [name, { dims: dims.map(Number), values: new Float32Array(Uint8Array.from(data).buffer) }];
  });
  return { graph, tensors: new Map(tensors), properties: properties.map(({ key, value }) => [key, value]) };
};

/** What a page has to know of a network: its labels and input, and its outputs' names. */
export const describe = (bytes) => {
  const { graph, properties } = read(bytes);
  const property = (wanted) => JSON.parse(properties.find(([key]) => key === wanted)[1]);
  return {
    labels: property("labels"),
    input: property("input"),
    mean: property("mean"),
    std: property("std"),
    outputs: graph.output.map(({ name }) => name),
  };
};

/** Values in the order of other axes: `order` names, for each new axis, the old one. */
const transpose = ({ dims, values }, order) => {
  const shape = order.map((axis) => dims[axis]);
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const result = new Float32Array(values.length);
  const at = shape.map(() => 0);
  for (let to = 0; to < result.length; to++) {
    result[to] = values[order.reduce((sum, axis, place) => sum + at[place] * strides[axis], 0)];
    for (let axis = at.length - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
  }
  return { dims: shape, values: result };
};

/** The factor of each channel, and its bias, that make one layer of a convolution and the batch norm behind it. */
const fold = (bias, [scale, shift, mean, variance], epsilon) => {
  const factors = scale.values.map((scale, channel) => scale / Math.sqrt(variance.values[channel] + epsilon));
  const biases = bias.map((bias, at) => (bias - mean.values[at]) * factors[at] + shift.values[at]);
  return [factors, biases];
};

/** The network as `layers`, in the order in which they run, and `weights`, to which they refer. */
export const toLayers = (bytes) => {
  const { graph, tensors } = read(bytes);
  const outputs = graph.output.map(({ name }) => name);
  const layers = [];
  const stored = [];
  let length = 0;
  const store = ({ dims, values }) => {
    stored.push(values);
    length += values.length;
    return { dims, from: length - values.length };
  };
  // How many channels the last convolution has, and the name of the last flattening's output.
  let channels;
  let flattened;
  const pending = [...graph.node];
  /** The next node, if it is of a type and takes `output`; then it is done. */
  const take = (type, output) => {
    const fits = pending[0]?.type === type && pending[0].input[0] === output && !outputs.includes(output);
    return fits ? pending.shift() : undefined;
  };
  const activation = (output) => {
    const clip = take("Clip", output);
    if (clip) {
      const bounds = clip.input.slice(1).map((name) => tensors.get(name).values[0]);
      if (bounds.join() !== "0,6") throw new Error(`no activation of TensorFlow.js clips to ${bounds}`);
      return { node: clip, activation: "relu6" };
    }
    const relu = take("Relu", output);
    return relu ? { node: relu, activation: "relu" } : {};
  };
  const makers = {
    Conv: (node, { strides, pads, group }) => {
      const weights = tensors.get(node.input[1]);
      let factors;
      let bias = tensors.get(node.input[2])?.values ?? new Float32Array(weights.dims[0]);
      const norm = take("BatchNormalization", node.output[0]);
      if (norm) {
        const epsilon = norm.attribute.find(({ name }) => name === "epsilon").f;
        [factors, bias] = fold(bias, norm.input.slice(1).map((name) => tensors.get(name)), epsilon);
      }
      const depthwise = group > 1;
      if (depthwise && weights.dims[1] !== 1) throw new Error("no layer of TensorFlow.js has such groups");
      // To height, width, input channels, output channels; one kernel per channel goes before the factor 1.
      const filter = store(transpose(weights, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]));
      const row = (values) => values && store({ dims: [values.length], values });
      const added = { filter, factors: row(factors), bias: row(bias), stride: strides, pad: pads };
      [channels] = weights.dims;
      return { last: norm, type: depthwise ? "depthwise" : "conv", ...added };
    },
    MaxPool: (_, { kernel_shape, strides }) => ({ type: "maxPool", size: kernel_shape, stride: strides }),
    Add: () => ({ type: "add" }),
    GlobalAveragePool: () => ({ type: "average" }),
    Flatten: (node) => {
      flattened = node.output[0];
      return { type: "flatten" };
    },
    Gemm: (node, { transB }) => {
      const weights = transB ? transpose(tensors.get(node.input[1]), [1, 0]) : tensors.get(node.input[1]);
      const [inputs, outputs] = weights.dims;
      const places = node.input[0] === flattened ? inputs / channels : 1;
      // ONNX flattens channel by channel, TensorFlow.js place by place.
      const { values } = transpose({ dims: [inputs / places, places, outputs], values: weights.values }, [1, 0, 2]);
      return { type: "dense", filter: store({ dims: weights.dims, values }), bias: store(tensors.get(node.input[2])) };
    },
  };
  while (pending.length > 0) {
    const node = pending.shift();
    const maker = makers[node.type];
    if (!maker) throw new Error(`this bench has no ${node.type} for TensorFlow.js`);
    const attribute = ({ name, i, ints }) => [name, ints.length ? ints.map(Number) : Number(i)];
    const { last, ...layer } = maker(node, Object.fromEntries(node.attribute.map(attribute)));
    const input = node.input.filter((name) => !tensors.has(name));
    const made = (last ?? node).output[0];
    const active = layer.filter ? activation(made) : {};
    layers.push({ ...layer, input, output: active.node?.output[0] ?? made, activation: active.activation ?? "linear" });
  }
  const weights = new Float32Array(length);
  stored.reduce((at, values) => (weights.set(values, at), at + values.length), 0);
  return { layers, outputs, weights: Buffer.from(weights.buffer) };
};
