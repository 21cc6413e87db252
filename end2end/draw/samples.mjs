// Renders the sample posters from their drawings: `node end2end/draw/samples.mjs`.

import { chromium } from "@playwright/test";
import { readFile, writeFile } from "node:fs/promises";
import { launch } from "../chromium.mjs";

const folder = new URL("../../site/samples/", import.meta.url);
const posters = [
  { name: "rocket", type: "image/webp", quality: 0.88, ending: "webp" },
  { name: "house", type: "image/jpeg", quality: 0.86, ending: "jpg" },
  { name: "sunset", type: "image/jpeg", quality: 0.86, ending: "jpg" },
  { name: "chase", type: "image/jpeg", quality: 0.86, ending: "jpg" },
  { name: "fox", type: "image/webp", quality: 0.9, ending: "webp" },
  { name: "coffee", type: "image/png", ending: "png" },
];

const browser = await chromium.launch(launch({ webGpu: false }));
const page = await browser.newPage();
for (const { name, type, quality, ending } of posters) {
  const drawing = await readFile(new URL(`${name}.svg`, folder), "utf8");
  const base64 = await page.evaluate(
    async ([drawing, type, quality]) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = 500;
      canvas.height = 750;
      canvas.getContext("2d", { alpha: false }).drawImage(image, 0, 0);
      return canvas.toDataURL(type, quality).split(",")[1];
    },
    [drawing, type, quality],
  );
  await writeFile(new URL(`${name}.${ending}`, folder), Buffer.from(base64, "base64"));
}
await browser.close();
