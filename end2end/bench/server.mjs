// Serves all pages from memory, and notes what was downloaded when.

import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Milliseconds since 1970, by a clock that is as fine as a page's. */
const now = () => performance.timeOrigin + performance.now();

/** Serves `files`. `downloads` has a record of each download; what is in `change` is sent instead of a file. */
export const serve = async (files) => {
  const downloads = [];
  const site = { files, downloads, change: new Map() };
  const server = createServer((request, response) => {
    const from = now();
    const { pathname } = new URL(request.url, site.url);
    const name = decodeURIComponent(pathname.slice(1)).replace(/(^|\/)$/, "$1index.html");
    const file = site.change.get(name) ?? files.get(name);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const { bytes, encoding } = file;
    response.writeHead(200, {
      "content-type": TYPES[path.extname(name)] ?? "application/octet-stream",
      "content-length": bytes.length,
      ...(encoding && { "content-encoding": encoding }),
      "cache-control": "no-cache",
    });
    response.on("finish", () => downloads.push({ path: name, bytes: bytes.length, from, to: now() }));
    response.end(bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  site.url = `http://127.0.0.1:${server.address().port}/`;
  site.close = () => server.close().closeAllConnections();
  return site;
};
