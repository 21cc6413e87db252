// Finds out what keeps a file of the site from being used, and says it with what to do. Loaded only when
// something went wrong. A script and no module: browsers also run it from a disk, and where a host sends
// scripts with a wrong type.
//
// `marqueeTrouble(element, files, known)` looks at files, given by their addresses, and shows a sentence on the
// first that is at fault. `known` is the fault where it is known: `content` or `silent`. Of files that are `slow` the last
// is named until it is known what is wrong with them; `arrived` takes that back.

(() => {
  /** How long a host may take to begin its answer, in milliseconds. */
  const PATIENCE = 20_000;
  const JAVASCRIPT = /^(text|application)\/(x-)?(java|ecma)script/;
  /** The smallest module that there is, and one that uses SIMD. */
  const MODULE = [0, 97, 115, 109, 1, 0, 0, 0];
  const SIMD = [...MODULE, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

  const texts = {
    en: {
      again: () => "Try again",
      disk: () =>
        "Browsers start no programs for a page that is opened from a disk. Start a web server in this folder, for example “python3 -m http.server”, and open the address that it prints.",
      old: () =>
        "Marquee needs a browser with WebAssembly SIMD: Chrome 91, Firefox 89, Safari 16.4 or newer. Please update this one.",
      none: () => "WebAssembly is switched off in this browser. Marquee needs it: please switch it on.",
      policyWasm: () =>
        "A content security policy forbids WebAssembly here. Whoever hosts the page has to add 'wasm-unsafe-eval' to its script-src.",
      policyWorker: () =>
        "A content security policy forbids workers here. Whoever hosts the page has to allow worker-src 'self', and blob: where Marquee is embedded.",
      policy: (file, directive) =>
        `A content security policy forbids ${file}. Whoever hosts the page has to allow it in ${directive}.`,
      offline: (file) => `${file} could not be loaded: there is no internet connection. Connect, and try again.`,
      unreachable: (file) =>
        `${file} could not be loaded: the host can't be reached, or something in this browser blocks it. Check the connection, and try again.`,
      slow: (file) => `${file} is taking long to arrive. Marquee goes on when it is there; you may also try again.`,
      silent: (file) => `${file} does not arrive: the host gives no answer. Please try again later.`,
      missing: (file) =>
        `The host has no ${file} (404). If the page was just updated, try again. Whoever hosts it has to copy the whole folder dist/.`,
      status: (file, status) => `The host answers ${status} in place of ${file}. Please try again later.`,
      type: (file, type) =>
        `The host sends ${file} as ${type}, which browsers do not run. Whoever hosts the page has to send it as text/javascript.`,
      content: (file) =>
        `What the host sends as ${file} is something else. Try again; if that does not help, whoever hosts the page has to copy dist/ once more.`,
      unknown: (file) => `${file} did not start. Please try again, or use another browser.`,
    },
    ko: {
      again: () => "다시 시도",
      disk: () =>
        "브라우저는 디스크에서 연 페이지의 프로그램을 실행하지 않습니다. 이 폴더에서 웹 서버(예: “python3 -m http.server”)를 켜고, 거기 나오는 주소를 열어 주세요.",
      old: () =>
        "WebAssembly SIMD를 지원하는 브라우저가 필요합니다(Chrome 91, Firefox 89, Safari 16.4 이상). 브라우저를 업데이트해 주세요.",
      none: () => "이 브라우저에서 WebAssembly가 꺼져 있습니다. 켜야 Marquee를 쓸 수 있습니다.",
      policyWasm: () =>
        "콘텐츠 보안 정책(CSP)이 WebAssembly를 막고 있습니다. 페이지 운영자가 script-src에 'wasm-unsafe-eval'을 더해야 합니다.",
      policyWorker: () =>
        "콘텐츠 보안 정책(CSP)이 워커를 막고 있습니다. 페이지 운영자가 worker-src에 'self'를, 다른 페이지에 넣을 때는 blob:도 허용해야 합니다.",
      policy: (file, directive) =>
        `콘텐츠 보안 정책(CSP)이 ${file} 파일을 막고 있습니다. 페이지 운영자가 ${directive}에서 허용해야 합니다.`,
      offline: (file) => `인터넷에 연결되어 있지 않아 ${file} 파일을 불러오지 못했습니다. 연결한 뒤 다시 시도해 주세요.`,
      unreachable: (file) =>
        `서버에 닿지 못했거나 브라우저의 무언가가 막아서 ${file} 파일을 불러오지 못했습니다. 연결을 확인하고 다시 시도해 주세요.`,
      slow: (file) => `${file} 파일이 늦어지고 있습니다. 도착하면 계속합니다. 다시 시도하셔도 됩니다.`,
      silent: (file) => `서버가 대답하지 않아 ${file} 파일이 오지 않습니다. 잠시 뒤에 다시 시도해 주세요.`,
      missing: (file) =>
        `서버에 ${file} 파일이 없습니다(404). 페이지가 방금 바뀌었다면 다시 시도해 주세요. 페이지 운영자는 dist/ 폴더를 통째로 올려야 합니다.`,
      status: (file, status) =>
        `서버가 ${file} 파일 대신 ${status} 오류로 답합니다. 잠시 뒤에 다시 시도해 주세요.`,
      type: (file, type) =>
        `서버가 ${file} 파일을 ${type} 형식으로 보내서 브라우저가 실행하지 않습니다. 페이지 운영자가 text/javascript로 보내야 합니다.`,
      content: (file) =>
        `서버가 보낸 ${file} 파일의 내용이 다릅니다. 다시 시도해 보고, 그래도 안 되면 페이지 운영자가 dist/를 다시 올려야 합니다.`,
      unknown: (file) => `${file} 파일이 실행되지 않았습니다. 다시 시도하거나 다른 브라우저를 써 주세요.`,
    },
  };

  /** What the browser itself lacks or forbids for WebAssembly, if anything. */
  const withoutWasm = () => {
    if (!globalThis.WebAssembly) return ["none"];
    try {
      new WebAssembly.Module(new Uint8Array(MODULE));
    } catch {
      return ["policyWasm"];
    }
    if (!WebAssembly.validate(new Uint8Array(SIMD))) return ["old"];
  };

  /** Runs `attempt`, and gives the directive that forbade it, if one did. */
  const forbidden = async (attempt) => {
    let directive;
    const note = (event) => (directive = event.effectiveDirective);
    document.addEventListener("securitypolicyviolation", note);
    await attempt().catch(() => {});
    // The event is sent by a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    document.removeEventListener("securitypolicyviolation", note);
    return directive;
  };

  /** What is wrong with an answer of the host, if anything: the name of a text, and what stands in it. */
  const wrong = async (name, response) => {
    if (response.status === 404) return ["missing", name];
    if (!response.ok) return ["status", name, response.status];
    const type = response.headers.get("content-type")?.split(";")[0];
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length === 0) return ["content", name];
    const ending = name.split(".").at(-1);
    const text = () => new TextDecoder().decode(bytes).trim();
    if (ending === "js") {
      if (text().startsWith("<")) return ["content", name];
      if (!JAVASCRIPT.test(type)) return ["type", name, type ?? "?"];
    }
    if (ending === "wasm" && !WebAssembly.validate(bytes)) return ["content", name];
    if (ending === "json") {
      try {
        JSON.parse(text());
      } catch {
        return ["content", name];
      }
    }
  };

  /** A file's name in the site. */
  const nameOf = (address) => address.split(/[?#]/)[0].replace(new URL("./", document.baseURI).href, "");

  /** What is wrong with a file, if anything. */
  const look = async (address) => {
    const name = nameOf(address);
    let response, late;
    const ask = async () => {
      try {
        response = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
      } catch (error) {
        late = error.name === "TimeoutError";
      }
    };
    const directive = await forbidden(ask);
    if (directive) return ["policy", name, directive];
    if (late) return ["silent", name];
    if (!response) return [navigator.onLine ? "unreachable" : "offline", name];
    return wrong(name, response).catch(() => ["unreachable", name]);
  };

  /** Whether workers are forbidden. */
  const withoutWorkers = async (address) => {
    const start = () =>
      new Promise((resolve) => {
        const worker = new Worker(address);
        // It names no program, so it stops at once, unless it is forbidden to start.
        worker.onerror = worker.onmessage = () => resolve(worker.terminate());
      });
    if (await forbidden(start)) return ["policyWorker"];
  };

  /** What can be seen to be wrong with files, if anything. */
  const find = async (files) => {
    if (location.protocol === "file:") return ["disk"];
    const wasm = files.some((file) => file.endsWith(".wasm")) && withoutWasm();
    if (wasm) return wasm;
    for (const file of files) {
      const found = await look(file);
      if (found) return found;
    }
    const worker = files.find((file) => file.endsWith("/worker.js"));
    if (worker) return withoutWorkers(worker);
  };

  /** What is said of a file in which nothing wrong can be seen. Weights that are there and were refused are no weights. */
  const unseen = (name) => [name.endsWith(".safetensors") ? "content" : "unknown", name];

  /** What is shown: the name of each sentence's text, and what stands in it. */
  let told = [];

  globalThis.marqueeTrouble = async (element, files, known) => {
    const draw = () => {
      const text = texts[document.documentElement.lang] ?? texts.en;
      const sentences = told.map(([kind, ...values]) =>
        Object.assign(document.createElement("p"), { textContent: text[kind](...values) }),
      );
      const onclick = () => location.reload();
      const again = Object.assign(document.createElement("button"), { textContent: text.again(), onclick });
      element.replaceChildren(...sentences, again);
      element.hidden = told.length === 0;
    };
    if (told.length === 0) {
      // The visitor may choose another language.
      new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["lang"] });
    }
    const names = files.map(nameOf);
    const forget = (...kinds) => (told = told.filter(([kind, name]) => !kinds.includes(kind) || !names.includes(name)));
    const tell = (found) => {
      if (!told.some((other) => String(other) === String(found))) told.push(found);
      draw();
    };
    if (known === "arrived") {
      forget("slow", "silent");
    } else if (known === "slow") {
      tell([known, names.at(-1)]);
      // What is wrong with it takes the place of what was feared.
      const found = await find(files);
      const waits = told.some(([kind, name]) => kind === "slow" && names.includes(name));
      if (!waits || !found) return;
      forget("slow");
      tell(found);
    } else {
      const found = known ? [known, names[0]] : ((await find(files)) ?? unseen(names.at(-1)));
      forget("slow");
      tell(found);
    }
    draw();
  };
})();
