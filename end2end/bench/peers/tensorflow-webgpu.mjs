import "@tensorflow/tfjs-backend-webgpu";
import { webGpuAdapter } from "./adapter.mjs";
import { open } from "./page.mjs";
import { start } from "./tensorflow.mjs";

const starting = async () => {
  const adapter = await webGpuAdapter();
  return { ...(await start("webgpu")), adapter };
};

open(starting());
