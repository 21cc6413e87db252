// Notes what failed in a file that `cargo xtask test` repeats in its summary. For Playwright it is a reporter
// of the tests that failed.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const FILE = path.join(import.meta.dirname, "test-results", "failures.txt");

/** Writes what failed, a line each. */
export const note = (lines) => {
  if (lines.length === 0) return;
  mkdirSync(path.dirname(FILE), { recursive: true });
  writeFileSync(FILE, lines.map((line) => `${line}\n`).join(""));
};

export default class Failures {
  onBegin(_, suite) {
    this.suite = suite;
  }

  onEnd() {
    const failed = this.suite.allTests().filter((test) => test.outcome() === "unexpected");
    note(failed.map(({ location, title }) => `${path.basename(location.file)}:${location.line} ${title}`));
  }
}
