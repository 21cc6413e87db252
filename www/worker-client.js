// Starts a worker and carries the conversation with it: for the page's two programs and for
// marquee.js. The messages are those of app/src/protocol.rs.

/** Why there is no answer; `code` is for programs. */
export class MarqueeError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "MarqueeError";
    this.code = code;
  }
}

/** A worker that was started before anybody asked for it, until somebody does. */
let early;

/**
 * A worker. `started` settles when its program runs or can't, `ready` when it has loaded the weights, and `ended`
 * when it has stopped.
 */
export class MarqueeWorker {
  #requests = new Map();
  #last = 0;
  #warm;
  #begun;
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

  /** Starts the worker `name` of the site at `root`, and has it load the weights of a URL, or of a promise of one. */
  constructor(name, root, weights) {
    // A browser starts no worker of another origin, but one of this page's own may load its script.
    const script = `self.base = ${JSON.stringify(root)}; importScripts(self.base + "worker.js");`;
    const foreign = new URL(root).origin !== globalThis.location?.origin;
    const address = foreign ? URL.createObjectURL(new Blob([script], { type: "text/javascript" })) : `${root}worker.js`;
    const worker = new Worker(address, { name });
    let begin;
    const begun = new Promise((resolve) => (begin = resolve));
    this.ready = new Promise((resolve, reject) => {
      this.ended = new Promise((end) => {
        this.end = (code, reason) => {
          if (this.error) return;
          // A worker handles requests in order. If it had been ready, the oldest request made it fail;
          // the others may be sent to another worker.
          let again = !this.#warm || code === "closed";
          this.error = new MarqueeError(code, `${name}: ${reason}`);
          worker.terminate();
          if (foreign) URL.revokeObjectURL(address);
          reject(this.error);
          end(this.error);
          for (const request of this.#requests.values()) {
            request.reject(Object.assign(new MarqueeError(code, this.error.message), { again }));
            again = true;
          }
        };
      });
      worker.onmessage = ({ data }) => {
        const [[kind, body]] = Object.entries(data);
        if (kind === "started") begin();
        else if (kind === "ready") {
          this.#warm = true;
          resolve(body);
        } else if (kind === "failed") this.end(body.problem ?? kind, body.reason);
        else if (kind === "unavailable") this.end(kind, body.reason);
        else {
          const request = this.#requests.get(body.id);
          this.#requests.delete(body.id);
          if (kind === "refused") request?.reject(new MarqueeError(body.problem, body.detail));
          else request?.resolve(body);
        }
      };
    });
    this.started = Promise.race([begun, this.ended]);
    // Nobody has to wait for `ready`: a failure also reaches every request.
    this.ready.catch(() => {});
    worker.onerror = ({ message }) => this.end("failed", message ?? "it can't be loaded");
    this.#warm = !weights;
    // The weights are downloaded while the worker starts. If that fails, the worker tries, and tells why.
    const download = async () => {
      const address = await weights;
      const response = await fetch(address).catch(() => {});
      const bytes = response?.ok ? await response.arrayBuffer().catch(() => {}) : undefined;
      worker.postMessage({ init: { weights: address, bytes } }, bytes ? [bytes] : []);
    };
    this.#begun = weights ? download() : Promise.resolve();
    this.post = (message, transfer) => this.#begun.then(() => worker.postMessage(message, transfer));
  }

  /**
   * Sends a request, such as `{ classify: { file, engine } }`, and resolves to what is in the reply.
   * `patience` is how many milliseconds it may take before the worker is given up.
   */
  ask(message, transfer, patience) {
    if (this.error) return Promise.reject(Object.assign(this.error, { again: true }));
    const { classify } = message;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead && classify?.file === ahead.file && classify.engine === "cpu") return ahead.reply;
    const id = (this.#last += 1);
    Object.values(message)[0].id = id;
    const timer = patience && setTimeout(() => this.end("failed", "it no longer answers"), patience);
    return new Promise((resolve, reject) => {
      this.#requests.set(id, { resolve, reject });
      this.post(message, transfer).catch(reject);
    }).finally(() => clearTimeout(timer));
  }
}
