// What `judge` says of made-up figures: node --test judge.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./judge.mjs";

/** Marquee and a peer, which take so many milliseconds for a poster; Marquee downloads so many bytes. */
const measured = (ours, theirs, bytes = 100) => {
  const figures = (time) => ({ one: { min: time, max: time }, rate: { min: 1 / time, max: 1 / time } });
  return [
    { network: "cnn32", title: "Marquee, wasm", figures: { ...figures(ours), bytes: { max: bytes } } },
    ...(theirs ? [{ network: "cnn32", title: "A peer, wasm", figures: figures(theirs) }] : []),
    { network: "cnn32", title: "A peer, WebGPU", figures: figures(0.001) },
  ];
};
const limits = { cnn32: 100 };
const published = measured(1, 2);
const faults = (results, before = published) => judge(results, limits, before).faults;

test("what is as published passes", () => {
  assert.deepEqual(faults(measured(1, 2)), []);
  assert.deepEqual(faults(measured(1.9, 2)), []);
});

test("what takes more than twice the published share of the best peer's time is a fault", () => {
  assert.equal(faults(measured(2.1, 2)).length, 2);
});

test("a byte too many is a fault", () => {
  const [fault, ...others] = faults(measured(1, 2, 101));
  assert.match(fault, /101 bytes/);
  assert.deepEqual(others, []);
});

test("without a peer nothing is compared, but Marquee must have been measured", () => {
  assert.deepEqual(faults(measured(9)), []);
  assert.equal(faults([]).length, 3);
});

test("where nothing is published, nothing passes", () => {
  for (const before of [[], measured(1), published.map((it) => ({ ...it, network: "posternet" }))]) {
    const found = faults(measured(1, 2), before).filter((fault) => fault.startsWith("cnn32"));
    assert.equal(found.length, 2);
    assert.match(found[0], /web.json has nothing/);
  }
});
