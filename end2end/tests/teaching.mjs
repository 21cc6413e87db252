// What the tests of own classes share.

import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { draw } from "../posters.mjs";
import { expect } from "./support.mjs";

/** Dark and bright posters in a folder each, and some that lie between. */
export const shelves = async (visit, testInfo) => {
  const files = await draw(visit.page, testInfo.outputPath("posters"), 24);
  // as dark as `draw` makes them
  const of = (...shades) => files.filter((_, at) => shades.includes(at % 5));
  const [dark, bright, between] = [of(0, 1), of(3, 4), of(2)];
  const root = testInfo.outputPath("shelves");
  for (const [name, posters] of [["dark", dark], ["bright", bright]]) {
    mkdirSync(path.join(root, name), { recursive: true });
    for (const file of posters) copyFileSync(file, path.join(root, name, path.basename(file)));
  }
  return { root, dark, bright, between };
};

export const open = async (visit) => {
  await visit.open();
  await visit.lazyApp();
};

/** Brings a folder, and teaches its folders. */
export const taught = async (visit, { root, dark, bright }) => {
  await visit.by("folder").setInputFiles(root);
  await expect(visit.by("festival-progress")).toHaveAttribute("data-working", "false");
  await expect(visit.by("teach")).toContainText("bright, dark");
  await visit.by("teach").click();
  await learned(visit, dark.length + bright.length);
};

/** Waits until it has learned from so many posters. */
export const learned = (visit, posters) =>
  expect(visit.by("teach-status")).toHaveAttribute("data-posters", String(posters));

export const kept = (visit) => expect(visit.by("teach-kept")).toHaveAttribute("data-kept", "true");

export const grid = (visit, count) =>
  expect(visit.by("festival-grid")).toHaveAttribute("data-count", String(count));

/** The classifier's link. */
export const copied = async (visit) => {
  await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit.by("teach-copy").click();
  await expect(visit.by("teach-news")).not.toBeEmpty();
  return visit.page.evaluate(() => navigator.clipboard.readText());
};

/** Ticks a poster of the grid by a number key. */
export const tick = async (visit, file, key) => {
  await visit.page.locator(`[data-file='${path.basename(file)}']`).focus();
  await visit.page.keyboard.press(key);
};

/** What answers a poster that is shown now: the name of its weights' file. */
export const answersBy = async (visit, file, network) => {
  await visit.upload(file);
  await expect(visit.by("engine")).toHaveAttribute("data-network", network);
  await expect(visit.by("winner")).toHaveAttribute("data-label", /^(dark|bright)$/);
};
