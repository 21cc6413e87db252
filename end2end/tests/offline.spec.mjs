// After one visit everything works without a network: the page, every network, both engines.

import { readFileSync } from "node:fs";
import { site } from "../chromium.mjs";
import { host } from "./host.mjs";
import { expect, predict, some, test } from "./support.mjs";

test.use({ serviceWorkers: "allow" });

/** What the page's caches hold, as paths, by the name of the cache. */
const kept = () =>
  caches.keys().then(async (names) => {
    const paths = async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url);
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await paths(name)])));
  });

test("a second visit needs no network", async ({ visit, context }) => {
  const files = ["jpg", "png", "webp", "gif", "bmp"].map(some);
  const expected = predict(files);
  await visit.open();
  await visit.keptOffline();
  const [[, paths], ...others] = Object.entries(await visit.page.evaluate(kept));
  expect(others).toEqual([]);
  for (const part of [/gpu-worker_bg\.wasm$/, /posternet\.safetensors$/, /webp-decoder\.js$/]) {
    expect(paths.some((path) => part.test(path)), String(part)).toBe(true);
  }

  await context.setOffline(true);
  await visit.page.reload();
  await visit.gpu("ready", "slower");
  for (const engine of ["cpu", "gpu"]) {
    await visit.choose(engine);
    for (const [index, file] of files.entries()) {
      await visit.upload(file);
      await visit.answers(expected[index], engine);
    }
  }
});

test("a visitor who saves data is spared what the first answer does not need", async ({ visit }) => {
  await visit.page.addInitScript(() =>
    Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
  );
  await visit.open();
  await visit.choose("cpu");
  await visit.page.evaluate(() => navigator.serviceWorker.ready);
  const [paths] = Object.values(await visit.page.evaluate(kept));
  expect(paths.some((path) => /cpu-worker(-relaxed)?_bg\.wasm$/.test(path))).toBe(true);
  expect(paths.some((path) => /posternet\.safetensors$/.test(path))).toBe(false);
});

test("a poster from the system's share menu is read, and kept nowhere", async ({ visit }) => {
  const file = some("png");
  await visit.open();
  await visit.page.evaluate(() => navigator.serviceWorker.ready);
  await visit.page.reload();
  const { share_target: target } = await visit.page.evaluate(async () =>
    (await fetch(document.querySelector("link[rel=manifest]").href)).json(),
  );
  // As the system sends it: a form, posted to the address that the manifest names.
  await visit.page.evaluate(
    async ({ action, name, bytes }) => {
      const form = new FormData();
      form.append(name, new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], "poster"));
      await fetch(action, { method: "POST", body: form });
    },
    { action: target.action, name: target.params.files[0].name, bytes: readFileSync(file).toString("base64") },
  );
  // Where the worker then leads the browser to.
  await visit.page.goto("./?shared");
  await visit.choose("cpu");
  await visit.answers(predict([file])[0], "cpu");
  expect(await visit.page.evaluate(() => caches.has("marquee shared"))).toBe(false);
});

/** A host of the same site, which can put up a new version of it, and says what it was asked for. */
const updatable = async () => {
  let version;
  const hosted = await host((name, whole) => {
    if (!version || name !== "service-worker.js") return whole;
    return { ...whole, body: String(whole.body).replace(/"version":\s*"\w+"/, `"version":"${version}"`) };
  });
  return { ...hosted, publish: (next) => (version = next) };
};

/** In the page: installs the service worker that the host has now, and says what became of it. */
const install = async () => {
  const registration = await navigator.serviceWorker.register("service-worker.js");
  if (registration.active) await registration.update();
  const worker = registration.installing;
  while (worker?.state === "installing") {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
  return { active: registration.active?.state, installed: worker?.state };
};

test("what a host sends in place of a file is not kept, and a later visit keeps the file", async ({ visit }) => {
  const hosted = await host((name, whole) => (name === "favicon.svg" ? { ...whole, body: "<h1>Welcome</h1>" } : whole));
  await visit.page.goto(hosted.url);
  expect((await visit.page.evaluate(install)).installed).toBe("redundant");
  const [[, paths]] = Object.entries(await visit.page.evaluate(kept));
  expect(paths.some((path) => path.endsWith("manifest.webmanifest"))).toBe(true);
  expect(paths.some((path) => path.endsWith("favicon.svg"))).toBe(false);
  hosted.change = (_, whole) => whole;
  await visit.page.reload();
  await visit.keptOffline();
  hosted.close();
});

test("a new service worker that is up before its files leaves the old version in place", async ({ visit }) => {
  const hosted = await host();
  await visit.page.goto(hosted.url);
  await visit.keptOffline();
  hosted.change = (name, whole) => {
    if (name !== "service-worker.js") return whole;
    const next = String(whole.body).replace(/"favicon\.svg":\s*"\w+"/, '"favicon.svg":"0123456789abcdef"');
    return { ...whole, body: next.replace(/"version":\s*"\w+"/, '"version":"next"') };
  };
  expect(await visit.page.evaluate(install)).toEqual({ active: "activated", installed: "redundant" });
  hosted.close();
});

test("a full storage keeps less, and costs no answer", async ({ visit, context }) => {
  await visit.page.addInitScript(() =>
    Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
  );
  const file = some("jpg");
  const [expected] = predict([file], "cnn64");
  await visit.open();
  await visit.page.evaluate(() => navigator.serviceWorker.ready);
  const devtools = await context.newCDPSession(visit.page);
  const { origin } = new URL(site());
  const { usage } = await devtools.send("Storage.getUsageAndQuota", { origin });
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 1000 });
  await visit.page.reload();
  await visit.lazyApp();
  await visit.by("screen").and(visit.page.locator("[data-network=cnn64]")).locator("input").check();
  await visit.choose("cpu");
  await visit.upload(file);
  await visit.answers(expected, "cpu");
  const paths = Object.values(await visit.page.evaluate(kept)).flat();
  expect(paths.some((path) => path.endsWith("cnn64.safetensors"))).toBe(false);
});

test("a new version is kept beside the old one, and takes over when it is told to", async ({ visit }) => {
  const { url, asked, publish, close } = await updatable();
  await visit.page.goto(url);
  await visit.keptOffline();
  asked.length = 0;
  publish("next");
  const states = await visit.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    const next = registration.installing ?? registration.waiting;
    while (next.state === "installing") {
      await new Promise((resolve) => next.addEventListener("statechange", resolve, { once: true }));
    }
    return [registration.active.state, next.state];
  });
  expect(states).toEqual(["activated", "installed"]);
  expect(Object.keys(await visit.page.evaluate(kept))).toHaveLength(2);
  // What is the same in both is not downloaded again.
  expect(asked.map((path) => path.split("/").at(-1))).toEqual(["service-worker.js"]);

  await visit.page.evaluate(async () => {
    const changed = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    });
    (await navigator.serviceWorker.getRegistration()).waiting.postMessage("take over");
    await changed;
  });
  await expect(async () => {
    const names = Object.keys(await visit.page.evaluate(kept));
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/next$/);
  }).toPass();
  close();
});

test("that all is kept is said once, and no more on later visits", async ({ visit }) => {
  await visit.open();
  await expect(visit.by("all-kept")).toContainText("works offline");
  await visit.keptOffline();
  await visit.page.reload();
  await visit.keptOffline();
  await expect(visit.by("all-kept")).toHaveCount(0);
});

test("a new version is offered, and used when the visitor wants it", async ({ visit }) => {
  const { url, publish, close } = await updatable();
  await visit.page.goto(url);
  await visit.keptOffline();
  // The first version is no news.
  await expect(visit.by("update")).toHaveCount(0);
  publish("next");
  await visit.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await expect(visit.by("update")).toHaveText("A new version is here.");
  await visit.by("update-later").click();
  await expect(visit.by("update")).toHaveCount(0);
  expect(Object.keys(await visit.page.evaluate(kept))).toHaveLength(2);

  // What was left for later is offered on the next visit again.
  await visit.page.reload();
  await expect(visit.by("update")).toBeVisible();
  const loaded = visit.page.waitForEvent("load");
  await visit.by("update-use").click();
  await loaded;
  await visit.keptOffline();
  // The new version removes the old one's files while the page is already there.
  const names = async () => Object.keys(await visit.page.evaluate(kept));
  await expect.poll(names).toEqual([expect.stringMatching(/next$/)]);
  await expect(visit.by("screens")).toBeAttached();
  await expect(visit.by("update")).toHaveCount(0);
  close();
});

test("a version that another tab took is offered here, too", async ({ visit, context }) => {
  const { url, publish, close } = await updatable();
  await visit.page.goto(url);
  await visit.keptOffline();
  const other = await context.newPage();
  await other.goto(url);
  await expect(other.locator("html")).toHaveAttribute("data-offline", "ready");
  publish("next");
  await other.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await other.getByTestId("update-use").click();
  await expect(visit.by("update")).toBeVisible();
  const loaded = visit.page.waitForEvent("load");
  await visit.by("update-use").click();
  await loaded;
  await expect(visit.by("screens")).toBeAttached();
  await expect(visit.by("update")).toHaveCount(0);
  close();
});
