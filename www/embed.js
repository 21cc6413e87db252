// The classifier in an iframe. The page around it may hand it posters, and hears what it says:
//
//   frame.contentWindow.postMessage({ marquee: "classify", id: 1, poster: blob }, origin);
//   addEventListener("message", ({ data }) => …);
//   // { marquee: "ready", network: "posternet", labels: ["Horror", …] }, once
//   // { marquee: "answer", id: 1, label: "Horror", probability: 0.7, probabilities: {…}, … }
//   // { marquee: "error", id: 1, code: "notAnImage", message: "…" }
//
// The visitor's own posters are answered with the id null. `?network=` and `?lang=` choose. The page around it may
// hand over the file of a network of its own, a .safetensors in a Blob or an ArrayBuffer, which answers from then on:
//
//   frame.contentWindow.postMessage({ marquee: "load", weights: blob }, origin);
//   // { marquee: "ready", network: "posternet", labels: ["Western", …] }, or an error with the id null
//
// An address as the poster is fetched without cookies; whatever keeps it from being read, the code is "unreachable".
// The codes are in marquee.d.ts.

import { load, MarqueeError } from "./marquee.js";
import { fetchPoster } from "./worker-client.js";

const texts = {
  en: {
    drop: "Drop a poster here, or choose one",
    reading: "One moment",
    empty: "Your poster",
    failed: "Intermission",
    poster: "The poster you chose",
    problems: {
      empty: "This file is empty. Try another one.",
      notAnImage: "This file isn't a picture that can be read here. Try a JPEG, PNG or WebP.",
      damaged: "This picture is damaged and can't be read. Try another one.",
      unreadable: "This file can't be opened: it was moved or changed. Choose it again.",
      tooLarge: "This picture is too large to be read. Try a smaller one.",
      noDecoder: "The decoder of this kind of picture could not be loaded. Try a JPEG.",
      unreachable: "This address can't be fetched. Save the picture first, then choose it here.",
      failed: "This picture stopped the part of Marquee that reads it. Try another one.",
      noNetwork: "The network could not be loaded. Check the connection, and try again.",
      missing: "The site that hosts Marquee does not have this network.",
      notLoaded: "A part of Marquee could not be loaded, or is forbidden here. Please reload the page.",
      unavailable: "This browser has no WebGPU.",
      other: "Something went wrong. Please reload the page.",
    },
  },
  ko: {
    drop: "포스터를 여기에 놓거나 골라 주세요",
    reading: "잠시만요",
    empty: "당신의 포스터",
    failed: "쉬는 시간",
    poster: "고른 포스터",
    problems: {
      empty: "빈 파일입니다. 다른 파일을 골라 주세요.",
      notAnImage: "여기서 읽을 수 있는 그림이 아닙니다. JPEG, PNG, WebP로 시도해 주세요.",
      damaged: "손상되어 읽을 수 없는 그림입니다. 다른 파일을 골라 주세요.",
      unreadable: "열 수 없는 파일입니다. 옮겨졌거나 바뀌었습니다. 다시 골라 주세요.",
      tooLarge: "너무 커서 읽을 수 없습니다. 더 작은 그림을 골라 주세요.",
      noDecoder: "이 형식을 읽는 부분을 내려받지 못했습니다. JPEG로 시도해 주세요.",
      unreachable: "이 주소에서는 가져올 수 없습니다. 그림을 저장한 뒤 골라 주세요.",
      failed: "이 그림 때문에 읽는 부분이 멈췄습니다. 다른 파일을 골라 주세요.",
      noNetwork: "신경망을 불러오지 못했습니다. 연결을 확인하고 다시 시도해 주세요.",
      missing: "Marquee를 제공하는 사이트에 이 신경망이 없습니다.",
      notLoaded: "Marquee의 일부를 불러오지 못했거나 여기서는 막혀 있습니다. 페이지를 새로 고쳐 주세요.",
      unavailable: "이 브라우저에는 WebGPU가 없습니다.",
      other: "문제가 생겼습니다. 페이지를 새로 고쳐 주세요.",
    },
  },
};

const options = new URLSearchParams(location.search);
const [wanted] = (options.get("lang") ?? navigator.language).toLowerCase().split("-");
const language = wanted in texts ? wanted : "en";
const text = texts[language];
const at = (id) => document.getElementById(id);
// The build writes what people call the classes into the page.
const { labels } = JSON.parse(at("site").textContent)[language];
const named = (label) => (Object.hasOwn(labels, label) ? labels[label] : label);

document.documentElement.lang = language;
at("invitation").textContent = text.drop;
at("sign").textContent = text.empty;
at("error").textContent = at("error").className = "";

// A page in a sandbox has the origin "null", to which nothing can be addressed.
const tell = (message, target = parent, origin = "*") => {
  if (target !== self) target.postMessage(message, origin === "null" ? "*" : origin);
};

/** Loads the network that answers. */
let open = () => load({ network: options.get("network") ?? undefined });
let loading;
const use = (begun) => {
  begun?.catch(() => {
    if (loading === begun) loading = undefined;
  });
  return (loading = begun);
};
/** The classifier. One that could not be loaded is loaded anew for the next poster. */
const loaded = () => loading ?? use(open());
const begun = (classifier, ...back) =>
  classifier.then(
    ({ network, labels }) => tell({ marquee: "ready", network, labels }, ...back),
    (error) => complain(error, null, ...back),
  );
begun(loaded());

/** The posters that are being read. */
const reading = new Set();
const read = (...asked) => {
  const answered = classify(...asked).finally(() => reading.delete(answered));
  reading.add(answered);
};

/**
 * Answers by the network in a file from now on; what was asked before is answered by the one before, and so is what
 * comes later if the file is no network.
 */
const replace = (file, ...back) => {
  if (!(file instanceof Blob)) {
    const reason = "weights has to be a .safetensors file, as a Blob or an ArrayBuffer";
    return complain(new MarqueeError("noNetwork", reason), null, ...back);
  }
  const [before, asked] = [loading, [...reading]];
  const next = use(load({ weights: file }));
  begun(next, ...back);
  next.then(
    async () => {
      open = () => load({ weights: file });
      const [{ value }] = await Promise.allSettled([before, ...asked]);
      value?.close();
    },
    () => loading || use(before),
  );
};

/** What another page has sent as a file. */
const blobOf = (sent) => (sent instanceof ArrayBuffer || ArrayBuffer.isView(sent) ? new Blob([sent]) : sent);

/**
 * Fetches a poster for a page of `origin`. A page of another site must not learn from the answer what is on this
 * host behind a login, so nothing of this host is fetched for it, and every failure looks the same.
 */
const fetchFor = async (address, origin) => {
  const unreachable = new MarqueeError("unreachable", "the poster can't be fetched; its host has to allow that (CORS)");
  try {
    const url = new URL(address, location);
    if (url.origin === location.origin && origin !== location.origin) throw unreachable;
    return await fetchPoster(url, { credentials: "omit" });
  } catch {}
  throw unreachable;
};

const show = ({ label, probabilities }) => {
  at("sign").textContent = named(label);
  at("classes").replaceChildren(
    ...Object.entries(probabilities).map(([label, probability]) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const share = document.createElement("meter");
      const percent = document.createElement("span");
      name.textContent = named(label);
      share.value = probability;
      share.setAttribute("aria-hidden", "true");
      percent.textContent = probability.toLocaleString(language, { style: "percent" });
      row.append(name, share, percent);
      return row;
    }),
  );
};

const complain = (error, id, ...back) => {
  const code = error.code ?? "failed";
  at("sign").textContent = text.failed;
  at("error").textContent = text.problems[code] ?? text.problems.other;
  at("classes").replaceChildren();
  tell({ marquee: "error", id, code, message: error.message }, ...back);
};

let latest = 0;
const classify = async (poster, id, target, origin) => {
  const turn = (latest += 1);
  at("sign").textContent = text.reading;
  at("error").textContent = "";
  const picture = at("poster");
  URL.revokeObjectURL(picture.src);
  picture.hidden = !(poster instanceof Blob);
  if (poster instanceof Blob) {
    picture.src = URL.createObjectURL(poster);
    picture.alt = text.poster;
  }
  try {
    const marquee = await loaded();
    const file = poster instanceof Blob ? poster : await fetchFor(poster, origin);
    const answer = await marquee.classify(file);
    if (turn === latest) show(answer);
    tell({ marquee: "answer", id, ...answer }, target, origin);
  } catch (error) {
    if (turn === latest) {
      picture.hidden = true;
      complain(error, id, target, origin);
    } else {
      tell({ marquee: "error", id, code: error.code ?? "failed", message: error.message }, target, origin);
    }
  }
};

addEventListener("message", ({ data, source, origin }) => {
  if (data?.marquee === "classify") read(blobOf(data.poster), data.id ?? null, source, origin);
  if (data?.marquee === "load") replace(blobOf(data.weights), source, origin);
});

at("pick").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) read(file, null);
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) read(file, null);
});
