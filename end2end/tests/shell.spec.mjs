// Until the initial app runs the page looks as it will then, so that nothing jumps.

import { expect, languages, predict, some, test } from "./support.mjs";

/** Where each thing stands, and what it says. */
const look = (page) =>
  page.evaluate(async () => {
    await document.fonts.ready;
    const things =
      ".masthead, .wordmark, .sign, .bulbs, .bulbs rect, .board, .above, .below, .word, .word span, .frame, .invitation";
    return [...document.querySelectorAll(things)]
      .filter((element) => element.checkVisibility())
      .map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const { color, font } = getComputedStyle(element);
        const words = element.matches(".wordmark, .above, .word span, .invitation") && element.textContent;
        return { name: element.getAttribute("class"), words, x, y, width, height, color, font };
      });
  });

/** Holds the initial app back, so that the shell stays; the function that is returned lets it go. */
const holdBack = async (page) => {
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route(/\/initial-app[^/]*\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
};

for (const locale of languages) {
  for (const width of [390, 820, 1440]) {
    test.describe(`${locale}, ${width} pixels wide`, () => {
      test.use({ locale, viewport: { width, height: 900 } });

      test("the initial app takes the place of its likeness, and nothing jumps", async ({ page }) => {
        const letGo = await holdBack(page);
        await page.goto("./");
        await expect(page.locator("html")).toHaveAttribute("lang", locale);
        await expect(page.getByTestId("pick")).toHaveCount(0);
        const before = await look(page);
        letGo();
        await expect(page.getByTestId("pick")).toBeAttached();
        expect(before.length).toBeGreaterThan(10);
        expect(await look(page)).toEqual(before);
      });
    });
  }
}

for (const way of ["chosen", "dropped"]) {
  test(`a poster that is ${way} while the page is loading gets its answer`, async ({ visit, page }) => {
    const file = some("jpg");
    const [expected] = predict([file]);
    const letGo = await holdBack(page);
    await page.addInitScript(() => {
      const { postMessage } = Worker.prototype;
      globalThis.asked = 0;
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message.classify) globalThis.asked += 1;
        return postMessage.call(this, message, ...rest);
      };
    });
    await page.goto("./");
    // By then start.js listens.
    await page.waitForFunction(() => globalThis.MarqueeWorker);
    if (way === "chosen") await page.locator("#shell input").setInputFiles(file);
    else await visit.hand("drop", file);
    // The worker does not wait for the initial app, which asks for the answer and not for another.
    await expect.poll(() => page.evaluate(() => globalThis.asked)).toBe(1);
    letGo();
    await visit.answers(expected, "cpu");
    expect(await page.evaluate(() => globalThis.asked)).toBe(1);
    await expect(visit.by("poster")).toBeVisible();
  });
}

test("a file that is none gets its sentence while the page is loading, too", async ({ visit, page }) => {
  const letGo = await holdBack(page);
  await page.goto("./");
  await page.waitForFunction(() => globalThis.MarqueeWorker);
  const none = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") };
  await page.locator("#shell input").setInputFiles(none);
  letGo();
  await visit.refuses();
  await visit.upload(some("png"));
  await visit.answers(predict([some("png")])[0], "cpu");
});

test("a browser that watches no paint gets the page, too", async ({ visit, page }) => {
  await page.addInitScript(() => delete globalThis.PerformanceObserver);
  await visit.open();
  await visit.upload(some("jpg"));
  await visit.answers(predict([some("jpg")])[0], "cpu");
});

test("a page that cannot start says so, and promises nothing", async ({ page }) => {
  await page.route(/\/initial-app[^/]*\.wasm$/, (route) => route.abort());
  await page.goto("./");
  await expect(page.locator("#trouble")).toBeVisible();
  await expect(page.getByText("Drop a poster here")).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says what it takes, and promises nothing", async ({ page }) => {
    await page.goto("./");
    // Without its words it would have no height.
    await expect(page.locator("noscript")).toBeVisible();
    await expect(page.getByText("Drop a poster here")).toBeHidden();
  });
});
