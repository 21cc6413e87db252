// The page says what it is, how good its networks are and what they can't do.

import { readFileSync } from "node:fs";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, networks, test } from "./support.mjs";

const weights = path.resolve(import.meta.dirname, "../../models/weights");
const summary = (name) => JSON.parse(readFileSync(path.join(weights, `${name}.json`), "utf8"));

const about = (visit, name) => visit.page.locator(`[data-testid=about-network][data-network=${name}]`);

const open = async (visit, name) => {
  await about(visit, name).locator("summary").first().click();
  return about(visit, name);
};

const TMDB = "This product uses the TMDB API but is not endorsed or certified by TMDB.";

test("each network's figures and matrix are those that were measured", async ({ visit }) => {
  await visit.open();
  await expect(visit.by("about-network")).toHaveCount(networks.length);
  for (const { name } of networks) {
    const measured = summary(name);
    const network = await open(visit, name);
    const digits = (share) => share.toFixed(3);
    const { low, high } = measured.macro_f1_interval;
    const macroF1 = `${digits(measured.macro_f1)} (${digits(low)} to ${digits(high)})`;
    await expect(network.getByTestId("figures")).toContainText(macroF1);
    const films = measured.films.toLocaleString("en-US");
    await expect(network).toContainText(`On ${films} films that it was not trained on.`);
    const cells = network.getByTestId("matrix").locator("td");
    await expect(cells).toHaveText(measured.confusion.flat().map((films) => films.toLocaleString("en-US")));
    for (const [at, label] of measured.labels.entries()) {
      const { precision, recall, f1 } = measured.classes[label];
      const row = network.locator(".by-class:not([data-testid]) tbody tr").nth(at);
      await expect(row).toContainText([precision, recall, f1].map(digits).join(""));
    }
    const such = (measured.such_genres ?? []).map(({ of_called, of_all }) =>
      [of_called, of_all].map((share) => `${Math.round(100 * share)}%`).join(""));
    await expect(network.getByTestId("such-genres").locator("tbody tr")).toContainText(such);
    await expect(network.getByTestId("figures").locator("dt")).toHaveCount(measured.genres ? 5 : 3);
  }
});

test("the fuller a cell is of its class's films, the more it is shaded", async ({ visit }) => {
  await visit.open();
  const network = await open(visit, "cnn32");
  const { confusion } = summary("cnn32");
  const shares = confusion.flatMap((row) => row.map((films) => films / row.reduce((a, b) => a + b)));
  const cells = network.getByTestId("matrix").locator("td");
  await expect(cells).toHaveCount(shares.length);
  const shades = await cells.evaluateAll((all) =>
    all.map((cell) => Number(/[\d.]+(?=\)$)/.exec(getComputedStyle(cell).backgroundColor)[0])),
  );
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) => shares.indexOf(share));
  expect(shades[most]).toBeGreaterThan(shades[least] + 0.1);
});

test("nothing of it is loaded before it is opened, and a card is shown whole", async ({ visit }) => {
  const asked = [];
  visit.page.on("request", (request) => asked.push(request.url().split("/").at(-1)));
  const refused = [];
  visit.page.on("console", (message) => message.type() === "error" && refused.push(message.text()));
  await visit.open();
  await expect(visit.by("about-network")).not.toHaveCount(0);
  expect(asked.filter((file) => /^(cnn|deep|poster).*\.(json|md)$/.test(file))).toEqual([]);

  const network = await open(visit, "posternet");
  await expect(network.getByTestId("matrix")).toBeVisible();
  expect(asked).toContain("posternet.json");
  expect(asked).not.toContain("posternet.md");
  await network.getByTestId("whole-card").locator("summary").click();
  const card = network.getByTestId("model-card");
  await expect(card.getByRole("heading", { name: "What it must not be used for" })).toBeVisible();
  await expect(card.locator("h1, h2")).toHaveCount(0);
  await expect(card).toHaveAttribute("lang", "en");
  const [, precision] = /^\| Thriller \| ([\d.]+) /m.exec(readFileSync(path.join(weights, "posternet.md"), "utf8"));
  await expect(card.getByRole("row", { name: /^Thriller/ })).toContainText(precision);
  await expect(card).not.toContainText("license_name");
  await expect(card).toContainText(TMDB);
  // Such as an inline style, which the page's policy forbids.
  expect(refused).toEqual([]);
});

test("a card can bring no elements of its own onto the page", async ({ visit, context }) => {
  await context.route("**/cnn32.md", (route) =>
    route.fulfill({ body: "---\na: b\n---\n# Mine\n\n<img src=x onerror=alert(1)>\n\nA <form>word.\n" }),
  );
  await visit.open();
  const network = await open(visit, "cnn32");
  await network.getByTestId("whole-card").locator("summary").click();
  await expect(network.getByTestId("model-card")).toHaveText(/^\s*Mine\s+A word\.\s*$/);
  await expect(network.getByTestId("model-card").locator("img, form")).toHaveCount(0);
});

test("a network without figures or card says so, and the page goes on", async ({ visit, context }) => {
  // Some hosts answer a page of their own for what they don't have.
  await context.route("**/cnn32.json", (route) => route.fulfill({ body: "<!doctype html>", status: 200 }));
  await context.route("**/cnn32.md", (route) => route.fulfill({ body: "none", status: 404 }));
  await visit.open();
  const network = await open(visit, "cnn32");
  await expect(network.getByTestId("no-figures")).toBeVisible();
  await network.getByTestId("whole-card").locator("summary").click();
  await expect(network.getByTestId("no-card")).toBeVisible();
  await expect((await open(visit, "posternet")).getByTestId("matrix")).toBeVisible();
});

test("a link to it comes to it", async ({ visit }) => {
  await visit.page.goto("./#about");
  await expect(visit.by("about").getByRole("heading").first()).toBeInViewport();
});

for (const [locale, hangul] of [["en-US", false], ["ko-KR", true]]) {
  test.describe(locale, () => {
    test.use({ locale, contextOptions: { reducedMotion: "reduce" } });

    test("it says whose data it is in English, and the rest in the visitor's language", async ({ visit, page }) => {
      await visit.open();
      const sentence = visit.by("about").locator("p [lang=en]");
      await expect(sentence).toHaveText(TMDB);
      const headings = visit.by("about").locator("> div > h3");
      await expect(headings).toHaveCount(5);
      for (const words of await headings.allTextContents()) expect(/[\uac00-\ud7a3]/.test(words)).toBe(hangul);
      const network = await open(visit, "posternet");
      await network.getByTestId("whole-card").locator("summary").click();
      await expect(network.getByTestId("model-card")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).include("#about").analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`)).toEqual([]);
    });
  });
}
