// How fast this machine is, measured on demand. In this browser there is no WebGPU, so the CPU is
// measured alone, and the page says so; where WebGPU is wanted, a worker stands in that says how long
// it took.

import { expect, test } from "./support.mjs";

const COUNTS = [1, 16, 256, 1000];

/** What stands in the rows, as numbers. */
const timings = (visit) =>
  visit.by("timing").evaluateAll((rows) =>
    rows.map(({ dataset, cells }) => ({
      engine: dataset.engine,
      posters: Number(dataset.posters),
      ms: Number(dataset.ms),
      rate: Number(dataset.rate),
      words: [...cells].map((cell) => cell.textContent.trim()),
    })),
  );

test("a press measures the CPU, and WebGPU is said to be missing", async ({ visit }) => {
  await visit.open();
  await expect(visit.by("timing")).toHaveCount(0);
  await visit.by("measure").click();
  await expect(visit.by("timing")).toHaveCount(COUNTS.length);
  await expect(visit.by("no-gpu")).toContainText("no WebGPU");
  await expect(visit.by("machine-status")).toHaveText("Measured.");

  const measured = await timings(visit);
  expect(measured.map(({ engine, posters }) => [engine, posters])).toEqual(
    COUNTS.map((count) => ["CPU", count]),
  );
  for (const { posters, ms, rate, words } of measured) {
    expect(ms).toBeGreaterThan(0);
    expect(rate).toBeCloseTo((posters * 1000) / ms, 3);
    const [engine, , time, persecond] = words;
    expect(engine).toBe("CPU");
    expect(time).toMatch(/^<?[\d,]+(\.\d+)? ms$/);
    expect(Math.abs(Number(persecond.replaceAll(",", "")) - rate)).toBeLessThanOrEqual(0.5);
  }
  // A thousand take longer than one, on any machine.
  expect(measured.at(-1).ms).toBeGreaterThan(measured[0].ms);
});

test("the results are copied as a table in plain text", async ({ visit, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit.open();
  await visit.by("measure").click();
  await visit.by("copy").click();
  await expect(visit.by("copied")).toHaveText("Copied");
  const text = await visit.page.evaluate(() => navigator.clipboard.readText());
  const rows = text.split("\n").filter((line) => line.startsWith("CPU "));
  const measured = await timings(visit);
  expect(rows).toHaveLength(COUNTS.length);
  for (const [index, { words }] of measured.entries()) {
    const [, , time, persecond] = words;
    expect(rows[index].endsWith(`   ${persecond}`)).toBe(true);
    expect(rows[index]).toContain(time);
  }
  expect(text).toContain("CNN32");
  expect(text).toContain("no WebGPU");
  expect(text).toMatch(/^Date: \d{4}-\d\d-\d\d$/m);
});

test("it is started and stopped by the keyboard", async ({ visit }) => {
  await visit.open();
  const button = visit.by("measure");
  await expect(button).toBeEnabled();
  // The slowest network, so that there is something to stop.
  await visit.by("screen").filter({ hasText: "PosterNet" }).getByRole("radio").check();
  await button.focus();
  await visit.page.keyboard.press("Enter");
  await expect(button).toHaveText("Stop");
  await visit.page.keyboard.press("Enter");
  await expect(visit.by("machine-status")).toHaveText("Stopped.");
  await expect(button).toHaveText(/^Measure/);
  await expect(visit.by("copy")).toHaveCount(0);

  await visit.page.keyboard.press("Enter");
  await expect(visit.by("copy")).toBeVisible();
  await expect(visit.by("timing")).toHaveCount(COUNTS.length);
});

/** A browser with WebGPU, as far as the page can tell. `answer` is what its worker does. */
const standIn = async (page, answer) => {
  await page.addInitScript(() => {
    const adapter = { info: { vendor: "acme", architecture: "mark-two" } };
    Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => adapter } });
  });
  const ready = { network: "cnn32", labels: [], oneMs: 1, probe: [] };
  const body = `self.wasm_bindgen = async () => {
    self.onmessage = ({ data: { infer } }) =>
      postMessage(infer ? (${answer})(infer) : { ready: ${JSON.stringify(ready)} });
    return { memory: new WebAssembly.Memory({ initial: 1 }) };
  };`;
  await page.route("**/gpu-worker.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body }),
  );
};

test("with WebGPU both engines are measured, in batches that fit", async ({ visit, page }) => {
  // A millisecond for each batch, and one for every hundred posters.
  await standIn(page, ({ id, input }) => {
    const posters = input.length / (3 * 32 * 32);
    if (posters > 256) return { failed: { reason: "too many at once" } };
    const outputs = { logits: [], probabilities: [], sure: true, pixels: new Uint8Array() };
    return { answer: { id, ...outputs, readMs: 0, inferMs: 1 + posters / 100 } };
  });
  await visit.open();
  await visit.by("measure").click();
  await expect(visit.by("copy")).toBeVisible();
  await expect(visit.by("no-gpu")).toBeHidden();
  const measured = await timings(visit);
  const gpu = measured.filter(({ engine }) => engine === "WebGPU");
  expect(gpu.map(({ posters, ms }) => [posters, Number(ms.toFixed(6))])).toEqual([
    [1, 1.01],
    [16, 1.16],
    [256, 3.56],
    // Four batches of 250.
    [1000, 14],
  ]);
  expect(measured.filter(({ engine }) => engine === "CPU")).toHaveLength(COUNTS.length);
  await expect(visit.by("machine")).toContainText("acme mark-two");
  await expect(visit.by("verdict")).toContainText("one thread of this CPU");
});

test("a WebGPU that fails leaves the figures of the CPU", async ({ visit, page }) => {
  await standIn(page, () => ({ failed: { reason: "device lost" } }));
  await visit.open();
  await visit.by("measure").click();
  await expect(visit.by("no-gpu")).toContainText("WebGPU failed");
  await expect(visit.by("machine-status")).toHaveText("Measured.");
  const engines = (await timings(visit)).map(({ engine }) => engine);
  expect(engines).toEqual(COUNTS.map(() => "CPU"));
  await expect(visit.by("verdict")).toBeHidden();
});

test.describe("with a Korean browser", () => {
  test.use({ locale: "ko-KR" });

  test("it speaks Korean", async ({ visit }) => {
    await visit.open();
    await visit.by("measure").click();
    await expect(visit.by("no-gpu")).toContainText("WebGPU가 없어");
    await expect(visit.by("copy")).toHaveText("텍스트로 복사");
  });
});
