// A poster gets the answer that `marquee predict` gives for the same file, whichever engine answers.

import { expect, posters, predict, some, test } from "./support.mjs";

/** A file of each kind, so that each decoder takes part. */
const one = () => {
  const files = ["jpg", "png", "webp", "gif", "bmp"].map(some);
  expect(files).not.toContain(undefined);
  return files;
};

test("the posters do not all look alike to the network", () => {
  const answers = predict(posters().map(({ path }) => path));
  const distinct = new Set(answers.map(({ probabilities }) => JSON.stringify(probabilities)));
  expect(distinct.size).toBe(posters().length);
});

for (const engine of ["gpu", "cpu"]) {
  test(`an upload gets the native answer from the ${engine.toUpperCase()}`, async ({ visit }) => {
    const files = one();
    const expected = predict(files);
    await visit.open();
    await visit.gpu("ready", "slower");
    await visit.choose(engine);
    for (const [index, file] of files.entries()) {
      await visit.upload(file);
      await visit.answers(expected[index], engine);
    }
  });
}

test("the first answer does not wait for the GPU worker", async ({ visit, context }) => {
  const [file] = one();
  const [expected] = predict([file]);
  // Held back until the first answer stands, so that only the CPU worker can have given it.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await context.route(/gpu-worker_bg[^/]*\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await visit.open();
  await visit.gpu("starting");
  await visit.upload(file);
  await visit.answers(expected, "cpu");
  release();
  await visit.gpu("ready", "slower");
  await visit.choose("gpu");
  await visit.upload(file);
  await visit.answers(expected, "gpu");
});

for (const part of ["js", "wasm"]) {
  test(`a GPU worker whose ${part} cannot be loaded is said, and the CPU answers`, async ({ visit, context }) => {
    const files = one();
    const expected = predict(files);
    let aborted = 0;
    await context.route(new RegExp(`gpu-worker[^/]*\\.${part}$`), (route) => {
      aborted += 1;
      return route.abort();
    });
    await visit.open();
    await visit.gpu("not-loaded");
    expect(aborted).toBeGreaterThan(0);
    for (const [index, file] of files.entries()) {
      await visit.upload(file);
      await visit.answers(expected[index], "cpu");
    }
  });
}
