// A browser without WebGPU says so and answers all the same.

import { expect, posters, predict, test } from "./support.mjs";

test("without WebGPU an upload gets the native answer", async ({ visit }) => {
  const files = posters().slice(0, 4).map(({ path }) => path);
  const expected = predict(files);
  await visit.open();
  expect(await visit.page.evaluate(async () => (await navigator.gpu?.requestAdapter()) ?? null)).toBeNull();
  await visit.gpu("unavailable");
  await expect(visit.by("gpu-status")).toContainText("WebGPU");
  for (const [index, file] of files.entries()) {
    await visit.upload(file);
    await visit.answers(expected[index], "cpu");
  }
});
