// How Chromium is started: without WebGPU, with WebGPU on a software adapter, which works on every machine, or
// with this machine's own GPU.

import { existsSync } from "node:fs";

const quiet = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const withWebGpu = ["--enable-unsafe-webgpu"];

const adapters = {
  software: ["--use-webgpu-adapter=swiftshader"],
  // On Linux, WebGPU runs on Vulkan alone.
  hardware: ["--enable-features=Vulkan"],
};

const found = () => {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const path = process.env.CHROMIUM || places.find((place) => existsSync(place));
  if (!path) throw new Error("No Chromium was found: set CHROMIUM to its path.");
  return path;
};

/**
 * Playwright's launch options.
 * @param {{webGpu: boolean, adapter?: "software" | "hardware"}} options
 */
export const launch = ({ webGpu, adapter = "software" }) => ({
  executablePath: found(),
  args: [...quiet, ...(webGpu ? [...withWebGpu, ...adapters[adapter]] : ["--disable-gpu"])],
});

/** The URL of the tested site. It ends with a slash. */
export const site = () => {
  const url = process.env.MARQUEE_SITE;
  if (!url) throw new Error("MARQUEE_SITE is not set: run these tests by `cargo xtask test --only page`.");
  return url;
};
