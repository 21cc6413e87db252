// Many posters at once: the page stays responsive, also while it learns from them. This measures processor time, so it
// is a project of its own, "measurements" (playwright.config.mjs).

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

/**
 * The tasks of the page's thread, in milliseconds of its own time, from the event in the trace that `first` accepts on;
 * and that event. A busy machine takes the processor away for longer, so time by the clock would say nothing.
 */
const tasks = (trace, first) => {
  const main = trace.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const event = trace.find((it) => it.name === "EventDispatch" && first(it.args.data?.type));
  const here = main.find(({ pid, tid }) => pid === event.pid && tid === event.tid);
  expect(here, "the page's thread is in the trace").toBeTruthy();
  const busy = trace
    .filter(({ pid, tid, ts, name }) => pid === here.pid && tid === here.tid && ts > event.ts && name.endsWith("RunTask"))
    .map(({ tdur }) => (tdur ?? 0) / 1000);
  return { event, busy };
};

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
  const { event: change, busy } = tasks(trace, (type) => type === "change");
  expect(busy.length).toBeGreaterThan(1000);
  testInfo.annotations.push({ type: "longest task of the thread's time", description: String(Math.max(...busy)) });
  expect(change.tdur / 1000, "taking the files").toBeLessThan(50);
  expect(Math.max(...busy), JSON.stringify(long)).toBeLessThan(50);
});

festive("a tick among two thousand posters is answered within a second", async ({ festival, browser }, testInfo) => {
  const { page } = festival;
  await festival.bring(await festival.draw(2000));
  await festival.by("teach").click();
  await festival.done();
  const learned = (posters) => expect(festival.by("teach-status")).toHaveAttribute("data-posters", String(posters));
  const tick = async (place) => {
    await page.locator(`[data-place='${place}']`).focus();
    await page.keyboard.press(String(1 + (place % 2)));
  };
  // As many as are in view, some ten of each class.
  const ticked = 20;
  for (let place = 0; place < ticked; place++) await tick(place);
  await learned(ticked);
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await tick(ticked);
  await learned(ticked + 1);
  const trace = JSON.parse(String(await browser.stopTracing())).traceEvents;
  const { busy } = tasks(trace, (type) => type === "keydown");
  const said = await festival.by("teach-status").innerText();
  const [, ms, unit] = said.match(/in ([\d.,]+) (ms|s)\b/);
  testInfo.annotations.push({ type: "from the tick to the answers", description: said });
  testInfo.annotations.push({ type: "longest task of the thread's time", description: String(Math.max(...busy)) });
  console.log(said, "The longest task took", Math.max(...busy).toFixed(1), "ms.");
  expect(unit === "s" ? 1000 * Number(ms) : Number(ms)).toBeLessThan(1000);
  expect(Math.max(...busy)).toBeLessThan(50);
});
