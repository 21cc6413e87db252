// More ways to bring a poster: an address, the camera, a folder, what only the browser can decode, the share menu.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { chromium } from "@playwright/test";
import { launch, site } from "../chromium.mjs";
import { expect, predict, some, test } from "./support.mjs";

/** More than any poster has, in parts: the host does not say how much it is going to send. */
async function* tooMuch() {
  for (let megabyte = 0; megabyte < 70; megabyte++) yield Buffer.alloc(1 << 20);
}

/**
 * A host with one poster, which lets other pages have it or does not. A number as a name is answered with that
 * status, "large" with too much, and "never" when `answer` is called.
 */
const host = async ({ open }) => {
  const asked = [];
  let answer;
  const server = createServer(async ({ url }, response) => {
    asked.push(url);
    const headers = open ? { "access-control-allow-origin": "*" } : {};
    const status = Number(url.slice(1));
    const poster = () => response.writeHead(200, headers).end(readFileSync(some("jpg")));
    if (url.endsWith(".jpg")) poster();
    else if (url === "/never") answer = poster;
    else if (url === "/large") Readable.from(tooMuch()).pipe(response.writeHead(200, headers)).on("error", () => {});
    else if (status) response.writeHead(status, headers).end();
    else response.writeHead(404, headers).end();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  return {
    address: (name) => `http://127.0.0.1:${port}/${name}`,
    asked,
    answer: () => answer(),
    close: () => server.close(),
  };
};

test("an address in the page's own is fetched and read", async ({ visit }) => {
  const { address, asked, close } = await host({ open: true });
  await visit.page.goto(`./?poster=${encodeURIComponent(address("a/poster.jpg"))}`);
  await visit.answers(predict([some("jpg")])[0], "cpu");
  await expect(visit.by("poster")).toHaveAttribute("alt", /poster\.jpg/);
  expect(asked).toEqual(["/a/poster.jpg"]);
  close();
});

test("an address is typed, or pasted anywhere", async ({ visit }) => {
  const { address, close } = await host({ open: true });
  const [expected] = predict([some("jpg")]);
  await visit.open();
  await visit.lazyApp();
  await visit.by("address").click();
  await expect(visit.by("address-field")).toBeFocused();
  await visit.by("address-field").fill(address("poster.jpg"));
  await visit.page.keyboard.press("Enter");
  await visit.answers(expected, "cpu");

  await visit.by("sample").nth(1).click();
  await expect(visit.by("poster")).not.toHaveAttribute("alt", /poster\.jpg/);
  await visit.page.evaluate((address) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", address);
    document.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
  }, address("poster.jpg"));
  await expect(visit.by("poster")).toHaveAttribute("alt", /poster\.jpg/);
  await visit.answers(expected, "cpu");
  close();
});

const troubles = {
  "a host that keeps its pictures to itself": [false, "poster.jpg", /Save the picture/],
  "a picture that isn't there": [true, "gone", /no such picture/],
  "a picture for some only": [true, "401", /only to those it knows/],
  "a picture that is forbidden": [true, "403", /only to those it knows/],
  "a host with an error": [true, "500", /an error \(500\)/],
  "a picture of more than 64 MB": [true, "large", /more than 64 MB/],
  "what is no address": [true, undefined, /not the address/],
};
for (const [what, [open, name, sentence]] of Object.entries(troubles)) {
  test(`${what} gets a sentence, and the next poster its answer`, async ({ visit }) => {
    const { address, close } = await host({ open });
    const poster = name ? address(name) : "javascript:alert(1)";
    await visit.page.goto(`./?poster=${encodeURIComponent(poster)}`);
    await expect(visit.by("trouble")).toHaveText(sentence);
    const file = some("jpg");
    await visit.upload(file);
    await visit.answers(predict([file])[0], "cpu");
    await expect(visit.by("trouble")).toBeHidden();
    close();
  });
}

test("a poster that comes late does not replace what the visitor has brought meanwhile", async ({ visit, page }) => {
  const { address, asked, answer, close } = await host({ open: true });
  await page.goto(`./?poster=${encodeURIComponent(address("never"))}`);
  await expect.poll(() => asked).toEqual(["/never"]);
  const [expected] = predict([some("png")]);
  const ended = page.waitForEvent("requestfailed", (request) => request.url() === address("never"));
  await visit.upload(some("png"));
  await visit.answers(expected, "cpu");
  // It is not even downloaded any more.
  await ended;
  answer();
  await visit.by("sample").first().click();
  await expect(visit.by("poster")).toHaveAttribute("alt", /house/);
  await expect(visit.by("trouble")).toHaveCount(0);
  close();
});

test("a host that never answers gets a sentence after half a minute", async ({ visit, page }) => {
  const { address, asked, close } = await host({ open: true });
  await page.clock.install();
  await page.goto(`./?poster=${encodeURIComponent(address("never"))}`);
  await expect.poll(() => asked).toEqual(["/never"]);
  await page.clock.fastForward(31_000);
  await expect(visit.by("trouble")).toHaveText(/half a minute/);
  close();
});

test("a folder with one poster is read", async ({ visit }, testInfo) => {
  const folder = testInfo.outputPath("posters");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "one.webp");
  copyFileSync(some("webp"), file);
  await visit.open();
  await visit.lazyApp();
  await visit.by("folder").setInputFiles(folder);
  await visit.answers(predict([file])[0], "cpu");
});

test("content decides what in a folder is a picture, and what is hidden is passed over", async ({ visit }, testInfo) => {
  const folder = testInfo.outputPath("posters");
  for (const inside of ["", ".trash", "__MACOSX"]) mkdirSync(path.join(folder, inside), { recursive: true });
  const pictures = ["one.webp", "two.txt", "no-ending", ".hidden.webp", ".trash/three.webp", "__MACOSX/._one.webp"];
  for (const name of pictures) copyFileSync(some("webp"), path.join(folder, name));
  for (const name of ["notes.txt", "film.mp4", ".DS_Store"]) writeFileSync(path.join(folder, name), "no picture");
  await visit.open();
  await visit.lazyApp();
  await visit.by("folder").setInputFiles(folder);
  // three answers, and two that say why there is none
  await expect(visit.by("festival-cell")).toHaveCount(5);
  await expect(visit.by("festival-refused")).toContainText("2 files that aren't pictures");
});

test("what only the browser can decode is read by it", async ({ visit }) => {
  await visit.open();
  await visit.lazyApp();
  await visit.upload(path.join(import.meta.dirname, "../fixtures/coffee.avif"));
  await expect(visit.by("winner")).toHaveAttribute("data-label", /\S/);
  const avif = await visit.shown();
  // It is the sample that the file was made of, but for what AVIF loses.
  await visit.by("sample").nth(5).click();
  await expect(visit.by("poster")).toHaveAttribute("alt", /coffee/);
  await expect(async () => {
    const { label, probabilities } = await visit.shown();
    expect(label).toBe(avif.label);
    for (const [name, probability] of Object.entries(avif.probabilities)) {
      expect(Math.abs(probabilities[name] - probability), name).toBeLessThan(0.05);
    }
  }).toPass();
});

test("what only the browser can decode is refused by its head if it is too large", async ({ visit }) => {
  const buffer = readFileSync(path.join(import.meta.dirname, "../fixtures/coffee.avif"));
  // Width and height stand behind the box's name, its version and flags.
  const size = buffer.indexOf("ispe") + 8;
  buffer.writeUInt32BE(12_000, size);
  buffer.writeUInt32BE(12_000, size + 4);
  await visit.open();
  await visit.upload({ name: "large.avif", mimeType: "image/avif", buffer });
  await expect(visit.by("error")).toContainText("too large");
});

test("the worker that has read a very large picture is replaced, and the next poster gets its answer", async ({ visit }) => {
  await visit.page.addInitScript(() => {
    const started = (globalThis.started = []);
    globalThis.Worker = class extends Worker {
      constructor(address, options) {
        super(address, options);
        started.push(options.name);
      }
    };
  });
  await visit.open();
  await visit.lazyApp();
  // Twelve megapixels, all black.
  const [width, height] = [4000, 3000];
  const buffer = Buffer.alloc(54 + 3 * width * height);
  buffer.write("BM");
  for (const [at, value] of [[2, buffer.length], [10, 54], [14, 40], [18, width], [22, height]]) {
    buffer.writeUInt32LE(value, at);
  }
  buffer.writeUInt16LE(1, 26);
  buffer.writeUInt16LE(24, 28);
  const started = (name) =>
    visit.page.evaluate((name) => globalThis.started.filter((other) => other.startsWith(name)).length, name);
  await visit.upload({ name: "large.bmp", mimeType: "image/bmp", buffer });
  await expect(visit.by("recent-poster")).toHaveCount(1);
  expect(await started("cpu-worker")).toBe(2);
  await visit.upload(some("png"));
  await visit.answers(predict([some("png")])[0], "cpu");
  await expect(visit.by("recent-poster")).toHaveCount(2);
  expect(await started("cpu-worker")).toBe(2);
  // Networks that are asked for the first time are asked one by one.
  expect(await started("networks-worker")).toBeGreaterThanOrEqual(2);
});

test("the camera's picture is read, and the camera turned off", async () => {
  const { args, ...options } = launch({ webGpu: false });
  const fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
  const browser = await chromium.launch({ ...options, args: [...args, ...fake] });
  const page = await browser.newPage({ locale: "en-US", serviceWorkers: "block" });
  await page.goto(site());
  await page.getByTestId("camera").click();
  await page.getByTestId("camera-take").click();
  await expect(page.getByTestId("camera-picture")).toHaveCount(0);
  await expect(page.getByTestId("winner")).toHaveAttribute("data-label", /\S/);
  const { width, height } = await page.getByTestId("poster").evaluate((img) => ({ width: img.naturalWidth, height: img.naturalHeight }));
  expect(Math.abs(width / height - 2 / 3)).toBeLessThan(0.01);
  await browser.close();
});

test("without a camera there is a sentence", async ({ visit }) => {
  await visit.open();
  await visit.lazyApp();
  await visit.by("camera").click();
  await expect(visit.by("trouble")).toHaveText(/no camera/);
});
