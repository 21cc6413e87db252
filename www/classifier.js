// A network with the workers that run it: what marquee.js gives where its files lie on a host, and the npm package's
// index.js where they come with the scripts.

import { fileOf } from "./posters.js";
import { MarqueeError, MarqueeWorker, download, isBlob, weightsOf } from "./worker-client.js";

/** Loads a network of the host's folder `base`, or one by its `weights`. */
export async function loadFrom(base, { network, weights, ...options }) {
  const here = globalThis.document?.baseURI ?? base;
  const root = new URL(base, here);
  if (!root.pathname.endsWith("/")) root.pathname += "/";
  return open(root.href, weights ? weightsAt(weights) : find(network, root.href), options);
}

/** The weights that a programmer gives: the address is the page's. */
export const weightsAt = (weights) =>
  typeof weights === "function"
    ? weights()
    : isBlob(weights)
      ? weights
      : new URL(weights, globalThis.document?.baseURI ?? globalThis.location?.href).href;

/** Starts workers, where `MarqueeWorker` takes them from. */
export async function open(root, weights, { engine = "cpu", signal }) {
  if (!["cpu", "gpu"].includes(engine)) throw new TypeError(`there is no engine ${engine}: "cpu" and "gpu" are`);
  if (!globalThis.Worker) throw new MarqueeError("unavailable", "there are no workers here: Marquee runs in browsers");
  const found = await until(signal, () => weights);
  const marquee = new Marquee((name) => new MarqueeWorker(name, root, found));
  try {
    await until(signal, () => marquee.start(engine));
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

/** Begins `work`, unless it was aborted before, and resolves to what that gives; or, at once, rejects as it is aborted. */
async function until(signal, work) {
  signal?.throwIfAborted();
  const begun = work();
  if (!signal) return begun;
  // Nobody waits for what is aborted.
  Promise.resolve(begun).catch(() => {});
  let stop;
  const aborted = new Promise((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([begun, aborted]).finally(() => signal.removeEventListener("abort", stop));
}

/** How many workers classify many posters, where nobody says: more need memory, and posters arrive no faster. */
const workersHere = () => Math.min(4, globalThis.navigator?.hardwareConcurrency ?? 2);

const closed = () => new MarqueeError("closed", "this Marquee was closed");

/** A worker; when it has ended, another one in its place. */
class Seat {
  #create;
  #worker;
  #closed = false;

  constructor(create) {
    this.#create = create;
    this.#worker = create();
  }

  get worker() {
    if (this.#worker.error && !this.#closed) this.#worker = this.#create();
    return this.#worker;
  }

  /**
   * Asks the worker. What was lost with one that died, but did not make it die, is asked again; but not if that one
   * has never been ready, because the next one would fail in the same way.
   */
  async ask(message) {
    for (;;) {
      if (this.#closed) throw closed();
      const { worker } = this;
      try {
        return await worker.ask(message);
      } catch (error) {
        const wasReady = await worker.ready.then(() => true, () => false);
        if (!error.again || !wasReady) throw error;
      }
    }
  }

  close() {
    this.#closed = true;
    this.#worker.end("closed", closed().message);
  }
}

class Marquee {
  #create;
  /** Those that read posters, and classify them on the CPU: one, until many posters are to be classified. */
  #readers = [];
  #gpu;
  #ready;
  #closed = false;

  /** `create` makes a worker of a name. */
  constructor(create) {
    this.#create = create;
  }

  /** Used by `open`. */
  async start(engine) {
    const [{ worker }] = this.#seats(1);
    this.#ready = await worker.ready;
    worker.post({ rest: true });
    if (engine !== "gpu" || this.#closed) return;
    this.#gpu = new Seat(() => this.#create("gpu-worker"));
    await this.#gpu.worker.ready;
  }

  get network() {
    return this.#ready.network;
  }

  get labels() {
    return this.#ready.labels;
  }

  get engine() {
    return this.#gpu ? "gpu" : "cpu";
  }

  /** The first so many readers; those that are missing are started. */
  #seats(count) {
    while (this.#readers.length < count) this.#readers.push(new Seat(() => this.#create("cpu-worker")));
    return this.#readers.slice(0, count);
  }

  async classify(poster, { signal } = {}) {
    return until(signal, () => this.#classify(this.#readers[0], poster, signal));
  }

  async classifyMany(posters, { onProgress, signal, workers = workersHere() } = {}) {
    signal?.throwIfAborted();
    const list = [...posters];
    const results = [];
    let [next, done] = [0, 0];
    const [first, ...others] = this.#seats(Math.max(1, Math.min(workers, list.length)));
    let over = false;
    const work = async (seat) => {
      try {
        while (!over && next < list.length) {
          const index = next++;
          const [result] = await Promise.allSettled([until(signal, () => this.#classify(seat, list[index], signal))]);
          signal?.throwIfAborted();
          if (this.#closed) throw closed();
          if (over) return;
          results[index] = result;
          done += 1;
          onProgress?.({ index, result, done, total: list.length });
        }
      } catch (error) {
        // Such as one of onProgress. The other workers end with it.
        over = true;
        throw error;
      }
    };
    // The first one does it all, if no other can be started here.
    const help = (seat) => seat.worker.ready.then(() => work(seat), () => {});
    await until(signal, () => Promise.all([work(first), ...others.map(help)]));
    return results;
  }

  async embed(poster, { signal } = {}) {
    return until(signal, async () => {
      if (this.#closed) throw closed();
      const file = await fileOf(poster, signal);
      return (await this.#readers[0].ask({ embed: { file } })).features;
    });
  }

  async #classify(seat, poster, signal) {
    if (this.#closed) throw closed();
    const file = await fileOf(poster, signal);
    const { engine, labels } = this;
    let answer = await seat.ask({ classify: { file, engine } });
    const { readMs, incomplete = false } = answer;
    if (engine === "gpu") answer = await this.#gpu.ask({ infer: { input: answer.input } });
    const { probabilities, logits, sure, inferMs } = answer;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const named = (names, values) => Object.fromEntries(names.map((name, index) => [name, values[index]]));
    // The first outputs are the classes'.
    const more = logits.length > labels.length && (await seat.ask({ decode: { logits } }));
    return {
      label: labels[best],
      probability: probabilities[best],
      sure,
      complete: !incomplete,
      probabilities: named(labels, probabilities),
      ...(more?.genres?.length && { genres: named(more.genres, more.genreProbabilities) }),
      ...(more?.score?.length && { score: more.score[0], scoreHalfWidth: more.score[1] }),
      logits,
      network: this.network,
      engine,
      readMs,
      inferMs,
    };
  }

  close() {
    this.#closed = true;
    for (const seat of [...this.#readers, this.#gpu]) seat?.close();
  }
}
