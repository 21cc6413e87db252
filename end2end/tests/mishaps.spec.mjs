// What goes wrong on the way is said, costs at most the poster it happened to, and the next one works.

import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { expect, networks, predict, some, test } from "./support.mjs";

/** Adds a line to a script of the site, as it is downloaded. */
const amend = (context, script, line) =>
  context.route(script, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n${line}` });
  });

test("a decoder that cannot be loaded is said, and tried again", async ({ visit, context }) => {
  const [png, jpg] = ["png", "jpg"].map(some);
  const [forPng, forJpg] = predict([png, jpg]);
  const blocked = /png-decoder/;
  await context.route(blocked, (route) => route.abort());
  await visit.open();
  await visit.settled();
  await visit.choose("cpu");
  await visit.upload(png);
  await visit.refuses();
  await expect(visit.by("error")).toContainText("could not be loaded");
  await visit.upload(jpg);
  await visit.answers(forJpg, "cpu");
  await context.unroute(blocked);
  await visit.upload(png);
  await visit.answers(forPng, "cpu");
});

test("each decoder is downloaded once by each worker, even for posters that come first", async ({ visit, context }) => {
  const loaded = [];
  context.on("request", (request) => loaded.push(new URL(request.url()).pathname.split("/").pop()));
  const [png] = [some("png")];
  const [expected] = predict([png]);
  await visit.open();
  await visit.upload(png);
  await visit.answers(expected, "cpu");
  await visit.settled();
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  const times = (name) => loaded.filter((other) => other === name).length;
  await expect(() => expect(times("webp-decoder_bg.wasm")).toBe(2)).toPass();
  // The CPU worker and the networks worker.
  expect(times("png-decoder_bg.wasm")).toBe(2);
});

test("a network that cannot be loaded is said", async ({ visit, context }) => {
  await context.route(/\.safetensors$/, (route) => route.abort());
  await visit.open();
  await expect(visit.by("error")).toContainText("could not be loaded");
});

test("a GPU that dies over a poster leaves it to the CPU", async ({ visit, context }) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  await amend(
    context,
    /gpu-worker\.js$/,
    `{
      const post = self.postMessage.bind(self);
      self.postMessage = (message, transfer) =>
        post(message.answer ? { failed: { reason: "the device was lost" } } : message, transfer);
    }`,
  );
  await visit.open();
  await visit.gpu("ready", "slower");
  await visit.choose("gpu");
  await visit.upload(file);
  await visit.answers(expected, "cpu");
  await visit.gpu("failed");
  await expect(visit.by("gpu-status")).toContainText("WebGPU failed on this machine, so the CPU answers.");
});

test("a CPU worker that dies over a file refuses it and reads the next", async ({ visit, context }) => {
  const [deadly, fine] = ["webp", "jpg"].map(some);
  const [expected] = predict([fine]);
  await amend(
    context,
    /cpu-worker(-relaxed)?\.js$/,
    `{
      const read = Blob.prototype.arrayBuffer;
      Blob.prototype.arrayBuffer = function () {
        if (this.size === ${readFileSync(deadly).length}) {
          postMessage({ failed: { reason: "out of memory" } });
          return new Promise(() => {});
        }
        return read.call(this);
      };
    }`,
  );
  await visit.open();
  await visit.settled();
  await visit.choose("cpu");
  await visit.upload(deadly);
  await expect(visit.by("error")).toContainText("has stopped");
  await visit.upload(fine);
  await visit.answers(expected, "cpu");
});

test("a file that was removed since it was chosen is said to be so", async ({ visit }, testInfo) => {
  const chosen = testInfo.outputPath("chosen.jpg");
  copyFileSync(some("jpg"), chosen);
  await visit.open();
  await visit.settled();
  await visit.choose("cpu");
  await visit.upload(chosen);
  await visit.answers(predict([some("jpg")])[0], "cpu");
  rmSync(chosen);
  // Another network reads the file again.
  await visit.by("screens").getByRole("radio").nth(1).check();
  await expect(visit.by("error")).toContainText("it was moved or changed");
});

/** A black PNG of this size, whose last row is damaged. */
const damagedPng = (width, height) => {
  const chunk = (kind, content) => {
    const body = Buffer.concat([Buffer.from(kind), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.writeUInt16BE(0x0802, 8);
  const row = 3 * width + 1;
  const rows = Buffer.alloc(row * height);
  // There is no such filter.
  rows[row * (height - 1)] = 9;
  const start = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([start, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
};

test("a worker that has taken much memory for a poster begins anew, though it refuses it", async ({ visit, page }) => {
  const file = some("png");
  const [expected] = predict([file]);
  await visit.open();
  await visit.settled();
  await visit.choose("cpu");
  await visit.upload(file);
  await visit.answers(expected, "cpu");
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  const another = page.waitForEvent("worker");
  await visit.upload({ name: "large.png", mimeType: "image/png", buffer: damagedPng(6000, 6000) });
  await visit.refuses();
  await another;
  await visit.upload(file);
  await visit.answers(expected, "cpu");
});
