// Starts the page. Trunk's own script is inline, which the content security policy forbids; this
// one finds the hashed names on its script element.

const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const here = (name) => new URL(name, document.baseURI);

// The front's first word is that it can answer, or never will.
const answering = new Promise((resolve) => addEventListener("marquee-lobby", resolve, { once: true }));

try {
  const { default: init } = await import(here(js));
  await init({ module_or_path: here(wasm) });
} catch (error) {
  document.querySelector("#unsupported").hidden = false;
  throw error;
}

// Behind everything that an answer needs.
await answering;
const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "lobby.css" });
const styled = new Promise((resolve) => (style.onload = style.onerror = resolve));
document.head.append(style);
const { default: open } = await import(here("lobby.js"));
await styled;
await open({ module_or_path: here("lobby_bg.wasm") });
await import(here("offline.mjs"));
