// Where the time of Marquee's first visit goes: `cargo xtask bench web --waterfall`.

import { brotliDecompressSync } from "node:zlib";
import { openWithPoster } from "./measure.mjs";
import { visit } from "./visit.mjs";

/** The visit whose first answer is the median of this many is shown. */
const VISITS = 3;

/** In the page and in each worker, before anything of it is there: notes when WebAssembly is compiled. */
const noteWebAssembly = (mark) => {
  for (const name of ["compileStreaming", "instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...all) => {
      const from = performance.timeOrigin + performance.now();
      // From a response this includes its download.
      const source = await all[0];
      const what = source instanceof Response ? source.url.split("/").pop() : source.constructor.name;
      try {
        return await original.call(WebAssembly, source, ...all.slice(1));
      } finally {
        mark(`WebAssembly.${name} ${what}`, from);
      }
    };
  }
};

/** In the page: collects the marks of the page and its workers, and what is said between them. */
const notePage = (noteWebAssembly) => {
  const now = () => performance.timeOrigin + performance.now();
  const marks = (globalThis.marks = []);
  const mark = (what, from = now(), who = "page") => marks.push({ who, what, from, to: now() });
  new BroadcastChannel("bench").onmessage = ({ data }) => marks.push(data);
  noteWebAssembly(mark);
  const Native = Worker;
  globalThis.Worker = class extends Native {
    constructor(address, options) {
      super(address, options);
      this.called = options.name;
      mark(`starts ${options.name}`);
      this.addEventListener("message", ({ data }) => {
        const [[kind, { readMs, inferMs, oneMs }]] = Object.entries(data);
        const times = Object.entries({ readMs, inferMs, oneMs }).filter(([, ms]) => ms !== undefined);
        mark(`hears "${kind}" of ${options.name}${times.map(([name, ms]) => `, ${name} ${ms.toFixed(1)}`).join("")}`);
      });
    }
    postMessage(message, transfer) {
      mark(`sends "${Object.keys(message)[0]}" to ${this.called}`);
      super.postMessage(message, transfer);
    }
  };
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      const at = performance.timeOrigin + startTime;
      marks.push({ who: "page", what: name, from: at, to: at });
    }
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      const from = performance.timeOrigin + startTime;
      marks.push({ who: "page", what: "a long task", from, to: from + duration });
    }
  }).observe({ type: "longtask", buffered: true });
};

/** What is put before worker.js, because no script of the bench runs in a worker by itself. */
const prologue = `{
  const now = () => performance.timeOrigin + performance.now();
  const channel = new BroadcastChannel("bench");
  const mark = (what, from = now()) => channel.postMessage({ who: self.name, what, from, to: now() });
  mark("runs worker.js");
  (${noteWebAssembly})(mark);
}
`;

const record = (network, bench) =>
  visit({}, async (page) => {
    const times = await openWithPoster(page, { peer: "marquee" }, network, bench, async () => {
      await page.addInitScript(`(${notePage})(${noteWebAssembly})`);
    });
    // Long tasks and what workers noted arrive a little later.
    const marks = await page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve(marks), 500)));
    const at = (ms) => times.origin + ms;
    const point = (what, ms) => ({ who: "page", what, from: at(ms), to: at(ms) });
    marks.push(point("has an input, and is given the poster", times.input), point("shows the answer", times.answer));
    const downloads = bench.site.downloads.map(({ path, bytes, from, to }) => {
      const what = `${path.replace("marquee/", "")} (${bytes.toLocaleString("en-US")} bytes)`;
      return { who: "download", what, from, to };
    });
    const since = ({ from, to, ...it }) => ({ ...it, from: from - times.origin, to: to - times.origin });
    const all = [...marks, ...downloads].map(since);
    const before = all.filter(({ from }) => from <= times.answer);
    return { answer: times.answer, lines: before.toSorted((one, other) => one.from - other.from) };
  });

const WIDTH = 40;

/** A line: from when to when, as a bar, who, and what. */
const show = ({ who, what, from, to }, answer) => {
  const column = (ms) => Math.max(0, Math.min(WIDTH - 1, Math.floor((ms / answer) * WIDTH)));
  const [start, end] = [column(from), column(to)];
  const bar = " ".repeat(start) + (to - from < 0.1 ? "|" : "#".repeat(end - start + 1));
  return `${from.toFixed(1).padStart(7)} ${to.toFixed(1).padStart(7)}  ${bar.padEnd(WIDTH)}  ${who}: ${what}`;
};

/** The waterfall of Marquee's first visit with a network, as text. */
export const waterfall = async (network, bench) => {
  const worker = "marquee/worker.js";
  const script = brotliDecompressSync(bench.site.files.get(worker).bytes);
  bench.site.change.set(worker, { bytes: Buffer.concat([Buffer.from(prologue), script]) });
  const visits = [];
  for (let at = 0; at < VISITS; at++) visits.push(await record(network, bench));
  bench.site.change.clear();
  const { answer, lines } = visits.toSorted((one, other) => one.answer - other.answer)[VISITS >> 1];
  const answers = visits.map(({ answer }) => answer.toFixed(0)).join(", ");
  const head = `${network}: first answer after ${answer.toFixed(0)} ms, the median of ${answers}`;
  return [head, "   from      to", ...lines.map((line) => show(line, answer))].join("\n");
};
