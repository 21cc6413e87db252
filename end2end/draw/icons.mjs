// Renders the icons from www/favicon.svg: `node end2end/draw/icons.mjs`.

import { chromium } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch } from "../chromium.mjs";

const here = (name) => fileURLToPath(new URL(`../../www/icons/${name}`, import.meta.url));
const drawing = await readFile(here("../favicon.svg"), "utf8");
// Launchers cut a maskable icon to their own shape, a circle at the smallest: the drawing stays
// within four fifths, on its own red.
const icons = [
  { name: "icon-192", side: 192, margin: 0 },
  { name: "icon-512", side: 512, margin: 0 },
  { name: "maskable-512", side: 512, margin: 72, behind: "#7a1712" },
  { name: "apple-touch-icon", side: 180, margin: 0, behind: "#7a1712" },
];

const browser = await chromium.launch(launch({ webGpu: false }));
for (const { name, side, margin, behind } of icons) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(
    `<style>body { margin: 0; background: ${behind ?? "transparent"} }
    svg { display: block; margin: ${margin}px; width: ${side - 2 * margin}px }</style>${drawing}`,
  );
  await page.screenshot({ path: here(`${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
