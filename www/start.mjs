// Starts the page. Trunk's own script is inline, which the content security policy forbids. This
// script finds the hashed names on its element.

import { MarqueeWorker } from "./worker-client.mjs";

const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const here = (name) => new URL(name, document.baseURI);

// Both programs start their workers with this.
globalThis.MarqueeWorker = MarqueeWorker;

// The shell, which is on show until the initial app is there, has its words in every language. It shows
// those of an earlier visit's language, or the browser's.
let language = navigator.language;
try {
  language = localStorage["marquee.language"] ?? language;
} catch {
  // Forbidden by the browser; the initial app works without it, too.
}
language = language.split("-")[0].toLowerCase();
const words = [...document.querySelectorAll("#shell [lang]")];
if (words.some(({ lang }) => lang === language)) {
  document.documentElement.lang = language;
  for (const word of words) word.hidden = word.lang !== language;
}

// Without the list the initial app says that no network could be loaded.
const networks = fetch(here("weights/index.json"))
  .then((response) => response.json())
  .then((list) => (globalThis.marqueeNetworks = list.networks))
  .catch((error) => console.error(error));

// The page must have been painted before the initial app takes the thread. That happens at once,
// except in a tab behind others.
const seen = new Promise((resolve) => {
  new PerformanceObserver(resolve).observe({ type: "paint", buffered: true });
  setTimeout(resolve, document.hidden ? 0 : 500);
});

// The initial app publishes its first snapshot when it can answer, or knows that it never will.
const answering = new Promise((resolve) => addEventListener("marquee-snapshot", resolve, { once: true }));

try {
  const { default: init } = await import(here(js));
  await seen;
  await networks;
  await init({ module_or_path: here(wasm) });
} catch (error) {
  document.querySelector("#unsupported").hidden = false;
  throw error;
} finally {
  document.querySelector("#shell").remove();
}

// Behind everything that an answer needs.
await answering;
const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "lazy-app.css" });
const styled = new Promise((resolve) => (style.onload = style.onerror = resolve));
document.head.append(style);
const { default: open } = await import(here("lazy-app.js"));
await styled;
await open({ module_or_path: here("lazy-app_bg.wasm") });
await import(here("offline.mjs"));
