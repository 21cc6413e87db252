// Starts the worker that `new Worker("worker.js", { name })` names: "cpu-worker" or "gpu-worker".
//
// Messages that arrive while its WebAssembly is still loading have no handler yet and would be
// lost, so they are kept and handed over. A bundle that can't be loaded rejects a promise, which
// the page would never hear of; it is told.

const early = [];
onmessage = (event) => early.push(event);

const fail = (error) => postMessage({ failed: { reason: String(error?.message ?? error) } });
addEventListener("unhandledrejection", (event) => fail(event.reason));

importScripts(`./${self.name}.js`);
wasm_bindgen({ module_or_path: `./${self.name}_bg.wasm` }).then(() => {
  for (const event of early) self.onmessage(event);
}, fail);

// Decoders are ES modules, so that several of them fit in one worker. A module is a single one
// however often it is imported; one that panicked is started anew by another query.
let started = 0;
self.loadDecoder = async (name) => {
  const { default: init, decode } = await import(`./${name}.js?${started++}`);
  await init({ module_or_path: `./${name}_bg.wasm` });
  return decode;
};
