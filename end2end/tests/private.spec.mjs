// Posters stay on the visitor's machine: once the page is loaded, it asks the network for nothing.

import { site } from "../chromium.mjs";
import { expect, networks, posters, predict, test } from "./support.mjs";
import { answersBy, copied, kept, open, shelves, taught } from "./teaching.mjs";

test("no request is made while posters are classified", async ({ visit, context }) => {
  const requests = [];
  context.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  const files = posters().slice(0, 5).map(({ path }) => path);
  const expected = predict(files);
  await visit.open();
  await visit.gpu("ready", "slower");
  // The other networks and the decoders are downloaded behind the first posters, and nothing else.
  await visit.choose("cpu");
  for (const [index, file] of files.entries()) {
    await visit.upload(file);
    await visit.answers(expected[index], "cpu");
  }
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  // Both kinds of CPU workers load every decoder.
  for (const format of ["png", "webp", "gif", "bmp"]) {
    const decoder = new RegExp(`${format}-decoder_bg[^/]*\\.wasm$`);
    await expect.poll(() => requests.filter((request) => decoder.test(request)).length, decoder.source).toBe(2);
  }
  expect(requests.filter((request) => !/^GET (blob:|data:)/.test(request) && !request.startsWith(`GET ${site()}`))).toEqual([]);

  // The log sees what workers load, or it would prove nothing.
  for (const part of [/\.safetensors$/, /cpu-worker[^/]*\.wasm$/, /gpu-worker[^/]*\.wasm$/]) {
    expect(requests.some((request) => part.test(request)), String(part)).toBe(true);
  }

  const loaded = requests.length;
  for (const engine of ["cpu", "gpu"]) {
    await visit.choose(engine);
    for (const [index, file] of files.entries()) {
      await visit.upload(file);
      await visit.answers(expected[index], engine);
    }
  }
  await visit.by("occlusion").click();
  await expect(visit.by("occlusion-map")).toBeVisible();
  // A picture that the page has made itself comes from memory, not from the network.
  const made = requests.slice(loaded).filter((request) => !/^GET (blob|data):/.test(request));
  expect(made).toEqual([]);
});

test("a loaded page answers without any network", async ({ visit, context }) => {
  const files = posters().slice(5, 8).map(({ path }) => path);
  const expected = predict(files);
  await visit.open();
  await visit.gpu("ready", "slower");
  await context.setOffline(true);
  const reach = () => fetch("./", { cache: "no-store" }).then(() => "online", () => "offline");
  expect(await visit.page.evaluate(reach)).toBe("offline");
  for (const engine of ["gpu", "cpu"]) {
    await visit.choose(engine);
    for (const [index, file] of files.entries()) {
      await visit.upload(file);
      await visit.answers(expected[index], engine);
    }
  }
});

test("own classes are taught, kept and passed on without a word to anybody", async ({ visit, context }, testInfo) => {
  await open(visit);
  const { root, dark, bright, between } = await shelves(visit, testInfo);
  const requests = [];
  context.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  await taught(visit, { root, dark, bright });
  await kept(visit);
  await copied(visit);
  const download = visit.page.waitForEvent("download");
  await visit.by("teach-save-safetensors").click();
  await download;
  await visit.by("teach-answer").click();
  await expect(visit.by("teach-answers")).not.toBeEmpty();
  await visit.by("festival-close").click();
  await answersBy(visit, between[0], /^own-1\./);
  // What the site's own files are named in, and no more: whatever is asked of a host says nothing of a poster.
  const files = new RegExp(`^GET ${site().replaceAll(".", "\\.")}[\\w./-]*(\\?\\d)?$`);
  const others = requests.filter((request) => !/^GET (blob|data):/.test(request));
  expect(others.length).toBeGreaterThan(0);
  expect(others.filter((request) => !files.test(request.split("#")[0]))).toEqual([]);
});
