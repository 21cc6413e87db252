// What axe finds wrong for those who use a screen reader, a keyboard or high contrast: nothing, in any
// state and in either scheme.

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "@playwright/test";
import { launch, site } from "../chromium.mjs";
import { expect, labels, networks, some, test } from "./support.mjs";

// axe reads styles in the page, where moving ones would be caught half way.
test.use({ contextOptions: { reducedMotion: "reduce" } });

const noPicture = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") };

const states = {
  "the empty page": async (visit) => visit.open(),
  "an answer": async (visit) => {
    await visit.open();
    await visit.upload(some("jpg"));
    await expect(visit.by("class-row")).toHaveCount(labels().length);
    await visit.lazyApp();
    await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  },
  "a file that is none": async (visit) => {
    await visit.open();
    await visit.upload(noPicture);
    await visit.refuses();
  },
  "what mattered, and an address": async (visit) => {
    await visit.open();
    await visit.lazyApp();
    await visit.by("sample").first().click();
    await visit.by("occlusion").click();
    await expect(visit.by("occlusion-map")).toBeVisible();
    await visit.by("address").click();
  },
  "the camera": async (visit) => {
    await visit.page.addInitScript(() => {
      // One that never answers, so that the dialog stays as it is.
      navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
    });
    await visit.open();
    await visit.lazyApp();
    await visit.by("camera").click();
    await expect(visit.page.locator("dialog[open]")).toBeVisible();
  },
  "Korean": async (visit) => {
    await visit.open();
    await visit.page.locator("[data-language=ko]").click();
    await expect(visit.page.locator("html")).toHaveAttribute("lang", "ko");
  },
  "a measurement": async (visit) => {
    await visit.open();
    await visit.by("measure").click();
    await expect(visit.by("copy")).toBeVisible();
  },
  "the iframe with an answer": async (visit) => {
    await visit.page.goto("./embed.html");
    await visit.page.locator("#pick").setInputFiles(some("jpg"));
    await expect(visit.page.locator("#classes li")).toHaveCount(labels().length);
  },
  "the iframe with a file that is none": async (visit) => {
    await visit.page.goto("./embed.html");
    await visit.page.locator("#pick").setInputFiles(noPicture);
    await expect(visit.page.locator("#error")).not.toBeEmpty();
  },
};

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    for (const [state, reach] of Object.entries(states)) {
      test(`${state} has no barrier that axe knows`, async ({ visit, page }) => {
        await reach(visit);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`);
        expect(found).toEqual([]);
      });
    }
  });
}

test.describe("in forced colours", () => {
  test.use({ contextOptions: { forcedColors: "active", reducedMotion: "reduce" } });

  test("bars, choices and buttons can be told from what is around them", async ({ visit, page }) => {
    await states["an answer"](visit);
    await expect(visit.by("share-copy")).toBeVisible();
    const looks = await page.evaluate(() => {
      const colour = (selector, pseudo) => getComputedStyle(document.querySelector(selector), pseudo).backgroundColor;
      const plain = [...document.querySelectorAll("main button, .button, .button-like")].filter((button) => {
        const { borderTopStyle, borderTopWidth } = getComputedStyle(button);
        return button.checkVisibility() && (borderTopStyle === "none" || borderTopWidth === "0px");
      });
      return {
        bar: [colour(".classes li:not(.winner) .bar", "::before"), colour(".classes li:not(.winner) .bar")],
        winner: [colour(".winner .bar", "::before"), colour(".classes li:not(.winner) .bar", "::before")],
        choice: [colour(".switch :checked + span"), colour(".switch :not(:checked) + span")],
        plain: plain.map((button) => button.textContent),
      };
    });
    for (const what of ["bar", "winner", "choice"]) expect(looks[what][0], what).not.toBe(looks[what][1]);
    // Recent posters and the small print's links are words and pictures.
    expect(looks.plain.filter((words) => /Copy|QR|Camera|Folder|mattered|Choose|Measure/.test(words))).toEqual([]);
  });
});

for (const width of [390, 1280]) {
  test(`letters twice as large need no scrolling sideways, ${width} pixels wide`, async () => {
    const { args, ...options } = launch({ webGpu: false });
    const browser = await chromium.launch({ ...options, args: [...args, "--blink-settings=defaultFontSize=32"] });
    const page = await browser.newPage({ locale: "en-US", serviceWorkers: "block", viewport: { width, height: 844 } });
    await page.goto(site());
    await page.getByTestId("more-ways").waitFor();
    await page.getByTestId("pick").setInputFiles(some("jpg"));
    await expect(page.getByTestId("screens").locator("[data-label]")).toHaveCount(networks.length);
    await expect(page.getByTestId("share")).toBeVisible();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await browser.close();
  });
}
