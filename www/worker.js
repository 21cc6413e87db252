// Starts the worker that `new Worker("worker.js", { name })` names: "cpu-worker", "gpu-worker"
// or "networks-worker".
//
// Messages that arrive while its WebAssembly is still loading have no handler yet and would be
// lost, so they are kept and handed over. If a bundle can't be loaded, only a promise is rejected,
// which the page does not see; so the page is told.

// A page of another origin has to start it from a blob, and says in `base` where it is from.
const base = self.base ?? "./";

const early = [];
onmessage = (event) => early.push(event);

const fail = (error) => postMessage({ failed: { reason: String(error?.message ?? error) } });
addEventListener("unhandledrejection", (event) => fail(event.reason));

// Downloaded beside the script, which a worker waits for.
const program = fetch(`${base}${self.name}_bg.wasm`);
importScripts(`${base}${self.name}.js`);
wasm_bindgen({ module_or_path: program }).then(() => {
  postMessage({ started: {} });
  for (const event of early) self.onmessage(event);
}, fail);

// Decoders are ES modules, so that several of them fit in one worker. Each is loaded once, however
// many posters ask for it meanwhile. One that could not be loaded is tried again, and one that
// panicked is started anew: both by another query, since a module is remembered by its address.
const decoders = new Map();
let starts = 0;

const startDecoder = async (name) => {
  const { default: init, decode } = await import(`${base}${name}.js?${starts++}`);
  await init({ module_or_path: `${base}${name}_bg.wasm` });
  return decode;
};

self.loadDecoder = (name) => {
  if (!decoders.has(name)) {
    const decoder = startDecoder(name);
    decoder.catch(() => decoders.delete(name));
    decoders.set(name, decoder);
  }
  return decoders.get(name);
};

self.dropDecoder = (name) => decoders.delete(name);

// A format that no decoder reads, such as AVIF, is left to the browser, which turns the picture upright.
// Transparent parts become white.
self.decodeByBrowser = async (file) => {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { alpha: false });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    pixels[to] = data[from];
    pixels[to + 1] = data[from + 1];
    pixels[to + 2] = data[from + 2];
  }
  return { picture: { width, height, pixels } };
};
