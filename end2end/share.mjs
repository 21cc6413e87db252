// Takes the picture that others show beside a link to the site, with the site's first sample:
// `cargo xtask pictures --share FILE`.

import { chromium } from "@playwright/test";
import { launch, site } from "./chromium.mjs";

const [file] = process.argv.slice(2);
if (!file) throw new Error("usage: node share.mjs FILE");

const browser = await chromium.launch(launch({ webGpu: false }));
const page = await browser.newPage({
  viewport: { width: 1200, height: 630 },
  colorScheme: "dark",
  reducedMotion: "reduce",
  locale: "en-US",
  // Its message on a first visit would cover the page.
  serviceWorkers: "block",
});
await page.goto(site());
const sample = page.getByTestId("sample");
await page.getByTestId("more-ways").waitFor();
if (await sample.count()) {
  await sample.first().click();
  await page.locator("[data-testid=winner][data-label]").waitFor();
}
await page.mouse.move(0, 0);
await page.evaluate(async () => {
  document.activeElement?.blur();
  await document.fonts.ready;
  scrollTo(0, 0);
  await Promise.all([...document.images].map((image) => image.decode()));
});
await page.screenshot({ path: file, type: "jpeg", quality: 85 });
console.log(file);
await browser.close();
