// Starts the worker that `new Worker("worker.js", { name })` names: "cpu-worker", "gpu-worker"
// or "networks-worker".
//
// Messages that arrive while its WebAssembly is still loading have no handler yet and would be
// lost, so they are kept and handed over. If a bundle can't be loaded, only a promise is rejected,
// which the page does not see; so the page is told.

// A page of another origin has to start it from a blob, and says in `base` where it is from.
const base = self.base ?? new URL("./", location).href;

// What else it needs is in the same folder, unless a script before this one brings it along: www/npm/parts.js. The
// decoders are ES modules, so that several of them fit in one worker. One that could not be loaded is tried again by
// another query, since a module is remembered by its address.
let loads = 0;
const parts = self.parts ?? {
  wasm: (name) => fetch(`${base}${name}_bg.wasm`),
  start: (name) => (importScripts(`${base}${name}.js`), wasm_bindgen),
  load: (name) => import(`${base}${name}.js?${loads++}`),
};

const early = [];
onmessage = (event) => early.push(event);

const fail = (error) => postMessage({ failed: { reason: String(error?.message ?? error) } });
addEventListener("unhandledrejection", (event) => fail(event.reason));

// WebAssembly gives no memory back. A worker that has read something very large says so behind its reply, and the
// page starts it anew. The GPU worker reads no files.
const ENOUGH = 96 << 20;
const memories = [];
const say = self.postMessage.bind(self);
self.postMessage = (message, transfer) => {
  say(message, transfer);
  const replies = Object.values(message)[0].id;
  const taken = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  if (replies && taken > ENOUGH && self.name !== "gpu-worker") say({ spent: {} });
};

// Downloaded beside the script, which a worker waits for.
const program = parts.wasm(self.name);
const start = parts.start(self.name);
start({ module_or_path: program }).then(({ memory }) => {
  memories.push(memory);
  postMessage({ started: {} });
  for (const event of early) self.onmessage(event);
}, fail);

/** Tells the page of files that could not be used. */
const lose = (files, error) => {
  postMessage({ lost: { files, known: error.known } });
  throw error;
};

// Each decoder is loaded once, however many posters ask for it meanwhile. One that panicked is started anew.
const decoders = new Map();

const startDecoder = async (name) => {
  const { default: init, decode } = await parts.load(name);
  const { memory } = await init({ module_or_path: parts.wasm(name) });
  memories.push(memory);
  return decode;
};

/** Loads a decoder. The page is told of one that is lost if a poster needs it. */
self.loadDecoder = (name, needed) => {
  if (!decoders.has(name)) {
    const decoder = startDecoder(name);
    decoder.catch(() => decoders.delete(name));
    decoders.set(name, decoder);
  }
  const decoder = decoders.get(name);
  return needed ? decoder.catch((error) => lose([`${base}${name}.js`, `${base}${name}_bg.wasm`], error)) : decoder;
};

self.dropDecoder = (name) => decoders.delete(name);

/** Downloads weights. */
self.download = async (address) => {
  const { download } = await parts.load("worker-client");
  return download(address, () => postMessage({ alive: {} })).catch((error) => lose([address], error));
};

/** A format that no decoder reads, such as AVIF, is left to the browser. */
self.decodeByBrowser = async (...given) => (await parts.load("browser-decoder")).decode(...given);
