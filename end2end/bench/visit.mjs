// A visit to a page: in a browser that was never there.

import { chromium } from "@playwright/test";
import { setTimeout as sleep } from "node:timers/promises";
import { launch } from "../chromium.mjs";

/** A browser that has just started is busy with itself for about this many milliseconds. */
const STARTING = 1_000;

/** What takes longer than this many milliseconds does not work. */
const PATIENCE = 600_000;

/**
 * Starts a browser with a new profile, and has `work` visit pages in it.
 * @param {{gpu?: boolean, adapter?: "software" | "hardware"}} machine
 */
export const visit = async ({ gpu = false, adapter }, work) => {
  const browser = await chromium.launch(launch({ webGpu: gpu, adapter }));
  try {
    // Behind the first answer Marquee's service worker would download all files for later visits.
    const page = await browser.newPage({ locale: "en-US", serviceWorkers: "block" });
    page.setDefaultTimeout(PATIENCE);
    await sleep(STARTING);
    const late = sleep(PATIENCE, undefined, { ref: false }).then(() => {
      throw new Error("it did not end in ten minutes");
    });
    return await Promise.race([work(page), late]);
  } finally {
    await browser.close();
  }
};

/** Chooses Marquee's network, and its engine if that is given, as an earlier visit would have done it. */
export const choose = (page, network, engine) =>
  page.addInitScript(
    ([file, engine]) => {
      localStorage["marquee.network"] = file;
      if (engine) localStorage["marquee.engine"] = engine;
    },
    [`${network}.safetensors`, engine],
  );

/** Opens an engine's page and waits until it has nothing more to load. */
export const openQuiet = async (page, engine, url) => {
  await page.goto(url);
  if (engine.peer === "marquee") await page.getByTestId("more-ways").waitFor();
  else await page.evaluate(() => peer.then(() => {}));
};

/**
 * In the page, before anything of it is there: gives it a poster as soon as it has an input for files, and
 * calls `answered` with when that was, and when the answer stood in the document. Both are milliseconds since
 * navigation, whose time since 1970 is `origin`.
 */
export const handOver = (base64) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const poster = new File([bytes], "poster.jpg", { type: "image/jpeg" });
  const times = (globalThis.times = {});
  const look = () => {
    const pick = document.querySelector("input[type=file]");
    if (pick && !times.input) {
      times.input = performance.now();
      const chosen = new DataTransfer();
      chosen.items.add(poster);
      pick.files = chosen.files;
      pick.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (!times.answer && document.querySelector("[data-testid=winner][data-label]")) {
      times.answer = performance.now();
      times.origin = performance.timeOrigin;
      answered(times);
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-label"],
  });
};
