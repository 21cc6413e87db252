// The npm package in a project that has nothing but it: the same five lines, built by each bundler as it is without
// any settings, in development and in production, and without one.

import { chromium } from "@playwright/test";
import esbuild from "esbuild";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHost } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer, build as vite } from "vite";
import webpack from "webpack";
import { launch } from "../chromium.mjs";
import { freePort } from "../programs.mjs";
import { close, expect, given, predict, some, test } from "./support.mjs";

const npm = (folder, ...options) => execFileSync("npm", [...options, "--silent"], { cwd: folder, encoding: "utf8" });

/** The five lines. */
const FIVE = `import { load } from "marquee-posters";
const marquee = await load();
const [input, output] = [document.querySelector("input"), document.querySelector("output")];
input.onchange = async () => (output.textContent = JSON.stringify(await marquee.classify(input.files[0])));
input.disabled = false;
`;

const html = (script, head = "") =>
  `<!doctype html>${head}<title>A project</title><input type="file" disabled><output></output>${script}`;
const SCRIPT = `<script type="module" src="./main.js"></script>`;

let project;
let packed;

test.beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), "marquee-project-"));
  packed = path.join(project, npm(project, "pack", given("MARQUEE_PACKAGE")).trim());
  writeFileSync(path.join(project, "package.json"), `{ "name": "project", "private": true, "type": "module" }`);
  npm(project, "install", "--offline", "--no-audit", "--no-fund", packed);
  writeFileSync(path.join(project, "main.js"), FIVE);
  writeFileSync(path.join(project, "index.html"), html(SCRIPT));
});

test.afterAll(() => rmSync(project, { recursive: true, force: true }));

const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves a folder below `at`, where nothing else is. */
const serve = async (folder, at = "/a/b/") => {
  const asked = [];
  const server = createHost(({ url }, response) => {
    const name = url.slice(at.length) || "index.html";
    const file = path.join(folder, name);
    asked.push(name);
    if (!url.startsWith(at) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { asked, url: `http://127.0.0.1:${server.address().port}${at}`, close: () => server.close().closeAllConnections() };
};

/** A visitor chooses posters, one of which needs a decoder, and gets the page's answers. */
const answers = async (page, url) => {
  const thrown = [];
  page.on("pageerror", (error) => thrown.push(String(error)));
  await page.goto(url);
  const files = ["jpg", "png"].map(some);
  const expected = predict(files);
  await expect(page.locator("input"), `thrown: ${thrown}`).toBeEnabled();
  for (const [index, file] of files.entries()) {
    const output = page.locator("output");
    await output.evaluate((output) => (output.textContent = ""));
    await page.locator("input").setInputFiles(file);
    await expect(output).not.toBeEmpty();
    close(JSON.parse(await output.textContent()), expected[index]);
  }
  expect(thrown).toEqual([]);
};

const bundlers = {
  "Vite, built": async (out) => {
    await vite({ root: project, configFile: false, base: "./", logLevel: "error", build: { outDir: out } });
  },
  "webpack, for development": (out) => pack(out, "development"),
  "webpack, for production": (out) => pack(out, "production"),
  "esbuild, for development": (out) => bundle(out, {}),
  "esbuild, for production": (out) => bundle(out, { minify: true }),
  "esbuild, in several files": (out) => bundle(out, { minify: true, splitting: true }),
};

const pack = async (out, mode) => {
  const stats = await new Promise((done, fail) =>
    webpack({ mode, context: project, entry: "./main.js", output: { path: out } }, (error, stats) =>
      error ? fail(error) : done(stats),
    ),
  );
  expect(stats.toJson({ all: false, errors: true }).errors).toEqual([]);
  writeFileSync(path.join(out, "index.html"), html(`<script defer src="./main.js"></script>`));
};

const bundle = async (out, options) => {
  const entryPoints = [path.join(project, "main.js")];
  const { warnings } = await esbuild.build({ entryPoints, bundle: true, format: "esm", outdir: out, logLevel: "silent", ...options });
  expect(warnings).toEqual([]);
  cpSync(path.join(project, "index.html"), path.join(out, "index.html"));
};

for (const [name, make] of Object.entries(bundlers)) {
  test(`five lines answer: ${name}`, async ({ page }) => {
    const out = mkdtempSync(path.join(tmpdir(), "marquee-built-"));
    await make(out);
    const host = await serve(out);
    await answers(page, host.url);
    host.close();
    rmSync(out, { recursive: true });
  });
}

test("five lines answer: Vite, while it serves the project", async ({ page }) => {
  const port = await freePort();
  const server = await createServer({
    root: project,
    configFile: false,
    logLevel: "error",
    server: { port, host: "127.0.0.1", strictPort: true },
  });
  await server.listen();
  await answers(page, `http://127.0.0.1:${port}/`);
  await server.close();
});

test("five lines answer: a plain tag, under the policy that README.md names", async ({ page }) => {
  const policy = "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:";
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const script = FIVE.replace("marquee-posters", "./node_modules/marquee-posters/index.js");
  writeFileSync(path.join(project, "plain.html"), html(`<script type="module">${script}</script>`, head));
  const host = await serve(project);
  await answers(page, `${host.url}plain.html`);
  // What no poster has needed yet is not downloaded with the page.
  expect(host.asked.filter((name) => /gpu|posternet|cnn64/.test(name))).toEqual([]);
  host.close();
});

test("another network comes as a script, and one that is not there is named with it", async ({ page }) => {
  const host = await serve(project);
  await page.goto(`${host.url}index.html`);
  const file = some("jpg");
  const said = await page.evaluate(
    async ([module, file]) => {
      const { load } = await import(`${module}/index.js`);
      const missing = await load({ network: "posternet" }).catch(({ code, message }) => ({ code, message }));
      const { default: weights } = await import(`${module}/weights/posternet.js`);
      const marquee = await load({ weights });
      const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
      return { missing, network: marquee.network, answer: await marquee.classify(new Blob([bytes])) };
    },
    [`${host.url}node_modules/marquee-posters`, readFileSync(file).toString("base64")],
  );
  expect(said.missing).toMatchObject({ code: "missing", message: expect.stringContaining("marquee-posters/weights/posternet.js") });
  expect(said.network).toBe("posternet");
  close(said.answer, predict([file], "posternet")[0]);
  host.close();
});

test("WebGPU's program comes as a script", async () => {
  const browser = await chromium.launch(launch({ webGpu: true }));
  const page = await browser.newPage();
  const host = await serve(project);
  await page.goto(`${host.url}index.html`);
  const file = some("png");
  const answer = await page.evaluate(
    async ([module, file]) => {
      const { load } = await import(`${module}/index.js`);
      const { gpu } = await import(`${module}/gpu.js`);
      const marquee = await load({ engine: gpu });
      const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
      return marquee.classify(new Blob([bytes]));
    },
    [`${host.url}node_modules/marquee-posters`, readFileSync(file).toString("base64")],
  );
  expect(answer.engine).toBe("gpu");
  close(answer, predict([file])[0]);
  await browser.close();
  host.close();
});

/** A tool of this folder's packages, told of the package. */
const check = (tool, ...options) => {
  const program = path.resolve(import.meta.dirname, "../node_modules/.bin", tool);
  return execFileSync(program, options, { encoding: "utf8" });
};

test("publint and arethetypeswrong have nothing to say against it", () => {
  expect(check("publint", packed, "--strict")).toContain("All good");
  // The package has ES modules alone. Node's require() takes those from its version 20.19 on.
  check("attw", packed, "--profile", "esm-only");
});

test("a server may import it, and is told that it needs a browser", () => {
  const lines = `const { load } = await import("marquee-posters");
await import("marquee-posters/gpu.js");
console.log(typeof (await import("marquee-posters/weights/cnn32.js")).default);
await load().catch(({ code, message }) => console.log(code, message));`;
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", lines], { cwd: project, encoding: "utf8" });
  expect(said).toMatch(/^function\nunavailable .*browser/);
});
