// Marquee without its page: reads a film poster's genre on the visitor's machine.
//
//   import { load } from "./marquee.js";
//   const marquee = await load();
//   const { label, probabilities } = await marquee.classify(file);
//
// It needs the files that lie beside it: the workers, the decoders and the weights. The types, and
// what each thing means, are in marquee.d.ts.

/** A poster that can't be classified, or an engine that can't start; `code` is for programs. */
export class MarqueeError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "MarqueeError";
    this.code = code;
  }
}

/** Loads a network, and starts the engine that runs it. */
export async function load({ network, engine = "cpu", base = new URL("./", import.meta.url) } = {}) {
  if (!["cpu", "gpu"].includes(engine)) throw new TypeError(`there is no engine ${engine}: "cpu" and "gpu" are`);
  const root = new URL(base, globalThis.document?.baseURI ?? import.meta.url).href;
  const weights = await find(network, root);
  const marquee = new Marquee();
  try {
    const cpu = await start("cpu-worker", weights, root);
    marquee.take(cpu);
    if (engine === "gpu") marquee.take(await start("gpu-worker", weights, root));
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

/** Starts a worker, and waits until it is warm. */
function start(name, weights, root) {
  return new Promise((resolve, reject) => {
    const link = new Link(name, root, {
      ready: (ready) => resolve(Object.assign(link, { ready })),
      failed: (error) => {
        link.end(error);
        reject(error);
      },
    });
    link.worker.postMessage({ init: { weights } });
  });
}

/** A worker, and the requests that it owes an answer. */
class Link {
  constructor(name, root, { ready, failed }) {
    // A browser starts no worker of another origin, but one of this page's own may load its script.
    const script = `self.base = ${JSON.stringify(root)}; importScripts(self.base + "worker.js");`;
    const foreign = new URL(root).origin !== globalThis.location?.origin;
    this.address = foreign ? URL.createObjectURL(new Blob([script], { type: "text/javascript" })) : undefined;
    this.worker = new Worker(this.address ?? new URL("worker.js", root), { name });
    this.owed = new Map();
    this.worker.onerror = (event) => failed(new MarqueeError("failed", `${name}: ${event.message ?? "not loaded"}`));
    this.worker.onmessage = ({ data }) => {
      const [[kind, body]] = Object.entries(data);
      if (kind === "ready") ready(body);
      else if (kind === "unavailable") failed(new MarqueeError("unavailable", body.reason));
      else if (kind === "failed") failed(new MarqueeError("failed", body.reason));
      else this.settle(body.id, kind, body);
    };
  }

  ask(kind, request) {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.owed.set(request.id, { resolve, reject });
      this.worker.postMessage({ [kind]: request });
    });
  }

  settle(id, kind, body) {
    const promise = this.owed.get(id);
    this.owed.delete(id);
    if (kind === "refused") promise?.reject(new MarqueeError(body.problem, body.detail));
    else promise?.resolve(body);
  }

  end(reason) {
    this.ended ??= reason;
    this.worker.terminate();
    if (this.address) URL.revokeObjectURL(this.address);
    for (const { reject } of this.owed.values()) reject(reason);
    this.owed.clear();
  }
}

class Marquee {
  #cpu;
  #gpu;
  #last = 0;

  /** Used by `load`. */
  take(link) {
    if (this.#cpu) this.#gpu = link;
    else this.#cpu = link;
  }

  get network() {
    return this.#cpu.ready.network;
  }

  get labels() {
    return this.#cpu.ready.labels;
  }

  get engine() {
    return this.#gpu ? "gpu" : "cpu";
  }

  async classify(poster) {
    const file = poster instanceof Blob ? poster : await download(poster);
    const id = (this.#last += 1);
    const engine = this.engine;
    let answer = await this.#cpu.ask("classify", { id, file, engine });
    let readMs = answer.readMs;
    if (engine === "gpu") answer = await this.#gpu.ask("infer", { id, input: answer.input });
    const { labels } = this;
    const best = answer.probabilities.indexOf(Math.max(...answer.probabilities));
    return {
      label: labels[best],
      probability: answer.probabilities[best],
      sure: answer.sure,
      probabilities: Object.fromEntries(labels.map((label, index) => [label, answer.probabilities[index]])),
      logits: answer.logits,
      network: this.network,
      engine,
      readMs,
      inferMs: answer.inferMs,
    };
  }

  close() {
    const closed = new MarqueeError("closed", "this Marquee was closed");
    this.#cpu?.end(closed);
    this.#gpu?.end(closed);
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
