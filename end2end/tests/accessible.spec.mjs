// What axe finds wrong for those who use a screen reader, a keyboard or high contrast: nothing, in any
// state and in either scheme.

import { AxeBuilder } from "@axe-core/playwright";
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
