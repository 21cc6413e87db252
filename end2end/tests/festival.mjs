// What the tests of the festival share.

import { readFileSync, writeFileSync } from "node:fs";
import { draw } from "../posters.mjs";
import { expect, test } from "./support.mjs";

/** The festival as a visitor uses it. */
class Festival {
  constructor(visit, testInfo) {
    this.visit = visit;
    this.page = visit.page;
    this.testInfo = testInfo;
  }

  by(id) {
    return this.page.getByTestId(id);
  }

  async open() {
    await this.visit.open();
    // Until the lazy app is there, only the first of several files is read.
    await this.visit.lazyApp();
  }

  draw(count) {
    return draw(this.page, this.testInfo.outputPath("posters"), count);
  }

  async bring(files) {
    await this.by("pick").setInputFiles(files);
    await expect(this.by("festival")).toBeVisible();
  }

  async done() {
    await expect(this.by("festival-progress")).toHaveAttribute("data-working", "false");
  }

  chip(name) {
    return this.page.locator(`[data-testid=festival-show][data-show="${name}"]`);
  }

  async count(name) {
    return Number(await this.chip(name).getAttribute("data-count"));
  }

  async show(name) {
    await this.chip(name).click();
    await expect(this.by("festival-grid")).toHaveAttribute("data-count", String(await this.count(name)));
  }

  /** The cells in the document. */
  cells() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll("[data-testid=festival-cell]")].map((cell) => ({
        file: cell.dataset.file,
        label: cell.dataset.label,
        percent: parseInt(cell.querySelector(".percent").textContent.replace(/[<>]/, "")),
        unsure: cell.classList.contains("unsure"),
      })),
    );
  }

  async saved(name) {
    const download = this.page.waitForEvent("download");
    await this.by(name).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(name);
    return readFileSync(await file.path(), "utf8");
  }
}

/** The test function, with a festival that is still closed. */
export const festive = test.extend({
  festival: async ({ visit }, use, testInfo) => {
    const festival = new Festival(visit, testInfo);
    await festival.open();
    await use(festival);
  },
});

/** Reads CSV by RFC 4180. */
export const table = (text) => {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const row = rows.at(-1);
    if (quoted && text[at] === '"' && text[at + 1] === '"') row[row.length - 1] += text[++at];
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && text[at] === ",") row.push("");
    else if (!quoted && text.startsWith("\r\n", at)) {
      rows.push([""]);
      at++;
    } else row[row.length - 1] += text[at];
  }
  expect(rows.pop(), "the last line ends, too").toEqual([""]);
  const [head, ...body] = rows;
  return body.map((row) => {
    expect(row).toHaveLength(head.length);
    return Object.fromEntries(head.map((name, at) => [name, row[at]]));
  });
};

/** Two files that are no pictures. */
export const broken = (testInfo) => {
  const file = testInfo.outputPath("broken, \"really\".jpg");
  writeFileSync(file, "no picture");
  const text = testInfo.outputPath("notes.txt");
  writeFileSync(text, "no picture either");
  return [file, text];
};
