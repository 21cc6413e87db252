// The festival: many posters at once in a grid, and what a visitor can do with it.

import { AxeBuilder } from "@axe-core/playwright";
import path from "node:path";
import { DRAWN } from "../posters.mjs";
import { broken, festive, table } from "./festival.mjs";
import { expect, networks, predict } from "./support.mjs";

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

festive("ticking true classes gives accuracy, macro-F1 and a matrix", async ({ festival }) => {
  const files = await festival.draw(12);
  await festival.bring(files);
  await festival.done();
  const answers = JSON.parse(await festival.saved("marquee.json"));
  const labels = Object.keys(answers[0].probabilities);
  const said = answers.map(({ label }) => labels.indexOf(label));
  // Right, wrong, right, wrong, and one that is taken back.
  const truths = [said[0], (said[1] + 1) % labels.length, said[2], (said[3] + 2) % labels.length];
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
  await expect(festival.by("matrix").locator("tbody th")).toHaveCount(labels.length);

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

festive("a stop leaves the rest unread, and can be taken back", async ({ festival }) => {
  const files = await festival.draw(400);
  await festival.bring(files);
  await expect.poll(async () => (await festival.cells()).some(({ label }) => label)).toBe(true);
  const workingAfter = await festival.page.evaluate(async () => {
    document.querySelector("[data-testid=festival-stop]").click();
    await new Promise((painted) => requestAnimationFrame(painted));
    return document.querySelector("[data-testid=festival-progress]").dataset.working;
  });
  expect(workingAfter, "it stops before the next frame").toBe("false");
  const done = () => festival.page.locator(".festival progress").evaluate(({ value }) => value);
  const stoppedAt = await done();
  expect(stoppedAt).toBeGreaterThan(0);
  expect(stoppedAt).toBeLessThan(400);
  await expect(festival.by("festival-progress")).toContainText(`${400 - stoppedAt}`);
  // Without its workers there are no late answers.
  await expect.poll(() => festival.page.workers().length, { message: "its workers are gone" }).toBeLessThan(3);
  expect(await done()).toBe(stoppedAt);
  const unread = JSON.parse(await festival.saved("marquee.json")).filter(({ error }) => error);
  expect(unread).toHaveLength(400 - stoppedAt);

  // All are read by one network, also if another one answers by then.
  await festival.page.evaluate((network) => {
    dispatchEvent(new CustomEvent("marquee-wish", { detail: { network } }));
  }, networks.at(-1).file);
  await festival.by("festival-go-on").click();
  await festival.done();
  expect(await done()).toBe(400);
  const answers = JSON.parse(await festival.saved("marquee.json"));
  expect(answers.map(({ label }) => label)).toEqual(predict(files).map(({ label }) => label));
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

festive("each batch run frees the last", async ({ festival, page }) => {
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
  const runs = [];
  for (let run = 0; run < 3; run++) {
    await festival.bring(files);
    await festival.done();
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    expect(nodes, "only what is in sight is in the document").toBeLessThan(2500);
    runs.push(await used());
    await festival.by("festival-close").click();
    await expect(festival.by("festival")).toBeHidden();
    expect(await page.evaluate(() => urls), "pictures' URLs that are left").toBe(0);
  }
  const [first, , third] = runs;
  expect(third.bytes / first.bytes, JSON.stringify(runs)).toBeLessThan(1.2);
  expect(third.nodes / first.nodes, JSON.stringify(runs)).toBeLessThan(1.2);
});
