// A site of other networks, classes and words, built from the same programs: nothing on it speaks of the networks,
// classes and posters that come with Marquee.

import { AxeBuilder } from "@axe-core/playwright";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, labels, networks, predict, some, test } from "./support.mjs";

const { MARQUEE_OWN_SITE, MARQUEE_OWN_PARTS } = process.env;
test.use({ baseURL: MARQUEE_OWN_SITE, choice: "", contextOptions: { reducedMotion: "reduce" } });

const shelves = { Western: "서부극", Documentary: "다큐멘터리", "For Kids": "어린이" };
const weights = path.join(MARQUEE_OWN_PARTS ?? "", "weights/shelves.safetensors");

/** What the site that comes with Marquee says, and others must not: its classes, its networks, its words. */
const traces = () => {
  const texts = (file) => {
    const toml = readFileSync(path.resolve(import.meta.dirname, "../..", file), "utf8");
    return Array.from(toml.matchAll(/"((?:[^"\\]|\\.){4,})"/g), ([, words]) => words.replaceAll("\\", ""));
  };
  // What is true of any network stands on every site.
  const neutral = texts("xtask/src/site/neutral.toml");
  const words = texts("site/site.toml").filter((words) => !neutral.includes(words));
  // The own network has PosterNet's layers.
  const others = networks.filter(({ name }) => name !== "posternet").flatMap(({ name, title }) => [name, title]);
  return [...words, ...others, "genre", "장르", "six kinds", "six classes", "여섯", "6가지"];
};

const found = (text) => [
  ...traces().filter((trace) => text.toLowerCase().includes(trace.toLowerCase())),
  // These may be parts of other words.
  ...labels().filter((label) => new RegExp(`\\b${label}\\b`).test(text)),
];

for (const [locale, name] of [["en-US", (label) => label], ["ko-KR", (label) => shelves[label]]]) {
  test.describe(locale, () => {
    test.use({ locale });

    test("an own site answers with its own network, and has no trace of another", async ({ visit, page }) => {
      await visit.open();
      await visit.lazyApp();
      await expect(visit.by("about").locator("li").first()).toBeVisible();
      await expect(visit.by("about-network")).toHaveCount(1);
      await expect(page.getByText("Shelves", { exact: true })).toBeVisible();
      await expect(page).toHaveTitle(locale === "en-US" ? "Which shelf?" : "어느 서가일까요?");
      await expect(visit.by("sample")).toHaveCount(3);
      const empty = await page.content();

      const [expected] = predict([some("jpg")], "", weights);
      await visit.upload(some("jpg"));
      await visit.answers(expected, "cpu");
      await expect(visit.by("winner")).toHaveText(name(expected.label).replaceAll(" ", ""));
      await expect(visit.by("class-row").first()).toContainText(name("Western"));
      await expect(visit.by("screen")).toHaveCount(1);
      for (const details of await page.locator("details").all()) {
        await details.evaluate((it) => (it.open = true));
      }
      await expect(visit.by("no-figures")).toBeVisible();
      await expect(visit.by("no-card")).toBeVisible();
      // Titles, meta tags, what screen readers hear, and all that can be seen.
      expect(found(empty)).toEqual([]);
      expect(found(await page.content())).toEqual([]);

      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`)).toEqual([]);
    });

    test("the iframe of an own site calls the classes as the page does", async ({ visit, page }) => {
      await page.goto("./embed.html");
      await page.locator("#pick").setInputFiles(some("jpg"));
      await expect(page.locator("#classes li span:first-child")).toHaveText(Object.keys(shelves).map(name));
      expect(found(await page.content())).toEqual([]);
    });
  });
}

test("the files that a host serves have no trace either", async () => {
  const site = path.resolve(MARQUEE_OWN_PARTS, "site");
  const files = readdirSync(site, { recursive: true }).filter((file) => /\.(html|json|webmanifest|css|js|md|ts)$/.test(file));
  expect(files).toContain("manifest.webmanifest");
  expect(files).toContain("about.json");
  // What any network may answer has the same name in every site's marquee.js.
  const names = /\b(genres|genreProbabilities)\b/g;
  const traced = files.map((file) => [file, found(readFileSync(path.join(site, file), "utf8").replaceAll(names, ""))]);
  expect(traced.filter(([, traces]) => traces.length > 0)).toEqual([]);
  expect(readdirSync(path.join(site, "samples")).sort()).toEqual(["documentary.jpg", "for-kids.jpg", "western.jpg"]);
  expect(readdirSync(path.join(site, "icons"))).not.toContain("share.jpg");
});

test("marquee.js answers with the own network", async ({ visit, page, baseURL }) => {
  await visit.open();
  const bytes = readFileSync(some("jpg")).toString("base64");
  const answer = await page.evaluate(
    async ([module, bytes]) => {
      const marquee = await (await import(module)).load();
      const answer = await marquee.classify(new Blob([Uint8Array.from(atob(bytes), (it) => it.charCodeAt(0))]));
      return { ...answer, labels: marquee.labels };
    },
    [`${baseURL}marquee.js`, bytes],
  );
  const [{ label, probabilities }] = predict([some("jpg")], "", weights);
  expect(answer.labels).toEqual(Object.keys(shelves));
  expect(answer.label).toBe(label);
  expect(Math.abs(answer.probability - probabilities[label])).toBeLessThan(1e-3);
  expect(found(JSON.stringify(answer))).toEqual([]);
});

test("a site's own colours are on the sign", async ({ visit, page }) => {
  await visit.open();
  const colour = await page.locator(".button").evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(colour).toBe("rgb(18, 58, 92)");
});
