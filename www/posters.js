// Posters as a program has them, and as a worker reads them: files.

import { MarqueeError, fetchPoster, isBlob } from "./worker-client.js";

/** Pictures that a page holds, by their types, with their width and height. They may be another window's. */
const PICTURES = {
  HTMLImageElement: (it) => [it.naturalWidth, it.naturalHeight],
  HTMLVideoElement: (it) => [it.videoWidth, it.videoHeight],
  VideoFrame: (it) => [it.displayWidth, it.displayHeight],
  HTMLCanvasElement: (it) => [it.width, it.height],
  OffscreenCanvas: (it) => [it.width, it.height],
  ImageBitmap: (it) => [it.width, it.height],
  ImageData: (it) => [it.width, it.height],
};

/** A poster as a file. */
export async function fileOf(poster, signal) {
  if (isBlob(poster)) return poster;
  const type = Object.prototype.toString.call(poster).slice(8, -1);
  if (type === "String" || type === "URL") return fetchPoster(poster, { signal });
  if (!(type in PICTURES)) {
    throw new TypeError(`a poster is a Blob, a File, an address or one of ${Object.keys(PICTURES).join(", ")}`);
  }
  if (type === "HTMLImageElement") {
    await poster.decode().catch(() => {
      throw new MarqueeError("unreadable", `the browser can't show the image ${poster.currentSrc}`);
    });
  }
  return drawn(poster, ...PICTURES[type](poster));
}

/** The picture as it is at this moment, written as a PNG, which loses nothing. */
async function drawn(picture, width, height) {
  if (!width || !height) throw new MarqueeError("empty", "there is no picture in it yet, or no longer");
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if ("data" in picture) context.putImageData(picture, 0, 0);
  else context.drawImage(picture, 0, 0, width, height);
  try {
    return await canvas.convertToBlob({ type: "image/png" });
  } catch (error) {
    if (error.name !== "SecurityError") throw new MarqueeError("tooLarge", `the picture can't be drawn: ${error.message}`);
    const remedy = 'its host has to allow that (CORS), and the element needs crossorigin="anonymous"';
    throw new MarqueeError("unreachable", `the picture is another site's and can't be read; ${remedy}`);
  }
}
