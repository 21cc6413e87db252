// Starts the page. Trunk's own script is inline, which the content security policy forbids; this
// one finds the hashed names on its script element.

const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const here = (name) => new URL(name, document.baseURI);

try {
  const { default: init } = await import(here(js));
  await init({ module_or_path: here(wasm) });
} catch (error) {
  document.querySelector("#unsupported").hidden = false;
  throw error;
}

// Behind everything that an answer needs.
await import(here("offline.mjs"));
