// Decodes what no decoder of ours reads, such as AVIF, by the browser, which turns the picture upright.
// Transparent parts become white. It gives what a decoder bundle would.

const refused = { refused: { problem: "tooLarge", detail: "the image is too large" } };

/** Whether the head of an AVIF or HEIC file says that it is `tooLarge` ("ispe", ISO/IEC 23008-12). */
const saysTooLarge = async (file, tooLarge) => {
  const head = new DataView(await file.slice(0, 1 << 16).arrayBuffer());
  const last = head.byteLength - 16;
  for (let at = 0; at <= last; at++) {
    const found = head.getUint32(at) === 0x69737065;
    if (found && tooLarge(head.getUint32(at + 8), head.getUint32(at + 12))) return true;
  }
  return false;
};

/** `mostPixels` and `longestSide` are the limits of the other decoders. */
export async function decode(file, mostPixels, longestSide) {
  const tooLarge = (width, height) => width * height > mostPixels || Math.max(width, height) > longestSide;
  if (await saysTooLarge(file, tooLarge)) return refused;
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  if (tooLarge(width, height)) {
    bitmap.close();
    return refused;
  }
  const context = new OffscreenCanvas(width, height).getContext("2d", { alpha: false });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    pixels[to] = data[from];
    pixels[to + 1] = data[from + 1];
    pixels[to + 2] = data[from + 2];
  }
  return { picture: { width, height, pixels } };
}
