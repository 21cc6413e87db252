// Files that come in a script, compressed by gzip and written in base64: every bundler takes scripts along, while each
// treats other files in a way of its own, or not at all.

/** The bytes of such a file. */
export async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
