// Draws posters in the browser, for tests and measurements that need many.

import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** More different drawings only take longer: every file is read, whatever is in it. */
export const DRAWN = 24;

/**
 * Draws up to DRAWN different posters, and returns `count` files of 500 by 750 pixels. `dots` is how many dots
 * the emptiest has: a poster with none takes 3 KB, one with 100 about 50.
 */
export const draw = async (page, folder, count, dots = 0) => {
  const drawn = await page.evaluate(async ([count, dots]) => {
    const pictures = [];
    for (let at = 0; at < count; at++) {
      const canvas = Object.assign(document.createElement("canvas"), { width: 500, height: 750 });
      const context = canvas.getContext("2d");
      context.fillStyle = `hsl(${at * 47} 70% ${10 + (at % 5) * 18}%)`;
      context.fillRect(0, 0, 500, 750);
      for (let dot = 0; dot < dots + (at % 4) * 40; dot++) {
        context.fillStyle = `hsl(${at * 31 + dot * 17} 80% 60% / 0.6)`;
        context.beginPath();
        context.arc((dot * 137 * (at + 1)) % 500, (dot * 89 * (at + 3)) % 750, 5 + ((dot * 7) % 60), 0, 7);
        context.fill();
      }
      pictures.push(canvas.toDataURL("image/jpeg", 0.9).split(",")[1]);
    }
    return pictures;
  }, [Math.min(count, DRAWN), dots]);
  mkdirSync(folder, { recursive: true });
  const file = (at) => path.join(folder, `${String(at).padStart(4, "0")}.jpg`);
  drawn.forEach((picture, at) => writeFileSync(file(at), Buffer.from(picture, "base64")));
  for (let at = drawn.length; at < count; at++) linkSync(file(at % drawn.length), file(at));
  return Array.from({ length: count }, (_, at) => file(at));
};
