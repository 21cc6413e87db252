// Marquee without its page: reads a film poster's genre on the visitor's machine.
//
//   import { load } from "./marquee.js";
//   const marquee = await load();
//   const { label, probabilities } = await marquee.classify(file);
//
// It needs the files that lie beside it: the workers, the decoders and the weights. The types, and
// what each thing means, are in marquee.d.ts.

import { MarqueeError, MarqueeWorker } from "./worker-client.js";

export { MarqueeError };

/** Loads a network, and starts the engine that runs it. */
export async function load({ network, engine = "cpu", base = new URL("./", import.meta.url) } = {}) {
  if (!["cpu", "gpu"].includes(engine)) throw new TypeError(`there is no engine ${engine}: "cpu" and "gpu" are`);
  const root = new URL(base, globalThis.document?.baseURI ?? import.meta.url).href;
  const weights = await find(network, root);
  const marquee = new Marquee();
  try {
    await marquee.start("cpu-worker", root, weights);
    if (engine === "gpu") await marquee.start("gpu-worker", root, weights);
  } catch (error) {
    marquee.close();
    throw error;
  }
  return marquee;
}

/** The address of a network's weights; without a name, of the one that is listed first. */
async function find(network, root) {
  const response = await fetch(new URL("weights/index.json", root));
  if (!response.ok) throw new MarqueeError("missing", `weights/index.json: the server answers ${response.status}`);
  const { networks } = await response.json();
  const found = network ? networks.find(({ name }) => name === network) : networks[0];
  if (!found) {
    const names = networks.map(({ name }) => name).join(", ");
    throw new MarqueeError("missing", `there is no network ${network} here: ${names} are`);
  }
  return new URL(`weights/${found.file}`, root).href;
}

class Marquee {
  #workers = [];
  #ready;

  /** Used by `load`. */
  async start(name, root, weights) {
    const worker = new MarqueeWorker(name, root, weights);
    this.#workers.push(worker);
    this.#ready = await worker.ready;
    if (name === "cpu-worker") worker.post({ rest: true });
  }

  get network() {
    return this.#ready.network;
  }

  get labels() {
    return this.#ready.labels;
  }

  get engine() {
    return this.#workers[1] ? "gpu" : "cpu";
  }

  async classify(poster) {
    const file = poster instanceof Blob ? poster : await download(poster);
    const { engine, labels } = this;
    const [cpu, gpu] = this.#workers;
    let answer = await cpu.ask({ classify: { file, engine } });
    const { readMs, incomplete = false } = answer;
    if (gpu) answer = await gpu.ask({ infer: { input: answer.input } });
    const best = answer.probabilities.indexOf(Math.max(...answer.probabilities));
    return {
      label: labels[best],
      probability: answer.probabilities[best],
      sure: answer.sure,
      complete: !incomplete,
      probabilities: Object.fromEntries(labels.map((label, index) => [label, answer.probabilities[index]])),
      logits: answer.logits,
      network: this.network,
      engine,
      readMs,
      inferMs: answer.inferMs,
    };
  }

  close() {
    for (const worker of this.#workers) worker.end("closed", "this Marquee was closed");
  }
}

async function download(address) {
  if (typeof address !== "string" && !(address instanceof URL)) {
    throw new TypeError("a poster is a Blob, a File or an address");
  }
  let response;
  try {
    response = await fetch(address);
  } catch {
    throw new MarqueeError("unreachable", `${address} can't be fetched; its host has to allow that (CORS)`);
  }
  if (!response.ok) throw new MarqueeError("unreachable", `${address}: the server answers ${response.status}`);
  return response.blob();
}
