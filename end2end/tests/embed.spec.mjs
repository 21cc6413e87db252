// The classifier on other people's pages: in an iframe, and as a module without the page.

import { readFileSync } from "node:fs";
import path from "node:path";
import { site } from "../chromium.mjs";
import { bare, base64, deadly, deadlyHost } from "./guests.mjs";
import { host } from "./host.mjs";
import { close, expect, posters, predict, some, test } from "./support.mjs";

/** In the page: loads the module and classifies files, given in base64. */
const classify = async ({ module, options, files }) => {
  const { load } = await import(module);
  const marquee = await load(options);
  const answers = [];
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    const answer = marquee.classify(new Blob([bytes]));
    answers.push(await answer.catch(({ name, code, message }) => ({ name, code, message })));
  }
  const { network, labels, engine } = marquee;
  marquee.close();
  const late = await marquee.classify(new Blob(["x"])).catch(({ code }) => code);
  return { network, labels, engine, answers, late };
};

for (const engine of ["cpu", "gpu"]) {
  test(`the module gives the native answer from the ${engine.toUpperCase()}`, async ({ page }) => {
    const files = ["jpg", "png", "webp"].map(some);
    const expected = predict(files);
    await bare(page, `${site()}bare`);
    const module = `${site()}marquee.js`;
    const noPoster = Buffer.from("these are words").toString("base64");
    const said = await page.evaluate(classify, {
      module,
      options: { network: "cnn32", engine },
      files: [...files.map(base64), noPoster],
    });
    expect(said).toMatchObject({ network: "cnn32", engine, late: "closed" });
    expect(said.labels).toEqual(Object.keys(expected[0].probabilities));
    for (const [index, answer] of expected.entries()) close(said.answers[index], answer);
    expect(said.answers.at(-1)).toMatchObject({ name: "MarqueeError", code: "notAnImage" });
  });
}

test("the module works on a page of another host", async ({ page, context }) => {
  const file = some("png");
  const [expected] = predict([file]);
  // What a network for files of all the world says of each of them.
  await context.route(`${site()}**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*" } });
  });
  await bare(page, "http://elsewhere.localhost/");
  const said = await page.evaluate(classify, {
    module: `${site()}marquee.js`,
    options: {},
    files: [base64(file)],
  });
  close(said.answers[0], expected);
  // The decoders may still be on their way.
  await context.unrouteAll({ behavior: "ignoreErrors" });
});

for (const given of ["a file", "an address"]) {
  test(`the module takes ${given} of a network, and asks for no list`, async ({ page }) => {
    const jpg = some("jpg");
    const [expected] = predict([jpg], "posternet");
    await bare(page, `${site()}bare`);
    await page.route("**/weights/index.json", (route) => route.abort());
    const said = await page.evaluate(
      async ([module, given, poster]) => {
        const [{ load }, response] = [await import(module), await fetch("weights/posternet.safetensors")];
        const weights = given === "a file" ? await response.blob() : "weights/posternet.safetensors";
        const marquee = await load({ weights });
        const bytes = Uint8Array.from(atob(poster), (letter) => letter.charCodeAt(0));
        const { network } = marquee;
        const answer = await marquee.classify(new Blob([bytes]));
        marquee.close();
        return { network, answer };
      },
      [`${site()}marquee.js`, given, base64(jpg)],
    );
    expect(said.network).toBe("posternet");
    close(said.answer, expected);
  });
}

test("a network that isn't there is said with those that are", async ({ page }) => {
  await bare(page, `${site()}bare`);
  const said = await page.evaluate(async (module) => {
    const { load } = await import(module);
    return load({ network: "resnet" }).catch(({ code, message }) => ({ code, message }));
  }, `${site()}marquee.js`);
  expect(said.code).toBe("missing");
  expect(said.message).toContain("cnn32");
});

test("a page asks the classifier in its iframe", async ({ page }) => {
  const [file] = posters().map(({ path }) => path);
  const [expected] = predict([file]);
  // It listens before the frame is loaded.
  await page.addInitScript(() => {
    const heard = [];
    addEventListener("message", ({ data }) => heard.push(data));
    /** The first message of a kind, as soon as it is there. */
    self.message = (kind) =>
      new Promise((resolve) => {
        const look = () => {
          const found = heard.find(({ marquee }) => marquee === kind);
          if (found) resolve(found);
          return found;
        };
        if (!look()) addEventListener("message", look);
      });
  });
  await bare(page, `${site()}bare`, `<iframe src="${site()}embed.html?lang=en"></iframe>`);
  const said = await page.evaluate(async (file) => {
    const frame = document.querySelector("iframe").contentWindow;
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    const ready = await message("ready");
    frame.postMessage({ marquee: "classify", id: 7, poster: new Blob([bytes]) }, "*");
    const answer = await message("answer");
    frame.postMessage({ marquee: "classify", id: 8, poster: new Blob(["words"]) }, "*");
    return { ready, answer, error: await message("error") };
  }, base64(file));
  expect(said.ready.labels).toEqual(Object.keys(expected.probabilities));
  expect(said.answer.id).toBe(7);
  close(said.answer, expected);
  expect(said.error).toMatchObject({ id: 8, code: "notAnImage" });
});

/** A page of another site, on a host of its own. */
const elsewhere = (headers = {}) =>
  host(() => ({
    status: 200,
    headers: { "content-type": "text/html", ...headers },
    body: "<!doctype html><title>elsewhere</title>",
  }));

test("a page hands a network of its own to the iframe, which answers by it", async ({ page }) => {
  const file = some("jpg");
  const [other, own] = [predict([file])[0], predict([file], "posternet")[0]];
  const around = await elsewhere();
  await page.goto(around.url);
  const { url, close: end } = await deadlyHost();
  const network = readFileSync(path.resolve(import.meta.dirname, "../../models/weights/posternet.safetensors"));
  const said = await page.evaluate(
    async ([source, poster, network]) => {
      const bytes = (file) => Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
      const frame = Object.assign(document.createElement("iframe"), { src: source });
      const heard = [];
      const next = () => new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data), { once: true }));
      const ask = (message) => {
        const reply = next();
        frame.contentWindow.postMessage(message, "*");
        return reply;
      };
      const ready = next();
      document.body.append(frame);
      heard.push(await ready);
      const classify = (id) => ({ marquee: "classify", id, poster: new Blob([bytes(poster)]) });
      heard.push(await ask(classify(1)));
      heard.push(await ask({ marquee: "load", weights: new Blob([bytes(network)]) }));
      heard.push(await ask(classify(2)));
      heard.push(await ask({ marquee: "load", weights: bytes(poster).buffer }));
      heard.push(await ask({ marquee: "load", weights: "posternet" }));
      heard.push(await ask(classify(3)));
      return heard;
    },
    [`${url}embed.html?lang=en`, base64(file), network.toString("base64")],
  );
  const [first, one, second, two, damaged, none, three] = said;
  expect(first).toMatchObject({ marquee: "ready", network: "cnn32" });
  close(one, other);
  expect(second).toMatchObject({ marquee: "ready", network: "posternet" });
  close(two, own);
  expect(damaged).toMatchObject({ marquee: "error", id: null, code: "noNetwork" });
  expect(none).toMatchObject({ marquee: "error", id: null, message: expect.stringContaining(".safetensors") });
  // What is no network has changed nothing.
  close(three, own);
  for (const each of [end, around.close]) each();
});

test("a visitor chooses a poster in the iframe", async ({ page }) => {
  const file = some("webp");
  const [expected] = predict([file]);
  await page.setViewportSize({ width: 390, height: 320 });
  await page.goto("./embed.html?lang=ko");
  await page.locator("#pick").setInputFiles(file);
  await expect(page.locator("#classes li")).toHaveCount(Object.keys(expected.probabilities).length);
  await expect(page.locator("#sign")).not.toHaveText(expected.label);
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await page.locator("#pick").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("words") });
  await expect(page.locator("#error")).toHaveText(/JPEG/);
});

test("a poster that stops the worker is refused alone, by the module and in the iframe", async ({ page }) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  const { url, close: end } = await deadlyHost();
  await bare(page, `${url}bare`, `<iframe src="${url}embed.html?lang=en"></iframe>`);
  const files = [base64(file), deadly.toString("base64"), base64(file)];
  const said = await page.evaluate(classify, { module: `${url}marquee.js`, options: { network: "cnn32" }, files });
  close(said.answers[0], expected);
  expect(said.answers[1]).toMatchObject({ name: "MarqueeError", code: "failed" });
  close(said.answers[2], expected);

  const frame = page.frameLocator("iframe");
  await frame.locator("#pick").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: deadly });
  await expect(frame.locator("#error")).toContainText("stopped");
  await frame.locator("#pick").setInputFiles(file);
  await expect(frame.locator("#classes li")).toHaveCount(Object.keys(expected.probabilities).length);
  end();
});

/** Asks a frame for the answer about posters; each is a string for an address, or base64 in an array. */
const askFrame = async ([sandbox, source, asked]) => {
  const frame = document.createElement("iframe");
  if (sandbox) frame.sandbox = sandbox;
  const heard = [];
  let look = () => {};
  addEventListener("message", ({ data, source }) => {
    if (source !== frame.contentWindow) return;
    heard.push(data);
    look();
  });
  const first = (fits) =>
    new Promise((resolve) => {
      look = () => heard.some(fits) && resolve(heard.find(fits));
      look();
    });
  frame.src = source;
  document.body.append(frame);
  const answers = [await first(({ marquee }) => marquee === "ready" || marquee === "error")];
  for (const [id, poster] of asked.entries()) {
    const bytes = (file) => Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    frame.contentWindow.postMessage(
      { marquee: "classify", id, poster: Array.isArray(poster) ? new Blob(poster.map(bytes)) : poster },
      "*",
    );
    answers.push(await first((data) => data.id === id));
  }
  return answers;
};

test("the iframe works in a sandbox, and answers a page in one", async ({ page }) => {
  const file = some("png");
  const [expected] = predict([file]);
  const { url, close: end } = await deadlyHost();
  const other = await elsewhere();
  await page.goto(other.url);
  const [ready, answer] = await page.evaluate(askFrame, ["allow-scripts", `${url}embed.html`, [[base64(file)]]]);
  expect(ready.marquee).toBe("ready");
  close(answer, expected);

  // The page around it is in a sandbox: its origin is "null".
  const sandboxed = await elsewhere({ "content-security-policy": "sandbox allow-scripts" });
  await page.goto(sandboxed.url);
  expect(await page.evaluate(() => origin)).toBe("null");
  const [, inSandbox] = await page.evaluate(askFrame, ["", `${url}embed.html`, [[base64(file)]]]);
  close(inSandbox, expected);
  for (const each of [end, other.close, sandboxed.close]) each();
});

test("the iframe tells another site nothing of what is on its own host", async ({ page }) => {
  const statuses = { 401: 401, 403: 403, 404: 404, page: 200 };
  const asked = [];
  const { url, close: end } = await host((name, whole) => {
    asked.push(name);
    const status = statuses[name.split("/").at(-1)];
    return name.startsWith("private/") ? { status, headers: { "content-type": "text/html" }, body: "<h1>secret</h1>" } : whole;
  });
  const other = await elsewhere();
  await page.goto(other.url);
  const paths = Object.keys(statuses).map((name) => `private/${name}`);
  const [, ...answers] = await page.evaluate(askFrame, ["", `${url}embed.html`, paths]);
  const told = answers.map(({ marquee, code, message }) => JSON.stringify({ marquee, code, message }));
  expect(new Set(told).size).toBe(1);
  expect(answers[0].code).toBe("unreachable");
  expect(asked.filter((name) => name.startsWith("private/"))).toEqual([]);
  for (const each of [end, other.close]) each();
});

test("the module refuses posters that are too large or never arrive, and says what else keeps one from being fetched", async ({ page }) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  const headers = { "access-control-allow-origin": "*" };
  const bodies = { "poster.jpg": readFileSync(file), "large.jpg": Buffer.alloc(65 << 20), "gone.jpg": "gone" };
  const other = await host((name) => {
    const body = bodies[name];
    if (name === "never.jpg") return undefined;
    return { status: name === "gone.jpg" ? 404 : 200, headers: name === "kept.jpg" ? {} : headers, body };
  });
  await page.clock.install();
  // A page that no host has sent may fetch nothing from this machine.
  await page.goto(`${site()}weights/index.json`);
  const said = await page.evaluate(
    async ([module, url]) => {
      const { load } = await import(module);
      const marquee = (globalThis.marquee = await load({ network: "cnn32" }));
      const ask = (name) => marquee.classify(url + name).catch(({ code, message }) => ({ code, message }));
      return { large: await ask("large.jpg"), gone: await ask("gone.jpg"), kept: await ask("kept.jpg"), poster: await ask("poster.jpg") };
    },
    [`${site()}marquee.js`, other.url],
  );
  expect(said.large.code).toBe("tooLarge");
  expect(said.gone).toMatchObject({ code: "unreachable", message: expect.stringContaining("404") });
  expect(said.kept).toMatchObject({ code: "unreachable", message: expect.stringContaining("CORS") });
  close(said.poster, expected);

  const late = page.evaluate((url) => marquee.classify(url).catch(({ code, message }) => ({ code, message })), `${other.url}never.jpg`);
  await expect.poll(() => other.asked).toContain("never.jpg");
  await page.clock.fastForward(20_500);
  expect(await late).toMatchObject({ code: "unreachable", message: expect.stringContaining("does not arrive") });
  other.close();
});

test("the module takes Blobs of other windows, a base without a slash, and says what is no list", async ({ page }) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  await bare(page, `${site()}bare`);
  const said = await page.evaluate(
    async ([module, base, file]) => {
      const { load } = await import(module);
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
      const poster = new frame.contentWindow.File([bytes], "poster.jpg");
      const marquee = await load({ network: "cnn32", base });
      const answer = await marquee.classify(poster);
      marquee.close();
      const foreign = !(poster instanceof Blob);
      return { foreign, answer, wrong: await load({ base: `${base}/icons` }).catch(({ name, code, message }) => ({ name, code, message })) };
    },
    [`${site()}marquee.js`, site().slice(0, -1), base64(file)],
  );
  expect(said.foreign).toBe(true);
  close(said.answer, expected);
  expect(said.wrong).toMatchObject({ name: "MarqueeError", code: "missing" });
  expect(said.wrong.message).toContain("copy the whole folder dist/");

  await page.context().route("**/html/weights/index.json", (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>Welcome</h1>" }),
  );
  const html = await page.evaluate(
    async ([module, base]) => (await import(module)).load({ base }).catch(({ name, message }) => `${name}: ${message}`),
    [`${site()}marquee.js`, `${site()}html`],
  );
  expect(html).toContain("MarqueeError");
  expect(html).toContain("is not the list of networks");
});
