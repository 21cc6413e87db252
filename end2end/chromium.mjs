// How Chromium is started: without WebGPU, or with WebGPU on a software adapter, which works on every machine.

import { existsSync } from "node:fs";

const quiet = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const withWebGpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const found = () => {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const path = process.env.CHROMIUM || places.find((place) => existsSync(place));
  if (!path) throw new Error("No Chromium was found: set CHROMIUM to its path.");
  return path;
};

/** Playwright's launch options. */
export const launch = ({ webGpu }) => ({
  executablePath: found(),
  args: [...quiet, ...(webGpu ? withWebGpu : ["--disable-gpu"])],
});

/** The URL of the tested site. It ends with a slash. */
export const site = () => {
  const url = process.env.MARQUEE_SITE;
  if (!url) throw new Error("MARQUEE_SITE is not set: run these tests by `cargo xtask test --only page`.");
  return url;
};
