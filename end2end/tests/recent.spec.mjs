// The last posters are kept on this device, if the visitor wants it, and open again as they were answered.

import { expect, networks, posters, test } from "./support.mjs";

/** Posters that are kept, the latest first, as the row shows them. */
const row = (visit) =>
  visit.by("recent-poster").evaluateAll((cards) =>
    cards.map(({ dataset, textContent }) => ({
      label: dataset.label,
      probability: Number(dataset.probability),
      words: textContent,
    })),
  );

/** Shows a poster, and waits until the row begins with its answer. */
const show = async (visit, file, count) => {
  await visit.upload(file);
  await expect(visit.by("recent-poster")).toHaveCount(count);
  await expect(async () => {
    const [{ label, probability }] = await row(visit);
    const shown = await visit.shown();
    expect(label).toBe(shown.label);
    expect(probability).toBeCloseTo(shown.probabilities[label], 3);
  }).toPass();
};

const some = posters()
  .slice(0, 3)
  .map(({ path }) => path);

/** What is stored in the browser's database, in bytes and as text. */
const stored = (page) =>
  page.evaluate(async () => {
    const [{ name }] = await indexedDB.databases();
    const opened = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    const rows = await new Promise((resolve) => {
      const store = opened.objectStoreNames[0];
      const request = opened.transaction(store).objectStore(store).getAll();
      request.onsuccess = () => resolve(request.result);
    });
    opened.close();
    const largest = ({ input, small }) => Math.max(input.length, small.length);
    return { count: rows.length, largest: Math.max(0, ...rows.map(largest)) };
  });

test("posters are kept over a reload, and open again with the same answer", async ({ visit }) => {
  await visit.open();
  await visit.choose("cpu");
  const answers = [];
  for (const [index, file] of some.entries()) {
    await show(visit, file, index + 1);
    answers.unshift(await visit.shown());
  }
  await visit.page.reload();
  await expect(visit.by("recent-poster")).toHaveCount(some.length);
  for (const [index, expected] of answers.entries()) {
    await visit.by("recent-poster").nth(index).click();
    await visit.answers(expected, "cpu");
    await expect(visit.page.locator(".frame.small")).toBeVisible();
  }
  // What is opened again is no new poster.
  await show(visit, some[0], some.length + 1);
  await expect(visit.page.locator(".frame.small")).toHaveCount(0);
});

test("a poster opens again by the network that answered it", async ({ visit }) => {
  await visit.open();
  await visit.choose("cpu");
  const network = (name) => visit.page.locator(`[data-network=${name}]`).getByRole("radio");
  await network("cnn64").check();
  await show(visit, some[0], 1);
  const expected = await visit.shown();
  await show(visit, some[1], 2);
  await network("cnn32").check();
  await visit.by("recent-poster").last().click();
  await visit.answers(expected, "cpu");
  await expect(network("cnn64")).toBeChecked();
});

test("the same poster twice in a row is kept once", async ({ visit }) => {
  await visit.open();
  await show(visit, some[0], 1);
  await visit.upload(some[0]);
  await show(visit, some[1], 2);
});

test("of a poster only what is small is kept, and of many the last 24", async ({ visit }) => {
  await visit.open();
  const path = posters().map(({ path }) => path);
  for (let at = 0; at < 26; at += 1) await show(visit, path[at % 2], Math.min(at + 1, 24));
  const { count, largest } = await stored(visit.page);
  expect(count).toBe(24);
  expect(largest).toBeGreaterThan(100);
  expect(largest).toBeLessThan(20_000);
});

test("switched off, what was kept is gone and nothing more is kept", async ({ visit }) => {
  await visit.open();
  await show(visit, some[0], 1);
  await expect(visit.by("keep-recent")).toHaveAccessibleDescription(/deletes/);
  await visit.by("keep-recent").uncheck();
  await expect(visit.by("recent-poster")).toHaveCount(0);
  await expect(visit.by("recent-news")).toHaveText(/deleted/);
  await visit.upload(some[1]);
  await expect(visit.by("screen").locator("[data-label]")).not.toHaveCount(0);

  await visit.page.reload();
  await expect(visit.by("keep-recent")).not.toBeChecked();
  expect((await stored(visit.page)).count).toBe(0);
  await visit.by("keep-recent").check();
  await show(visit, some[2], 1);
});

test("the button clears, and posters are kept on from there", async ({ visit }) => {
  await visit.open();
  await show(visit, some[0], 1);
  await show(visit, some[1], 2);
  await visit.by("clear-recent").click();
  await expect(visit.by("recent-poster")).toHaveCount(0);
  await expect(visit.by("recent-news")).toHaveText(/deleted/);
  await expect(visit.by("clear-recent")).toBeHidden();
  await visit.page.reload();
  await expect(visit.by("recent")).toBeVisible();
  await show(visit, some[2], 1);
});

test("it is said when a poster was shown, and long ago by the date", async ({ visit }) => {
  await visit.page.clock.install({ time: new Date("2026-03-01T12:00:00") });
  await visit.open();
  await show(visit, some[0], 1);
  await visit.page.clock.fastForward("03:10:00");
  await expect(visit.by("recent-poster")).toContainText("3 hours ago");
  await visit.page.clock.fastForward(10 * 24 * 3_600_000);
  await expect(visit.by("recent-poster")).toContainText("Mar 1, 2026");
});

test("where the browser keeps nothing, nothing is said of it", async ({ visit }) => {
  await visit.page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("not in a private window", "SecurityError");
    };
  });
  await visit.open();
  await visit.upload(some[0]);
  await expect(visit.by("screens")).toBeVisible();
  await expect(visit.by("screen").locator(".class")).not.toHaveText(networks.map(() => ""));
  await expect(visit.by("recent")).toBeHidden();
});

test("rows that nobody can understand are left out, and the page goes on", async ({ visit, page }) => {
  await visit.open();
  await show(visit, some[0], 1);
  await page.evaluate(async () => {
    const [{ name }] = await indexedDB.databases();
    const opened = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    const [posters] = opened.objectStoreNames;
    const transaction = opened.transaction(posters, "readwrite");
    const store = transaction.objectStore(posters);
    const [sound] = await new Promise((resolve) => {
      const request = store.getAll();
      request.onsuccess = () => resolve(request.result);
    });
    const { id, ...row } = sound;
    const junk = [{}, { when: NaN }, { when: 1e300 }, { when: -Infinity }, { probability: 7 }, { probability: NaN }, { name: 3 }, { input: "x" }];
    for (const change of junk) store.add(Object.keys(change).length > 0 ? { ...row, ...change } : change);
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    opened.close();
  });
  await page.reload();
  await expect(visit.by("recent-poster")).toHaveCount(1);
  await show(visit, some[1], 2);
  await expect(visit.by("about")).toBeAttached();
});

test.describe("with a Korean browser", () => {
  test.use({ locale: "ko-KR" });

  test("it is said in Korean", async ({ visit }) => {
    await visit.open();
    await show(visit, some[0], 1);
    await expect(visit.by("recent").getByRole("heading")).toHaveText("최근 상영작");
    await expect(visit.by("recent-poster").locator("time")).toHaveText(/[\uac00-\ud7a3]/);
    await expect(visit.by("keep-recent")).toHaveAccessibleName(/[\uac00-\ud7a3]/);
  });
});
