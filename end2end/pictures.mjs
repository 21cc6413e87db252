// Takes pictures of the page: `cargo xtask pictures`.
//
// Each in three widths, light and dark: before the first poster, with an answer, with the map of what
// mattered, with many posters, and with a file that is not a picture.

import { chromium } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { launch, site } from "./chromium.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("usage: node pictures.mjs FOLDER");
mkdirSync(folder, { recursive: true });

// The page's own fonts have no Korean letters. Without a font of the system that has them, the pictures would
// show boxes.
const fonts = spawnSync("fc-list", [":lang=ko"], { encoding: "utf8" });
if (fonts.status === 0 && !fonts.stdout.trim()) {
  console.error("No font here has Korean letters; install one first, on Debian: sudo apt install fonts-nanum");
  process.exit(1);
}

const samples = path.resolve(import.meta.dirname, "../site/samples");

const sizes = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
];

const states = {
  empty: async () => {},
  answered: async (page) => {
    await page.getByTestId("sample").first().click();
    await page.locator("[data-testid=winner][data-label]").waitFor();
  },
  lit: async (page) => {
    await states.answered(page);
    await page.getByTestId("occlusion").click();
    await page.getByTestId("occlusion-map").waitFor();
  },
  festival: async (page) => {
    const names = readdirSync(samples).filter((name) => /\.(jpg|png|webp)$/.test(name));
    const files = Array.from({ length: 120 }, (_, at) => {
      const name = names[(at * 7) % names.length];
      return { name: `${at + 1}-${name}`, mimeType: "image/*", buffer: readFileSync(path.join(samples, name)) };
    });
    await page.getByTestId("pick").setInputFiles(files);
    await page.locator("[data-testid=festival-progress][data-working=false]").waitFor();
    // The sign is put up a moment later, as it is after every change.
    await page.waitForTimeout(1_000);
  },
  failing: async (page) => {
    const file = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") };
    await page.getByTestId("pick").setInputFiles(file);
    await page.getByTestId("error").waitFor();
  },
};

const settled = ["ready", "slower", "unavailable", "failed"]
  .map((state) => `[data-testid=gpu-status][data-state=${state}]`)
  .join(",");

const browser = await chromium.launch(launch({ webGpu: true }));
for (const colorScheme of ["light", "dark"]) {
  for (const viewport of sizes) {
    for (const [state, reach] of Object.entries(states)) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        // Animated bars would differ from run to run.
        reducedMotion: "reduce",
        locale: "en-US",
        // Its message on a first visit would cover the page.
        serviceWorkers: "block",
      });
      const page = await context.newPage();
      await page.goto(site());
      await page.locator(settled).waitFor({ state: "attached" });
      await page.getByTestId("more-ways").waitFor();
      await reach(page);
      // Reaching the state has scrolled the page, and moved the pointer and the focus.
      await page.mouse.move(0, 0);
      await page.evaluate(async () => {
        document.activeElement?.blur();
        scrollTo(0, 0);
        await document.fonts.ready;
        // The browser may decode pictures after it shows the answer.
        await Promise.all([...document.images].map((image) => image.decode()));
        // They are painted by the second frame at the latest.
        for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      });
      const file = path.join(folder, `${state}-${viewport.width}-${colorScheme}.jpg`);
      await page.screenshot({ path: file, type: "jpeg", quality: 85 });
      console.log(file);
      await context.close();
    }
  }
}
await browser.close();
