// Everything can be reached and used by the keyboard alone, and it shows where one is.

import { expect, languages, networks, some, test } from "./support.mjs";

/** What has the focus: how a test knows it, its role's state, and whether that can be seen. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return undefined;
    // An input that is out of sight shows its focus on what stands for it.
    const places = [element, element.nextElementSibling, element.parentElement, element.closest("label")];
    const seen = places.some((place) => {
      if (!place) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(place);
      return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
    });
    const { testid, language } = element.dataset;
    return { name: testid ?? language ?? element.name ?? element.tagName, seen };
  });

const walk = async (page, until, key = "Tab") => {
  const met = [];
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press(key);
    const here = await focused(page);
    if (!here) continue;
    met.push(here);
    if (here.name === until) return met;
  }
  throw new Error(`the keyboard never comes to ${until}, only to ${met.map(({ name }) => name)}`);
};

test("a poster is chosen, read and lit without a mouse", async ({ visit, page }) => {
  await visit.open();
  await visit.lazyApp();
  await walk(page, "sample");
  await page.keyboard.press("Enter");
  await expect(visit.by("winner")).toHaveAttribute("data-label", /\S/);
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  await expect(visit.by("occlusion")).toBeVisible();

  await walk(page, "occlusion", "Shift+Tab");
  await page.keyboard.press("Space");
  await expect(visit.by("occlusion-map")).toBeVisible();
  await walk(page, "occlusion-strength");
  await page.keyboard.press("Home");
  await expect(visit.by("occlusion-map")).toHaveCSS("opacity", "0");

  await walk(page, "address");
  await page.keyboard.press("Enter");
  await expect(visit.by("address-field")).toBeFocused();

  // Radio buttons are one stop, and arrows go on from there.
  await walk(page, "network");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(`[data-network=${networks[1].name}] input`)).toBeChecked();
  await expect(visit.by("engine")).toBeVisible();
});

test("every stop of the keyboard shows where one is", async ({ visit, page }) => {
  await visit.open();
  await visit.lazyApp();
  await visit.upload(some("jpg"));
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  const met = await walk(page, "sample");
  for (const stop of [...languages, "pick", "occlusion", "camera", "address", "folder", "network"]) {
    expect(met.map(({ name }) => name)).toContain(stop);
  }
  expect(met.filter(({ seen }) => !seen)).toEqual([]);
});
