// What becomes of classifiers of own classes: they answer, are kept, changed and deleted, and come in by links.

import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { draw } from "../posters.mjs";
import { best, elsewhere, expect, test } from "./support.mjs";
import { answersBy, copied, grid, kept, learned, open, shelves, taught, tick } from "./teaching.mjs";

// High enough for the whole grid.
test.use({ choice: null, viewport: { width: 1280, height: 1800 } });

const kepts = (visit, count) => expect(visit.by("own-classifier")).toHaveCount(count);

/** Has the page answer by what was taught. */
const answered = async (visit) => {
  await visit.by("teach-answer").click();
  await expect(visit.by("teach-answers")).not.toBeEmpty();
};

test("a classifier that answers still does when it has learned more", async ({ visit }, testInfo) => {
  await open(visit);
  const { root, dark, bright, between } = await shelves(visit, testInfo);
  const all = dark.length + bright.length;
  await taught(visit, { root, dark, bright });
  await kept(visit);
  await answered(visit);
  await visit.by("pick").setInputFiles(between);
  await grid(visit, all + between.length);
  await tick(visit, between[0], "1");
  await learned(visit, all + 1);
  // The poster that is opened is answered by the newest one, and so is the next one that is brought.
  await visit.page.locator(`[data-file='${path.basename(between[1])}'] .picture`).click();
  await expect(visit.by("engine")).toHaveAttribute("data-network", /^own-1\./);
  await answersBy(visit, between[2], /^own-1\./);
  await expect(visit.page.locator("[data-network^=own-] input")).toBeChecked();
});

test("what was taught is kept whole, however soon the festival is closed", async ({ visit }, testInfo) => {
  await open(visit);
  const count = 96;
  const root = testInfo.outputPath("shelves");
  for (const [at, file] of (await draw(visit.page, testInfo.outputPath("posters"), count)).entries()) {
    const folder = path.join(root, at % 5 < 2 ? "dark" : "bright");
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, path.join(folder, path.basename(file)));
  }
  await visit.by("folder").setInputFiles(root);
  await expect(visit.by("festival-progress")).toHaveAttribute("data-working", "false");
  await visit.by("teach").click();
  await learned(visit, count);
  await visit.by("festival-close").click();
  await kepts(visit, 1);
  await visit.by("own-open").click();
  await learned(visit, count);
  await grid(visit, count);
  // What waits to be stored is not called kept.
  await kept(visit);
  const states = await visit.page.evaluateHandle(() => {
    const line = document.querySelector("[data-testid=teach-kept]");
    const states = [];
    new MutationObserver(() => states.push(line.dataset.kept)).observe(line, { attributeFilter: ["data-kept"] });
    return states;
  });
  await visit.page.locator("[data-place='0']").focus();
  await visit.page.keyboard.press("0");
  await learned(visit, count - 1);
  await kept(visit);
  expect((await states.jsonValue())[0], "whether it was kept right after the tick").toBe("false");
});

test("a classifier that is taught can be renamed and deleted in the list", async ({ visit }, testInfo) => {
  await open(visit);
  const { root, dark, bright, between } = await shelves(visit, testInfo);
  const all = dark.length + bright.length;
  await taught(visit, { root, dark, bright });
  await kept(visit);
  const name = visit.by("own-classifier-name");
  await name.fill("  Ours ");
  await name.press("Enter");
  await expect(visit.by("teach-name")).toHaveValue("Ours");
  await tick(visit, dark[0], "1");
  await kept(visit);
  await expect(name).toHaveValue("Ours");
  // One without a name could not be told from others.
  await name.fill(" ");
  await name.press("Enter");
  await expect(name).toHaveValue("Ours");

  // There is a way back from deleting it.
  await visit.by("own-delete").click();
  await expect(visit.by("own-delete")).toHaveText("Really delete it?");
  await visit.by("own-spare").click();
  await expect(visit.by("own-delete")).toHaveText("Delete");
  await expect(visit.by("own-delete")).toBeFocused();
  await visit.by("own-delete").click();
  await visit.by("own-delete").click();
  await kepts(visit, 0);
  await expect(visit.by("teach-kept")).toHaveAttribute("data-kept", "false");
  // The next tick keeps it anew, with all its posters.
  await visit.by("pick").setInputFiles(between);
  await grid(visit, all + between.length);
  await tick(visit, between[0], "1");
  await learned(visit, all + 1);
  await kept(visit);
  await visit.page.reload();
  await kepts(visit, 1);
  await expect(name).toHaveValue("Ours");
  await visit.by("own-open").click();
  await grid(visit, all + between.length);
  await learned(visit, all + 1);
  // It can learn another class later.
  await visit.by("teach-add").click();
  await tick(visit, between[1], "3");
  await learned(visit, all + 2);
  await kept(visit);
  await expect(visit.page.locator(".own-classes li")).toHaveCount(3);
});

test("a link's classifier answers on this visit, and the visitor's own choice on the next", async ({ visit }, testInfo) => {
  await open(visit);
  const { root, dark, bright, between } = await shelves(visit, testInfo);
  await taught(visit, { root, dark, bright });
  await kept(visit);
  await answered(visit);
  const link = await copied(visit);
  const { page } = visit;
  await page.goto("about:blank");
  await page.goto(link);
  await expect(visit.by("opened-classifier")).toHaveAttribute("data-state", "answers");
  await kepts(visit, 1);
  await answersBy(visit, between[0], /^own-brought\./);
  await page.goto("about:blank");
  await page.goto(link.split("#")[0]);
  await expect(visit.page.locator("[data-network^=own-] input")).toBeChecked();
  await answersBy(visit, between[1], /^own-1\./);
});

/** The link with a classifier of another version of the network. */
const ofAnotherVersion = (link) => {
  const [page, fragment] = link.split("#c1.");
  const bytes = Buffer.from(fragment, "base64url");
  // The classifier's name, then the network's, each after its length; then the hash.
  const network = 1 + bytes[0];
  bytes[network + 1 + bytes[network]] ^= 1;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return `${page}#c1.${bytes.toString("base64url")}`;
};

test("a link says why it can't be opened", async ({ visit, browser }, testInfo) => {
  await open(visit);
  await taught(visit, await shelves(visit, testInfo));
  const link = await copied(visit);
  await elsewhere(browser, async (other) => {
    await other.page.goto(ofAnotherVersion(link));
    await expect(other.by("opened-classifier")).toHaveAttribute("data-state", "other-version");
    await expect(other.by("opened-classifier")).toContainText(best.name);
  });
  // A network that can't be loaded is no damage of the link.
  await elsewhere(browser, async (other, context) => {
    await context.route(`**/${best.file}`, (route) => route.fulfill({ status: 404 }));
    await other.page.goto(link);
    await expect(other.by("opened-classifier")).toHaveAttribute("data-state", "not-made");
    await expect(other.by("opened-classifier")).toContainText("Check the connection");
  });
  // Nor is a page that can't be loaded whole a fault of the file.
  await elsewhere(browser, async (other, context) => {
    await context.route("**/networks-worker*", (route) => route.fulfill({ status: 404 }));
    await open(other);
    const buffer = Buffer.from("weights");
    await other.by("own-file").setInputFiles({ name: "ours.safetensors", mimeType: "", buffer });
    await expect(other.by("opened-classifier")).toHaveAttribute("data-state", "not-loaded");
  });
});

test("names that a link has no room for get a sentence", async ({ visit }, testInfo) => {
  await open(visit);
  await taught(visit, await shelves(visit, testInfo));
  await expect(visit.by("teach-copy")).toBeVisible();
  const name = visit.by("own-class").first().getByRole("textbox", { name: /^Name/ });
  // as a folder's name may be
  await name.evaluate((field) => field.removeAttribute("maxlength"));
  await name.fill("서".repeat(90));
  await name.press("Enter");
  await expect(visit.by("teach-copy")).toHaveCount(0);
  await expect(visit.by("teach-no-link")).toContainText("too long");
});

test("a browser that keeps nothing says so, and the rest works", async ({ visit, page }, testInfo) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("Forbidden.", "SecurityError");
    };
  });
  await open(visit);
  const { root, dark, bright, between } = await shelves(visit, testInfo);
  await taught(visit, { root, dark, bright });
  await expect(visit.by("teach-kept")).toContainText("keeps nothing here");
  await answered(visit);
  await expect(visit.by("teach-answers")).not.toContainText("next visit");
  await visit.by("festival-close").click();
  await answersBy(visit, between[0], /^own-unkept\./);
  expect(await page.evaluate(() => localStorage["marquee.network"])).toBe(undefined);
});

test("a browser whose disk is full says that only a part is kept", async ({ visit, page }, testInfo) => {
  await open(visit);
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...row) {
      if (this.name === "posters") throw new DOMException("No room.", "QuotaExceededError");
      return put.apply(this, row);
    };
  });
  await taught(visit, await shelves(visit, testInfo));
  await expect(visit.by("teach-kept")).toContainText("only a part");
  await expect(visit.by("teach-kept")).toHaveAttribute("data-kept", "false");
});

test("the browser is asked to keep what is kept", async ({ visit, page }, testInfo) => {
  await page.addInitScript(() => {
    window.asked = 0;
    navigator.storage.persist = async () => Boolean(++window.asked);
  });
  await open(visit);
  const shelf = await shelves(visit, testInfo);
  expect(await page.evaluate(() => window.asked)).toBe(0);
  await taught(visit, shelf);
  await kept(visit);
  expect(await page.evaluate(() => window.asked)).toBe(1);
});

test("what can't be done with a kept classifier gets a sentence", async ({ visit, page }, testInfo) => {
  await open(visit);
  await taught(visit, await shelves(visit, testInfo));
  await kept(visit);
  await visit.by("festival-close").click();
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = IDBObjectStore.prototype.delete = () => {
      throw new DOMException("No.", "UnknownError");
    };
  });
  const name = visit.by("own-classifier-name");
  const before = await name.inputValue();
  await name.fill("Ours");
  await name.press("Enter");
  await expect(visit.by("own-trouble")).toContainText("new name");
  await expect(name).toHaveValue(before);
  await visit.by("own-delete").click();
  await visit.by("own-delete").click();
  await expect(visit.by("own-trouble")).toContainText("delete");
  await kepts(visit, 1);
  await page.evaluate(() => {
    IDBObjectStore.prototype.getAll = () => {
      throw new DOMException("No.", "UnknownError");
    };
  });
  await visit.by("own-open").click();
  await expect(visit.by("own-trouble")).toContainText("open");
});
