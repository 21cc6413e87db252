// One visit in every browser that there is here, and the same numbers in all of them: `cargo xtask test --only
// engines`. Chromium's numbers are held to those of the native command by the page's tests.

import { deepStrictEqual } from "node:assert";
import path from "node:path";
import { By, until } from "selenium-webdriver";
import { note } from "./failures.mjs";
import { host } from "./tests/host.mjs";
import { networks, posters } from "./tests/support.mjs";
import { browse } from "./webdriver.mjs";

/** How long an answer may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

const drawn = posters().map(({ path }) => path);
/** A poster in each format. */
const files = ["jpg", "png", "webp", "gif", "bmp"].map((format) => drawn.find((file) => file.endsWith(`.${format}`)));

/** A visitor of the page, who sees what is written there. */
class Visitor {
  constructor(browser) {
    this.browser = browser;
  }

  at(id, more = "") {
    return By.css(`[data-testid="${id}"]${more}`);
  }

  /** Waits for an element. */
  see(locator) {
    return this.browser.wait(until.elementLocated(locator), PATIENCE, String(locator));
  }

  /** Waits until `look` gives in the page what `fits` accepts, and returns it. */
  async until(what, look, fits, ...given) {
    let seen;
    const found = async () => fits((seen = await this.browser.executeScript(look, ...given)));
    await this.browser.wait(found, PATIENCE).catch((error) => {
      throw new Error(`${what}: ${JSON.stringify(seen)} (${error.message})`);
    });
    return seen;
  }

  /** The texts of the elements with this id. */
  texts(id) {
    const look = (id) => [...document.querySelectorAll(`[data-testid="${id}"]`)].map((it) => it.textContent);
    return this.browser.executeScript(look, id);
  }

  async bring(...files) {
    await (await this.see(this.at("pick"))).sendKeys(files.join("\n"));
  }

  /** Brings one poster, and returns its answer. */
  async shows(file) {
    await this.bring(file);
    const look = (name) => document.querySelector("[data-testid=poster]")?.alt.includes(name);
    await this.until("the poster", look, Boolean, path.basename(file));
    return this.answer();
  }

  /** The answer to the poster on show: what the sign says, and each class with its percentage. */
  async answer() {
    const look = () => ({
      label: document.querySelector("[data-testid=winner]")?.dataset.label,
      rows: [...document.querySelectorAll("[data-testid=class-row]")].map((row) => row.textContent),
    });
    return this.until("an answer", look, ({ label, rows }) => label && rows.length > 0);
  }

  /** What every network says of the poster on show. */
  async screens() {
    const all = () => document.querySelectorAll("[data-testid=screen] [data-label]").length;
    await this.until("all networks' answers", all, (count) => count === networks.length);
    return this.texts("screen");
  }
}

/** Plays the visit, and returns what was to be seen. */
const visit = async (browser, { url, close }) => {
  const visitor = new Visitor(browser);
  const seen = {};
  await browser.get(url);
  // An engine and a network of the visitor's choice, so that none takes the first one's place meanwhile.
  const choices = { "marquee.engine": "cpu", "marquee.network": networks[0].file, "marquee.language": "en" };
  await browser.executeScript((choices) => Object.assign(localStorage, choices), choices);
  await browser.navigate().refresh();
  const [first, ...others] = files;
  seen[`the answer to ${path.extname(first)}`] = await visitor.shows(first);
  seen["all networks' answers"] = await visitor.screens();
  // Browsers may forbid the clipboard; then the page shows the link.
  await browser.executeScript(() => {
    const writeText = () => Promise.reject(new Error("forbidden"));
    Object.defineProperty(navigator, "clipboard", { value: { writeText } });
  });
  await (await visitor.see(visitor.at("share-copy"))).click();
  // It carries more digits than are shown, in which browsers with other SIMD instructions differ.
  const link = await (await visitor.see(By.css(".share-field"))).getAttribute("value");
  for (const file of others) seen[`the answer to ${path.extname(file)}`] = await visitor.shows(file);

  await browser.get("about:blank");
  await browser.get(link);
  await visitor.see(visitor.at("opened-link", "[data-state=same]"));
  seen["what the link opens"] = await visitor.answer();

  await browser.get(url);
  await visitor.see(visitor.at("more-ways"));
  await visitor.bring(...drawn);
  await visitor.see(visitor.at("festival-progress", "[data-working=false]"));
  seen["the festival's counts"] = await visitor.texts("festival-show");
  // How many cells are in the document depends on the window.
  seen["the festival's first posters"] = (await visitor.texts("festival-cell")).slice(0, 4);

  if (await browser.executeScript(() => "serviceWorker" in navigator)) {
    await visitor.until("all is kept", () => document.documentElement.dataset.offline, (state) => state === "ready");
    close();
    await browser.get(url);
    seen["the answer without a network"] = await visitor.shows(first);
  }
  return seen;
};

const failures = [];
let expected;
for (const engine of JSON.parse(process.env.MARQUEE_ENGINES)) {
  const begun = Date.now();
  const hosted = await host();
  try {
    const { seen, version } = await browse(engine, async (browser) => {
      const capabilities = await browser.getCapabilities();
      return { seen: await visit(browser, hosted), version: capabilities.get("browserVersion") };
    });
    const seconds = ((Date.now() - begun) / 1000).toFixed();
    console.log(`${engine.name} ${version}: ${Object.keys(seen).join(", ")} (${seconds} s)`);
    expected ??= seen;
    for (const [what, value] of Object.entries(expected)) {
      if (!(what in seen)) console.log(`  ${what}: skipped, this browser can't`);
      else deepStrictEqual(seen[what], value, `${what}: ${JSON.stringify(seen[what])}, but Chromium's ${JSON.stringify(value)}`);
    }
  } catch (error) {
    console.log(`${engine.name}: ${error.stack}`);
    failures.push(`${engine.name}: ${error.message.split("\n")[0]}`);
  } finally {
    hosted.close();
  }
}
note(failures);
if (failures.length > 0) process.exitCode = 1;
