// Asks Marquee's workers what peers/measurable.mjs asks a peer's engine.

/**
 * Runs in Marquee's page, so it can use nothing from outside itself. `weights` is the path of the weights, and
 * `length` how many numbers a poster has. The messages are those of app/src/protocol.rs.
 */
export const marquee = async ({ gpu, weights, length }) => {
  const adapter = gpu && (await navigator.gpu?.requestAdapter());
  if (gpu && !adapter) throw new Error("this browser has no WebGPU here");
  const { vendor, architecture, description } = adapter?.info ?? {};
  const root = new URL("./", document.baseURI).href;
  const url = root + weights;
  const start = (name, weights) => new MarqueeWorker(name, root, weights);

  const worker = gpu ? start("gpu-worker", url) : start("networks-worker");
  /** The milliseconds in the network, as the worker tells them: without messages and, on a CPU, without input. */
  const measure = async (posters) => {
    if (!gpu) return (await worker.ask({ measure: { network: url, posters } })).ms;
    const input = new Float32Array(posters * length).fill(0.5);
    return (await worker.ask({ infer: { input } }, [input.buffer])).inferMs;
  };
  const time = async (posters, atLeast) => {
    for (let warm = 0; warm < 3; warm++) await measure(posters);
    let runs = 0;
    let passed = 0;
    for (; passed < atLeast; passed += await measure(posters)) runs += 1;
    return passed / runs;
  };
  globalThis.peer = Promise.resolve({
    adapter: adapter && [vendor, architecture, description].filter(Boolean).join(" "),
    probe: async () => {
      const ready = (gpu ? worker : start("cpu-worker", url)).ready;
      return [...(await ready).probe];
    },
    one: (atLeast) => time(1, atLeast),
    // The networks worker makes batches of 32.
    many: async (count, atLeast) => ({
      rate: (1000 * count) / (await time(count, atLeast)),
      batch: gpu ? count : Math.min(count, 32),
    }),
  });
};
