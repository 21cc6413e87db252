// A thousand posters at once: the page stays responsive. This measures processor time, so it is a project of
// its own, "measurements" (playwright.config.mjs).

import { festive } from "./festival.mjs";
import { expect } from "./support.mjs";

/** Waits until the rows in the document are the same for two frames. */
const settled = (page) =>
  page.evaluate(async () => {
    const rows = () => [...document.querySelectorAll(".runway .row")].map((row) => row.ariaRowIndex).join();
    const frame = () => new Promise(requestAnimationFrame);
    let before;
    do {
      before = rows();
      await frame();
      await frame();
    } while (rows() !== before);
  });

festive("a thousand posters hold the page up for less than 50 ms at a time", async ({ festival, browser }, testInfo) => {
  const { page } = festival;
  const files = await festival.draw(1000);
  await page.evaluate(() => {
    window.tasks = [];
    const note = (list) => tasks.push(...list.getEntries().map((it) => [it.startTime, it.duration]));
    new PerformanceObserver(note).observe({ type: "longtask" });
    addEventListener("change", () => (window.brought ??= performance.now()), true);
  });
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await festival.bring(files);
  await festival.done();
  // What a visitor does afterwards must not block the page either.
  for (let step = 0; step < 20; step++) {
    await page.locator(".festival-frame").evaluate((frame) => (frame.scrollTop += 300));
    await settled(page);
  }
  for (const sort of ["surest", "class", "doubtful"]) {
    await festival.by("festival-sort").selectOption(sort);
    await settled(page);
  }
  await festival.saved("marquee.csv");
  const trace = JSON.parse(String(await browser.stopTracing())).traceEvents;
  const seen = await page.evaluate(() => ({ tasks, brought }));
  // Before the page hears of the files, the browser itself is busy with making them.
  const long = seen.tasks.filter(([start]) => start > seen.brought);
  testInfo.annotations.push({ type: "long tasks by the clock", description: JSON.stringify(long) });
  // A busy machine takes the processor away for longer than that, so only the thread's own time counts.
  const main = trace.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const change = trace.find(({ name, args }) => name === "EventDispatch" && args.data?.type === "change");
  const here = main.find(({ pid, tid }) => pid === change.pid && tid === change.tid);
  expect(here, "the page's thread is in the trace").toBeTruthy();
  const busy = trace
    .filter(({ pid, tid, ts, name }) => pid === here.pid && tid === here.tid && ts > change.ts && name.endsWith("RunTask"))
    .map(({ tdur }) => (tdur ?? 0) / 1000);
  expect(busy.length).toBeGreaterThan(1000);
  testInfo.annotations.push({ type: "longest task of the thread's time", description: String(Math.max(...busy)) });
  expect(change.tdur / 1000, "taking the files").toBeLessThan(50);
  expect(Math.max(...busy), JSON.stringify(long)).toBeLessThan(50);
});
