// What the page loads behind the first answer: the lazy app with its styles, and what keeps it all for visits
// without a network.

import { keepOffline } from "./offline.js";

const here = (name) => new URL(name, document.baseURI).href;

/** `style` adds a style sheet; `explain` says what keeps files from being used. */
export async function later(style, explain) {
  const styled = style("lazy-app.css");
  const files = ["lazy-app.js", "lazy-app_bg.wasm"];
  try {
    const { default: open } = await import(here(files[0]));
    await styled;
    await open({ module_or_path: here(files[1]) });
  } catch (error) {
    explain(files, error instanceof SyntaxError ? "content" : undefined);
    throw error;
  }
  await keepOffline();
}
