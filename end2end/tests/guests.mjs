// Pages of other people that use the classifier, and posters that harm it.

import { readFileSync } from "node:fs";
import { host } from "./host.mjs";

/** A page of this host, or of another one, that has nothing of Marquee in it. */
export const bare = async (page, address, body = "") => {
  await page.context().route(address, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><title>elsewhere</title>${body}` }),
  );
  await page.goto(address);
};

/** A file as text. */
export const base64 = (file) => readFileSync(file).toString("base64");

/** A file that makes the CPU worker fail: the worker says so itself, in place of reading it. */
export const deadly = Buffer.alloc(666, "deadly");

export const deadlyHost = () =>
  host((name, whole) => {
    const answer = { ...whole, headers: { ...whole.headers, "access-control-allow-origin": "*" } };
    if (!/^cpu-worker(-relaxed)?\.js$/.test(name)) return answer;
    const amended = `{
      const read = Blob.prototype.arrayBuffer;
      Blob.prototype.arrayBuffer = function () {
        if (this.size !== 666) return read.call(this);
        postMessage({ failed: { reason: "out of memory" } });
        return new Promise(() => {});
      };
    }`;
    return { ...answer, body: `${whole.body}\n${amended}` };
  });
