// The peers' page: it takes posters from its input and answers them by an engine, and it measures that engine.
//
// An engine has its `layout`, "NCHW" or "NHWC", and three functions. `prepare` takes the numbers of `count`
// posters, `run` resolves to all their logits, poster by poster, and `release` frees what `prepare` made.

import { measurable } from "./measurable.mjs";

// esbuild puts the network's description here.
const { labels, mean, std, input } = NETWORK;
const { width, height } = input;
const pixels = width * height;

/** As many posters as run at a time: more would not be faster. */
const BATCH = 32;
/** As many files are decoded ahead of the network. */
const AHEAD = 2 * BATCH;

const canvas = new OffscreenCanvas(width, height).getContext("2d", { alpha: false, willReadFrequently: true });

/** A file's pixels in the network's size. The browser decodes and resizes it on other threads. */
const read = async (file) => {
  const options = { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" };
  const bitmap = await createImageBitmap(file, options);
  canvas.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.getImageData(0, 0, width, height).data;
};

/** The network's input for the pixels of several posters. */
const normalise = (posters, layout) => {
  const numbers = new Float32Array(3 * pixels * posters.length);
  const [step, plane] = layout === "NCHW" ? [1, pixels] : [3, 1];
  const factors = std.map((std) => 1 / (255 * std));
  const less = mean.map((mean, channel) => mean / std[channel]);
  posters.forEach((data, poster) => {
    for (let channel = 0; channel < 3; channel++) {
      let to = 3 * pixels * poster + channel * plane;
      for (let from = channel; from < data.length; from += 4, to += step) {
        numbers[to] = data[from] * factors[channel] - less[channel];
      }
    }
  });
  return numbers;
};

const classify = async (engine, posters) => {
  const prepared = engine.prepare(normalise(posters, engine.layout), posters.length);
  const logits = await engine.run(prepared);
  engine.release(prepared);
  const each = logits.length / posters.length;
  return posters.map((_, poster) => {
    const classes = logits.subarray(poster * each, poster * each + labels.length);
    return labels[classes.indexOf(Math.max(...classes))];
  });
};

/** Answers many files: while the network runs a batch, the browser decodes the next ones. */
const classifyAll = async (engine, files, show) => {
  const answers = [];
  const reading = [];
  let next = 0;
  while (answers.length < files.length) {
    while (reading.length < BATCH + AHEAD && next < files.length) reading.push(read(files[next++]));
    answers.push(...(await classify(engine, await Promise.all(reading.splice(0, BATCH)))));
    show(answers.length);
  }
  return answers;
};

/** Opens the page with an engine that is starting. */
export const open = (starting) => {
  const by = (id) => document.querySelector(`[data-testid=${id}]`);
  const [pick, winner, progress] = ["pick", "winner", "progress"].map(by);
  const answer = async () => {
    const files = [...pick.files];
    if (files.length > 1) {
      const show = (done) => (progress.textContent = `${done} of ${files.length}`);
      progress.dataset.answers = (await classifyAll(await starting, files, show)).length;
    } else if (files.length === 1) {
      // It is decoded while the engine starts.
      const [poster, engine] = await Promise.all([read(files[0]), starting]);
      const [label] = await classify(engine, [poster]);
      winner.textContent = label;
      winner.dataset.label = label;
    }
  };
  pick.addEventListener("change", answer);
  // Chosen before this script was there.
  answer();
  globalThis.peer = starting.then((engine) => measurable(engine, { channels: 3, pixels }));
};
