// Begins the worker's script in the npm package. `self.scripts`, which is before it, has a function for each program
// and decoder that the package's build.mjs put there. Their WebAssembly comes from the page, which imports what is
// asked for: bundlers make that a file of its own, and a worker in a blob can import nothing itself.

self.base = "";

const wanted = new Map();
self.parts = {
  wasm: (name) =>
    new Promise((resolve, reject) => {
      wanted.set(name, { resolve, reject });
      postMessage({ want: { name } });
    }),
  start: (name) => self.scripts[name](),
  load: async (name) => self.scripts[name](),
};

// Before any handler of the programs, which do not know this message.
addEventListener("message", (event) => {
  const { part } = event.data;
  if (!part) return;
  event.stopImmediatePropagation();
  const { resolve, reject } = wanted.get(part.name);
  if (part.wasm) resolve(part.wasm);
  else reject(new Error(part.error));
});
