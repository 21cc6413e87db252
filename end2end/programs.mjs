// Programs that the tests start.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** A port that is free at this moment. */
export const freePort = async () => {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
};

/** Starts a program. `ended` fails when it ends, with what it said. */
export const start = (program, options, more = {}) => {
  const started = spawn(program, options, { stdio: ["ignore", "ignore", "pipe"], ...more });
  let said = "";
  started.stderr.on("data", (text) => (said += text));
  const ended = new Promise((_, reject) => {
    started.on("error", reject);
    started.on("exit", (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
  ended.catch(() => {});
  return { process: started, ended };
};

/** Waits until a server that `ended` belongs to answers at this address. */
export const answering = async (url, ended) => {
  const answers = async () => {
    while (!(await fetch(url).catch(() => {}))?.ok);
  };
  await Promise.race([answers(), ended]);
};
