// Starts a worker, loads its weights, and carries the conversation with it: for the page's two programs and
// for marquee.js. The messages are those of app/src/protocol.rs.

/** So many milliseconds without a sign of life, and something is said of it; a download is given up. */
const SILENCE = 20_000;
/** So many, and a worker that has not started, or that works at a request, is given up. */
const PATIENCE = 120_000;

/** The programs that are there with relaxed SIMD, too, whose fused multiply-add makes networks faster. */
const RELAXED = ["cpu-worker", "networks-worker"];
/** Whether this browser has it: it takes a module that has one such instruction. */
const relaxed = globalThis.WebAssembly?.validate(
  Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
    ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
  ),
);

/** Whether this is a Blob or a File; it may be another window's. */
export const isBlob = (it) => /^\[object (Blob|File)\]$/.test(Object.prototype.toString.call(it));

/** Why there is no answer; `code` is for programs. */
export class MarqueeError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "MarqueeError";
    this.code = code;
  }
}

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The address of the weights of a network of weights/index.json, with the hash that they must have. */
export const weightsOf = ({ file, sha256 }, root) =>
  new URL(`weights/${file}`, root).href + (sha256 ? `#sha256=${sha256}` : "");

/** The largest poster, in bytes: app/src/protocol.rs has the same number. */
const MOST = 64 << 20;

/** Fetches a file, or throws an error, whose `known` is for trouble.js. `alive` is called whenever a part is there. */
async function receive(url, { most = Infinity, alive, signal, ...options }) {
  const stop = new AbortController();
  const abort = () => stop.abort(signal.reason);
  signal?.addEventListener("abort", abort);
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(Object.assign(new Error("it does not arrive"), { known: "silent" })), SILENCE);
  };
  heard();
  try {
    const response = await fetch(url, { ...options, signal: stop.signal });
    if (!response.ok || !response.body) throw new Error(`the server answers ${response.status}`);
    const parts = [];
    let left = most;
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return new Blob(parts);
      left -= value.length;
      if (left < 0) throw new MarqueeError("tooLarge", `it is over ${most >> 20} MB`);
      parts.push(value);
      heard();
      alive?.();
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    // What is too large is not downloaded to its end.
    stop.abort();
  }
}

/**
 * Downloads a file of the site. One that does not come, or whose content has another hash than its address says, is
 * asked for once more, past the browser's cache; `again` is told why.
 */
export async function download(address, alive, again) {
  const [url, sha256] = address.split("#sha256=");
  const attempt = async (cache) => {
    const bytes = await (await receive(url, { cache, alive })).arrayBuffer();
    // Browsers compute hashes only on pages that came encrypted, or from this machine.
    if (sha256 && globalThis.crypto?.subtle && hex(await crypto.subtle.digest("SHA-256", bytes)) !== sha256) {
      throw Object.assign(new Error("its content is not what weights/index.json says"), { known: "content" });
    }
    return bytes;
  };
  return attempt("default")
    .catch((error) => {
      again?.(error);
      return attempt("reload");
    })
    .catch((error) => {
      const said = new MarqueeError("noNetwork", `${url}: ${error.message}`);
      throw Object.assign(said, { known: error.known });
    });
}

/** Fetches a poster from anywhere on the web. */
export async function fetchPoster(address, options) {
  try {
    return await receive(address, { most: MOST, ...options });
  } catch (error) {
    if (error instanceof MarqueeError) throw new MarqueeError(error.code, `${address}: ${error.message}`);
    // A browser does not tell a host that is not there from one that forbids it.
    const reason = error instanceof TypeError ? "it can't be fetched; its host has to allow that (CORS)" : error.message;
    throw new MarqueeError("unreachable", `${address}: ${reason}`);
  }
}

/** A worker that was started before anybody asked for it, until somebody does. */
let early;

/**
 * A worker. `started` settles when its program runs or can't, `ready` when it has loaded the weights, and `ended`
 * when it has stopped.
 */
export class MarqueeWorker {
  /** Told of files that could not be used: their addresses, and what trouble.js calls the fault if it is known. */
  static onTrouble;

  #name;
  #root;
  #address;
  #files;
  #weights;
  #worker;
  /** Whether its program runs, and whether it can answer: from then on only a request makes it fail. */
  #started;
  #warm;
  #late;
  #cutOff;
  #tries = 0;
  #timer;
  #requests = new Map();
  #last = 0;
  /** The messages that have no reply, for a worker that is started anew. */
  #orders = [];
  #begun;
  #send;
  #settle = {};
  /** A file that it has been asked about before anybody wanted to know, and the reply. */
  #ahead;

  /**
   * Starts a CPU worker that `start` will be asked for, while it is being found out which weights it needs, and has
   * it classify a file that it will be asked about.
   */
  static startEarly(root, weights, file) {
    const worker = new MarqueeWorker("cpu-worker", root, weights);
    const ahead = (early = { worker });
    weights.then((weights) => (ahead.asked = ["cpu-worker", root, weights].join()));
    const reply = worker.ask({ classify: { file, engine: "cpu" } });
    // Whoever asks about the file hears of a failure.
    reply.catch(() => {});
    worker.#ahead = { file, reply };
    return worker;
  }

  /** The worker that was started early, if it is the one that is asked for; else a new one. */
  static start(...asked) {
    const ahead = early;
    early = undefined;
    if (ahead?.asked === asked.join()) return ahead.worker;
    ahead?.worker.end("closed", "another one was asked for");
    return new MarqueeWorker(...asked);
  }

  /**
   * Starts the worker `name` of the site at `root`, and has it load the weights of a URL or Blob, or of a promise of
   * one. In place of an address, `root` may be the `scripts` of all workers with the function `wasm`, which gives a
   * program's WebAssembly by its name (www/npm/index.js).
   */
  constructor(name, root, weights) {
    this.#name = name;
    this.#root = root;
    this.#weights = weights;
    // A browser starts no worker of another origin, but one of this page's own may load its script. A page in a
    // sandbox has an origin of its own.
    const scripts = root.scripts ?? [`self.base = ${JSON.stringify(root)}; importScripts(self.base + "worker.js");`];
    this.#address =
      !root.scripts && new URL(root).origin === globalThis.origin
        ? `${root}worker.js`
        : URL.createObjectURL(new Blob(scripts, { type: "text/javascript" }));
    this.ready = new Promise((resolve, reject) => Object.assign(this.#settle, { resolve, reject }));
    // Nobody has to wait for `ready`: a failure also reaches every request.
    this.ready.catch(() => {});
    this.ended = new Promise((end) => (this.#settle.end = end));
    const started = new Promise((start) => (this.#settle.start = start));
    this.started = Promise.race([started, this.ended]);
    this.#begin();
    this.#send = (message, transfer) =>
      started.then(() => this.#begun).then(() => this.#worker.postMessage(message, transfer));
  }

  /** Sends a message that has no reply. */
  post(message) {
    this.#orders.push(message);
    return this.#send(message);
  }

  #begin() {
    this.#tries += 1;
    this.#watch();
    // Where the faster program is not to be had, the other one is.
    const name = this.#tries === 1 && relaxed && RELAXED.includes(this.#name) ? `${this.#name}-relaxed` : this.#name;
    this.#files = ["worker.js", `${name}.js`, `${name}_bg.wasm`].map((file) => this.#root + file);
    try {
      this.#worker = new Worker(this.#address, { name });
    } catch ({ message }) {
      queueMicrotask(() => this.#fail(message));
      return;
    }
    const worker = this.#worker;
    worker.onmessage = ({ data }) => this.#hear(...Object.entries(data)[0]);
    worker.onerror = ({ message, filename }) => {
      // A script that is cut off is no script.
      if (filename && message?.includes("SyntaxError")) this.#cutOff = filename;
      this.#fail(message ?? "it can't be loaded");
    };
    // The weights are downloaded while the worker starts.
    const load = async () => {
      const weights = (this.#weights = await this.#weights);
      if (!weights) return this.end("closed", "there is no list of networks");
      try {
        let slow;
        const again = ({ known }) => {
          slow = known === "silent";
          if (slow) this.#tell([weights], "slow");
        };
        const heard = () => this.#started && this.#watch();
        const bytes = isBlob(weights) ? await weights.arrayBuffer() : await download(weights, heard, again);
        if (slow) this.#tell([weights], "arrived");
        worker.postMessage({ init: { weights: String(weights.name ?? weights), bytes } }, [bytes]);
      } catch ({ message, known }) {
        this.end("noNetwork", message, known);
      }
    };
    this.#begun = this.#weights && load();
  }

  #hear(kind, body) {
    if (kind === "started") {
      this.#started = true;
      this.#warm = !this.#weights;
      this.#settle.start();
      if (this.#late) this.#tell(this.#files, "arrived");
    } else if (kind === "ready") {
      this.#warm = true;
      this.#settle.resolve(body);
    } else if (kind === "spent") this.#renew();
    else if (kind === "want") this.#bring(body.name);
    else if (kind === "lost") this.#tell(body.files, body.known);
    else if (kind === "failed" && !body.problem) this.#fail(body.reason);
    else if (kind === "failed" || kind === "unavailable") this.end(body.problem ?? kind, body.reason);
    else if (body.id) {
      const request = this.#requests.get(body.id);
      this.#requests.delete(body.id);
      if (kind === "refused") request?.reject(new MarqueeError(body.problem, body.detail));
      else request?.resolve(body);
    }
    this.#watch();
  }

  /** Hands it the WebAssembly that it asks for, where that comes with the script. */
  async #bring(name) {
    const worker = this.#worker;
    const part = { name };
    try {
      part.wasm = await this.#root.wasm(name);
    } catch ({ message }) {
      part.error = message;
    }
    worker.postMessage({ part });
  }

  /** It can't go on. What could not be started is tried once more. */
  #fail(reason) {
    if (this.#started || this.#tries > 1) {
      this.end(this.#started ? "failed" : "notLoaded", reason);
    } else {
      this.#worker?.terminate();
      this.#begin();
    }
  }

  /** Has it begin anew with an empty memory, and with what it has not answered. */
  #renew() {
    this.#worker.terminate();
    this.#started = this.#warm = undefined;
    this.#tries = 0;
    this.#begin();
    for (const message of this.#orders) this.#send(message);
    for (const { message } of this.#requests.values()) this.#send(message);
  }

  /** Ends it. A worker handles requests in order: if it could answer, the oldest made it fail. The others may be
   *  sent to another worker, unless none starts. */
  end(code, reason, known) {
    if (this.error) return;
    this.error = new MarqueeError(code, `${this.#name}: ${reason}`);
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    if (this.#address.startsWith("blob:")) URL.revokeObjectURL(this.#address);
    this.#settle.reject(this.error);
    this.#settle.end(this.error);
    let again = code === "closed" || !this.#warm;
    for (const request of this.#requests.values()) {
      request.reject(Object.assign(new MarqueeError(code, this.error.message), { again: again && code !== "notLoaded" }));
      again = true;
    }
    if (code === "notLoaded") this.#tell(...(this.#cutOff ? [[this.#cutOff], "content"] : [this.#files]));
    if (code === "noNetwork") this.#tell([this.#weights], known);
  }

  #tell(files, known) {
    MarqueeWorker.onTrouble?.(files, known);
  }

  /** Waits for its next sign of life, as long as it owes one. */
  #watch() {
    clearTimeout(this.#timer);
    if (this.error) return;
    const wait = (work, time) => (this.#timer = setTimeout(work, time));
    const [oldest] = this.#requests.values();
    if (!this.#started) {
      wait(() => {
        this.#late = true;
        this.#tell(this.#files, "slow");
        wait(() => this.#fail("it does not start"), PATIENCE);
      }, SILENCE);
    } else if (!this.#warm || oldest) wait(() => this.#fail("it no longer answers"), oldest?.patience || PATIENCE);
  }

  /**
   * Sends a request, such as `{ classify: { file, engine } }`, and resolves to what is in the reply.
   * `patience` is how many milliseconds it may take before the worker is given up.
   */
  ask(message, transfer, patience) {
    if (this.error) return Promise.reject(Object.assign(this.error, { again: this.error.code !== "notLoaded" }));
    const { classify } = message;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead && classify?.file === ahead.file && classify.engine === "cpu") return ahead.reply;
    const id = (this.#last += 1);
    Object.values(message)[0].id = id;
    return new Promise((resolve, reject) => {
      this.#requests.set(id, { message, resolve, reject, patience });
      if (this.#started && this.#requests.size === 1) this.#watch();
      this.#send(message, transfer).catch(reject);
    });
  }
}
