// Keeps the site for visits without a network.
//
// The build writes what stands in SITE: `files`, each file's path and hash; `first`, those that are
// kept when this worker is installed; and `version`, which changes when any of them does. The others
// (WebGPU, larger networks) are kept when the page asks for them, or when they are used. A new
// version is installed beside the old one, and takes over when no page of the old one is left, or
// when the visitor wants it.

const SITE = null;

const OURS = `marquee ${self.registration.scope} `;
const CACHE = OURS + SITE.version;
const INDEX = "index.html";
const LIST = "service-worker.json";
// manifest.webmanifest's share_target, and the cache from which the lazy app takes the posters.
const SHARE = "share";
const ASIDE = "marquee shared";

// Some hosts answer index.html by a redirect to its folder.
const address = (path) => new URL(path === INDEX ? "./" : path, self.registration.scope).href;

/** Downloads a file. A page can't be shown from a response that was redirected, so that is forgotten. */
const download = async (path, options) => {
  const response = await fetch(address(path), options);
  if (!response.ok) throw new Error(`${response.url}: the server answers ${response.status}`);
  return response.redirected ? new Response(response.body, { headers: response.headers }) : response;
};

/** The files' hashes in each version that is kept, by the name of its cache. */
const versions = async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS));
  const list = async (name) => [name, await (await (await caches.open(name)).match(address(LIST)))?.json()];
  return Object.fromEntries(await Promise.all(names.map(list)));
};

/** Keeps files: copied from another version where they are the same, else downloaded. */
const keep = async (paths) => {
  const cache = await caches.open(CACHE);
  const known = Object.entries(await versions());
  for (const path of paths) {
    const url = address(path);
    if (await cache.match(url)) continue;
    const same = known.find(([name, files]) => name !== CACHE && files?.[path] === SITE.files[path]);
    const copy = same && (await (await caches.open(same[0])).match(url));
    await cache.put(url, copy ?? (await download(path, { cache: "no-cache" })));
  }
};

/** A file of this version; what is not kept yet is kept now. */
const serve = async (path) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(address(path));
  if (kept) return kept;
  const response = await download(path);
  await cache.put(address(path), response.clone());
  return response;
};

self.addEventListener("install", (event) => {
  const install = async () => {
    const cache = await caches.open(CACHE);
    await cache.put(address(LIST), new Response(JSON.stringify(SITE.files)));
    await keep(SITE.first);
  };
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  const activate = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(activate());
});

/** Puts posters from the system's share menu aside, and opens the page, which reads them. */
const putAside = async (request) => {
  const posters = (await request.formData()).getAll("posters");
  await caches.delete(ASIDE);
  const aside = await caches.open(ASIDE);
  await Promise.all(posters.map((poster, at) => aside.put(address(`shared/${at}`), new Response(poster))));
  return Response.redirect(`${address(INDEX)}?shared`, 303);
};

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { scope } = self.registration;
  if (method === "POST" && url === address(SHARE)) event.respondWith(putAside(event.request));
  if (method !== "GET" || !url.startsWith(scope)) return;
  // A query is for the page, or tells two loads of a module apart.
  const path = decodeURI(url.slice(scope.length).split(/[?#]/)[0]) || INDEX;
  if (Object.hasOwn(SITE.files, path)) event.respondWith(serve(path));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  if (event.data !== "keep all") return;
  const all = async () => {
    await keep(Object.keys(SITE.files));
    event.source.postMessage("all kept");
  };
  // Without a network the rest is kept another time.
  event.waitUntil(all().catch((error) => console.info(String(error))));
});
