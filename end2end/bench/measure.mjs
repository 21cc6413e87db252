// The measurements. Each visits an engine's page in a browser of its own, and returns what the report shows.

import { address } from "./pages.mjs";
import { marquee } from "./peers/marquee.mjs";
import { choose, handOver, openQuiet, visit } from "./visit.mjs";

/** Runs in the network are repeated for at least this many milliseconds, because a browser's clock is coarse. */
const LONG_ENOUGH = 1_500;

/** Prepared posters for the rate in the network. */
const PREPARED = { cnn32: 256, posternet: 32 };

export const prepared = (network) => PREPARED[network];

/** Numbers in a network's input. */
const LENGTHS = { cnn32: 3 * 32 * 32, posternet: 3 * 240 * 160 };

/** Opens an engine's page for measuring in the network, where `peer` is what measures. */
const withPeer = (engine, network, { site, adapter }, work) =>
  visit({ gpu: engine.gpu, adapter }, async (page) => {
    // A GPU worker of the page itself would take its share of the GPU.
    if (engine.peer === "marquee") await choose(page, network, "cpu");
    await openQuiet(page, engine, site.url + address(engine, network));
    if (engine.peer === "marquee") {
      const weights = `weights/${network}.safetensors`;
      await page.evaluate(marquee, { gpu: engine.gpu, weights, length: LENGTHS[network] });
    }
    return work(page);
  });

/** The logits of the probe, and what runs the engine if that is a GPU. */
export const probe = (engine, network, bench) =>
  withPeer(engine, network, bench, (page) =>
    page.evaluate(async () => {
      const it = await peer;
      return { logits: await it.probe(), adapter: it.adapter };
    }),
  );

/** Milliseconds for one poster, and posters a second, both in the network. */
export const inNetwork = (engine, network, bench) =>
  withPeer(engine, network, bench, (page) =>
    page.evaluate(
      async ([count, atLeast]) => {
        const it = await peer;
        const one = await it.one(atLeast);
        const { rate, batch } = await it.many(count, atLeast);
        return { one, rate, batch };
      },
      [prepared(network), LONG_ENOUGH],
    ),
  );

/** Opens a page that is given a poster at once. `times` has what visit.mjs notes; `watch` may prepare the page. */
export const openWithPoster = async (page, engine, network, { site, poster }, watch) => {
  const answered = new Promise((resolve, reject) => {
    page.exposeFunction("answered", resolve);
    page.on("pageerror", reject);
  });
  if (engine.peer === "marquee") await choose(page, network);
  await watch?.(page);
  await page.addInitScript(handOver, poster.toString("base64"));
  site.downloads.length = 0;
  await page.goto(site.url + address(engine, network), { waitUntil: "commit" });
  return answered;
};

/** Milliseconds from navigation to the first answer, and the bytes that were downloaded until then. */
export const firstAnswer = (engine, network, bench) =>
  visit({}, async (page) => {
    const { origin, answer } = await openWithPoster(page, engine, network, bench);
    const before = bench.site.downloads.filter(({ to }) => to <= origin + answer);
    return { first: answer, bytes: before.reduce((sum, { bytes }) => sum + bytes, 0), requests: before.length };
  });

/** In the page: resolves to the milliseconds from the choice of files to the last answer. */
const timeAnswers = (done) => {
  let begin;
  addEventListener("change", () => (begin ??= performance.now()), true);
  globalThis.finished = new Promise((resolve) => {
    const look = () => {
      if (begin && document.querySelector(done)) resolve(performance.now() - begin);
    };
    const attributeFilter = ["data-answers", "data-working"];
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter });
  });
};

/** Files a second: from many files chosen at once to all of their answers. */
export const manyFiles = (engine, network, { site, files }) =>
  visit({}, async (page) => {
    const ours = engine.peer === "marquee";
    if (ours) await choose(page, network);
    await openQuiet(page, engine, site.url + address(engine, network));
    const done = ours ? "[data-testid=festival-progress][data-working=false]" : "[data-testid=progress][data-answers]";
    await page.evaluate(timeAnswers, done);
    await page.getByTestId("pick").setInputFiles(files);
    const ms = await page.evaluate(() => finished);
    const answers = await (ours
      ? page.getByTestId("festival-grid").getAttribute("data-count")
      : page.getByTestId("progress").getAttribute("data-answers"));
    if (Number(answers) !== files.length) throw new Error(`${answers} answers to ${files.length} files`);
    return { files: (1000 * files.length) / ms };
  });
