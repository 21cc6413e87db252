// `cargo xtask bench web`: Marquee's page beside pages that run the same networks with other libraries.
//
// The table goes to standard output, and everything else to standard error.

import { chromium } from "@playwright/test";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { launch } from "../chromium.mjs";
import { note } from "../failures.mjs";
import { draw } from "../posters.mjs";
import { engines as all, installed, version } from "./engines.mjs";
import { judge } from "./judge.mjs";
import { firstAnswer, inNetwork, manyFiles, probe } from "./measure.mjs";
import { make } from "./pages.mjs";
import { explain, machine, markdown, summarise, write } from "./report.mjs";
import { serve } from "./server.mjs";
import { visit } from "./visit.mjs";
import { waterfall } from "./waterfall.mjs";

const options = JSON.parse(process.argv[2] ?? "null");
const scratch = process.env.MARQUEE_SCRATCH;
if (!scratch || !options) throw new Error("Run this by `cargo xtask bench web`.");
const { networks, rounds, files } = options;

const tell = (line) => console.error(line);

/** This many files are answered in a second, roughly. */
const PER_SECOND = { cnn32: 150, posternet: 40 };

/** The measurements: the letters that they are for, what they are called, and seconds for one, roughly. */
const MEASUREMENTS = [
  { letters: "ae", name: "first answer", run: firstAnswer, seconds: () => 4 },
  { letters: "bc", name: "in the network", run: inNetwork, gpu: true, seconds: () => 10 },
  { letters: "d", name: `${files} files`, run: manyFiles, seconds: (network) => 4 + files / PER_SECOND[network] },
];
/** This many dots make a drawn poster as large a file as a photographed one: about 60 KB. */
const DOTS = 100;

/** The letter of each figure. */
const LETTERS = { first: "a", one: "b", rate: "c", files: "d", bytes: "e", requests: "e" };

/** Adapters that run on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|basic render/i;

// The waterfall is a question of its own.
const letters = options.only.length > 0 ? options.only : options.waterfall ? [] : Object.values(LETTERS);
const measurements = MEASUREMENTS.filter((it) => letters.some((letter) => it.letters.includes(letter)));

/** What is left out, by the reason. */
const skipped = new Map();
const skip = (what, reason) => {
  skipped.set(reason, [...(skipped.get(reason) ?? []), what]);
  tell(`${what} is left out: ${reason}`);
};

/** Runs `work` and returns what it returns. If that fails, the engine is left out. */
const orSkip = async (engine, network, work) => {
  try {
    return await work();
  } catch (error) {
    const [reason] = String(error.message ?? error).replace(/^page\.\w+: (Error: )?/, "").split("\n");
    skip(`${engine.title} (${network})`, reason);
    return undefined;
  }
};

const farthest = (one, other) =>
  one.length === other.length ? Math.max(...one.map((logit, at) => Math.abs(logit - other[at]))) : Infinity;

/** The engines that are to be measured with a network: those that start and compute what Marquee computes. */
const check = async (engines, network, bench) => {
  const checked = [];
  let expected;
  for (const engine of engines) {
    const found = await orSkip(engine, network, async () => {
      const result = await probe(engine, network, bench);
      expected ??= result.logits;
      const difference = farthest(expected, result.logits);
      if (SOFTWARE.test(result.adapter) && !options.softwareGpu) {
        throw new Error(`its GPU is a program, ${result.adapter}; --software-gpu measures it`);
      }
      if (!(difference < 1e-3)) throw new Error(`its logits differ from Marquee's by ${difference}`);
      return { engine, network, title: engine.title, adapter: result.adapter, difference, rounds: [] };
    });
    if (found) {
      tell(`${engine.title}, ${network}: its logits are within ${found.difference.toExponential(1)} of Marquee's`);
      checked.push(found);
    } else if (!expected) throw new Error("without Marquee there is nothing to compare");
  }
  return checked;
};

const candidates = all.filter(({ peer, title, files, package: name }) => {
  if (peer === "marquee") return true;
  try {
    installed(name);
    installed("esbuild");
    files.forEach(installed);
    return true;
  } catch {
    skip(title, `${name} is not installed in end2end/bench`);
    return false;
  }
});
// A check is short: engines on the CPU, and Marquee's first answer alone.
const onGpu = !options.check && measurements.some((measurement) => measurement.gpu);
const engines = candidates.filter(({ gpu }) => onGpu || !gpu);
const measured = (engine, measurement) =>
  measurement.gpu || !(engine.gpu || (options.check && engine.peer !== "marquee"));

const runs = networks.flatMap((network) =>
  measurements.flatMap((measurement) =>
    engines.filter((engine) => measured(engine, measurement)).map(() => measurement.seconds(network)),
  ),
);
const minutes = Math.ceil((rounds * runs.reduce((sum, seconds) => sum + seconds, 0)) / 60);
if (runs.length > 0) {
  tell(`Engines: ${engines.map(({ title }) => title).join("; ")}.`);
  tell(`Measured: ${measurements.map(({ name }) => name).join("; ")}. ${explain(networks)}.`);
  tell(`${rounds} rounds of ${runs.length} visits take about ${minutes} min on a machine that does nothing else.`);
}

const site = await serve(await make(engines, networks, scratch, tell, !options.check));
const posters = path.join(scratch, "bench-posters");
rmSync(posters, { recursive: true, force: true });
const bench = { site, adapter: options.softwareGpu ? "software" : "hardware" };
bench.files = await visit({}, (page) => draw(page, posters, files, DOTS));
bench.poster = readFileSync(bench.files[0]);

if (options.waterfall) {
  for (const network of networks) console.log(await waterfall(network, bench));
}

const browser = await chromium.launch(launch({ webGpu: false }));
const versions = ["onnxruntime-web", "@tensorflow/tfjs-core"].map((name) => [name, version(name)]);
const here = machine(browser.version(), Object.fromEntries(versions.filter(([, version]) => version)));
await browser.close();

const subjects = [];
for (const network of measurements.length > 0 ? networks : []) subjects.push(...(await check(engines, network, bench)));

for (let round = 0; round < rounds; round++) {
  for (const measurement of measurements) {
    const { name, run } = measurement;
    for (let turn = 0; turn < subjects.length; turn++) {
      // Every round begins with another one.
      const subject = subjects[(turn + round) % subjects.length];
      const { engine, network } = subject;
      if (subject.failed || !measured(engine, measurement)) continue;
      const result = await orSkip(engine, network, () => run(engine, network, bench));
      if (result) subject.rounds.push(result);
      else subject.failed = true;
      tell(`round ${round + 1}, ${name}: ${subject.title}, ${network}: ${JSON.stringify(result)}`);
    }
  }
}
site.close();

const figures = (rounds) => {
  const of = (key) => rounds.map((round) => round[key]).filter((value) => value !== undefined);
  const wanted = Object.keys(LETTERS).filter((key) => letters.includes(LETTERS[key]) && of(key).length > 0);
  return Object.fromEntries(wanted.map((key) => [key, summarise(of(key))]));
};
const results = subjects
  .filter(({ failed, rounds }) => !failed && rounds.length > 0)
  .map(({ network, title, adapter, difference, rounds }) => ({
    network,
    title,
    adapter,
    difference,
    batch: rounds.find(({ batch }) => batch)?.batch,
    figures: figures(rounds),
  }));
if (options.check) {
  const { told, faults } = judge(results, options.check);
  told.forEach((line) => console.log(line));
  note(faults);
  if (faults.length > 0) process.exitCode = 1;
} else if (results.length > 0) {
  const report = { machine: here, rounds, files, results, skipped: Object.fromEntries(skipped) };
  console.log(markdown(report));
  if (options.write) for (const file of write(report)) tell(`Wrote ${file}`);
}
