// The page on hosts as they are: the recipes of docs/HOSTING.md work, and what a host does wrong is said, with what
// to do about it, in the visitor's language. Nothing looks alive that is not.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { caddy, dist, headersOf, host, installed, nginx, python, settings } from "./host.mjs";
import { expect, predict, some, test } from "./support.mjs";

const hosts = [];
test.afterEach(() => hosts.splice(0).forEach(({ close }) => close()));

/** A host that is closed after the test. */
const open = async (starting) => {
  const started = await starting;
  hosts.push(started);
  return started.url;
};

/** A visitor gets answers from this host: by the first engine, and by a decoder that is loaded later. */
const works = async (visit, url) => {
  const files = ["jpg", "png"].map(some);
  const expected = predict(files);
  await visit.page.goto(url);
  await visit.choose("cpu");
  for (const [at, file] of files.entries()) {
    await visit.upload(file);
    await visit.answers(expected[at], "cpu");
  }
  await visit.lazyApp();
  await expect(visit.page.locator("#trouble")).toBeHidden();
};

/** The sentence on what is wrong, for which the shell has made room. */
const says = async (page, ...words) => {
  const trouble = page.locator("#trouble");
  for (const word of words) await expect(trouble).toContainText(word);
  await expect(trouble).toBeVisible();
  await expect(page.locator("#shell")).toHaveCount(0);
};

/** Where no script runs, the sentence comes after some seconds, which a test need not wait for. */
const saysWithoutScripts = async (page) => {
  await page.locator("#trouble").waitFor({ state: "attached" });
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  await expect(page.locator("#trouble")).toContainText("has not started");
  await expect(page.locator("#trouble")).toBeVisible();
  await expect(page.getByText("Drop a poster here")).toBeHidden();
};

test.describe("web servers", () => {
  for (const [name, lines] of [
    ["a stock nginx", "server { listen 80; root /var/www/html; }"],
    ["nginx with the recipe's settings", settings("nginx.conf")],
  ]) {
    test(name, async ({ visit }) => {
      const program = installed("nginx", process.env.MARQUEE_NGINX);
      test.skip(!program, "nginx is not installed here, and could not be");
      await works(visit, await open(nginx(program, lines)));
    });
  }

  test("Caddy with the recipe's settings", async ({ visit }) => {
    const program = installed("caddy", process.env.MARQUEE_CADDY);
    test.skip(!program, "Caddy is not installed here");
    await works(visit, await open(caddy(program, settings("Caddyfile"))));
  });

  test("Python's http.server", async ({ visit }) => {
    const program = installed("python3");
    test.skip(!program, "Python is not installed here");
    await works(visit, await open(python(program)));
  });

  test("a host that reads _headers", async ({ visit }) => {
    const change = (name, answer) => ({
      ...answer,
      headers: { ...answer.headers, ...headersOf(settings("_headers"), name) },
    });
    await works(visit, await open(host(change)));
  });

  test("the recipes give the same headers", async ({ request }) => {
    const program = installed("nginx", process.env.MARQUEE_NGINX);
    test.skip(!program, "nginx is not installed here, and could not be");
    const url = await open(nginx(program, settings("nginx.conf")));
    for (const name of ["index.html", "embed.html", "marquee.js", "weights/cnn32.safetensors"]) {
      const headers = (await request.get(new URL(name, url).href)).headers();
      const expected = headersOf(settings("_headers"), name);
      for (const [key, value] of Object.entries(expected)) expect(headers[key], `${name}: ${key}`).toBe(value);
      expect("content-security-policy" in headers, name).toBe(name !== "embed.html");
    }
  });
});

test.describe("wrong types", () => {
  const sent = (ending, type, more = {}) =>
    host((name, answer) =>
      name.endsWith(ending) ? { ...answer, headers: { ...answer.headers, "content-type": type, ...more } } : answer,
    );

  test("scripts as plain files", async ({ page }) => {
    await page.goto(await open(sent(".js", "application/octet-stream")));
    await says(page, "worker-client.js as application/octet-stream", "text/javascript");
    await page.evaluate(() => (document.documentElement.lang = "ko"));
    await says(page, "worker-client.js", "형식으로", "text/javascript");
  });

  test("scripts as plain files that browsers must not look into", async ({ page }) => {
    await page.goto(await open(sent(".js", "application/octet-stream", { "x-content-type-options": "nosniff" })));
    await saysWithoutScripts(page);
  });

  for (const [kind, ending, type] of [
    ["WebAssembly", ".wasm", "application/octet-stream"],
    ["weights", ".safetensors", "text/html"],
    ["the list of networks", ".json", "text/plain"],
    ["style sheets", ".css", "text/plain"],
  ]) {
    test(`${kind} as ${type} works`, async ({ visit }) => {
      await works(visit, await open(sent(ending, type, { "x-content-type-options": "nosniff" })));
    });
  }
});

test.describe("policies", () => {
  const under = (policy) =>
    host((_, answer) => ({ ...answer, headers: { ...answer.headers, "content-security-policy": policy } }));

  for (const [policy, ...words] of [
    ["script-src 'self'", "forbids WebAssembly", "'wasm-unsafe-eval'"],
    ["worker-src 'none'", "forbids workers", "worker-src 'self'"],
    ["connect-src 'none'", "forbids", "connect-src"],
  ]) {
    test(policy, async ({ page }) => {
      await page.goto(await open(under(policy)));
      await says(page, ...words);
    });
  }

  test("script-src 'none'", async ({ page }) => {
    await page.goto(await open(under("script-src 'none'")));
    await saysWithoutScripts(page);
  });
});

/** The files without which something does not start, as they are named in the site. */
const NEEDED = [
  /^worker-client\.js$/,
  /^initial-app(-\w+)?\.js$/,
  /^initial-app(-\w+)?_bg\.wasm$/,
  /^weights\/index\.json$/,
  /^weights\/cnn32\.safetensors$/,
  /^worker\.js$/,
  /^cpu-worker(-relaxed)?\.js$/,
  /^cpu-worker(-relaxed)?_bg\.wasm$/,
  /^lazy-app\.js$/,
  /^lazy-app_bg\.wasm$/,
];

test.describe("files that do not come", () => {
  for (const file of NEEDED) {
    test(`${file.source} is missing, fails, breaks off, is cut off or is something else`, async ({ page }) => {
      const hosted = host();
      await open(hosted);
      const { url } = await hosted;
      const instead = async (answer, ...words) => {
        (await hosted).change = (name, whole) => (file.test(name) ? answer(whole) : whole);
        await page.goto(url);
        for (const word of words) await expect(page.locator("#trouble")).toContainText(word);
        await expect(page.locator("#trouble")).toContainText(new RegExp(file.source.slice(1, -1)));
        await says(page);
      };
      const page404 = { status: 404, headers: { "content-type": "text/html" }, body: "<h1>404 Not Found</h1>" };
      await instead(() => page404, "The host has no", "404");
      await instead(() => ({ ...page404, status: 503 }), "answers 503");
      await instead(() => ({}), "can't be reached");
      await instead((whole) => ({ ...whole, headers: { "content-type": "text/html" }, body: "<h1>Welcome</h1>" }), "something else");
      await instead((whole) => ({ ...whole, body: whole.body.subarray(0, whole.body.length * 0.7) }), "something else");
      await instead((whole) => ({ ...whole, body: "" }), "something else");
    });
  }

  test("the CPU worker with relaxed SIMD, which is not needed", async ({ page }) => {
    const file = some("jpg");
    await page.goto(await open(host((name, whole) => (/^cpu-worker-relaxed/.test(name) ? { ...whole, status: 404 } : whole))));
    await page.locator("#pick").setInputFiles(file);
    await expect(page.getByTestId("winner")).toHaveAttribute("data-label", predict([file])[0].label);
    await expect(page.locator("#trouble")).toBeHidden();
  });

  test("the first script", async ({ page }) => {
    await page.goto(await open(host((name, whole) => (name === "start.js" ? { ...whole, status: 404 } : whole))));
    await saysWithoutScripts(page);
  });

  test("without a network even the script that says more is missing", async ({ page, context }) => {
    const change = (name, whole) => {
      if (name !== "initial-app_bg.wasm" && !/^initial-app-\w+_bg\.wasm$/.test(name)) return whole;
      context.setOffline(true);
      return {};
    };
    await page.goto(await open(host(change)));
    await says(page, "Check the connection");
  });
});

test("a page that is opened from a disk says how to open it", async ({ page }) => {
  await page.goto(pathToFileURL(path.join(dist, "index.html")).href);
  await says(page, "opened from a disk", "python3 -m http.server");
});

test("a network's weights that are missing leave the others in peace", async ({ visit }) => {
  const file = some("jpg");
  const [expected] = predict([file]);
  const change = (name, whole) => (name === "weights/cnn64.safetensors" ? { ...whole, status: 404 } : whole);
  await visit.page.goto(await open(host(change)));
  await visit.choose("cpu");
  await visit.upload(file);
  await visit.answers(expected, "cpu");
  await expect(visit.page.locator("#trouble")).toContainText("weights/cnn64.safetensors");
  for (const network of ["cnn32", "deepcnn32"]) {
    await expect(visit.by("screens").locator(`[data-network=${network}] [data-label]`)).toBeAttached();
  }
});

test("weights that were changed on the way are refused", async ({ page }) => {
  const change = (name, whole) => {
    if (name === "weights/cnn32.safetensors") whole.body[whole.body.length - 1] ^= 1;
    return whole;
  };
  await page.goto(await open(host(change)));
  await says(page, "What the host sends as weights/cnn32.safetensors is something else");
});
