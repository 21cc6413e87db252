// On a phone: nothing is cut off, nothing has to be scrolled sideways, and fingers find what they touch.

import { expect, labels, languages, networks, test } from "./support.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** Elements that reach beyond the screen's right edge. */
const cutOff = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((element) => element.checkVisibility() && !element.closest("svg, .unseen, .light"))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .filter((element) => {
        const { parentElement } = element;
        return !parentElement.closest("[data-scrolls], pre, .matrix");
      })
      .map((element) => `${element.tagName}.${element.className}`),
  );

for (const locale of languages) {
  test.describe(locale, () => {
    test.use({ locale });

    test("a poster is read with a tap, and all of it is on the screen", async ({ visit, page }) => {
      await visit.open();
      await visit.lazyApp();
      await visit.by("sample").first().tap();
      await expect(visit.by("winner")).toHaveAttribute("data-label", /\S/);
      await expect(visit.by("screen")).toHaveCount(networks.length);
      await visit.by("occlusion").tap();
      await expect(visit.by("occlusion-map")).toBeVisible();
      await visit.by("address").tap();
      expect(await cutOff(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    });
  });
}

/** The window's edges that an element has. */
const box = (locator) => locator.evaluate((element) => element.getBoundingClientRect().toJSON());

test("the bars stand right under the poster", async ({ visit, page }) => {
  await visit.open();
  await visit.lazyApp();
  await visit.by("sample").first().tap();
  await expect(visit.by("class-row")).toHaveCount(labels().length);
  await expect(visit.by("share")).toBeVisible();
  const [frame, first, last] = await Promise.all([
    box(page.locator(".frame")),
    box(visit.by("class-row").first()),
    box(visit.by("class-row").last()),
  ]);
  expect(first.top - frame.bottom).toBeGreaterThan(0);
  expect(first.top - frame.bottom).toBeLessThan(100);
  for (const below of [visit.by("share"), visit.by("more-ways"), visit.by("screens")]) {
    expect((await box(below)).top).toBeGreaterThan(last.bottom);
  }
});

test("the news that all is kept covers neither the answer nor what is wrong with a file", async ({ visit, page }) => {
  await visit.open();
  await visit.lazyApp();
  await expect(visit.by("about")).toBeAttached();
  await page.evaluate(() => navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: "all kept" })));
  await expect(visit.by("all-kept")).toContainText("works offline");
  /** Whether an element can be seen at the window's lower edge. */
  const isSeen = (locator) =>
    locator.evaluate((element) => {
      element.scrollIntoView({ block: "end" });
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return element.contains(found) || found.contains(element);
    });
  await visit.upload({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
  await visit.refuses();
  expect(await isSeen(visit.by("error"))).toBe(true);
  await visit.by("sample").first().tap();
  await expect(visit.by("class-row")).toHaveCount(labels().length);
  for (const row of await visit.by("class-row").all()) expect(await isSeen(row)).toBe(true);
});
