// Teach: classes of the visitor's own, from a folder of posters to a file and a link that are a classifier.

import { AxeBuilder } from "@axe-core/playwright";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { draw } from "../posters.mjs";
import { sameLogits } from "./logits.mjs";
import { elsewhere, expect, given, predict, test } from "./support.mjs";
import { copied, grid, kept, learned, open, shelves, taught } from "./teaching.mjs";

test.use({ choice: null });

/** Clicks a button that saves a file, and returns where the file is then. */
const saved = async (visit, button, testInfo) => {
  const download = visit.page.waitForEvent("download");
  await visit.by(button).click();
  const file = await download;
  const place = testInfo.outputPath(button, file.suggestedFilename());
  await file.saveAs(place);
  return place;
};

/** The file that `marquee onnx` writes of a network. */
const natively = (model, options, testInfo) => {
  const out = testInfo.outputPath(`natively${options.join("")}.onnx`);
  const { status, stderr } = spawnSync(given("MARQUEE_BIN"), ["onnx", ...options, "--model", model, "--out", out]);
  expect(status, String(stderr)).toBe(0);
  return out;
};

const sameBytes = (one, other) => expect(readFileSync(one).equals(readFileSync(other)), one).toBe(true);

/** Waits until the page answers a poster as the file does natively, to the last digit that is shown. */
const answersLike = async (visit, file, model) => {
  const [expected] = predict([file], undefined, model);
  await visit.upload(file);
  await visit.answers(expected, "cpu");
  const share = Math.round(100 * expected.probabilities[expected.label]);
  const shown = visit.page.locator(".winner .percent");
  if (share < 99) await expect(shown).toHaveText(`${share}%`);
};

test.describe("the whole story", () => {
  // A poster and the class that it is dragged to have to be in view together.
  test.use({ serviceWorkers: "allow", viewport: { width: 1280, height: 1800 } });

  test("a tree is taught, passed on as a file and a link, and opened again offline", async ({
    visit,
    browser,
    context,
  }, testInfo) => {
    await open(visit);
    const { root, dark, bright, between } = await shelves(visit, testInfo);
    const all = dark.length + bright.length;
    await taught(visit, { root, dark, bright });

    // The score is honest, and its matrix leads to the posters.
    await expect(visit.by("own-class")).toHaveCount(2);
    await expect(visit.by("own-class").first()).toHaveAttribute("data-ticked", String(bright.length));
    const accuracy = Number(await visit.by("own-accuracy").getAttribute("data-value"));
    expect(accuracy).toBeGreaterThan(0.7);
    await expect(visit.by("own-accuracy")).toContainText(/% to \d/);
    const cell = visit.page.locator("[data-cell='0-0']");
    const right = Number(await cell.innerText());
    await cell.click();
    await grid(visit, right);
    await visit.page.locator("[data-show=all]").click();

    // More posters join the rest, and get an answer; the visitor agrees with one by a key.
    await expect(visit.by("teach-posters").locator("..")).toBeVisible();
    await visit.by("teach-posters").setInputFiles(between);
    await grid(visit, all + between.length);
    const asked = visit.page.locator(`[data-file='${path.basename(between[0])}']`);
    await expect(asked).toHaveAttribute("data-label", /dark|bright/);
    await asked.focus();
    await visit.page.keyboard.press("y");
    await learned(visit, all + 1);
    // and drags another onto a class
    await visit.page
      .locator(`[data-file='${path.basename(between[1])}']`)
      .dragTo(visit.by("own-class").last());
    await learned(visit, all + 2);

    // As a file and as a link.
    await visit.by("teach-name").fill("Our shelves");
    await visit.by("teach-name").press("Enter");
    const model = await saved(visit, "teach-save-safetensors", testInfo);
    expect(path.basename(model)).toBe("Our shelves.safetensors");
    // The page writes the very bytes that the command does.
    const onnx = await saved(visit, "teach-save-onnx", testInfo);
    expect(path.basename(onnx)).toBe("Our shelves.onnx");
    sameBytes(onnx, natively(model, [], testInfo));
    const raw = await saved(visit, "teach-save-raw-onnx", testInfo);
    expect(path.basename(raw)).toBe("Our shelves-raw.onnx");
    sameBytes(raw, natively(model, ["--raw"], testInfo));
    const folder = testInfo.outputPath("logits");
    await sameLogits(visit.page, { network: model, onnx, posters: between, folder });
    const link = await copied(visit);
    await visit.by("teach-qr-button").click();
    await expect(visit.by("share-qr")).toBeVisible();

    // It answers on the sign.
    await visit.by("teach-answer").click();
    await expect(visit.by("teach-answers")).not.toBeEmpty();
    await kept(visit);
    await visit.by("festival-close").click();
    await visit.choose("cpu");
    await answersLike(visit, between[2], model);
    await expect(visit.by("screen").and(visit.page.locator("[data-network^=own-]"))).toContainText("Our shelves");

    // Offline all of it is still there.
    await visit.keptOffline();
    await context.setOffline(true);
    await visit.page.reload();
    await answersLike(visit, between[3], model);
    await expect(visit.by("own-classifier-name")).toHaveValue("Our shelves");
    sameBytes(await saved(visit, "own-save-onnx", testInfo), onnx);
    await visit.by("own-open").click();
    await learned(visit, all + 2);
    await grid(visit, all + between.length);
    await expect(visit.page.locator("[data-show=ticked]")).toHaveAttribute("data-count", String(all + 2));
    await context.setOffline(false);

    // Whoever opens the link has the same classifier.
    await elsewhere(browser, async (other) => {
      await other.page.goto(link);
      await expect(other.by("opened-classifier")).toHaveAttribute("data-state", "answers");
      await expect(other.by("opened-classifier")).toContainText("Our shelves");
      await expect(other.by("opened-classifier")).toContainText(/\d% \(\d+% to \d+%\) of/);
      await other.choose("cpu");
      await answersLike(other, between[2], model);
    });
    // And so has whoever drops the file.
    await elsewhere(browser, async (other) => {
      await open(other);
      await other.hand("drop", model);
      await expect(other.by("opened-classifier")).toHaveAttribute("data-state", "answers");
      await other.choose("cpu");
      await answersLike(other, between[3], model);
    });
  });
});

test("classes are made by hand, renamed, removed, and the festival goes back", async ({ visit }, testInfo) => {
  await open(visit);
  const { page } = visit;
  const files = await draw(page, testInfo.outputPath("posters"), 12);
  await visit.by("pick").setInputFiles(files);
  await expect(visit.by("festival-progress")).toHaveAttribute("data-working", "false");
  const before = await visit.by("festival-cell").first().getAttribute("data-label");
  await visit.by("teach").click();
  await expect(visit.by("own-class")).toHaveCount(2);
  await expect(visit.by("own-no-score")).not.toBeEmpty();
  await expect(visit.by("teach-save-safetensors")).toHaveCount(0);

  const name = (at) => visit.by("own-class").nth(at).getByRole("textbox", { name: /^Name/ });
  await name(0).fill("western");
  await name(0).press("Enter");
  await name(1).fill("western");
  await name(1).press("Enter");
  await expect(visit.by("teach-status")).toContainText("name of its own");
  await name(1).fill("kids");
  await name(1).press("Enter");
  await visit.by("teach-add").click();
  await expect(visit.by("own-class")).toHaveCount(3);

  for (const [place, key] of [[0, "1"], [1, "2"], [2, "3"], [3, "1"]]) {
    await page.locator(`[data-place='${place}']`).focus();
    await page.keyboard.press(key);
  }
  await learned(visit, 4);
  // Too few for a score, and it says so.
  await expect(visit.by("own-no-score")).toContainText("5 different posters");
  await expect(visit.by("festival-cell").nth(5)).toHaveAttribute("data-label", /western|kids|Class 3/);

  // Its two ticks would be lost, so it asks, but not of whoever goes on to something else.
  const remove = (at) => visit.by("teach-remove").nth(at);
  await remove(0).click();
  await expect(remove(0)).toHaveText("Remove its ticks?");
  await name(1).focus();
  await expect(remove(0)).toHaveText("×");
  await remove(0).click();
  await remove(0).click();
  await learned(visit, 2);
  await expect(visit.by("own-class")).toHaveCount(2);
  await expect(visit.by("teach-add")).toBeFocused();
  await expect(page.locator("[data-show=kids]")).toHaveCount(1);
  // A new class has a name and a colour that no other one has; without ticks it goes at once.
  await visit.by("teach-add").click();
  const names = await visit.by("own-class").getByRole("textbox", { name: /^Name/ }).evaluateAll((all) => all.map((it) => it.value));
  expect(names).toEqual(["kids", "Class 3", "Class 4"]);
  const colours = await visit.by("own-class").locator("[type=color]").evaluateAll((all) => all.map((it) => it.value));
  expect(new Set(colours).size).toBe(3);
  await remove(2).click();
  await expect(visit.by("own-class")).toHaveCount(2);

  await kept(visit);
  await visit.by("teach-end").click();
  await expect(visit.by("festival-cell").first()).toHaveAttribute("data-label", before);
  await visit.by("festival-close").click();
  await expect(visit.by("own-classifier")).toHaveCount(1);
  await visit.by("own-delete").click();
  await expect(visit.by("own-delete")).toHaveText("Really delete it?");
  await visit.by("own-delete").click();
  await expect(visit.by("own-classifier")).toHaveCount(0);
});

test("files that are dropped on a class are of that class", async ({ visit }, testInfo) => {
  await open(visit);
  const { page } = visit;
  const files = await draw(page, testInfo.outputPath("posters"), 6);
  await visit.by("pick").setInputFiles(files.slice(0, 2));
  await visit.by("teach").click();
  await expect(visit.by("own-class")).toHaveCount(2);
  const drop = (at, posters) =>
    visit.by("own-class").nth(at).evaluate((element, posters) => {
      const dataTransfer = new DataTransfer();
      for (const [name, content] of posters) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
      }
      element.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, posters.map((file) => [path.basename(file), readFileSync(file, "base64")]));
  await drop(0, files.slice(2, 5));
  await grid(visit, 5);
  // One alone does not leave the grid, either.
  await drop(1, files.slice(5));
  await grid(visit, 6);
  await learned(visit, 4);
  for (const [at, count] of [[0, "3"], [1, "1"]]) {
    await expect(visit.by("own-class").nth(at)).toHaveAttribute("data-ticked", count);
  }
});

test("only folders of posters become classes, and not too many", async ({ visit }, testInfo) => {
  await open(visit);
  const { root, dark, bright, between } = await shelves(visit, testInfo);
  copyFileSync(between[0], path.join(root, "cover.jpg"));
  mkdirSync(path.join(root, "notes"));
  writeFileSync(path.join(root, "notes", "read.me"), "no poster");
  await taught(visit, { root, dark, bright });
  await expect(visit.by("own-class")).toHaveCount(2);
  await visit.by("festival-close").click();
  const many = testInfo.outputPath("many");
  for (let at = 0; at < 21; at++) {
    mkdirSync(path.join(many, `shelf ${at}`), { recursive: true });
    copyFileSync(dark[0], path.join(many, `shelf ${at}`, "a.jpg"));
  }
  await visit.by("folder").setInputFiles(many);
  await expect(visit.by("teach-invitation")).toContainText("21 folders");
});

test("what is no classifier gets a sentence, also where many posters are on show", async ({ visit }, testInfo) => {
  await open(visit);
  const file = testInfo.outputPath("broken.safetensors");
  copyFileSync(path.join(import.meta.dirname, "teach.spec.mjs"), file);
  await visit.by("pick").setInputFiles(await draw(visit.page, testInfo.outputPath("posters"), 2));
  await expect(visit.by("festival")).toBeVisible();
  await visit.by("own-file").setInputFiles(file);
  await expect(visit.by("opened-classifier")).toHaveAttribute("data-state", "no-classifier");
  await expect(visit.by("opened-classifier")).toBeVisible();
});

test("what is no classifier gets a sentence", async ({ visit }, testInfo) => {
  await open(visit);
  const file = testInfo.outputPath("broken.safetensors");
  copyFileSync(path.join(import.meta.dirname, "teach.spec.mjs"), file);
  await visit.by("own-file").setInputFiles(file);
  await expect(visit.by("opened-classifier")).toHaveAttribute("data-state", "no-classifier");
  await visit.page.goto("./#c2.abc");
  await expect(visit.by("opened-classifier")).toHaveAttribute("data-state", "newer");
  await visit.page.goto("./#c1.abc");
  await expect(visit.by("opened-classifier")).toHaveAttribute("data-state", "damaged");
});

for (const [colorScheme, locale, width] of [["light", "en-US", 1280], ["dark", "ko-KR", 390]]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, locale, viewport: { width, height: 900 }, contextOptions: { reducedMotion: "reduce" } });
    test("teaching has no barrier that axe knows", async ({ visit }, testInfo) => {
      await open(visit);
      const { root, dark, bright } = await shelves(visit, testInfo);
      await visit.by("folder").setInputFiles(root);
      await expect(visit.by("festival-progress")).toHaveAttribute("data-working", "false");
      await visit.by("teach").click();
      await learned(visit, dark.length + bright.length);
      await expect(visit.by("matrix")).toBeVisible();
      await kept(visit);
      const figures = visit.page.locator(".evaluation .figures dd");
      await expect(figures).toHaveCount(2);
      const edges = await figures.evaluateAll((all) => all.map((it) => it.getBoundingClientRect().right));
      expect(Math.max(...edges), "the score's figures end within the page").toBeLessThanOrEqual(width);
      const { violations } = await new AxeBuilder({ page: visit.page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`)).toEqual([]);
    });
  });
}
