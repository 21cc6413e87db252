// Keeps the site for visits without a network.
//
// The build writes what stands in SITE: `files`, each file's path and hash; `first`, those that are
// kept when this worker is installed; and `version`, which changes when any of them does. The others
// (WebGPU, larger networks) are kept when the page asks for them, or when they are used. A new
// version is installed beside the old one, and takes over when no page of the old one is left, or
// when the visitor wants it.
//
// Only a file whose content has its hash is kept: hosts also answer 200 with a page that says something else,
// and while they are updated with a file of another version. What can't be kept is handed on all the same.

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

/** What the host answers. A page can't be shown from a response that was redirected, so that is forgotten. */
const download = async (path, cache) => {
  const response = await fetch(address(path), { cache });
  const { redirected, body, headers, status } = response;
  return redirected ? new Response(body, { headers, status }) : response;
};

/** A response to keep, if its content is what the build wrote; it is read for that. */
const checked = async (path, response) => {
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hash.startsWith(SITE.files[path])) return new Response(bytes, { headers: response.headers });
};

/** Writes a file into the cache. False if the storage is full, which must cost nobody an answer. */
const store = async (cache, path, response) => {
  try {
    await cache.put(address(path), response);
    return true;
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    console.info(`${path} is not kept: the storage is full`);
    return false;
  }
};

/** The files' hashes in each version that is kept, by the name of its cache. */
const versions = async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS));
  const list = async (name) => [name, await (await (await caches.open(name)).match(address(LIST)))?.json()];
  return Object.fromEntries(await Promise.all(names.map(list)));
};

/** A file of this version: copied from another one where they are the same, else downloaded, if need be past the
 *  browser's own cache. */
const fresh = async (path, known) => {
  const same = known.find(([name, files]) => name !== CACHE && files?.[path] === SITE.files[path]);
  const copy = same && (await (await caches.open(same[0])).match(address(path)));
  const file =
    (copy && (await checked(path, copy))) ??
    (await checked(path, await download(path, "no-cache"))) ??
    (await checked(path, await download(path, "reload")));
  if (!file) throw new Error(`${address(path)} is not what this version was built with`);
  return file;
};

/** Keeps files, and says whether the storage takes them all. One that can't be had does not stop the others. */
const keep = async (paths) => {
  const cache = await caches.open(CACHE);
  const known = Object.entries(await versions());
  let all = true;
  let lost;
  for (const path of paths) {
    try {
      if (await cache.match(address(path))) continue;
      all = (await store(cache, path, await fresh(path, known))) && all;
    } catch (error) {
      lost ??= error;
    }
  }
  if (lost) throw lost;
  return all;
};

/** A file of this version. What is not kept yet is handed on, and kept behind that. */
const serve = async (event, path) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(address(path));
  if (kept) return kept;
  const response = await download(path, event.request.cache === "reload" ? "reload" : "no-cache");
  const copy = response.clone();
  const keepCopy = async () => {
    const file = await checked(path, copy);
    if (file) await store(cache, path, file);
  };
  // What breaks off is the page's to complain of.
  event.waitUntil(keepCopy().catch((error) => console.info(String(error))));
  return response;
};

self.addEventListener("install", (event) => {
  const install = async () => {
    const cache = await caches.open(CACHE);
    await store(cache, LIST, new Response(JSON.stringify(SITE.files)));
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
  if (Object.hasOwn(SITE.files, path)) event.respondWith(serve(event, path));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  if (event.data !== "keep all") return;
  const all = async () => {
    if (await keep(Object.keys(SITE.files))) event.source.postMessage("all kept");
  };
  // Without a network the rest is kept another time.
  event.waitUntil(all().catch((error) => console.info(String(error))));
});
