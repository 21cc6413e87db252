// TensorFlow.js with WebAssembly, and with no more kernels than the networks need.

import { registerKernel } from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm/dist/base";
import { addConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Add";
import { avgPoolConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/AvgPool";
import { castConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Cast";
import { concatConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Concat";
import { fusedConv2DConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/FusedConv2D";
import { fusedDepthwiseConv2DConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/FusedDepthwiseConv2D";
import { _fusedMatMulConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/_FusedMatMul";
import { identityConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Identity";
import { maxPoolConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/MaxPool";
import { reshapeConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape";
import { start } from "./tensorflow.mjs";
import { open } from "./page.mjs";

const kernels = [
  addConfig,
  avgPoolConfig,
  castConfig,
  concatConfig,
  fusedConv2DConfig,
  fusedDepthwiseConv2DConfig,
  _fusedMatMulConfig,
  identityConfig,
  maxPoolConfig,
  reshapeConfig,
];
kernels.forEach(registerKernel);
// It takes the one for SIMD without threads, as a page without SharedArrayBuffer has none.
setWasmPaths(new URL("./", document.baseURI).href);

open(start("wasm"));
