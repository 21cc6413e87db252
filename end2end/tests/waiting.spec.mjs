// What never arrives is said after some seconds, with what to do, and the rest goes on without it. The page's clock is
// put forward, so that nobody waits.

import { host } from "./host.mjs";
import { expect, networks, posters, predict, some, test } from "./support.mjs";

/** How long a host may be silent, in milliseconds: SILENCE and PATIENCE of www/worker-client.js, and some more. */
const SILENCE = 20_500;
const PATIENCE = 120_500;

const [first, second] = networks.map(({ file }) => `weights/${file}`);

/** Opens the page of a host that never sends the files that fit. */
const open = async (page, file) => {
  const hosted = await host((name, whole) => (file.test(name) ? undefined : whole));
  await page.clock.install();
  await page.goto(hosted.url);
  const asked = () => hosted.asked.filter((name) => file.test(name)).length;
  hosted.hears = (times) => expect.poll(asked, `${file} is asked for`).toBeGreaterThanOrEqual(times);
  return hosted;
};

const trouble = (page) => page.locator("#trouble");

test("a list of networks that never arrives is asked for twice, and the page says so", async ({ visit, page }) => {
  const { hears, close } = await open(page, /^weights\/index\.json$/);
  await hears(1);
  await page.clock.fastForward(SILENCE);
  await expect(trouble(page)).toContainText("weights/index.json is taking long to arrive");
  await hears(2);
  await page.clock.fastForward(SILENCE);
  await expect(trouble(page)).toContainText("weights/index.json does not arrive");
  await expect(trouble(page)).not.toContainText("taking long");
  await expect(page.locator("#shell")).toHaveCount(0);
  await expect(visit.by("error")).toContainText("could not be loaded");
  close();
});

test("weights that never arrive leave the answer to another network", async ({ visit, page }) => {
  const { hears, close } = await open(page, new RegExp(`^${first}$`));
  const file = some("jpg");
  await hears(1);
  await visit.upload(file);
  await page.clock.fastForward(SILENCE);
  await expect(trouble(page)).toContainText(`${first} is taking long to arrive`);
  await hears(2);
  await page.clock.fastForward(SILENCE);
  await expect(trouble(page)).toContainText(`${first} does not arrive`);
  await visit.answers(predict([file], networks[1].name)[0], "cpu");
  close();
});

test("weights that come at the second try are used, and nothing is said any more", async ({ visit, page }) => {
  const hosted = await open(page, new RegExp(`^${first}$`));
  const file = some("jpg");
  await hosted.hears(1);
  await visit.upload(file);
  hosted.change = (_, whole) => whole;
  await page.clock.fastForward(SILENCE);
  await visit.answers(predict([file])[0], "cpu");
  await expect(trouble(page)).toBeHidden();
  hosted.close();
});

test("a worker that never starts is started again, and then given up", async ({ visit, page }) => {
  const { hears, close } = await open(page, /^cpu-worker(-relaxed)?\.js$/);
  await hears(1);
  await page.clock.fastForward(SILENCE);
  await expect(trouble(page)).toContainText(/cpu-worker(-relaxed)?_bg\.wasm is taking long to arrive/);
  await page.clock.fastForward(PATIENCE);
  await hears(2);
  await page.clock.fastForward(SILENCE);
  await page.clock.fastForward(PATIENCE);
  await expect(visit.by("error")).toContainText("could not be loaded");
  close();
});

test("a network that never arrives for the list of screens leaves the others in peace", async ({ visit, page }) => {
  const { close } = await open(page, new RegExp(`^${second}$`));
  await visit.upload(some("jpg"));
  const screens = visit.by("screens").locator("[data-label]");
  await expect(screens).toHaveCount(networks.length - 1);
  // Workers have a clock of their own.
  await expect(trouble(page)).toContainText(`${second} does not arrive`);
  await expect(screens).toHaveCount(networks.length - 1);
  close();
});

test.describe("without the list of networks", () => {
  const without = async (visit, hash = "") => {
    const hosted = await host((name, whole) => (name === "weights/index.json" ? { ...whole, status: 503 } : whole));
    await visit.page.goto(`${hosted.url}${hash}`);
    await visit.lazyApp();
    await expect(trouble(visit.page)).toContainText("answers 503 in place of weights/index.json");
    return hosted;
  };

  test("a festival ends with a reason for each file", async ({ visit }) => {
    const { close } = await without(visit);
    const files = posters().map(({ path }) => path);
    await visit.upload(files);
    await expect(visit.by("festival-progress")).toHaveAttribute("data-working", "false");
    await expect(visit.by("festival-refused")).toContainText(`${files.length} files without a network to read them`);
    close();
  });

  test("a link says that it can't be opened now, and opens once the list is there", async ({ visit }) => {
    await visit.open();
    await visit.upload(some("jpg"));
    await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await visit.by("share-copy").click();
    await expect(visit.by("share-news")).not.toBeEmpty();
    const link = await visit.page.evaluate(() => navigator.clipboard.readText());
    const hosted = await without(visit, link.slice(link.indexOf("#")));
    await expect(visit.by("opened-link")).toHaveText(/can't be opened now/);
    hosted.change = (_, whole) => whole;
    await trouble(visit.page).getByRole("button").click();
    await expect(visit.by("opened-link")).toHaveAttribute("data-state", "same");
    hosted.close();
  });
});
