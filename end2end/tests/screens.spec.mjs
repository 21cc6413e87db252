// The same poster through every network, which of them answers, and what mattered.

import { expect, networks, predict, some, test } from "./support.mjs";

const percent = (probability) => `${Math.round(probability * 100)}%`;

test.beforeEach(async ({ visit }) => {
  await visit.open();
  await visit.lazyApp();
});

const screen = (visit, name) => visit.page.locator(`[data-testid=screen][data-network=${name}]`);

test("every network says of a poster what it says natively", async ({ visit }) => {
  const file = some("png");
  await visit.upload(file);
  await expect(visit.by("screen")).toHaveCount(networks.length);
  for (const { name } of networks) {
    const [{ label, probabilities }] = predict([file], name);
    await expect(screen(visit, name).locator(".class")).toHaveAttribute("data-label", label);
    await expect(screen(visit, name).locator(".percent")).toHaveText(percent(probabilities[label]));
  }
  // PosterNet answers genres and score, too.
  await expect(screen(visit, "posternet").getByTestId("score")).toHaveText(/\d\.\d of 10.*\d\.\d to \d\.\d/);
  await expect(screen(visit, "posternet").getByTestId("genre").first()).toHaveText(/\w+ \d+%/);
  await expect(screen(visit, "cnn32").getByTestId("score")).toHaveCount(0);
});

test("the chosen network answers, now and at the next visit", async ({ visit }) => {
  const files = ["jpg", "webp"].map(some);
  const expected = predict(files, "posternet");
  await visit.upload(files[0]);
  await expect(visit.by("winner")).toHaveAttribute("data-label", /\S/);
  await screen(visit, "posternet").getByRole("radio").check();
  await visit.answers(expected[0], "cpu");

  await visit.page.reload();
  await visit.lazyApp();
  await expect(screen(visit, "posternet").getByRole("radio")).toBeChecked();
  await visit.upload(files[1]);
  await visit.answers(expected[1], "cpu");
});

test("a network that is gone from the host gives way to the first", async ({ visit }) => {
  await visit.page.evaluate(() => localStorage.setItem("marquee.network", "gone.safetensors"));
  await visit.page.reload();
  const file = some("jpg");
  await visit.upload(file);
  await visit.answers(predict([file])[0], "cpu");
});

/** The opacity of the light's pixels, and how much of the light shows. */
const light = (visit) =>
  visit.by("occlusion-map").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const opacity = data.filter((_, at) => at % 4 === 3);
    return { darkest: Math.max(...opacity), brightest: Math.min(...opacity), shape: canvas.height / canvas.width };
  });

test("what mattered is lit, the rest is dark, and the slider turns the light down", async ({ visit }) => {
  await visit.by("sample").first().click();
  await expect(visit.by("winner")).toHaveAttribute("data-label", /\S/);
  await expect(visit.by("occlusion-map")).toBeHidden();
  await visit.by("occlusion").click();
  await expect(visit.by("occlusion-map")).toBeVisible();
  const { darkest, brightest, shape } = await light(visit);
  expect(darkest - brightest).toBeGreaterThan(50);
  const poster = await visit.by("poster").evaluate((img) => img.naturalHeight / img.naturalWidth);
  expect(Math.abs(shape - poster)).toBeLessThan(0.02);
  await expect(visit.by("occlusion-result")).toHaveText(/\d+ percentage points? lower/);

  await visit.by("occlusion-strength").fill("20");
  await expect(visit.by("occlusion-map")).toHaveCSS("opacity", "0.2");
  // The next poster has a light of its own.
  const before = await visit.by("occlusion-map").evaluate((canvas) => canvas.toDataURL());
  await visit.by("sample").nth(4).click();
  await expect(async () => {
    expect(await visit.by("occlusion-map").evaluate((canvas) => canvas.toDataURL())).not.toBe(before);
  }).toPass();
  await visit.by("occlusion").click();
  await expect(visit.by("occlusion-map")).toBeHidden();
});

test("what mattered gets a sentence where it can't be computed, and another try", async ({ visit, page }) => {
  await visit.by("sample").first().click();
  await expect(visit.by("screens").locator("[data-label]")).toHaveCount(networks.length);
  await page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    window.mend = () => (Worker.prototype.postMessage = postMessage);
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message.heat) message.heat.network = new URL("gone.safetensors", location.href).href;
      return postMessage.call(this, message, ...rest);
    };
  });
  await visit.by("occlusion").click();
  await expect(visit.by("occlusion-result")).toHaveText(/did not work/);
  await expect(visit.by("occlusion-map")).toBeHidden();
  await page.evaluate(() => mend());
  await visit.by("occlusion").click();
  await visit.by("occlusion").click();
  await expect(visit.by("occlusion-map")).toBeVisible();
});
