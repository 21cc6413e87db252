// What marquee.js takes and gives: pictures of a page, many posters, genres, score and features, and that it can be
// stopped. That it answers like the native program is in embed.spec.mjs.

import { readFileSync } from "node:fs";
import { site } from "../chromium.mjs";
import { bare, base64, deadly, deadlyHost } from "./guests.mjs";
import { close, expect, posters, predict, some, test, weightsFile } from "./support.mjs";

const module = `${site()}marquee.js`;

/** In the page: what the tests need of it. */
const prepare = async ([module, options]) => {
  const { load } = await import(module);
  globalThis.load = load;
  globalThis.marquee = await load(options);
  globalThis.blob = (file) => new Blob([Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))]);
};

/** A page of this host that has loaded a network. */
const ready = async (page, options = { network: "cnn32" }, from = module) => {
  await bare(page, new URL("bare", from).href);
  await page.evaluate(prepare, [from, options]);
};

test("it takes what a page shows a picture by", async ({ page }) => {
  // Nothing is lost from a PNG to any of these.
  const file = some("png");
  const [expected] = predict([file]);
  await ready(page);
  const answers = await page.evaluate(async (file) => {
    const image = new Image();
    image.src = URL.createObjectURL(blob(file));
    // It is asked about before it is loaded.
    const answers = { HTMLImageElement: await marquee.classify(image) };
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const offscreen = new OffscreenCanvas(width, height);
    offscreen.getContext("2d").drawImage(image, 0, 0);
    const frame = new VideoFrame(canvas, { timestamp: 0 });
    const pictures = {
      HTMLCanvasElement: canvas,
      OffscreenCanvas: offscreen,
      ImageData: context.getImageData(0, 0, width, height),
      ImageBitmap: await createImageBitmap(image),
      VideoFrame: frame,
    };
    for (const [name, picture] of Object.entries(pictures)) answers[name] = await marquee.classify(picture);
    frame.close();
    return answers;
  }, base64(file));
  expect(Object.keys(answers)).toHaveLength(6);
  for (const [name, answer] of Object.entries(answers)) {
    await test.step(name, () => close(answer, expected));
  }
});

test("it takes a video's picture, and says of what is no picture what it takes", async ({ page }) => {
  await ready(page);
  const said = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 96 });
    const context = canvas.getContext("2d");
    context.fillRect(0, 0, 64, 96);
    const video = document.createElement("video");
    const ask = (poster) => marquee.classify(poster).catch(({ name, code, message }) => ({ name, code, message }));
    const early = await ask(video);
    video.muted = true;
    video.srcObject = canvas.captureStream();
    await video.play();
    const broken = new Image();
    broken.src = URL.createObjectURL(new Blob(["words"]));
    return {
      early,
      playing: await ask(video),
      // The same black picture.
      canvas: await ask(canvas),
      broken: await ask(broken),
      number: await ask(1),
    };
  });
  expect(said.early).toMatchObject({ name: "MarqueeError", code: "empty" });
  expect(said.playing.label).toBe(said.canvas.label);
  expect(Math.abs(said.playing.probability - said.canvas.probability)).toBeLessThan(0.02);
  expect(said.broken).toMatchObject({ name: "MarqueeError", code: "unreadable" });
  expect(said.number).toMatchObject({ name: "TypeError", message: expect.stringContaining("HTMLVideoElement") });
});

test("an image of another site that keeps it from pages is refused with the remedy", async ({ page, context }) => {
  const body = readFileSync(some("png"));
  await context.route("http://elsewhere.localhost/poster.png", (route) => route.fulfill({ contentType: "image/png", body }));
  await ready(page);
  const said = await page.evaluate(async () => {
    const image = new Image();
    image.src = "http://elsewhere.localhost/poster.png";
    return marquee.classify(image).catch(({ code, message }) => ({ code, message }));
  });
  expect(said).toMatchObject({ code: "unreachable", message: expect.stringContaining("crossorigin") });
});

test("many posters are classified by several workers, and one that stops its worker is refused alone", async ({ page }) => {
  const files = posters().map(({ path }) => path);
  const expected = predict(files);
  const { url, close: end } = await deadlyHost();
  await ready(page, { network: "cnn32" }, `${url}marquee.js`);
  const asked = files.map(base64);
  asked.splice(3, 0, deadly.toString("base64"));
  expected.splice(3, 0, undefined);
  const said = await page.evaluate(async (files) => {
    const heard = [];
    const started = [];
    const { Worker: Real } = globalThis;
    globalThis.Worker = function (...given) {
      started.push(given[1].name);
      return new Real(...given);
    };
    const onProgress = ({ index, done, total, result }) => heard.push({ index, done, total, status: result.status });
    const results = await marquee.classifyMany(files.map(blob), { onProgress, workers: 3 });
    return { heard, started, results: results.map(({ value, reason }) => value ?? { code: reason.code }) };
  }, asked);
  for (const [index, answer] of expected.entries()) {
    if (answer) close(said.results[index], answer);
    else expect(said.results[index]).toEqual({ code: "failed" });
  }
  expect(said.heard.map(({ done }) => done)).toEqual(asked.map((_, index) => index + 1));
  expect(said.heard.map(({ index }) => index).sort((a, b) => a - b)).toEqual(asked.map((_, index) => index));
  expect(said.heard.filter(({ status }) => status === "rejected").map(({ index }) => index)).toEqual([3]);
  // Two more than there was, and one in place of the one that died.
  expect(said.started).toHaveLength(3);
  end();
});

test("where the weights are gone when a worker is replaced, posters are refused until they are back", async ({ page, context }) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  const { url, close: end } = await deadlyHost();
  await ready(page, { network: "cnn32" }, `${url}marquee.js`);
  const ask = (file) => page.evaluate((file) => marquee.classify(blob(file)).catch(({ code }) => ({ code })), file);
  await context.route("**/cnn32.safetensors", (route) => route.abort());
  expect(await ask(deadly.toString("base64"))).toEqual({ code: "failed" });
  expect(await ask(base64(file))).toEqual({ code: "noNetwork" });
  await context.unroute("**/cnn32.safetensors");
  close(await ask(base64(file)), expected);
  end();
});

test("an error of onProgress ends what all workers do", async ({ page }) => {
  await ready(page);
  const heard = await page.evaluate(async (file) => {
    const heard = [];
    const onProgress = ({ done }) => {
      heard.push(done);
      if (done === 3) throw new Error("enough");
    };
    const asked = marquee.classifyMany(Array(60).fill(blob(file)), { onProgress, workers: 2 });
    const { message } = await asked.catch((error) => error);
    // Time for both workers to go on.
    for (let at = 0; at < 5; at++) await marquee.classify(blob(file));
    return [message, ...heard];
  }, base64(some("jpg")));
  expect(heard).toEqual(["enough", 1, 2, 3]);
});

test("an abort ends what was asked, and nothing else", async ({ page }) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  await ready(page);
  const said = await page.evaluate(async (file) => {
    const poster = blob(file);
    const reason = (promise) => promise.then(() => "answered", (error) => error.name);
    const stopped = new AbortController();
    const heard = [];
    const onProgress = ({ done }) => {
      heard.push(done);
      if (done === 2) stopped.abort();
    };
    const { signal } = stopped;
    const many = await reason(marquee.classifyMany(Array(50).fill(poster), { onProgress, signal, workers: 2 }));
    const late = await Promise.all([marquee.classify(poster, { signal }), marquee.embed(poster, { signal })].map(reason));
    const loading = new AbortController();
    const loaded = load({ network: "cnn32", signal: loading.signal });
    loading.abort(new Error("enough"));
    return { many, heard, late, loaded: await loaded.catch(({ message }) => message), answer: await marquee.classify(poster) };
  }, base64(file));
  expect(said.many).toBe("AbortError");
  expect(said.heard).toEqual([1, 2]);
  expect(said.late).toEqual(["AbortError", "AbortError"]);
  expect(said.loaded).toBe("enough");
  close(said.answer, expected);
});

/** A tensor of half-precision numbers of a weights file. */
const tensor = (file, name) => {
  const bytes = readFileSync(file);
  const begin = 8 + Number(bytes.readBigUInt64LE(0));
  const { data_offsets, shape } = JSON.parse(bytes.subarray(8, begin).toString())[name];
  const [from, to] = data_offsets;
  const numbers = [];
  for (let at = begin + from; at < begin + to; at += 2) {
    const half = bytes.readUInt16LE(at);
    const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
    const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
    numbers.push(half >> 15 ? -size : size);
  }
  return { shape, numbers };
};

test("genres and score are those of the native program, and the features are what the classes come from", async ({ page }) => {
  const file = some("jpg");
  const [expected] = predict([file], "posternet");
  await ready(page, { network: "posternet" });
  const [answer, features] = await page.evaluate(
    async (file) => [await marquee.classify(blob(file)), [...(await marquee.embed(blob(file)))]],
    base64(file),
  );
  close(answer, expected);
  expect(Object.keys(answer.genres)).toEqual(expect.arrayContaining(Object.keys(expected.genres)));
  for (const [genre, probability] of Object.entries(expected.genres)) {
    expect(Math.abs(answer.genres[genre] - probability), genre).toBeLessThan(1e-3);
  }
  expect(Math.abs(answer.score - expected.score)).toBeLessThan(1e-2);
  expect(Math.abs(answer.scoreHalfWidth - expected.score_half_width)).toBeLessThan(1e-2);

  const [weight, bias] = ["weight", "bias"].map((part) => tensor(weightsFile("posternet"), `heads.class.${part}`));
  const [classes, length] = weight.shape;
  expect(features).toHaveLength(length);
  for (let each = 0; each < classes; each++) {
    const logit = features.reduce((sum, it, at) => sum + it * weight.numbers[each * length + at], bias.numbers[each]);
    expect(Math.abs(logit - expected.logits[each])).toBeLessThan(1e-2);
  }
});
