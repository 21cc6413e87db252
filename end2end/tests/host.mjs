// Hosts of the same site that behave as hosts do: other types, policies, faults, and real web servers.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { site } from "../chromium.mjs";
import { answering, freePort, start } from "../programs.mjs";

const root = path.resolve(import.meta.dirname, "../..");

/** The built site. */
export const dist = process.env.MARQUEE_DIST ?? path.join(root, "dist");

/** A file of docs/hosting/, which hosts copy. */
export const settings = (name) => readFileSync(path.join(root, "docs/hosting", name), "utf8");

/**
 * A host whose answers `change` may change: it gets the file's path in the site, and the answer with `status`,
 * `headers` and `body`. One that it makes `undefined` never arrives; without a status the connection breaks.
 */
export const host = async (change = (_, answer) => answer) => {
  const asked = [];
  const hosted = { asked, change };
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, site());
    const name = decodeURI(pathname.slice(new URL(site()).pathname.length)) || "index.html";
    asked.push(name);
    const file = await fetch(new URL(url, site()));
    const type = file.headers.get("content-type");
    const answer = {
      status: file.status,
      headers: { "cache-control": "no-cache", ...(type && { "content-type": type }) },
      body: Buffer.from(await file.arrayBuffer()),
    };
    const changed = hosted.change(name, answer);
    if (!changed) return;
    if (changed.status) response.writeHead(changed.status, changed.headers).end(changed.body);
    else response.destroy();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const url = new URL(site());
  url.port = server.address().port;
  hosted.url = url.href;
  hosted.close = () => server.close().closeAllConnections();
  return hosted;
};

/** A folder with the site in `marquee/`. */
const folder = () => {
  const folder = mkdtempSync(path.join(tmpdir(), "marquee-host-"));
  symlinkSync(dist, path.join(folder, "marquee"));
  return folder;
};

/** Runs a server until it answers. */
const run = async (port, program, options, cwd) => {
  const { process, ended } = start(program, options, { cwd });
  const url = `http://127.0.0.1:${port}/marquee/`;
  await answering(url, ended);
  return { url, close: () => process.kill() };
};

/** nginx with its own types and these settings of a host. */
export const nginx = async (program, server) => {
  const [port, at] = [await freePort(), folder()];
  const file = path.join(at, "nginx.conf");
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  mkdirSync(path.join(at, "temp"));
  writeFileSync(
    file,
    `daemon off;
${process.getuid?.() === 0 ? "user root;" : ""}
pid ${at}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${places.map((place) => `${place}_temp_path ${at}/temp;`).join(" ")}
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  ${server.replace("listen 80", `listen 127.0.0.1:${port}`).replace("/var/www/html", at)}
}
`,
  );
  return run(port, program, ["-c", file, "-p", at], at);
};

/** The server of docs/HOSTING.md's USB stick. */
export const python = async (program) => {
  const port = await freePort();
  return run(port, program, ["-m", "http.server", "--bind", "127.0.0.1", port], folder());
};

/** Caddy with the settings of a host, on a port of this machine. */
export const caddy = async (program, lines) => {
  const [port, at] = [await freePort(), folder()];
  const file = path.join(at, "Caddyfile");
  writeFileSync(file, lines.replace("example.org", `http://127.0.0.1:${port}`).replace("/var/www/html", at));
  return run(port, program, ["run", "--adapter", "caddyfile", "--config", file], at);
};

/** The headers that a `_headers` file gives a path: its lines for every rule that fits. */
export const headersOf = (file, name) => {
  const headers = {};
  let fits = false;
  for (const line of file.split("\n").filter((line) => /^\s*[^\s#]/.test(line))) {
    if (line.startsWith("/")) {
      const pattern = line.trim();
      const path = name === "index.html" ? "/" : `/${name}`;
      fits = pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
    } else if (fits) {
      const [key, ...value] = line.split(":");
      headers[key.trim().toLowerCase()] = value.join(":").trim();
    }
  }
  return headers;
};

/** Where a program is, if this machine has it. */
export const installed = (name, named) => {
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(path.delimiter).concat("/usr/sbin");
  return folders.map((folder) => path.join(folder, name)).find(existsSync);
};
