// The table, and the files in docs/ that keep it.

import { mkdirSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { prepared } from "./measure.mjs";

const docs = path.resolve(import.meta.dirname, "../../docs");
const BEGIN = "<!-- bench web -->";
const END = "<!-- /bench web -->";

const number = (value, digits) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** To about three digits. */
const short = (value) => number(value, value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0);

const median = (values) => {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The figures of each round as median and range. */
export const summarise = (values) => {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), values };
};

const cell = (figure) => {
  if (!figure) return "";
  const { median, min, max, values } = figure;
  return values.length > 1 && min !== max ? `${short(median)} (${short(min)} to ${short(max)})` : short(median);
};

const columns = (files) => [
  ["first", "first answer, ms"],
  ["one", "one poster in the network, ms"],
  ["rate", "in the network, posters/s"],
  ["files", `${number(files, 0)} files, files/s`],
  ["bytes", "bytes before the first answer"],
];

/** The machine and the versions, for a reader who wants to know whether the figures are like theirs. */
export const machine = (chromium, versions) => ({
  date: new Date().toISOString().slice(0, 10),
  cpu: os.cpus()[0]?.model.trim() ?? "unknown",
  cores: os.availableParallelism(),
  system: `${os.type()} ${os.release()}`,
  load: number(os.loadavg()[0], 1),
  chromium,
  versions,
});

/** The report as Markdown. */
export const markdown = ({ machine, rounds, files, results, skipped }) => {
  const shown = columns(files).filter(([key]) => results.some(({ figures }) => figures[key]));
  const networks = [...new Set(results.map(({ network }) => network))];
  const tables = networks.map((network) => {
    const rows = results.filter((result) => result.network === network);
    const cells = (figures) => shown.map(([key]) => cell(figures[key])).join(" | ");
    const lines = rows.map(({ title, figures }) => `| ${title} | ${cells(figures)} |`);
    const head = `| ${network} | ${shown.map(([, title]) => title).join(" | ")} |`;
    return [head, `|---${"|---:".repeat(shown.length)}|`, ...lines].join("\n");
  });
  const onGpu = results.filter(({ adapter }) => adapter);
  const adapters = onGpu.map(({ title, network, adapter }) => `${title} (${network}): ${adapter}`);
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.system}, Chromium ${machine.chromium}; ` +
      `${versions.join(", ")}. Load of the machine at the start: ${machine.load}. ` +
      (rounds > 1 ? `Median of ${rounds} rounds, and the range.` : "One round."),
    ...tables,
    ...(adapters.length > 0 ? [`GPUs: ${adapters.join("; ")}.`] : []),
    ...Object.entries(skipped).map(([reason, what]) => `Left out: ${what.join(", ")}, because ${reason}.`),
  ].join("\n\n");
};

/** What was measured for how many posters, in words; `cargo xtask bench web --help` says the rest. */
export const explain = (networks) =>
  networks.map((network) => `${network}: ${prepared(network)} prepared posters`).join(", ");

/** Puts the table between its marks in docs/BENCHMARKS.md, and all figures into docs/benchmarks/web.json. */
export const write = (report) => {
  const page = path.join(docs, "BENCHMARKS.md");
  const old = existsSync(page) ? readFileSync(page, "utf8") : `# Benchmarks\n\n${BEGIN}\n${END}\n`;
  const [begin, end] = [old.indexOf(BEGIN), old.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${page} has no ${BEGIN} … ${END}`);
  writeFileSync(page, `${old.slice(0, begin)}${BEGIN}\n\n${markdown(report)}\n\n${old.slice(end)}`);
  const json = path.join(docs, "benchmarks/web.json");
  mkdirSync(path.dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  return [page, json];
};
