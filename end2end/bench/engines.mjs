// What is compared: Marquee and its peers, each with the engines that it has in a browser.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);

/** With the program of its page in peers/, the files that this page downloads, and the npm package. */
const onnxRuntime = (engine, file) => ({
  id: `onnxruntime-${engine}`,
  peer: "onnxruntime",
  title: `ONNX Runtime Web, ${engine}`,
  package: "onnxruntime-web",
  page: `onnxruntime-${engine}.mjs`,
  weights: ["network.onnx"],
  files: [`onnxruntime-web/${file}`],
});
const tensorFlow = (engine, files = []) => ({
  id: `tensorflow-${engine}`,
  peer: "tensorflow",
  title: `TensorFlow.js, ${engine}`,
  package: `@tensorflow/tfjs-backend-${engine}`,
  page: `tensorflow-${engine}.mjs`,
  weights: ["network.json", "network.bin"],
  files,
});

/** In the order of the table. Those with `gpu` need a browser that has one. */
export const engines = [
  { id: "marquee-wasm", peer: "marquee", title: "Marquee, wasm" },
  onnxRuntime("wasm", "ort-wasm-simd-threaded.wasm"),
  tensorFlow("wasm", ["@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"]),
  { id: "marquee-webgpu", peer: "marquee", title: "Marquee, webgpu", gpu: true },
  { ...onnxRuntime("webgpu", "ort-wasm-simd-threaded.asyncify.wasm"), gpu: true },
  { ...tensorFlow("webgpu"), gpu: true },
  { ...tensorFlow("webgl"), gpu: true },
];

/** Where a file of an installed package is. It throws where it is not installed. */
export const installed = (file) => require.resolve(file);

/** The version of a package, or undefined where it is not installed. */
export const version = (name) => {
  // Not every package lets its package.json be asked for.
  const files = require.resolve.paths(name).map((folder) => path.join(folder, name, "package.json"));
  const file = files.find((file) => existsSync(file));
  return file && JSON.parse(readFileSync(file, "utf8")).version;
};
