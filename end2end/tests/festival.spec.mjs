// Many posters at once: the grid, what can be done with it, and that the page stays quick and small.

import { AxeBuilder } from "@axe-core/playwright";
import { linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, predict, test } from "./support.mjs";

// More drawings would only take longer; a file is read anew whatever is in it.
const DRAWN = 24;

/** Draws posters, and gives as many files of 500 by 750 pixels as are asked for. */
const draw = async (page, folder, count) => {
  const drawn = await page.evaluate(async (count) => {
    const pictures = [];
    for (let at = 0; at < count; at++) {
      const canvas = Object.assign(document.createElement("canvas"), { width: 500, height: 750 });
      const context = canvas.getContext("2d");
      context.fillStyle = `hsl(${at * 47} 70% ${10 + (at % 5) * 18}%)`;
      context.fillRect(0, 0, 500, 750);
      for (let dot = 0; dot < (at % 4) * 40; dot++) {
        context.fillStyle = `hsl(${at * 31 + dot * 17} 80% 60% / 0.6)`;
        context.beginPath();
        context.arc((dot * 137 * (at + 1)) % 500, (dot * 89 * (at + 3)) % 750, 5 + ((dot * 7) % 60), 0, 7);
        context.fill();
      }
      pictures.push(canvas.toDataURL("image/jpeg", 0.9).split(",")[1]);
    }
    return pictures;
  }, Math.min(count, DRAWN));
  mkdirSync(folder, { recursive: true });
  const file = (at) => path.join(folder, `${String(at).padStart(4, "0")}.jpg`);
  drawn.forEach((picture, at) => writeFileSync(file(at), Buffer.from(picture, "base64")));
  for (let at = drawn.length; at < count; at++) linkSync(file(at % drawn.length), file(at));
  return Array.from({ length: count }, (_, at) => file(at));
};

/** The festival as a visitor uses it. */
class Festival {
  constructor(visit, testInfo) {
    this.visit = visit;
    this.page = visit.page;
    this.testInfo = testInfo;
  }

  by(id) {
    return this.page.getByTestId(id);
  }

  async open() {
    await this.visit.open();
    await expect(this.page.locator("#pick[multiple]")).toBeAttached();
  }

  draw(count) {
    return draw(this.page, this.testInfo.outputPath("posters"), count);
  }

  async bring(files) {
    await this.by("pick").setInputFiles(files);
    await expect(this.by("festival")).toBeVisible();
  }

  async done() {
    await expect(this.by("festival-progress")).toHaveAttribute("data-working", "false");
  }

  chip(name) {
    return this.page.locator(`[data-testid=festival-show][data-show="${name}"]`);
  }

  async count(name) {
    return Number(await this.chip(name).getAttribute("data-count"));
  }

  async show(name) {
    await this.chip(name).click();
    await expect(this.by("festival-grid")).toHaveAttribute("data-count", String(await this.count(name)));
  }

  /** The cells in the document. */
  cells() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll("[data-testid=festival-cell]")].map((cell) => ({
        file: cell.dataset.file,
        label: cell.dataset.label,
        percent: parseInt(cell.querySelector(".percent").textContent.replace(/[<>]/, "")),
        unsure: cell.classList.contains("unsure"),
      })),
    );
  }

  async saved(name) {
    const download = this.page.waitForEvent("download");
    await this.by(name).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(name);
    return readFileSync(await file.path(), "utf8");
  }
}

const festive = test.extend({
  festival: async ({ visit }, use, testInfo) => {
    const festival = new Festival(visit, testInfo);
    await festival.open();
    await use(festival);
  },
});

/** Reads CSV as RFC 4180 has it. */
const table = (text) => {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const row = rows.at(-1);
    if (quoted && text[at] === '"' && text[at + 1] === '"') row[row.length - 1] += text[++at];
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && text[at] === ",") row.push("");
    else if (!quoted && text.startsWith("\r\n", at)) {
      rows.push([""]);
      at++;
    } else row[row.length - 1] += text[at];
  }
  expect(rows.pop(), "the last line ends, too").toEqual([""]);
  const [head, ...body] = rows;
  return body.map((row) => {
    expect(row).toHaveLength(head.length);
    return Object.fromEntries(head.map((name, at) => [name, row[at]]));
  });
};

const broken = (testInfo) => {
  const file = testInfo.outputPath("broken, \"really\".jpg");
  writeFileSync(file, "no picture");
  const text = testInfo.outputPath("notes.txt");
  writeFileSync(text, "no picture either");
  return [file, text];
};

festive("the grid fills with the answers that the command gives, and both files say the same", async ({
  festival,
}, testInfo) => {
  const files = await festival.draw(DRAWN);
  await festival.bring([...files, ...broken(testInfo)]);
  await festival.done();
  const expected = predict(files);
  await expect(festival.page.locator(".board .below")).toHaveText(`${files.length + 2}posters`);

  // in the grid
  await expect(festival.by("festival-grid")).toHaveAttribute("data-count", String(files.length));
  await expect.poll(async () => (await festival.cells()).length).toBeGreaterThan(6);
  for (const { file, label } of await festival.cells()) {
    expect(label, file).toBe(expected[Number(file.slice(0, 4))].label);
  }
  const labels = Object.keys(expected[0].probabilities);
  for (const label of labels) {
    const here = expected.filter((answer) => answer.label === label).length;
    expect(await festival.count(label), label).toBe(here);
  }
  expect(await festival.count("unreadable")).toBe(2);
  await expect(festival.by("festival-refused")).toContainText("2 files");

  // in the files
  const json = JSON.parse(await festival.saved("marquee.json"));
  const csv = table(await festival.saved("marquee.csv"));
  expect(json).toHaveLength(files.length + 2);
  expect(csv).toHaveLength(files.length + 2);
  expected.forEach(({ label, probabilities, sure }, at) => {
    const row = json[at];
    expect(row).toMatchObject({ file: path.basename(files[at]), label, sure });
    expect(row.confidence).toBe(row.probabilities[label]);
    for (const name of labels) {
      expect(Math.abs(row.probabilities[name] - probabilities[name]), name).toBeLessThan(1e-3);
      expect(Number(csv[at][name])).toBe(row.probabilities[name]);
    }
    expect(csv[at]).toMatchObject({ file: row.file, label, sure: String(sure), truth: "", error: "" });
  });
  for (const [at, name] of [[files.length, 'broken, "really".jpg'], [files.length + 1, "notes.txt"]]) {
    expect(json[at]).toEqual({ file: name, error: expect.stringMatching(/\w/) });
    expect(csv[at]).toMatchObject({ file: name, label: "", error: json[at].error });
  }
});

festive("posters are sorted and filtered", async ({ festival }, testInfo) => {
  await festival.bring([...(await festival.draw(DRAWN)), ...broken(testInfo)]);
  await festival.done();
  const answers = JSON.parse(await festival.saved("marquee.json")).filter(({ error }) => !error);
  const inSight = () => festival.cells().then((cells) => cells.map(({ file }) => file));
  const sorted = (compare) => [...answers].sort(compare).map(({ file }) => file);
  const begins = async (expected) => {
    // The rest is out of sight.
    await expect.poll(async () => (await inSight()).slice(0, 6)).toEqual(expected.slice(0, 6));
  };

  await festival.by("festival-sort").selectOption("surest");
  await begins(sorted((a, b) => b.confidence - a.confidence));
  await festival.by("festival-sort").selectOption("doubtful");
  await begins(sorted((a, b) => a.confidence - b.confidence));

  const [{ label }] = answers;
  await festival.show(label);
  await begins(sorted((a, b) => a.confidence - b.confidence).filter((file) =>
    answers.some((answer) => answer.file === file && answer.label === label),
  ));

  await festival.show("all");
  await festival.by("festival-least").fill("60");
  const confident = answers.filter(({ confidence }) => confidence >= 0.6);
  expect(confident.length, "some are and some aren't").toBeLessThan(answers.length);
  await expect(festival.by("festival-grid")).toHaveAttribute("data-count", String(confident.length));
  await festival.by("festival-least").fill("0");

  await festival.show("unsure");
  expect(await festival.count("unsure")).toBe(answers.filter(({ sure }) => !sure).length);
  await festival.show("unreadable");
  await expect.poll(async () => (await inSight()).sort()).toEqual(['broken, "really".jpg', "notes.txt"]);
  await expect(festival.by("festival-cell").first()).toContainText("Not a picture");
});

festive("ticking true classes gives accuracy, macro F1 and a matrix", async ({ festival }) => {
  const files = await festival.draw(12);
  await festival.bring(files);
  await festival.done();
  const answers = JSON.parse(await festival.saved("marquee.json"));
  const labels = Object.keys(answers[0].probabilities);
  const said = answers.map(({ label }) => labels.indexOf(label));
  // Right, wrong, right, wrong, and one that is taken back.
  const truths = [said[0], (said[1] + 1) % 6, said[2], (said[3] + 2) % 6];
  const keys = [...truths.map((truth) => String(truth + 1)), "1", "0"];

  await festival.page.locator("[data-place='0']").focus();
  for (const [at, key] of keys.entries()) {
    await festival.page.keyboard.press(key);
    if (at < 4) {
      await festival.page.keyboard.press("ArrowRight");
      await expect(festival.page.locator(`[data-place='${at + 1}']`)).toBeFocused();
    }
  }
  await expect(festival.by("festival-ticked")).toHaveText("4 posters ticked");
  expect(Number(await festival.by("accuracy").getAttribute("data-value"))).toBe(0.5);
  const f1 = [...new Set([...truths, ...said.slice(0, 4)])].map((one) => {
    const pairs = truths.map((truth, at) => [truth === one, said[at] === one]);
    const hits = pairs.filter(([truth, predicted]) => truth && predicted).length;
    return (2 * hits) / pairs.flat().filter(Boolean).length;
  });
  const mean = f1.reduce((sum, one) => sum + one, 0) / f1.length;
  expect(Number(await festival.by("macro-f1").getAttribute("data-value"))).toBeCloseTo(mean, 9);

  const matrix = await festival.by("matrix").evaluate((table) =>
    [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")].map((it) => Number(it.textContent))),
  );
  const expected = labels.map(() => labels.map(() => 0));
  truths.forEach((truth, at) => expected[truth][said[at]]++);
  expect(matrix).toEqual(expected);
  await expect(festival.by("matrix").locator("tbody th")).toHaveCount(6);

  await festival.show("mistaken");
  await expect.poll(async () => (await festival.cells()).map(({ file }) => file)).toEqual(["0001.jpg", "0003.jpg"]);

  // The visible control does the same.
  await festival.show("all");
  await festival.page.locator("[data-file='0005.jpg'] select").selectOption(String(said[5]));
  await expect(festival.by("festival-ticked")).toHaveText("5 posters ticked");
  await expect(festival.page.locator("[data-file='0005.jpg']")).toHaveAttribute("data-result", "right");
  const saved = JSON.parse(await festival.saved("marquee.json"));
  const expectedTruths = [...truths, undefined, said[5]].map((truth) => labels[truth]);
  expect(saved.slice(0, 6).map(({ truth }) => truth)).toEqual(expectedTruths);
});

festive("a poster of the grid opens, and the festival is still there", async ({ festival, visit }) => {
  const files = await festival.draw(12);
  await festival.bring(files);
  await festival.done();
  await festival.page.locator("[data-place='3']").focus();
  await festival.page.keyboard.press("2");
  await festival.page.keyboard.press("Enter");
  await visit.answers(predict([files[3]])[0], "cpu");
  await expect(festival.by("festival")).toBeHidden();
  await expect(festival.by("poster")).toBeVisible();

  await festival.by("festival-back").click();
  await expect(festival.by("festival")).toBeVisible();
  // A single poster by another way is the same.
  await visit.hand("drop", files[5]);
  await visit.answers(predict([files[5]])[0], "cpu");
  await expect(festival.by("festival")).toBeHidden();

  await festival.by("festival-back").click();
  await expect(festival.page.locator("[data-place='3']")).toBeFocused();
  await expect(festival.by("festival-ticked")).toHaveText("1 poster ticked");
  await expect(festival.by("poster")).toHaveCount(0);

  await festival.by("festival-close").click();
  await expect(festival.by("festival")).toBeHidden();
  await expect(festival.by("drop")).toBeVisible();
  await expect(festival.page.locator(".board .below")).toHaveText("Yourposter");
  await visit.upload(files[0]);
  await visit.answers(predict([files[0]])[0], "cpu");
  await expect(festival.by("festival-back")).toHaveCount(0);
});

festive("a stop takes less than 200 ms, leaves the rest unread, and can be taken back", async ({ festival }) => {
  const files = await festival.draw(400);
  await festival.bring(files);
  await expect.poll(async () => (await festival.cells()).some(({ label }) => label)).toBe(true);
  const took = await festival.page.evaluate(async () => {
    const begin = performance.now();
    document.querySelector("[data-testid=festival-stop]").click();
    const progress = document.querySelector("[data-testid=festival-progress]");
    while (progress.dataset.working !== "false") await new Promise((next) => setTimeout(next, 1));
    return performance.now() - begin;
  });
  expect(took).toBeLessThan(200);
  const done = () => festival.page.locator(".festival progress").evaluate(({ value }) => value);
  const stoppedAt = await done();
  expect(stoppedAt).toBeGreaterThan(0);
  expect(stoppedAt).toBeLessThan(400);
  await expect(festival.by("festival-progress")).toContainText(`${400 - stoppedAt}`);
  await expect.poll(() => festival.page.workers().length, { message: "its workers are gone" }).toBeLessThan(3);
  // What was in flight is not answered later.
  await festival.page.waitForTimeout(500);
  expect(await done()).toBe(stoppedAt);
  const unread = JSON.parse(await festival.saved("marquee.json")).filter(({ error }) => error);
  expect(unread).toHaveLength(400 - stoppedAt);

  await festival.by("festival-go-on").click();
  await festival.done();
  expect(await done()).toBe(400);
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
  // What a visitor does then is no slower.
  for (let step = 0; step < 20; step++) {
    await page.locator(".festival-frame").evaluate((frame) => (frame.scrollTop += 300));
    await page.waitForTimeout(30);
  }
  for (const sort of ["surest", "class", "doubtful"]) {
    await festival.by("festival-sort").selectOption(sort);
    await page.waitForTimeout(100);
  }
  await festival.saved("marquee.csv");
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  const trace = JSON.parse(String(await browser.stopTracing())).traceEvents;
  const seen = await page.evaluate(() => ({ tasks, brought }));
  expect(nodes, "only what is in sight is in the document").toBeLessThan(2500);

  // The browser itself makes the thousand files, before the page hears of them.
  const long = seen.tasks.filter(([start]) => start > seen.brought);
  testInfo.annotations.push({ type: "long tasks by the clock", description: JSON.stringify(long) });
  // A busy machine takes the processor away for longer than that, so it is the thread's own time
  // that counts.
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

festive("each round frees the last", async ({ festival, page }) => {
  const files = await festival.draw(1000);
  const devtools = await page.context().newCDPSession(page);
  const used = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize = 0 } = await devtools.send("Runtime.getHeapUsage");
    const { nodes } = await devtools.send("Memory.getDOMCounters");
    return { bytes: usedSize + backingStorageSize, nodes };
  };
  await page.evaluate(() => {
    window.urls = 0;
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (it) => (urls++, createObjectURL.call(URL, it));
    URL.revokeObjectURL = (it) => (urls--, revokeObjectURL.call(URL, it));
  });
  const rounds = [];
  for (let round = 0; round < 3; round++) {
    await festival.bring(files);
    await festival.done();
    rounds.push(await used());
    await festival.by("festival-close").click();
    await expect(festival.by("festival")).toBeHidden();
    expect(await page.evaluate(() => urls), "pictures' URLs that are left").toBe(0);
  }
  const [first, , third] = rounds;
  expect(third.bytes / first.bytes, JSON.stringify(rounds)).toBeLessThan(1.2);
  expect(third.nodes / first.nodes, JSON.stringify(rounds)).toBeLessThan(1.2);
});

for (const colorScheme of ["light", "dark"]) {
  festive.describe(colorScheme, () => {
    festive.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });
    festive("the festival has no barrier that axe knows", async ({ festival, page }, testInfo) => {
      await festival.bring([...(await festival.draw(12)), ...broken(testInfo)]);
      await festival.done();
      await page.locator("[data-place='0']").focus();
      await page.keyboard.press("1");
      await expect(festival.by("matrix")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`);
      expect(found).toEqual([]);
    });
  });
}
