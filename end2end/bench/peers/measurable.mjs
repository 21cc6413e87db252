// What an engine of a peer's page is asked by the bench. peers/marquee.mjs has the same functions.

/** The input of which all engines' answers are compared, as `probe` of app/src/protocol.rs makes it. */
const probe = (length) => Float32Array.from({ length }, (_, at) => Math.fround(((at * 37) % 101) / 50) - 1);

/** The same numbers as the engine wants them. */
const arrange = (numbers, layout, { channels, pixels }) => {
  if (layout === "NCHW") return numbers;
  return numbers.map((_, at) => numbers[(at % channels) * pixels + Math.floor(at / channels)]);
};

export const measurable = (engine, shape) => {
  const { layout, prepare, run, release } = engine;
  const poster = arrange(probe(shape.channels * shape.pixels), layout, shape);
  const repeated = (count) => {
    const numbers = new Float32Array(poster.length * count);
    for (let at = 0; at < count; at++) numbers.set(poster, at * poster.length);
    return prepare(numbers, count);
  };
  /** The mean milliseconds of a run with this many posters, over at least `atLeast` milliseconds. */
  const time = async (posters, atLeast) => {
    const prepared = repeated(posters);
    // The first runs allocate memory, and compile what a GPU runs.
    for (let warm = 0; warm < 3; warm++) await run(prepared);
    const begin = performance.now();
    let runs = 0;
    let passed = 0;
    for (; passed < atLeast; passed = performance.now() - begin) {
      await run(prepared);
      runs += 1;
    }
    release(prepared);
    return passed / runs;
  };
  return {
    adapter: engine.adapter,
    probe: async () => {
      const prepared = repeated(1);
      const logits = [...(await run(prepared))];
      release(prepared);
      return logits;
    },
    one: (atLeast) => time(1, atLeast),
    /** Posters a second: one by one, and `count` at a time. */
    many: async (count, atLeast) => {
      const alone = 1000 / (await time(1, atLeast));
      const together = (1000 * count) / (await time(count, atLeast));
      return alone > together ? { rate: alone, batch: 1 } : { rate: together, batch: count };
    },
  };
};
