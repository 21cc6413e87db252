// Renders the icons from www/favicon.svg, and the picture that a shared link unfurls to from the page
// itself: `node end2end/draw/icons.mjs URL`. URL is a running page's, such as that of `cargo xtask serve`.

import { chromium } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch } from "../chromium.mjs";

const [url] = process.argv.slice(2);
if (!url) throw new Error("usage: node end2end/draw/icons.mjs URL");

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

const page = await browser.newPage({
  viewport: { width: 1200, height: 630 },
  colorScheme: "dark",
  reducedMotion: "reduce",
  locale: "en-US",
});
await page.goto(url);
await page.getByTestId("sample").first().click();
await page.locator("[data-testid=winner][data-label]").waitFor();
await page.mouse.move(0, 0);
await page.evaluate(async () => {
  await document.fonts.ready;
  scrollTo(0, 0);
  await Promise.all([...document.images].map((image) => image.decode()));
});
await page.screenshot({ path: here("share.jpg"), type: "jpeg", quality: 85 });
await browser.close();
