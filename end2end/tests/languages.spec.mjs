// The page speaks the visitor's language, or the one the visitor chooses.

import { expect, networks, test } from "./support.mjs";

const hangul = /[\uac00-\ud7a3]/;

test("English is the default", async ({ visit }) => {
  await visit.open();
  await expect(visit.page.locator("html")).toHaveAttribute("lang", "en");
  await expect(visit.page.locator("h1")).not.toHaveText(hangul);
});

test.describe("with a Korean browser", () => {
  test.use({ locale: "ko-KR" });

  test("the page is Korean", async ({ visit }) => {
    await visit.open();
    await expect(visit.page.locator("html")).toHaveAttribute("lang", "ko");
    await expect(visit.page.locator("body")).toContainText(hangul);
  });

  test("no sentence is left in another language", async ({ visit, page }) => {
    await visit.open();
    await visit.lazyApp();
    await visit.by("sample").first().click();
    await expect(visit.by("screen")).toHaveCount(networks.length);
    const texts = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) {
        const { parentElement, data } = walker.currentNode;
        // What is English everywhere says so.
        const other = parentElement.closest("[lang]:not(html), script, noscript, #trouble");
        if (!other && parentElement.checkVisibility()) found.push(data.trim());
      }
      return found;
    });
    // Names and units may be; two words of Latin letters in a row are a sentence.
    const titles = networks.map(({ title }) => title).join("|");
    const names = new RegExp(`${titles}|WebGPU|TMDB|GitHub|CSV|JSON|macro-F1|Marquee`, "g");
    expect(texts.filter((text) => /[A-Za-z]{3,} [A-Za-z]{2,}/.test(text.replace(names, "")))).toEqual([]);
  });
});

test("the switch turns the page to Korean and back, and is remembered", async ({ visit }) => {
  await visit.open();
  const speaks = (language) => expect(visit.page.locator("html")).toHaveAttribute("lang", language);
  const choose = (language) => visit.by("language").locator(`[data-language=${language}]`).click();
  await choose("ko");
  await speaks("ko");
  await expect(visit.page.locator("body")).toContainText(hangul);
  await visit.page.reload();
  await speaks("ko");
  await choose("en");
  await speaks("en");
});
