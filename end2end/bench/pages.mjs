// Makes the pages that are compared: Marquee's as it was built, and one for each peer and network.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { installed } from "./engines.mjs";
import { describe, toLayers } from "./onnx.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const brotli = promisify(brotliCompress);

/** Endings of what is compressed already. */
const SMALL = /\.(avif|jpg|png|webp|woff2)$/;

/** Compressed at brotli's best, as a good host keeps its files. It takes a while, so it is done once. */
const compress = async (bytes, scratch) => {
  const file = path.join(scratch, "brotli", createHash("sha256").update(bytes).digest("hex"));
  if (!existsSync(file)) {
    const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, await brotli(bytes, { params }));
  }
  return readFileSync(file);
};

/** The files of a folder and its folders, by their paths. */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => [name.split(path.sep).join("/"), readFileSync(path.join(folder, name))]);

/** Marquee's page, as `cargo xtask build` has left it in dist/. */
const marquee = () => filesIn(path.join(root, "dist"));

/** The network's files for the peers, made of what `marquee onnx` writes. */
const networkFiles = (network, scratch) => {
  const file = path.join(scratch, `${network}.onnx`);
  const model = path.join(root, `models/weights/${network}.safetensors`);
  execFileSync(process.env.MARQUEE_BIN, ["onnx", "--model", model, "--out", file], { stdio: "pipe" });
  const onnx = readFileSync(file);
  const { weights, ...layers } = toLayers(onnx);
  return {
    description: describe(onnx),
    files: { "network.onnx": onnx, "network.json": Buffer.from(JSON.stringify(layers)), "network.bin": weights },
  };
};

/** A peer's page for a network. */
const peer = async (engine, { description, files }) => {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, "peers", engine.page)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    define: { NETWORK: JSON.stringify(description) },
    write: false,
    logLevel: "silent",
  });
  const libraries = engine.files.map((file) => [path.basename(file), readFileSync(installed(file))]);
  const weights = engine.weights.map((name) => [name, files[name]]);
  // The browser need not wait for the script to learn what it is going to download.
  const link = ([name]) => `<link rel="preload" href="${name}" as="fetch" crossorigin />`;
  const preload = [...libraries, ...weights].map(link);
  const html = readFileSync(path.join(import.meta.dirname, "peers/page.html"), "utf8");
  return [
    ["index.html", Buffer.from(html.replace("PRELOAD", preload.join("\n    ")))],
    ["page.js", Buffer.from(outputFiles[0].contents)],
    ...libraries,
    ...weights,
  ];
};

/** Where an engine's page for a network is, below the server's address. */
export const address = (engine, network) => (engine.peer === "marquee" ? "marquee/" : `${engine.id}/${network}/`);

/**
 * All pages: their files by path, each with its `bytes` and the `encoding` in which they are sent. Where no
 * peer's bytes are measured, their pages need not be compressed.
 */
export const make = async (engines, networks, scratch, tell, compressPeers) => {
  const made = new Map();
  const add = async (folder, files, compressed) => {
    for (const [name, bytes] of files) {
      const small = compressed && !SMALL.test(name);
      const file = small ? { encoding: "br", bytes: await compress(bytes, scratch) } : { bytes };
      made.set(folder + name, file);
    }
  };
  tell("compressing the pages; the first time this takes about two minutes");
  await add("marquee/", marquee(), true);
  const peers = engines.filter(({ peer }) => peer !== "marquee");
  for (const network of peers.length > 0 ? networks : []) {
    const files = networkFiles(network, scratch);
    // The bytes of pages that need a GPU are not measured.
    for (const engine of peers) await add(address(engine, network), await peer(engine, files), compressPeers && !engine.gpu);
  }
  return made;
};
