import { defineConfig } from "@playwright/test";
import { launch, site } from "./chromium.mjs";

// The software adapter is slow on a busy machine. A test must not fail for that.
const minute = 60_000;

// Tests of parts that do not use WebGPU, which would only wait for the software adapter.
const withoutWebGpu =
  /(about|accessible|best-answer|bundlers|damaged|festival|festival-memory|hosting|inputs|keyboard|machine|module|own|own-site|phone|recent|screens|share|shell|teach|waiting|without-webgpu)\.spec/;

// Tests of processor time and memory, which take long or depend on what else runs there. They run only if this is
// set: MARQUEE_MEASURE=1 cargo xtask test --only page -- festival-load
const measurements = /festival-load/;
const measure = Boolean(process.env.MARQUEE_MEASURE);

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // One browser at a time: the software adapter uses all cores.
  workers: 1,
  // A test that passes only at the second try has failed.
  retries: 0,
  timeout: 5 * minute,
  expect: { timeout: 2 * minute },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"], ["./failures.mjs"]],
  use: {
    baseURL: site(),
    locale: "en-US",
    viewport: { width: 1280, height: 900 },
    screenshot: "only-on-failure",
    // Tests delay and change what the host serves. A service worker would bypass that.
    serviceWorkers: "block",
  },
  projects: [
    {
      name: "webgpu",
      use: { launchOptions: launch({ webGpu: true }) },
      testIgnore: [withoutWebGpu, measurements],
    },
    {
      name: "no-webgpu",
      use: { launchOptions: launch({ webGpu: false }) },
      testMatch: withoutWebGpu,
    },
    {
      name: "measurements",
      use: { launchOptions: launch({ webGpu: false }) },
      testMatch: measure ? measurements : [],
    },
  ],
});
