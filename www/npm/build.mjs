// Makes the npm package of the built site: node www/npm/build.mjs SITE PACKAGE VERSION ESBUILD
//
// Files become scripts: a program's WebAssembly and a network's weights are packed as unpack.js reads them, and the
// workers' scripts become one. esbuild makes functions of the scripts that are ES modules.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const [site, out, version, esbuild] = process.argv.slice(2);
const own = import.meta.dirname;
const www = path.dirname(own);
const root = path.dirname(www);

const fromSite = (name) => readFileSync(path.join(site, name), "utf8");
const packed = (name) => JSON.stringify(gzipSync(readFileSync(path.join(site, name)), { level: 9 }).toString("base64"));
const write = (name, text) => {
  mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
  writeFileSync(path.join(out, name), `${text}\n`);
};
const transform = (text, ...options) =>
  execFileSync(esbuild, ["--minify", "--charset=utf8", "--target=es2022", "--log-level=error", ...options], {
    input: text,
    encoding: "utf8",
  });

/** A line of the worker's script: it makes what a script of the site gives, anew each time. */
const entry = (name, code, result) => `(self.scripts ??= {})["${name}"] = () => { ${code}; return ${result}; };\n`;
const program = (name) => entry(name, fromSite(`${name}.js`), "wasm_bindgen");
// Nothing asks for the file beside the script.
const asFunction = ["--format=iife", "--global-name=it", '--define:import.meta.url=""'];
const module = (name) => entry(name, transform(fromSite(`${name}.js`), ...asFunction), "it");

const files = readdirSync(site);
const named = (pattern) => files.map((name) => pattern.exec(name)?.[1]).filter(Boolean);
const workers = named(/^(cpu-worker(?:-relaxed)?)\.js$/);
const decoders = named(/^(\w+-decoder)_bg\.wasm$/);
const { networks } = JSON.parse(fromSite("weights/index.json"));
const [first] = networks;

// Only a package of ours gives way to the new one.
if (existsSync(out) && readdirSync(out).length) {
  const made = path.join(out, "package.json");
  if (!existsSync(made) || JSON.parse(readFileSync(made, "utf8")).name !== "marquee-posters") {
    console.error(`${out} holds something else than this package; name another folder, or empty it`);
    process.exit(1);
  }
  rmSync(out, { recursive: true });
}
const script = [
  ...workers.map(program),
  ...[...decoders, "browser-decoder"].map(module),
  transform(readFileSync(path.join(own, "parts.js"), "utf8")),
  fromSite("worker.js"),
].join("");

for (const name of [...workers, ...decoders]) write(`packed/${name}.js`, `export default ${packed(`${name}_bg.wasm`)};`);
const imports = [...workers, ...decoders].map(
  (name) => `  "${name}": async () => (await import("./${name}.js")).default,`,
);
write(
  "packed/index.js",
  `// Made by build.mjs: what the module needs, as scripts.
export const script = ${JSON.stringify(script)};
export const programs = {
${imports.join("\n")}
};
export const first = ${JSON.stringify(first.name)};
export const network = () => import("../weights/${first.name}.js");`,
);
write(
  "gpu.js",
  `// Made by build.mjs: the program that runs networks by WebGPU.
export const gpu = {
  script: ${JSON.stringify(program("gpu-worker"))},
  wasm: ${packed("gpu-worker_bg.wasm")},
};`,
);
for (const { name, file } of networks) {
  write(
    `weights/${name}.js`,
    `// Made by build.mjs: the weights of ${name}.
import { unpack } from "../unpack.js";

export default async function weights() {
  return new Blob([await unpack(packed)]);
}

const packed =
  ${packed(`weights/${file}`)};`,
  );
  cpSync(path.join(own, "weights.d.ts"), path.join(out, `weights/${name}.d.ts`));
  cpSync(path.join(site, `weights/${name}.md`), path.join(out, `weights/${name}.md`));
}

write("README.md", readFileSync(path.join(own, "README.md"), "utf8").replaceAll("@VERSION", `@${version}`).trimEnd());
for (const name of ["gpu.d.ts", "index.js", "unpack.js"]) cpSync(path.join(own, name), path.join(out, name));
for (const name of ["classifier.js", "posters.js", "worker-client.js"]) cpSync(path.join(www, name), path.join(out, name));
cpSync(path.join(www, "marquee.d.ts"), path.join(out, "index.d.ts"));
for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(path.join(root, name), path.join(out, name));
// All parts of the project have one version.
const manifest = { ...JSON.parse(readFileSync(path.join(own, "package.json"), "utf8")), version };
for (const { name } of networks) {
  manifest.exports[`./weights/${name}.js`] = { types: `./weights/${name}.d.ts`, default: `./weights/${name}.js` };
}
// Where the project is, is known where it is released.
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
if (GITHUB_REPOSITORY) {
  const home = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  manifest.repository = { type: "git", url: `git+${home}.git`, directory: "www/npm" };
  manifest.homepage = `${home}#readme`;
  manifest.bugs = `${home}/issues`;
}
write("package.json", JSON.stringify(manifest, null, 2));
