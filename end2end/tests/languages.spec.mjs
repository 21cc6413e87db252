// The page speaks the visitor's language, or the one the visitor chooses.

import { expect, test } from "./support.mjs";

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
