import * as ort from "onnxruntime-web/webgpu";
import { start } from "./onnxruntime.mjs";
import { open } from "./page.mjs";
import { webGpuAdapter } from "./adapter.mjs";

const starting = async () => {
  // Without an adapter it would run on the CPU, and not say so.
  const adapter = await webGpuAdapter();
  return { ...(await start(ort, "webgpu", "ort-wasm-simd-threaded.asyncify.wasm")), adapter };
};

open(starting());
