// On a phone: nothing is cut off, nothing has to be scrolled sideways, and fingers find what they touch.

import { expect, languages, networks, test } from "./support.mjs";

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
