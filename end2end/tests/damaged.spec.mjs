// Damaged pictures, links and weights, as the page's own programs read them: each gets an answer or a reason, no worker
// dies of one, and nothing is asked of another host. MARQUEE_DAMAGED=100000 tries as many pictures, and a tenth as many
// of the others.

import { readFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { site } from "../chromium.mjs";
import { damage } from "../damage.mjs";
import { expect, networks, posters, predict, some, test } from "./support.mjs";

const PICTURES = Number(process.env.MARQUEE_DAMAGED ?? 500);
const OTHERS = Math.ceil(PICTURES / 10);
/** How many are handed to the page at a time. */
const PART = 500;

const samples = path.resolve(import.meta.dirname, "../../site/samples");
const base64 = (file) => readFileSync(file).toString("base64");

test.setTimeout(4 * 60 * 60_000);

/** A page of the site without the app in it, in which sound files are ready to be damaged. */
const bare = async (page, files) => {
  await page.route(`${site()}bare`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>bare</title>" }),
  );
  await page.goto("./bare");
  await page.evaluate(`self.damage = ${damage}`);
  await page.evaluate((files) => {
    self.sound = files.map((file) => Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0)));
  }, files);
};

/** Adds up what became of all, part by part, and says now and then how far a long run is. */
const addUp = async (count, run) => {
  const all = {};
  for (let first = 0; first < count; first += PART) {
    const part = await run(first, Math.min(PART, count - first));
    for (const [what, times] of Object.entries(part)) all[what] = (all[what] ?? 0) + times;
    const done = first + PART;
    if (done < count && done % (10 * PART) === 0) console.log(`${done} of ${count}: ${JSON.stringify(all)}`);
  }
  return all;
};

/** Fails if anything is asked of another host. */
const watchful = (page) => {
  const foreign = [];
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(site())) foreign.push(request.url());
  });
  return () => expect(foreign, "requests to other hosts").toEqual([]);
};

test(`${PICTURES} damaged pictures`, async ({ page }) => {
  const asksNobody = watchful(page);
  const drawn = posters().map(({ path }) => path);
  const files = [...drawn, ...["fox.webp", "coffee.png", "house.jpg"].map((name) => path.join(samples, name))];
  await bare(page, files.map(base64));
  await page.evaluate(async () => {
    const { load } = await import("./marquee.js");
    self.marquee = await load({ network: "cnn32" });
  });
  const told = await addUp(PICTURES, (first, count) =>
    page.evaluate(async ([first, count]) => {
      const told = {};
      const one = async (number) => {
        const what = await marquee.classify(new Blob([damage(sound, number)])).then(
          ({ probabilities, complete }) => {
            const sum = Object.values(probabilities).reduce((sum, one) => sum + one, 0);
            if (!(Math.abs(sum - 1) < 1e-3)) return `mutation ${number}: the probabilities add up to ${sum}`;
            return complete ? "answered" : "answered in part";
          },
          ({ code, message }) => (code === "failed" ? `mutation ${number}: ${message}` : (code ?? message)),
        );
        told[what] = (told[what] ?? 0) + 1;
      };
      const numbers = Array.from({ length: count }, (_, at) => first + at);
      const take = async () => {
        while (numbers.length > 0) await one(numbers.pop());
      };
      await Promise.all([take(), take(), take()]);
      return told;
    }, [first, count]),
  );
  console.log(`${PICTURES} damaged pictures: ${JSON.stringify(told)}`);
  const known = ["answered", "answered in part", "damaged", "empty", "notAnImage", "tooLarge"];
  expect(Object.keys(told).filter((what) => !known.includes(what))).toEqual([]);
  // The last one is sound again.
  const answer = await page.evaluate(async () => (await marquee.classify(new Blob([sound[0]]))).label);
  expect(answer).toBe(predict([drawn[0]])[0].label);
  asksNobody();
});

test(`${OTHERS} damaged weights files`, async ({ page }) => {
  const asksNobody = watchful(page);
  const weights = path.resolve(import.meta.dirname, "../../models/weights", networks[0].file);
  await bare(page, [base64(weights)]);
  const told = await addUp(OTHERS, (first, count) =>
    page.evaluate(async ([first, count]) => {
      self.start ??= () => {
        const worker = new Worker("worker.js", { name: "cpu-worker" });
        worker.init = (bytes) =>
          new Promise((resolve) => {
            worker.onmessage = ({ data: { ready, failed } }) => {
              if (ready) resolve("loaded");
              if (failed) resolve(failed.problem ?? failed.reason);
            };
            worker.onerror = ({ message }) => resolve(message);
            worker.postMessage({ init: { weights: "damaged", bytes: bytes.buffer } });
          });
        return worker;
      };
      self.worker ??= start();
      const told = {};
      for (let number = first; number < first + count; number++) {
        let what = await worker.init(damage(sound, number));
        if (!["loaded", "noNetwork"].includes(what)) {
          what = `mutation ${number}: ${what}`;
          worker.terminate();
          self.worker = start();
        }
        told[what] = (told[what] ?? 0) + 1;
      }
      return told;
    }, [first, count]),
  );
  console.log(`${OTHERS} damaged weights files: ${JSON.stringify(told)}`);
  expect(Object.keys(told).filter((what) => !["loaded", "noNetwork"].includes(what))).toEqual([]);
  asksNobody();
});

/** A link's fragment with these contents and their checksum. */
const sealed = (bytes) => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return `p1.${Buffer.concat([bytes, sum]).toString("base64url")}`;
};

test(`${OTHERS} damaged links`, async ({ visit, page }) => {
  const asksNobody = watchful(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit.open();
  await visit.upload(some("jpg"));
  await visit.by("share-copy").click();
  await expect(visit.by("share-news")).not.toBeEmpty();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const fragment = link.slice(link.indexOf("#") + 1);
  const content = Buffer.from(fragment.slice(3), "base64url").subarray(0, -4);
  // Behind a wrong checksum nothing else would be read, so most have a right one.
  const damaged = (number) =>
    number % 4 === 0
      ? encodeURIComponent(Buffer.from(damage([Buffer.from(fragment)], number)).toString("latin1"))
      : sealed(Buffer.from(damage([content], number)));
  const told = await addUp(OTHERS, (first, count) =>
    page.evaluate(async (fragments) => {
      const told = {};
      for (const fragment of fragments) {
        const before = location.hash;
        location.hash = fragment;
        if (location.hash !== before) await new Promise((heard) => addEventListener("hashchange", heard, { once: true }));
        await new Promise(requestAnimationFrame);
        const what = document.querySelector("[data-testid=opened-link]").dataset.state ?? "passed over";
        told[what] = (told[what] ?? 0) + 1;
      }
      return told;
    }, Array.from({ length: count }, (_, at) => damaged(first + at))),
  );
  console.log(`${OTHERS} damaged links: ${JSON.stringify(told)}`);
  await page.evaluate((fragment) => (location.hash = fragment), fragment);
  await expect(visit.by("opened-link")).toHaveAttribute("data-state", "same");
  asksNobody();
});
