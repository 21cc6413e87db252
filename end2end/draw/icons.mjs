// Renders the icons from www/favicon.svg: `node end2end/draw/icons.mjs`; or from that of another folder, into it:
// `cargo xtask pictures --icons FOLDER`.

import { chromium } from "@playwright/test";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../chromium.mjs";

const www = fileURLToPath(new URL("../../www/", import.meta.url));
const [folder] = process.argv.slice(2);
const drawing = await readFile(path.join(folder ?? www, "favicon.svg"), "utf8");
const ground = drawing.match(/fill="(#[\da-f]{3,8})"/i)?.[1] ?? "#ffffff";
// Launchers cut a maskable icon to their own shape, a circle at the smallest: the drawing stays
// within four fifths, on its own ground.
const icons = [
  { name: "icon-192", side: 192, margin: 0 },
  { name: "icon-512", side: 512, margin: 0 },
  { name: "maskable-512", side: 512, margin: 72, behind: ground },
  { name: "apple-touch-icon", side: 180, margin: 0, behind: ground },
];

const browser = await chromium.launch(launch({ webGpu: false }));
for (const { name, side, margin, behind } of icons) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(
    `<style>body { margin: 0; background: ${behind ?? "transparent"} }
    svg { display: block; margin: ${margin}px; width: ${side - 2 * margin}px }</style>${drawing}`,
  );
  const place = folder ?? path.join(www, "icons");
  await page.screenshot({ path: path.join(place, `${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
