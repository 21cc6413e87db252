// Takes pictures of the page: `cargo xtask pictures`.
//
// Each in three widths, light and dark: before the first poster, with an answer, with the map of what
// mattered, with many posters, with classes of one's own, and with a file that is not a picture.

import { chromium } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { launch, site } from "./chromium.mjs";
import { draw } from "./posters.mjs";

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

/** Draws dark and bright posters, in a folder each of `scratch`, and returns the folder around these. */
const shelves = async (page, scratch) => {
  const drawn = await draw(page, path.join(scratch, "drawn"), 24, 40);
  const root = path.join(scratch, "shelves");
  for (const [at, file] of drawn.entries()) {
    // as dark as `draw` makes them
    const shelf = path.join(root, at % 5 < 2 ? "night" : "day");
    mkdirSync(shelf, { recursive: true });
    copyFileSync(file, path.join(shelf, path.basename(file)));
  }
  return root;
};

/** How each state is reached. What is to be at the top of the picture, if that is not the page's top, is returned. */
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
  teach: async (page) => {
    const scratch = mkdtempSync(path.join(tmpdir(), "marquee-"));
    await page.getByTestId("folder").setInputFiles(await shelves(page, scratch));
    await page.locator("[data-testid=festival-progress][data-working=false]").waitFor();
    await page.getByTestId("teach").click();
    await page.locator("[data-testid=teach-kept][data-kept=true]").waitFor();
    rmSync(scratch, { recursive: true });
    return "teach-panel";
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
      const top = await reach(page);
      // Reaching the state has scrolled the page, and moved the pointer and the focus.
      await page.mouse.move(0, 0);
      await page.evaluate(async (top) => {
        document.activeElement?.blur();
        const element = document.querySelector(`[data-testid="${top}"]`);
        scrollTo(0, element ? scrollY + element.getBoundingClientRect().top - 24 : 0);
        await document.fonts.ready;
        // The browser may decode pictures after it shows the answer.
        await Promise.all([...document.images].map((image) => image.decode()));
        // They are painted by the second frame at the latest.
        for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      }, top);
      const file = path.join(folder, `${state}-${viewport.width}-${colorScheme}.jpg`);
      await page.screenshot({ path: file, type: "jpeg", quality: 85 });
      console.log(file);
      await context.close();
    }
  }
}
await browser.close();
