// Many posters with WebGPU: it runs the network where it is faster, computes the same and works. Where it is slower,
// wrong or lost, the CPU does.

import { DRAWN } from "../posters.mjs";
import { festive } from "./festival.mjs";
import { expect, predict } from "./support.mjs";

/** In the page: holds what the festival's workers are to read until `release()`, and notes what a GPU is asked. */
const watch = (lost) => {
  const held = [];
  let holds = true;
  const gpu = (globalThis.gpu = { batches: 0, over: false });
  const { postMessage, terminate } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    const send = () => postMessage.call(this, message, ...rest);
    // Only the festival says whether it wants features.
    if (holds && message.read?.features !== undefined) return held.push(send);
    if (message.features) {
      this.computes = true;
      gpu.batches += 1;
      if (gpu.batches === lost) {
        return queueMicrotask(() => this.dispatchEvent(new ErrorEvent("error", { message: "the device is lost" })));
      }
    }
    return send();
  };
  Worker.prototype.terminate = function () {
    if (this.computes) gpu.over = true;
    terminate.call(this);
  };
  globalThis.release = () => {
    holds = false;
    for (const send of held.splice(0)) send();
  };
};

/** Batches before the first one with posters: two that compile shaders, and one that is timed. */
const BEFORE = 3;

/** A GPU worker without a GPU: a networks worker computes the features, and it says how many `ms` a batch took. */
const standIn = async (page, { ms, wrong }) => {
  await page.addInitScript(() => {
    const adapter = { info: { vendor: "acme", architecture: "mark-two" } };
    Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => adapter } });
  });
  const start = (ms, wrong) => async () => {
    const networks = new Worker(new URL("./worker.js", location).href, { name: "networks-worker" });
    const waiting = new Map();
    networks.onmessage = ({ data: { readings } }) => waiting.get(readings?.id)?.(readings.readings[0].features);
    let network, last = 0;
    const featuresOf = (pixels) =>
      new Promise((resolve) => {
        waiting.set((last += 1), resolve);
        networks.postMessage({ pixels: { id: last, network, pixels } });
      });
    self.onmessage = async ({ data: { init, features: batch } }) => {
      if (init) {
        network = init.weights;
        postMessage({ ready: { network: "cnn32", labels: [], oneMs: 1, probe: [] } });
      } else if (batch) {
        const features = [];
        const one = 3 * 32 * 32;
        for (let at = 0; at < batch.pixels.length; at += one) {
          features.push(...(await featuresOf(batch.pixels.slice(at, at + one))));
        }
        postMessage({ features: { id: batch.id, features: new Float32Array(wrong ? features.length : features), ms } });
      }
    };
    return { memory: new WebAssembly.Memory({ initial: 1 }) };
  };
  const body = `self.wasm_bindgen = (${start})(${ms}, ${wrong});`;
  await page.route("**/gpu-worker.js", (route) => route.fulfill({ contentType: "text/javascript", body }));
};

const test = festive.extend({
  /** The batch at which the GPU is lost, if it is. */
  lost: [undefined, { option: true }],
  /** A GPU worker that stands in for the real one, if one does. */
  stands: [undefined, { option: true }],
  page: async ({ page, lost, stands }, use) => {
    await page.addInitScript(watch, lost);
    if (stands) await standIn(page, stands);
    await use(page);
  },
});

const release = (page) => page.evaluate(() => release());
const batches = (page) => page.evaluate(() => gpu.batches);

/** Every poster has the answer that the command gives. */
const allRight = async (festival, files) => {
  await festival.done();
  const answers = JSON.parse(await festival.saved("marquee.json"));
  expect(answers).toHaveLength(files.length);
  const expected = predict([...new Set(files)]);
  answers.forEach((answer, at) => {
    const { label, sure, probabilities } = expected[at % expected.length];
    expect(answer).toMatchObject({ label, sure });
    for (const [name, probability] of Object.entries(probabilities)) {
      expect(Math.abs(answer.probabilities[name] - probability), name).toBeLessThan(1e-3);
    }
  });
};

const engine = (festival, name) =>
  expect(festival.by("festival-progress")).toHaveAttribute("data-engine", name);

test.describe("where the visitor wants it", () => {
  test("WebGPU runs the network, and answers as the CPU does", async ({ festival, page }) => {
    await festival.visit.choose("gpu");
    const files = await festival.draw(DRAWN);
    await festival.bring(files);
    await engine(festival, "gpu");
    await expect(festival.by("festival-progress")).toContainText("The network runs on WebGPU.");
    await release(page);
    await allRight(festival, files);
    expect(await batches(page)).toBeGreaterThan(BEFORE);
  });

  test.describe("and the GPU is lost", () => {
    test.use({ lost: BEFORE + 1 });

    test("the CPU goes on, and no poster is lost with it", async ({ festival, page }) => {
      await festival.visit.choose("gpu");
      const files = await festival.draw(DRAWN);
      await festival.bring(files);
      await page.waitForFunction((lost) => gpu.batches === lost, BEFORE + 1);
      await release(page);
      await allRight(festival, files);
      await engine(festival, "cpu");
      await expect(festival.by("festival-progress")).not.toContainText("WebGPU");
      expect(await batches(page)).toBe(BEFORE + 1);
    });
  });
});

/** So many posters are worth a look at WebGPU. */
const MANY = 264;

for (const { title, stands, used } of [
  { title: "a GPU that is faster runs the network of many posters", stands: { ms: 0.001 }, used: true },
  { title: "a GPU that is slower does not", stands: { ms: 1e9 } },
  { title: "nor does one that computes something else", stands: { ms: 0.001, wrong: true } },
]) {
  test.describe(title, () => {
    test.use({ stands });

    test(title, async ({ festival, page }) => {
      const drawn = await festival.draw(DRAWN);
      const files = Array.from({ length: MANY }, (_, at) => drawn[at % DRAWN]);
      await festival.bring(files);
      if (used) await engine(festival, "gpu");
      else await page.waitForFunction(() => gpu.over);
      await release(page);
      await allRight(festival, files);
      await engine(festival, used ? "gpu" : "cpu");
      const asked = await batches(page);
      if (used) expect(asked).toBeGreaterThan(BEFORE);
      else expect(asked).toBe(BEFORE);
    });
  });
}

test("for a few posters WebGPU is not even started", async ({ festival, page }) => {
  const files = await festival.draw(DRAWN);
  await festival.bring(files);
  await release(page);
  await allRight(festival, files);
  expect(await batches(page)).toBe(0);
});
