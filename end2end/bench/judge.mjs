// Holds Marquee beside the best other engine on WebAssembly to what docs/benchmarks/web.json publishes.

import { readFileSync } from "node:fs";
import path from "node:path";

/** A busy machine may measure a ratio somewhat wrong, but hardly this many times what is published. */
const FAR = 2;

/**
 * The figures: `time` of the best round, which is disturbed least, and the largest share of the best peer's time
 * that Marquee should take.
 */
const FIGURES = {
  one: { name: "one poster in the network", time: ({ min }) => min, wanted: 0.8 },
  rate: { name: "many posters in the network", time: ({ max }) => 1 / max, wanted: 1 / 1.2 },
};

const published = () =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, "../../docs/benchmarks/web.json"), "utf8")).results;

/** Marquee's time, and as a share of the best peer's; undefined where it or all peers are missing. */
const compare = (results, network, key) => {
  const onCpu = results.filter((it) => it.network === network && it.title.endsWith(", wasm") && it.figures[key]);
  const times = (ours) =>
    onCpu
      .filter(({ title }) => title.startsWith("Marquee") === ours)
      .map(({ figures }) => FIGURES[key].time(figures[key]));
  const [time] = times(true);
  const peers = times(false);
  return { time, share: time && peers.length > 0 ? time / Math.min(...peers) : undefined };
};

/**
 * What to tell, and what is wrong. Bytes decide exactly: `limits` has the most for each network. Times decide
 * only where they are far off.
 */
export const judge = (results, limits, before = published()) => {
  const told = [];
  const faults = [];
  // also those of which nothing is published
  for (const network of new Set([...before.map(({ network }) => network), ...Object.keys(limits)])) {
    for (const [key, { name, wanted }] of Object.entries(FIGURES)) {
      const now = compare(results, network, key);
      const was = compare(before, network, key).share;
      if (was === undefined) faults.push(`${network}, ${name}: docs/benchmarks/web.json has nothing to compare with`);
      if (now.time === undefined) faults.push(`${network}, ${name}: Marquee was not measured`);
      else if (now.share === undefined) told.push(`${network}, ${name}: there is no peer to compare with`);
      else {
        const line = `${network}, ${name}: ${now.share.toFixed(2)} of the best peer's time (published ${was?.toFixed(2) ?? "nothing"})`;
        told.push(now.share > wanted ? `SLOW: ${line}; it should be at most ${wanted.toFixed(2)}` : line);
        if (now.share > FAR * was) faults.push(`${line}: more than ${FAR} times what is published`);
      }
    }
    const limit = limits[network];
    if (limit === undefined) continue;
    const ours = results.find((it) => it.network === network && it.figures.bytes);
    const line = `${network}: ${ours?.figures.bytes.max} bytes before the first answer; at most ${limit} are allowed`;
    told.push(line);
    if (!(ours?.figures.bytes.max <= limit)) faults.push(line);
  }
  return { told, faults };
};
