// The classifier on other people's pages: in an iframe, and as a module without the page.

import { readFileSync } from "node:fs";
import { site } from "../chromium.mjs";
import { expect, posters, predict, some, test } from "./support.mjs";

/** A page of this host, or of another one, that has nothing of Marquee in it. */
const bare = async (page, address, body = "") => {
  await page.context().route(address, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><title>elsewhere</title>${body}` }),
  );
  await page.goto(address);
};

const base64 = (file) => readFileSync(file).toString("base64");

const close = (answer, expected) => {
  expect(answer.label).toBe(expected.label);
  for (const [label, probability] of Object.entries(expected.probabilities)) {
    expect(Math.abs(answer.probabilities[label] - probability), label).toBeLessThan(1e-3);
  }
};

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
