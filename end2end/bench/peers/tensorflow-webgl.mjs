import "@tensorflow/tfjs-backend-webgl";
import { webGlRenderer } from "./adapter.mjs";
import { open } from "./page.mjs";
import { start } from "./tensorflow.mjs";

const starting = async () => {
  const adapter = webGlRenderer();
  return { ...(await start("webgl")), adapter };
};

open(starting());
