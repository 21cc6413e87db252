// The same pixels and the same logits as natively, from every worker, for every drawn poster.
//
// The workers are spoken to without the page, in the words of app/src/protocol.rs.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { site } from "../chromium.mjs";
import { expect, posters, test } from "./support.mjs";

/** In the page: classifies files, given in base64, with both workers. */
const classify = async (files) => {
  const weights = new URL("weights/cnn32.safetensors", document.baseURI).href;
  const start = (name) =>
    new Promise((resolve, reject) => {
      const worker = new Worker("worker.js", { name });
      const waiting = new Map();
      worker.onerror = (event) => reject(new Error(`${name}: ${event.message}`));
      worker.onmessage = ({ data }) => {
        const [[kind, value]] = Object.entries(data);
        if (kind === "ready") resolve({ ready: value, ask });
        else if (kind === "failed" || kind === "unavailable") reject(new Error(`${name}: ${value.reason}`));
        else waiting.get(value.id)?.({ kind, ...value });
      };
      const ask = (message) =>
        new Promise((answered) => {
          const [request] = Object.values(message);
          waiting.set(request.id, answered);
          worker.postMessage(message);
        });
      if (name.startsWith("networks-worker")) resolve({ ask });
      else worker.postMessage({ init: { weights } });
    });
  const names = ["cpu-worker", "cpu-worker-relaxed", "gpu-worker", "networks-worker", "networks-worker-relaxed"];
  const [cpu, relaxed, gpu, all, allRelaxed] = await Promise.all(names.map(start));
  const results = [];
  for (const [id, base64] of files.entries()) {
    const file = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
    const onCpu = await cpu.ask({ classify: { id, file, engine: "cpu" } });
    const prepared = await cpu.ask({ classify: { id, file, engine: "gpu" } });
    const withRelaxed = await relaxed.ask({ classify: { id, file, engine: "cpu" } });
    const onGpu = await gpu.ask({ infer: { id, input: prepared.input } });
    // The page decodes a poster once: the other networks get the pixels that the CPU worker hands over.
    const { readings } = await all.ask({ read: { id, file, picture: onCpu.picture, networks: [weights] } });
    const { readings: decoded } = await all.ask({ read: { id, file, networks: [weights] } });
    const { readings: byRelaxed } = await allRelaxed.ask({ read: { id, file, networks: [weights] } });
    results.push({
      kinds: [onCpu.kind, prepared.kind, onGpu.kind],
      pixels: [readings, decoded, byRelaxed].map(([{ pixels }]) => [...pixels]),
      cpu: [...onCpu.logits],
      relaxed: [...withRelaxed.logits],
      gpu: [...onGpu.logits],
    });
  }
  return { labels: [cpu.ready.labels, gpu.ready.labels], results };
};

test("pixels are equal and logits within 1e-4 on the CPU and on WebGPU", async ({ page, context }) => {
  const drawn = posters();
  expect(drawn).toHaveLength(20);
  // A page of the site without the app in it.
  await context.route(`${site()}bare`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>bare</title>" }),
  );
  await page.goto("./bare");
  const files = drawn.map(({ path }) => readFileSync(path).toString("base64"));
  const { labels, results } = await page.evaluate(classify, files);
  expect(labels[0]).toEqual(labels[1]);

  const farthest = { cpu: 0, relaxed: 0, gpu: 0 };
  for (const [index, result] of results.entries()) {
    const { file, pixels_sha256, logits } = drawn[index];
    expect(result.kinds, file).toEqual(["answer", "prepared", "answer"]);
    for (const pixels of result.pixels) {
      const sha256 = createHash("sha256").update(Buffer.from(pixels)).digest("hex");
      expect(sha256, `pixels of ${file}`).toBe(pixels_sha256);
    }
    for (const engine of Object.keys(farthest)) {
      expect(result[engine], file).toHaveLength(logits.length);
      const difference = Math.max(...logits.map((logit, k) => Math.abs(logit - result[engine][k])));
      // Not a number, a difference would be smaller than nothing and larger than nothing.
      expect(difference, `${engine}, ${file}`).toBeLessThan(1e-4);
      farthest[engine] = Math.max(farthest[engine], difference);
    }
  }
  console.log("20 posters, farthest from native:", farthest);
});
