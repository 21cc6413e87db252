// What the tests share: the page as a visitor uses it, and what it has to answer.

import { test as base, expect } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

export { expect };

export const given = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by \`cargo xtask test --only page\`.`);
  return value;
};

const root = path.resolve(import.meta.dirname, "../..");

/** The networks on the page, as weights/index.json lists them. */
export const { networks } = JSON.parse(readFileSync(path.join(root, "models/weights/index.json"), "utf8"));

/** The languages of the page, as its shell has them. */
const shell = readFileSync(path.join(root, "www/index.html"), "utf8");
export const languages = [...new Set(Array.from(shell.matchAll(/ lang="(\w+)"/g), ([, tag]) => tag))];

/** The labels of a network's classes. */
export const labels = (network = networks[0].name) =>
  JSON.parse(readFileSync(path.join(root, `models/weights/${network}.json`), "utf8")).labels;

/** The posters drawn for the tests: file, pixels_sha256 and logits as they are natively. */
export const posters = () => {
  const folder = given("MARQUEE_POSTERS");
  const expected = JSON.parse(readFileSync(path.join(folder, "expected.json"), "utf8"));
  return expected.map((poster) => ({ ...poster, path: path.join(folder, poster.file) }));
};

/** The first of them in this format, by the ending of its name. */
export const some = (format) => posters().find(({ file }) => file.endsWith(`.${format}`))?.path;

/** The weights' file of a network. */
export const weightsFile = (network) => path.join(root, `models/weights/${network}.safetensors`);

/** What the native `marquee predict` says of files: label and probabilities by label, or an error. */
export const predict = (files, network = networks[0].name, model = weightsFile(network)) => {
  const options = ["--model", model, "--format", "json"];
  const { error, stdout, stderr } = spawnSync(given("MARQUEE_BIN"), ["predict", ...files, ...options], {
    encoding: "utf8",
  });
  if (error) throw error;
  const answers = JSON.parse(stdout || "[]");
  expect(answers, `marquee predict: ${stderr}`).toHaveLength(files.length);
  return answers;
};

/** An answer of the module is the native one. */
export const close = (answer, expected) => {
  expect(answer.label).toBe(expected.label);
  for (const [label, probability] of Object.entries(expected.probabilities)) {
    expect(Math.abs(answer.probabilities[label] - probability), label).toBeLessThan(1e-3);
  }
};

/** A page that a test uses as a visitor would. */
export class Visit {
  constructor(page) {
    this.page = page;
  }

  by(id) {
    return this.page.getByTestId(id);
  }

  async open() {
    await this.page.goto("./");
    await expect(this.by("pick")).toBeAttached();
  }

  /** Waits until the GPU worker has come to one of these states. */
  async gpu(...states) {
    await expect(this.by("gpu-status")).toHaveAttribute(
      "data-state",
      new RegExp(`^(${states.join("|")})$`),
    );
  }

  /** Waits until all is loaded that is going to be. */
  async settled() {
    await this.gpu("ready", "slower", "unavailable", "failed");
  }

  /** Waits until everything is kept for visits without a network. */
  async keptOffline() {
    await expect(this.page.locator("html")).toHaveAttribute("data-offline", "ready");
  }

  /** Waits until the lazy app, which is loaded behind the first answer, is there. */
  async lazyApp() {
    await expect(this.by("more-ways")).toBeVisible();
  }

  /** @param {"auto" | "cpu" | "gpu"} engine */
  async choose(engine) {
    const choice = this.by(`engine-choice-${engine}`);
    // The radio button itself may be drawn by its label alone.
    await this.page.locator("label").filter({ has: choice }).click();
    await expect(choice).toBeChecked();
  }

  /** @param {string | {name: string, mimeType: string, buffer: Buffer}} file */
  async upload(file) {
    await this.by("pick").setInputFiles(file);
  }

  /** Hands a file to the page as a drop or a paste does. */
  async hand(event, file) {
    const bytes = readFileSync(file).toString("base64");
    await this.page.evaluate(
      ({ event, name, bytes }) => {
        const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        // Clipboards name no file, but say that it is a picture.
        const type = event === "paste" ? `image/${name.split(".").pop()}` : "";
        data.items.add(new File([content], name, { type }));
        const options = { bubbles: true, cancelable: true };
        if (event === "paste") {
          document.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
        } else {
          const zone = document.querySelector("[data-testid=drop], #shell .case");
          for (const type of ["dragenter", "dragover", "drop"]) {
            zone.dispatchEvent(new DragEvent(type, { ...options, dataTransfer: data }));
          }
        }
      },
      { event, name: path.basename(file), bytes },
    );
  }

  /** What the page shows at this moment. */
  async shown() {
    return this.page.evaluate(() => {
      const by = (id) => [...document.querySelectorAll(`[data-testid=${id}]`)];
      const rows = by("class-row").map(({ dataset }) => [dataset.label, Number(dataset.probability)]);
      return {
        label: by("winner")[0]?.dataset.label,
        engine: by("engine")[0]?.dataset.engine,
        network: by("engine")[0]?.dataset.network,
        probabilities: Object.fromEntries(rows),
      };
    });
  }

  /**
   * Waits until the page gives the native answer, by this engine.
   * @param {"cpu" | "gpu"} engine
   */
  async answers({ label, probabilities }, engine) {
    await expect(async () => {
      const shown = await this.shown();
      expect(shown).toMatchObject({ label, engine });
      expect(Object.keys(shown.probabilities).sort()).toEqual(Object.keys(probabilities).sort());
      for (const [name, probability] of Object.entries(probabilities)) {
        expect(Math.abs(shown.probabilities[name] - probability), name).toBeLessThan(1e-3);
      }
    }).toPass({ timeout: 60_000, intervals: [20, 50, 100, 250] });
    await expect(this.by("error")).toBeHidden();
  }

  /** Waits until the page says of a file what was said of it natively. */
  async agrees(expected, engine) {
    if (expected.error) await this.refuses();
    else await this.answers(expected, engine);
  }

  /** Waits for a sentence that says what is wrong. */
  async refuses() {
    await expect(this.by("error")).toHaveText(/^\S.{8,}[.!]$/s);
  }
}

/** The best network, which answers behind the first one. */
export const best = networks.find(({ best }) => best);

/** The test function, with a visit that fails if the page threw an error on the way. */
export const test = base.extend({
  // What an earlier visit has chosen. Most tests ask for one network's answers; without a choice the best
  // network's would take their place.
  choice: [networks[0].file, { option: true }],
  page: async ({ page, choice }, use) => {
    await page.addInitScript((choice) => {
      // Pages without an address have no storage.
      if (choice && location.protocol !== "about:") localStorage["marquee.network"] ??= choice;
    }, choice);
    await use(page);
  },
  visit: async ({ page }, use) => {
    const thrown = [];
    page.on("pageerror", (error) => thrown.push(String(error)));
    await use(new Visit(page));
    expect(thrown, "errors that the page threw").toEqual([]);
  },
});

/** A visitor on another machine. */
export const elsewhere = async (browser, use, options = {}) => {
  const { baseURL, locale, viewport, serviceWorkers } = test.info().project.use;
  const context = await browser.newContext({ baseURL, locale, viewport, serviceWorkers, ...options });
  try {
    const page = await context.newPage();
    const thrown = [];
    page.on("pageerror", (error) => thrown.push(String(error)));
    await use(new Visit(page), context);
    expect(thrown, "errors that the page threw").toEqual([]);
  } finally {
    await context.close();
  }
};
