// Starts the page. The build writes the names of the initial app, which change with its content, into the
// page: this script finds them on its element. It is no module: browsers also run it from a
// disk, and where a host sends scripts with a wrong type, so that it can say what is wrong.

(async ({ js, wasm }) => {
  const here = (name) => new URL(name, document.baseURI).href;

  /** What an earlier visit has left. The browser may forbid it; the page works without it, too. */
  const stored = (key) => {
    try {
      return localStorage[key];
    } catch {}
  };

  // What the page shows where none of its scripts run.
  const trouble = document.querySelector("#trouble");
  const shell = document.querySelector("#shell");
  trouble.hidden = true;
  trouble.className = "";

  let explaining;
  /** Has trouble.js say what keeps files from being used, by their names or addresses. */
  const explain = async (files, known) => {
    explaining ??= new Promise((onload, onerror) =>
      document.head.append(Object.assign(document.createElement("script"), { src: here("trouble.js"), onload, onerror })),
    );
    await explaining.then(
      () => marqueeTrouble(trouble, files.map(here), known),
      () => (trouble.hidden = false),
    );
  };

  // The shell, which is on show until the initial app is there, has its words in every language. It shows
  // those of an earlier visit's language, or the browser's.
  const language = (stored("marquee.language") ?? navigator.language).split("-")[0].toLowerCase();
  const words = [...document.querySelectorAll("#shell [lang], #trouble [lang]")];
  if (words.some(({ lang }) => lang === language)) {
    document.documentElement.lang = language;
    for (const word of words) word.hidden = word.lang !== language;
  }

  // Compiled while the page is laid out and painted. A host that does not name WebAssembly's type gets another
  // request, from wasm-bindgen.
  const program = Promise.resolve()
    .then(() => WebAssembly.compileStreaming(fetch(here(wasm))))
    .catch(() => here(wasm));

  /**
   * The network that answers first: the visitor's choice; the best one, if an earlier visit has left its weights
   * in this browser; or else the first one of the list.
   */
  const first = (networks) => {
    const best = networks.find(({ best }) => best)?.file;
    const kept = !navigator.connection?.saveData && stored("marquee.best");
    const listed = [stored("marquee.network"), kept === best && best, networks[0]?.file];
    return listed.find((choice) => networks.some(({ file }) => file === choice));
  };

  // A poster that is chosen or dropped before the initial app is there. The app gets it as soon as it is.
  let brought = shell.querySelector("input").files;
  const early = new Promise((resolve) => {
    const bring = (files) => {
      if (files?.length > 0) resolve((brought = files));
    };
    bring(brought);
    shell.addEventListener("change", ({ target }) => bring(target.files));
    shell.addEventListener("dragover", (event) => event.preventDefault());
    shell.addEventListener("drop", (event) => {
      event.preventDefault();
      bring(event.dataTransfer.files);
    });
  });

  // The initial app starts after the first paint, after half a second at the latest. A tab in the background is not
  // painted and does not wait; nor does a page that has a poster already.
  const seen = new Promise((resolve) => {
    setTimeout(resolve, document.hidden ? 0 : 500);
    if (globalThis.PerformanceObserver) new PerformanceObserver(resolve).observe({ type: "paint", buffered: true });
  });

  // The initial app publishes its first snapshot when it can answer, or knows that it never will. A poster that
  // is being read then is answered first.
  const answering = new Promise((resolve) => {
    addEventListener("marquee-snapshot", ({ detail }) => detail.phase !== "reading" && resolve());
  });

  /** Adds a style sheet, and resolves when it is there, or never will be. */
  const style = (href) =>
    new Promise((settled) => {
      const link = { rel: "stylesheet", href, onload: settled, onerror: settled };
      document.head.append(Object.assign(document.createElement("link"), link));
    });
  const TEXT_FACE = "text-face.css";

  const list = "weights/index.json";
  let files = ["worker-client.js"];
  /** What the page waits for. */
  let [awaited] = files;
  const late = setTimeout(() => explain([awaited], "slow"), 20_000);
  try {
    const { MarqueeWorker, download, weightsOf } = await import(here(files[0]));
    // Both programs start their workers with this.
    globalThis.MarqueeWorker = MarqueeWorker;
    MarqueeWorker.onTrouble = explain;

    // Without the list the initial app says that no network could be loaded.
    const networks = download(here(list))
      .then((bytes) => {
        const { networks } = JSON.parse(new TextDecoder().decode(bytes));
        for (const network of networks) network.url = weightsOf(network, here("./"));
        globalThis.marqueeNetworks = networks;
        globalThis.marqueeNetwork = first(networks);
      })
      .catch(({ known }) => void explain([list], known));

    // The worker that answers it starts at once, and gets its weights as soon as it is known which. The initial app
    // takes it over, with the answer. It blocks this thread, which the worker needs to start, so it waits for that,
    // half a second at most. Without a poster the page comes first, and the initial app starts the worker itself.
    const answerer = early.then(([file]) => {
      const weights = networks.then(() => globalThis.marqueeNetworks?.find(({ file }) => file === marqueeNetwork)?.url);
      return MarqueeWorker.startEarly(here("./"), weights, file).started;
    });

    files = [js, wasm];
    awaited = js;
    const { default: init } = await import(here(js));
    awaited = list;
    await Promise.race([seen, early]);
    if (brought.length > 0) await Promise.race([answerer, new Promise((resolve) => setTimeout(resolve, 500))]);
    else style(TEXT_FACE);
    await networks;
    awaited = wasm;
    await init({ module_or_path: await program });
    const arrived = ["worker-client.js", ...files, ...(globalThis.marqueeNetworks ? [list] : [])];
    if (explaining) explain(arrived, "arrived");
  } catch (error) {
    // A script that is cut off is no script.
    explain(files, error instanceof SyntaxError ? "content" : undefined);
    throw error;
  } finally {
    clearTimeout(late);
    shell.remove();
  }
  if (brought.length > 0) {
    const pick = document.querySelector("#pick");
    pick.files = brought;
    pick.dispatchEvent(new Event("change"));
  }

  // What is not needed for an answer.
  await answering;
  if (brought.length > 0) style(TEXT_FACE);
  const { later } = await import(here("later.js"));
  await later(style, explain);
})(document.currentScript.dataset);
