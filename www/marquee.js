// Marquee without its page: says what class a poster is of, on the visitor's machine.
//
//   import { load } from "./marquee.js";
//   const marquee = await load();
//   const { label, probabilities } = await marquee.classify(file);
//
// It needs the files that lie beside it: the workers, the decoders and the weights. The types, and
// what each thing means, are in marquee.d.ts. Bundlers take the npm package (www/npm), which brings its files along.

import { loadFrom } from "./classifier.js";

export { MarqueeError } from "./worker-client.js";

const here = new URL(".", import.meta.url).href;

/** Loads a network, and starts the engine that runs it. */
export const load = ({ base = here, ...options } = {}) => loadFrom(base, options);
