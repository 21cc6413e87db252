// Marquee without its page: reads a film poster's genre on the visitor's machine.
//
//   import { load } from "marquee-posters";
//   const marquee = await load();
//   const { label, probabilities } = await marquee.classify(file);
//
// The types, and what each thing means, are in index.d.ts. Workers, decoders and the first network come as scripts in
// the folder packed/, which are imported when they are needed: so every bundler takes them along.

import { loadFrom, open, weightsAt } from "./classifier.js";
import { first, network as firstNetwork, programs, script } from "./packed/index.js";
import { unpack } from "./unpack.js";
import { MarqueeError } from "./worker-client.js";

export { MarqueeError };

/** Loads a network, and starts the engine that runs it. */
export async function load({ base, ...options } = {}) {
  if (base) return loadFrom(base, options);
  const { network, weights, engine = "cpu", signal } = options;
  const gpu = typeof engine === "object" ? engine : undefined;
  if (engine === "gpu") {
    const remedy = 'import { gpu } from "marquee-posters/gpu.js", and give load() that as `engine`';
    throw new MarqueeError("missing", `the GPU's program is not part of the module: ${remedy}`);
  }
  if (!weights && network && network !== first) {
    const remedy = `import weights from "marquee-posters/weights/${network}.js", and give load() these \`weights\``;
    throw new MarqueeError("missing", `the network ${network} is not part of the module, as ${first} is: ${remedy}`);
  }
  return open(
    { scripts: gpu ? [gpu.script, script] : [script], wasm: (name) => compiled(name, gpu) },
    weights ? weightsAt(weights) : packedWeights(),
    { engine: gpu ? "gpu" : engine, signal },
  );
}

/** The weights of the first network. */
const packedWeights = async () => (await firstNetwork()).default();

/** The programs that were compiled, by their names: workers share them. */
const modules = new Map();

/** A program's WebAssembly. One that can't be had is tried again the next time. */
function compiled(name, gpu) {
  if (!modules.has(name)) {
    const compile = async () => WebAssembly.compile(await unpack(name === "gpu-worker" ? gpu.wasm : await programs[name]()));
    const module = compile();
    module.catch(() => modules.delete(name));
    modules.set(name, module);
  }
  return modules.get(name);
}
