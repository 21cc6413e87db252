// How a file gets into the page, and what happens to files that are no posters.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, labels, predict, some, test } from "./support.mjs";

test.beforeEach(async ({ visit }) => {
  await visit.open();
  await visit.settled();
  // Files come in the same way for both engines.
  await visit.choose("cpu");
});

for (const [event, ending] of [["drop", "webp"], ["paste", "png"]]) {
  test(`a ${event} is classified`, async ({ visit }) => {
    const file = some(ending);
    const [expected] = predict([file]);
    await visit.hand(event, file);
    await visit.answers(expected, "cpu");
    await expect(visit.by("poster")).toBeVisible();
  });
}

test("a paste is read although the lazy app has not come", async ({ visit, context }) => {
  await context.route(/\/lazy-app[^/]*$/, () => {});
  const file = some("jpg");
  const [expected] = predict([file]);
  await visit.open();
  await visit.hand("paste", file);
  await visit.answers(expected, "cpu");
});

test("a sample is one click away", async ({ visit }) => {
  await visit.by("sample").first().click();
  await expect(visit.by("winner")).toHaveAttribute("data-label", /\S/);
  await expect(visit.by("poster")).toBeVisible();
  await expect(visit.by("time")).toHaveText(/\d/);
  const { probabilities } = await visit.shown();
  expect(Object.keys(probabilities)).toHaveLength(labels().length);
  const sum = Object.values(probabilities).reduce((sum, probability) => sum + probability, 0);
  expect(Math.abs(sum - 1)).toBeLessThan(1e-3);
});

const beginning = (ending, bytes) => (testInfo) => {
  const file = testInfo.outputPath(`beginning.${ending}`);
  const whole = readFileSync(some(ending));
  writeFileSync(file, whole.subarray(0, bytes(whole.length)));
  return file;
};
const written = (name, text) => (testInfo) => {
  const file = testInfo.outputPath(name);
  writeFileSync(file, text);
  return file;
};

const broken = {
  "a text": written("notes.txt", "This is no picture."),
  "a text that says it is a picture": written("poster.jpg", "This is no picture either."),
  "an empty file": written("empty.png", ""),
  "the first hundred bytes of a JPEG": beginning("jpg", () => 100),
  "the first hundred bytes of a PNG": beginning("png", () => 100),
  "the first hundred bytes of a WebP": beginning("webp", () => 100),
};

const next = async (visit) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  await visit.upload(file);
  await visit.answers(expected, "cpu");
};

for (const [what, make] of Object.entries(broken)) {
  test(`${what} gets a sentence, and the next file its answer`, async ({ visit }, testInfo) => {
    const file = make(testInfo);
    const [native] = predict([file]);
    expect(native.error, "natively it is refused, too").toBeTruthy();
    await visit.upload(file);
    await visit.refuses();
    await next(visit);
  });
}

for (const [what, ending] of [["JPEG", "jpg"], ["PNG", "png"], ["GIF", "gif"], ["WebP", "webp"]]) {
  test(`two thirds of a ${what} are answered, with a sentence that a part is missing`, async ({ visit }, testInfo) => {
    const file = beginning(ending, (length) => (length * 2) / 3)(testInfo);
    const [native] = predict([file]);
    expect(native.note, "natively it has a note, too").toContain("cut off");
    await visit.upload(file);
    await visit.agrees(native, "cpu");
    await expect(visit.by("incomplete")).toBeVisible();
    await next(visit);
    await expect(visit.by("incomplete")).toHaveCount(0);
  });
}
