// Has the service worker keep the site, so that the next visit needs no network.

const idle = () =>
  new Promise((resolve) => {
    if (globalThis.requestIdleCallback) requestIdleCallback(resolve, { timeout: 10_000 });
    else setTimeout(resolve, 2_000);
  });

/** Registers it, and has it keep all there is, unless the visitor saves data. */
const keep = async () => {
  await navigator.serviceWorker.register("service-worker.js");
  const { active } = await navigator.serviceWorker.ready;
  if (navigator.connection?.saveData) return;
  await idle();
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data === "all kept") document.documentElement.dataset.offline = "ready";
  });
  active.postMessage("keep all");
};

/** Browsers have no service worker in a private window, or on a page that came without encryption. */
export async function keepOffline() {
  if (!("serviceWorker" in navigator)) return;
  await idle();
  await keep().catch((error) => console.info(`Not kept for visits without a network: ${error}`));
}
