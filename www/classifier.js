// A network with the workers that run it: what marquee.js gives where its files lie on a host, and the npm package's
// index.js where they come with the scripts.

import { MarqueeError, MarqueeWorker, download, fetchPoster, isBlob, weightsOf } from "./worker-client.js";

/** Loads a network of the host's folder `base`, or one by its `weights`. */
export async function loadFrom(base, { network, weights, engine = "cpu" }) {
  const here = globalThis.document?.baseURI ?? base;
  const root = new URL(base, here);
  if (!root.pathname.endsWith("/")) root.pathname += "/";
  return open(root.href, weights ? weightsAt(weights) : find(network, root.href), engine);
}

/** The weights that a programmer gives: the address is the page's. */
export const weightsAt = (weights) =>
  typeof weights === "function" ? weights() : isBlob(weights) ? weights : new URL(weights, globalThis.document?.baseURI ?? globalThis.location?.href).href;

/** Starts workers, where `MarqueeWorker` takes them from. */
export async function open(root, weights, engine) {
  if (!["cpu", "gpu"].includes(engine)) throw new TypeError(`there is no engine ${engine}: "cpu" and "gpu" are`);
  if (!globalThis.Worker) throw new MarqueeError("unavailable", "there are no workers here: Marquee runs in browsers");
  const found = await weights;
  const marquee = new Marquee((name) => new MarqueeWorker(name, root, found));
  try {
    await marquee.start("cpu-worker");
    if (engine === "gpu") await marquee.start("gpu-worker");
  } catch (error) {
    marquee.close();
    throw error;
  }
  return marquee;
}

/** The address of a network's weights; without a name, of the one that is listed first. */
async function find(network, root) {
  const url = new URL("weights/index.json", root).href;
  const remedy = "copy the whole folder dist/ of Marquee there, or give load() the address of that folder as `base`";
  const bytes = await download(url).catch(({ message }) => {
    throw new MarqueeError("missing", `${message}; ${remedy}`);
  });
  let networks;
  try {
    ({ networks } = JSON.parse(new TextDecoder().decode(bytes)));
    networks[0].file;
  } catch {
    throw new MarqueeError("missing", `${url} is not the list of networks; ${remedy}`);
  }
  const found = network ? networks.find(({ name }) => name === network) : networks[0];
  if (!found) {
    const names = networks.map(({ name }) => name).join(", ");
    throw new MarqueeError("missing", `there is no network ${network} here: ${names} are`);
  }
  return weightsOf(found, root);
}

class Marquee {
  #create;
  /** The workers that run, by their names. */
  #workers = new Map();
  #ready;
  #closed = false;

  /** `create` makes a worker of a name. */
  constructor(create) {
    this.#create = create;
  }

  /** Used by `open`. */
  async start(name) {
    const worker = this.#create(name);
    this.#workers.set(name, worker);
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
    return this.#workers.has("gpu-worker") ? "gpu" : "cpu";
  }

  /** Asks a worker. One that has died is replaced, and what was lost with it is asked again. */
  async #ask(name, message) {
    for (;;) {
      if (this.#closed) throw new MarqueeError("closed", "this Marquee was closed");
      const worker = this.#workers.get(name);
      try {
        return await worker.ask(message);
      } catch (error) {
        if (worker.error && !this.#closed && this.#workers.get(name) === worker) {
          this.#workers.set(name, this.#create(name));
        }
        if (!error.again) throw error;
      }
    }
  }

  async classify(poster) {
    if (!isBlob(poster) && typeof poster !== "string" && !(poster instanceof URL)) {
      throw new TypeError("a poster is a Blob, a File or an address");
    }
    const file = isBlob(poster) ? poster : await fetchPoster(poster);
    const { engine, labels } = this;
    let answer = await this.#ask("cpu-worker", { classify: { file, engine } });
    const { readMs, incomplete = false } = answer;
    if (engine === "gpu") answer = await this.#ask("gpu-worker", { infer: { input: answer.input } });
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
    this.#closed = true;
    for (const worker of this.#workers.values()) worker.end("closed", "this Marquee was closed");
  }
}
