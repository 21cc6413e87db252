// Many posters through one page: its memory stays at the level of the first. MARQUEE_MEASURE=1 brings twenty thousand to
// the first network and to the best one, which takes long, and allows less.

import { readFileSync } from "node:fs";
import { festive } from "./festival.mjs";
import { expect, networks } from "./support.mjs";

const measure = Boolean(process.env.MARQUEE_MEASURE);
/** How many posters are brought at a time and in all, and by how much the memory may grow meanwhile. */
const [RUN, ALL, MOST] = measure ? [2_000, 20_000, 1.1] : [200, 600, 1.2];
const MIB = 2 ** 20;

/** The memory of a process that is its own, in MiB, as Linux tells it. */
const privateMemory = (pid) => {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").matchAll(/^Private_\w+: +(\d+) kB/gm);
  return Array.from(lines, ([, kilobytes]) => Number(kilobytes)).reduce((sum, one) => sum + one, 0) / 1024;
};

for (const { name, file } of networks.filter(({ best }, at) => at === 0 || (best && measure))) {
  festive(`the memory that ${name} needs does not grow with the posters`, async ({ festival, browser, page }) => {
    festive.skip(process.platform !== "linux", "the memory of a process is read from Linux");
    if (measure) festive.setTimeout(2 * 60 * 60_000);
    await page.evaluate((file) => (localStorage["marquee.network"] = file), file);
    await page.reload();
    await festival.visit.lazyApp();
    const files = await festival.draw(RUN);
    const devtools = await page.context().newCDPSession(page);
    const { processInfo } = await (await browser.newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
    const level = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      const { usedSize } = await devtools.send("Runtime.getHeapUsage");
      const taken = renderers.map(privateMemory).reduce((sum, one) => sum + one, 0);
      return { heap: usedSize / MIB, taken };
    };
    const levels = [];
    for (let done = RUN; done <= ALL; done += RUN) {
      await festival.bring(files);
      await festival.done();
      levels.push(await level());
      const { heap, taken } = levels.at(-1);
      console.log(`${name}, ${done} posters: ${heap.toFixed(1)} MiB of scripts' memory, ${taken.toFixed(0)} MiB of the process`);
    }
    const [first, last] = [levels[0], levels.at(-1)];
    expect(last.heap / first.heap).toBeLessThan(MOST);
    expect(last.taken / first.taken).toBeLessThan(MOST);
  });
}
