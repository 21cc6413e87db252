// Damages files in the ways of fuzz/src/mutate.rs, in Node and in a browser.

/**
 * A damaged copy of one of `sound`, which are Uint8Arrays. The same `number` gives the same bytes. It uses nothing from
 * outside, so that its text can be run in a page.
 */
export const damage = (sound, number) => {
  let state = number >>> 0;
  /** A whole number from 0 to below `end` (mulberry32). */
  const random = (end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  };
  const join = (...parts) => {
    const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
    return joined;
  };
  const edges = [[0], [1], [0x7f], [0xff], [0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0]];
  let bytes = sound[random(sound.length)].slice();
  const other = sound[random(sound.length)];
  for (let change = random(4); change >= 0; change--) {
    // Heads of files decide most, so half of the changes are there.
    const at = random(1 + (random(2) ? bytes.length : Math.min(bytes.length, 256)));
    const end = at + Math.min(1 + random(32), bytes.length - at);
    const kinds = [
      () => (bytes[at] ^= 1 << random(8)),
      () => (bytes[at] = random(256)),
      () => (bytes = bytes.slice(0, at)),
      () => (bytes = join(bytes.subarray(0, at), bytes.subarray(end))),
      () => (bytes = join(bytes.subarray(0, end), bytes.subarray(at))),
      () => bytes.fill(random(256), at, end),
      () => bytes.set(edges[random(edges.length)].slice(0, bytes.length - at), at),
      () => (bytes = join(bytes.subarray(0, at), [random(256)], bytes.subarray(at))),
      () => (bytes = join(bytes.subarray(0, at), other.subarray(random(other.length + 1)))),
    ];
    kinds[random(kinds.length)]();
  }
  return bytes;
};
