// The smallest of ONNX Runtime Web's bundles: WebAssembly alone.

import * as ort from "onnxruntime-web/wasm";
import { start } from "./onnxruntime.mjs";
import { open } from "./page.mjs";

open(start(ort, "wasm", "ort-wasm-simd-threaded.wasm"));
