import { defineConfig } from "@playwright/test";
import { launch, site } from "./chromium.mjs";

// A software adapter on a busy machine takes its time, and a test must not fail for that.
const minute = 60_000;

// What WebGPU changes nothing of doesn't wait for the software adapter.
const withoutWebGpu = /about|accessible|festival|kept|keyboard|machine|more-ways|phone|screens|share|shell|without-webgpu/;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // One browser at a time: the software adapter takes all cores there are.
  workers: 1,
  // A test that passes at the second try has failed.
  retries: 0,
  timeout: 5 * minute,
  expect: { timeout: 2 * minute },
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    baseURL: site(),
    locale: "en-US",
    viewport: { width: 1280, height: 900 },
    screenshot: "only-on-failure",
    // Tests hold back or falsify what the host serves; a service worker would have kept it.
    serviceWorkers: "block",
  },
  projects: [
    {
      name: "webgpu",
      use: { launchOptions: launch({ webGpu: true }) },
      testIgnore: withoutWebGpu,
    },
    {
      name: "no-webgpu",
      use: { launchOptions: launch({ webGpu: false }) },
      testMatch: withoutWebGpu,
    },
  ],
});
