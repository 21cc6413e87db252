// Browsers that are controlled by WebDriver, which every engine has.

import { Builder } from "selenium-webdriver";
import { launch } from "./chromium.mjs";
import { answering, freePort, start } from "./programs.mjs";

/** How long a browser may take to start, in milliseconds. */
const PATIENCE = 120_000;

/** What each driver has to know of its browser. */
const capabilities = {
  Chromium: (binary) => {
    // Its sandbox refuses root.
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const { args } = launch({ webGpu: false });
    return { browserName: "chrome", "goog:chromeOptions": { binary, args: ["--headless=new", ...args, ...root] } };
  },
  Firefox: (binary) => ({ browserName: "firefox", "moz:firefoxOptions": { binary, args: ["-headless"] } }),
  WebKitGTK: () => ({ browserName: "MiniBrowser" }),
};

/** Starts a screen that nobody sees, and gives its name. */
const screenOf = async (program, running) => {
  const options = ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  const { process, ended } = start(program, options, { stdio: ["ignore", "pipe", "pipe"] });
  running.push(process);
  const number = new Promise((resolve) => process.stdout.once("data", (text) => resolve(String(text).trim())));
  return `:${await Promise.race([number, ended])}`;
};

/** Runs `use` with a browser, one of those that xtask/src/tools/engines.rs finds, and closes it. */
export const browse = async ({ name, browser, driver, screen }, use) => {
  const running = [];
  let session;
  try {
    const display = screen && { DISPLAY: await screenOf(screen, running) };
    const port = await freePort();
    const env = { ...process.env, ...display };
    const { process: program, ended } = start(driver, [`--port=${port}`], { env });
    running.push(program);
    const url = `http://127.0.0.1:${port}`;
    await answering(`${url}/status`, ended);
    const starting = new Builder().usingServer(url).withCapabilities(capabilities[name](browser)).build();
    const late = new Promise((_, reject) => {
      setTimeout(reject, PATIENCE, new Error(`${name} does not start`)).unref();
    });
    session = await Promise.race([starting, ended, late]);
    await session.manage().setTimeouts({ script: PATIENCE, pageLoad: PATIENCE });
    return await use(session);
  } finally {
    await session?.quit().catch(() => {});
    for (const program of running.reverse()) program.kill();
  }
};
