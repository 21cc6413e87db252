// The logits of a network's file in the page, natively, in PyTorch and in ONNX Runtime.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, predict } from "./support.mjs";

const trainer = path.resolve(import.meta.dirname, "../../trainer");
const python = process.env.MARQUEE_PYTHON ?? "python3";

/** In the page: what a network, given in base64, reads in posters and answers to them. */
const inPage = async ([network, posters]) => {
  const blob = (base64) => new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
  const weights = URL.createObjectURL(blob(network));
  const worker = new Worker("worker.js", { name: "cpu-worker" });
  const heard = (kind) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { [kind]: body, failed, refused } }) => {
        if (body) resolve(body);
        if (failed ?? refused) reject(new Error(JSON.stringify(failed ?? refused)));
      };
    });
  const ask = (message, kind) => {
    const reply = heard(kind);
    worker.postMessage(message);
    return reply;
  };
  await ask({ init: { weights } }, "ready");
  const answers = [];
  for (const [id, poster] of posters.entries()) {
    const request = { id, file: blob(poster) };
    const { logits } = await ask({ classify: { ...request, engine: "cpu" } }, "answer");
    const { input } = await ask({ classify: { ...request, engine: "gpu" } }, "prepared");
    answers.push({ logits: [...logits], input: [...input] });
  }
  worker.terminate();
  return answers;
};

/** Runs one of the trainer's scripts on a folder. If Python lacks one of the packages, a sentence says that it is skipped. */
const check = (script, packages, folder) => {
  const installed = spawnSync(python, ["-c", `import ${packages.join(", ")}`]);
  if (installed.status !== 0) {
    console.log(`${script} was skipped: there is no Python with ${packages.join(", ")}; name one with MARQUEE_PYTHON`);
    return;
  }
  const run = spawnSync(python, [path.join(trainer, "tests/python", script), folder], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: path.join(trainer, "python"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  expect(run.status, `${script}: ${run.stdout}${run.stderr}`).toBe(0);
  console.log(`${script}: ${run.stdout.trim()} from the page`);
};

/** Holds a network's two files to the same logits of posters, to 1e-4, wherever they run. */
export const sameLogits = async (page, { network, onnx, posters, folder }) => {
  const base64 = (file) => readFileSync(file).toString("base64");
  const answers = await page.evaluate(inPage, [base64(network), posters.map(base64)]);
  for (const [at, { logits }] of predict(posters, undefined, network).entries()) {
    expect(answers[at].logits).toHaveLength(logits.length);
    for (const [index, logit] of logits.entries()) {
      expect(Math.abs(answers[at].logits[index] - logit), posters[at]).toBeLessThan(1e-4);
    }
  }
  mkdirSync(folder, { recursive: true });
  const numbers = (name, of) => writeFileSync(path.join(folder, name), new Float32Array(answers.flatMap(of)));
  numbers("network.inputs", ({ input }) => input);
  numbers("network.answers", ({ logits }) => logits);
  copyFileSync(network, path.join(folder, "network.safetensors"));
  copyFileSync(onnx, path.join(folder, "network.onnx"));
  check("torch_answers.py", ["numpy", "safetensors", "torch", "PIL"], folder);
  check("onnx_answers.py", ["numpy", "onnx", "onnxruntime"], folder);
};
