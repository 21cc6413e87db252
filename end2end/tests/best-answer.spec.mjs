// The sign shows the first answer at once, and the best network's as soon as it is there.

import { best, expect, networks, posters, predict, some, test } from "./support.mjs";

// Nobody has chosen a network.
test.use({ choice: null });

const [first] = networks;
const weights = ({ file }) => new RegExp(`/${file.replace(".", "\\.")}$`);

/** Holds what the host serves back; the function that is returned lets it go. */
const holdBack = async (page, address) => {
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.context().route(address, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
};

/** Waits until this network says of the poster what it says natively. */
const answeredBy = async (visit, network, file) => {
  await visit.answers(predict([file], network.name)[0], "cpu");
  await expect(visit.by("engine")).toHaveAttribute("data-network", network.file);
  await expect(visit.by("engine")).toContainText(network.title);
};

const chosen = (visit, { name }) => visit.page.locator(`[data-testid=screen][data-network=${name}]`).getByRole("radio");
const setting = (visit, key) => visit.page.evaluate((key) => localStorage[`marquee.${key}`], key);

/** Two posters: both networks see the same class in one of them, and different ones in the other. */
const alikeAndDifferent = () => {
  const files = posters().map(({ path }) => path);
  const [ones, others] = [first, best].map(({ name }) => predict(files, name).map(({ label }) => label));
  const found = [true, false].map((alike) => files.find((_, at) => (ones[at] === others[at]) === alike));
  expect(found).not.toContain(undefined);
  return found;
};

test("the first network answers at once, and the best one behind it without a click", async ({ visit, page }) => {
  const [, file] = alikeAndDifferent();
  const letGo = await holdBack(page, weights(best));
  await visit.open();
  await visit.upload(file);
  await answeredBy(visit, first, file);
  letGo();
  await answeredBy(visit, best, file);

  // All that speaks of the answer speaks of this one.
  const [{ label }] = predict([file], best.name);
  await visit.lazyApp();
  await expect(chosen(visit, best)).toBeChecked();
  await expect(visit.by("share-small")).toHaveJSProperty("naturalHeight", 240);
  await expect(visit.by("recent-poster")).toHaveCount(1);
  await expect(visit.by("recent-poster")).toHaveAttribute("data-label", label);
  const said = await visit.by("share-answer").innerText();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit.by("share-copy").click();
  await expect(visit.by("share-news")).not.toBeEmpty();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await page.context().newPage();
  await other.goto(link);
  await expect(other.getByTestId("opened-link")).toHaveAttribute("data-state", "same");
  await expect(other.getByTestId("share-answer")).toHaveText(said);
  // It was nobody's choice.
  expect(await setting(visit, "network")).toBe(undefined);
});

test("the sign's letters change only for another class", async ({ visit, page }) => {
  const [alike, different] = alikeAndDifferent();
  for (const [file, stay] of [[alike, true], [different, false]]) {
    const letGo = await holdBack(page, weights(best));
    await visit.open();
    await visit.upload(file);
    await answeredBy(visit, first, file);
    await visit.by("winner").evaluate((below) => {
      const all = { subtree: true, childList: true, characterData: true };
      new MutationObserver(() => (globalThis.changed = true)).observe(below, all);
    });
    letGo();
    await answeredBy(visit, best, file);
    expect(await page.evaluate(() => !globalThis.changed)).toBe(stay);
    await page.evaluate(() => localStorage.removeItem("marquee.best"));
  }
});

test("without a poster the best network is ready for the first one", async ({ visit, page }) => {
  await visit.open();
  await expect.poll(() => setting(visit, "best")).toBe(best.file);
  await page.context().route(weights(first), (route) => route.abort());
  await visit.upload(some("jpg"));
  await answeredBy(visit, best, some("jpg"));
});

test("once its weights are there it answers first", async ({ visit, page }) => {
  await visit.open();
  await expect.poll(() => setting(visit, "best")).toBe(best.file);
  await page.context().route(weights(first), (route) => route.abort());
  await page.reload();
  await visit.upload(some("png"));
  await answeredBy(visit, best, some("png"));
});

test("a choice of the visitor's own is kept", async ({ visit, page }) => {
  const file = some("jpg");
  await visit.open();
  await visit.upload(file);
  await answeredBy(visit, best, file);
  await chosen(visit, first).check();
  await answeredBy(visit, first, file);
  await page.reload();
  await visit.upload(file);
  await answeredBy(visit, first, file);
  // By now the best one would have answered: all networks have.
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  await answeredBy(visit, first, file);
  await expect(chosen(visit, first)).toBeChecked();
});

test("a visitor who saves data is answered by the first network alone", async ({ visit, page }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  await visit.open();
  await visit.upload(some("jpg"));
  await visit.lazyApp();
  await expect(visit.by("recent-poster")).toHaveCount(1);
  await answeredBy(visit, first, some("jpg"));
  expect(asked.filter((url) => weights(best).test(url))).toEqual([]);
});

test("without the best network the first one goes on", async ({ visit, page }) => {
  await page.context().route(weights(best), (route) => route.abort());
  await visit.open();
  await visit.settled();
  for (const file of [some("jpg"), some("png")]) {
    await visit.upload(file);
    await answeredBy(visit, first, file);
  }
  expect(await setting(visit, "best")).toBe(undefined);
});

test("without the first network the next one of the list answers", async ({ visit, page }) => {
  await page.context().route(weights(first), (route) => route.abort());
  await visit.open();
  await visit.upload(some("jpg"));
  await answeredBy(visit, networks[1], some("jpg"));
  await expect(visit.by("error")).toBeHidden();
});

test("the list decides which network is first, and whether a better one follows", async ({ visit, page }) => {
  const own = networks.toReversed().map(({ best, ...network }) => network);
  await page.context().route("**/weights/index.json", (route) => route.fulfill({ json: { networks: own } }));
  await visit.open();
  await visit.settled();
  await visit.upload(some("jpg"));
  await answeredBy(visit, own[0], some("jpg"));
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  await answeredBy(visit, own[0], some("jpg"));
});

test("a network of other classes is not overtaken by the best one", async ({ visit, page }) => {
  const [own, ...others] = networks;
  const list = [{ ...own, labels: [...own.labels.slice(1), "Western"] }, ...others];
  await page.context().route("**/weights/index.json", (route) => route.fulfill({ json: { networks: list } }));
  await visit.open();
  await visit.settled();
  await visit.upload(some("jpg"));
  await answeredBy(visit, own, some("jpg"));
});

test("the language does not change which network speaks", async ({ visit, page }) => {
  const letGo = await holdBack(page, weights(best));
  await visit.open();
  await visit.upload(some("jpg"));
  await answeredBy(visit, first, some("jpg"));
  await page.locator("[data-language=ko]").click();
  await expect(visit.by("engine")).toHaveText(/CNN32\(CPU\).*대답/);
  letGo();
  await answeredBy(visit, best, some("jpg"));
  await expect(visit.by("engine")).toHaveText(/PosterNet\(CPU\).*대답/);
});

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });

  test("the best answer follows without a network, too", async ({ visit, context }) => {
    await visit.open();
    await visit.keptOffline();
    await context.setOffline(true);
    // As if the best network had never answered here.
    await visit.page.evaluate(() => localStorage.removeItem("marquee.best"));
    await visit.page.reload();
    await visit.upload(some("jpg"));
    await answeredBy(visit, best, some("jpg"));
    await visit.page.reload();
    await visit.upload(some("png"));
    await answeredBy(visit, best, some("png"));
  });
});
