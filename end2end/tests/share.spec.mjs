// A share link carries a prediction, and no server hears of it.

import { AxeBuilder } from "@axe-core/playwright";
import jsQR from "jsqr";
import { best, elsewhere, expect, posters, some, test } from "./support.mjs";

/** Shows a file to the page and copies the link to its answer. */
const linkTo = async (visit, file) => {
  await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit.upload(file);
  await expect(visit.by("winner")).toBeVisible();
  return copied(visit);
};

const copied = async (visit) => {
  await visit.by("share-copy").click();
  await expect(visit.by("share-news")).not.toBeEmpty();
  return visit.page.evaluate(() => navigator.clipboard.readText());
};

/** The answer as a visitor reads it: class names and percentages, and the sign. */
const read = async (visit) => {
  await expect(visit.by("class-row")).not.toHaveCount(0);
  return {
    rows: await visit.by("class-row").allInnerTexts(),
    sign: await visit.by("winner").getAttribute("data-label"),
  };
};

/** The likeliest class and its percentage. */
const winner = async (visit) => {
  const row = visit.page.locator(".classes .winner");
  await expect(row).toHaveCount(1);
  return (await row.locator(".name, .percent").allInnerTexts()).join(", ");
};

/** Waits until the page says what became of a link. */
const arrived = async (visit, state) => {
  await expect(visit.by("opened-link")).toHaveAttribute("data-state", state);
  await expect(visit.by("opened-link")).toHaveText(/^\S.{20,}\.\s*$/s);
};

/** The CRC-32 that ends a link. */
const checksum = (bytes) => {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
};

/** A link with other content, as another version of the page or its network might have written it. */
const forged = (link, change) => {
  const [before, payload] = link.split("#p1.");
  const content = Buffer.from(change(Buffer.from(payload, "base64url").subarray(0, -4)));
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(checksum(content));
  return `${before}#p1.${Buffer.concat([content, sum]).toString("base64url")}`;
};

/** A picture of which no colour tells anything about the next, as a BMP. */
const noise = (side) => {
  const file = Buffer.alloc(54 + 3 * side * side);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(side, 18);
  file.writeInt32LE(side, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  let state = 1;
  for (let at = 54; at < file.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    file[at] = state >>> 24;
  }
  return { name: "noise.bmp", mimeType: "image/bmp", buffer: file };
};

test("whoever opens a link gets the same answer, and no server hears of it", async ({ visit, browser }) => {
  for (const { path, file } of posters().slice(0, 6)) {
    await visit.open();
    const link = await linkTo(visit, path);
    const sent = await read(visit);
    expect(link.length, file).toBeLessThanOrEqual(4000);
    expect(link).toMatch(/#[\w.-]+$/);
    // What a file is called may be private.
    expect(Buffer.from(link.split(".").at(-1), "base64url").toString("latin1")).not.toContain(file);

    await elsewhere(browser, async (other, context) => {
      const heard = [];
      context.on("request", (request) => {
        heard.push(`${request.url()} ${request.postData() ?? ""} ${JSON.stringify(request.headers())}`);
      });
      await other.page.goto(link);
      await arrived(other, "same");
      expect(await read(other), file).toEqual(sent);
      expect(heard.length).toBeGreaterThan(3);
      // Neither as it is nor in part.
      const payload = link.split("#p1.")[1];
      for (const part of [payload.slice(0, 24), payload.slice(100, 124), payload.slice(-24)]) {
        for (const request of heard) expect(request).not.toContain(part);
      }
    });
  }
});

test("a poster from a link is shown in a poster's shape until another one comes", async ({ visit, browser }) => {
  await visit.open();
  const link = await linkTo(visit, some("png"));
  await elsewhere(browser, async (other) => {
    const { page } = other;
    await page.goto(link);
    await arrived(other, "same");
    const poster = other.by("poster");
    await expect(poster).toHaveJSProperty("naturalWidth", 32);
    await expect(poster).toHaveCSS("object-fit", "fill");
    await expect(poster).toHaveAttribute("alt", /Shared poster/);

    // The link is still there to be opened again.
    await page.reload();
    await arrived(other, "same");
    expect(page.url()).toBe(link);

    // And what it brought can be passed on.
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    expect(await copied(other)).toBe(link);

    await other.upload(some("jpg"));
    await expect(other.by("opened-link")).toBeEmpty();
    await expect(poster).toHaveCSS("object-fit", "contain");
    expect(page.url()).toBe(link.split("#")[0]);
  });
});

test("the panel shows what goes along", async ({ visit }) => {
  await visit.open();
  await expect(visit.by("share")).toBeHidden();
  await visit.upload(some("jpg"));
  await expect(visit.by("share-small")).toHaveJSProperty("naturalWidth", 32);
  await expect(visit.by("share-small")).toHaveJSProperty("naturalHeight", 32);
  await expect(visit.by("share")).toContainText("small picture");
  await expect(visit.by("share-answer")).toHaveText(await winner(visit));
});

test("a link of pure noise stays short, and both sides read the same", async ({ visit, browser }) => {
  await visit.open();
  const link = await linkTo(visit, noise(32));
  expect(link.length).toBeLessThanOrEqual(4000);
  const sent = await visit.by("share-answer").innerText();
  await expect(visit.by("share")).toContainText("shades");
  await elsewhere(browser, async (other) => {
    await other.page.goto(link);
    await arrived(other, "same");
    await expect(other.by("share-answer")).toHaveText(sent);
    expect(await winner(other)).toBe(sent);
  });
});

test("links that can't be opened get a sentence, and the page goes on", async ({ visit, browser }) => {
  await visit.open();
  const link = await linkTo(visit, some("jpg"));
  const unknown = forged(link, (content) => {
    const name = Buffer.from("futurenet");
    return Buffer.concat([Buffer.of(name.length), name, content.subarray(1 + content[0])]);
  });
  const middle = Math.floor(link.length / 2);
  const swapped = link[middle] === "A" ? "B" : "A";
  const cases = [
    ["damaged", `${link.slice(0, middle)}${swapped}${link.slice(middle + 1)}`, /damaged/],
    ["damaged", link.slice(0, -7), /damaged/],
    ["newer", link.replace("#p1.", "#p2."), /newer version/],
    ["unknown", unknown, /futurenet/],
  ];
  await elsewhere(browser, async (other) => {
    const { page } = other;
    for (const [state, broken, sentence] of cases) {
      await page.goto(broken);
      await arrived(other, state);
      await expect(other.by("opened-link")).toHaveText(sentence);
      await other.by("sample").first().click();
      await expect(other.by("winner")).toBeVisible();
      await expect(other.by("opened-link")).toBeEmpty();
      expect(page.url()).not.toContain("#");
      await page.goto("about:blank");
    }
  });
});

test("a link is opened in a page that is open already", async ({ visit }) => {
  await visit.open();
  const link = await linkTo(visit, some("png"));
  const sent = await read(visit);
  await visit.by("sample").nth(4).click();
  await expect.poll(async () => (await read(visit)).rows).not.toEqual(sent.rows);
  await visit.page.evaluate((link) => (location.href = link), link);
  await arrived(visit, "same");
  expect(await read(visit)).toEqual(sent);
  await expect(visit.by("poster")).toHaveJSProperty("naturalWidth", 32);
});

test("a network of another version says what the sender's said", async ({ visit, browser }) => {
  await visit.open();
  const link = await linkTo(visit, some("jpg"));
  // Of six classes the last one, with all of the probability.
  const other = forged(link, (content) => {
    const changed = Buffer.from(content);
    const at = 1 + changed[0] + 4;
    changed.fill(0, at, at + 10).fill(255, at + 10, at + 12);
    return changed;
  });
  await elsewhere(browser, async (visit) => {
    await visit.page.goto(other);
    await arrived(visit, "different");
    await expect(visit.by("opened-link")).toContainText("Science Fiction, 100%");
  });
});

test("a link of a large network brings its network along", async ({ visit, browser }) => {
  await visit.open();
  await visit.upload(some("jpg"));
  await expect(visit.by("share")).toBeVisible();
  const posternet = visit.by("screen").and(visit.page.locator("[data-network=posternet]"));
  await posternet.locator("input").check();
  await expect(visit.by("share-small")).toHaveJSProperty("naturalHeight", 240);
  await visit.by("share-qr-button").click();
  await expect(visit.by("share-qr-too-long")).toContainText("too long");
  await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const link = await copied(visit);
  // The network on the sign comes after its choice.
  const answer = await visit.by("share-answer").innerText();
  await expect.poll(() => winner(visit)).toBe(answer);
  const sent = await read(visit);
  await elsewhere(browser, async (other) => {
    await other.page.goto(link);
    await arrived(other, "same");
    const chosen = other.page.locator("[data-testid=screen][data-network=posternet] input");
    await expect(chosen).toBeChecked();
    expect(await read(other)).toEqual(sent);
  });
});

test("a link changes no setting, and its poster is not kept as the visitor's own", async ({ visit, browser }) => {
  await visit.open();
  await visit.upload(some("jpg"));
  await expect(visit.by("share")).toBeVisible();
  await visit.by("screen").and(visit.page.locator("[data-network=cnn64]")).locator("input").check();
  await expect(visit.by("engine")).toHaveAttribute("data-network", /cnn64/);
  await expect(visit.by("share-small")).toHaveJSProperty("naturalHeight", 64);
  await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const link = await copied(visit);
  await elsewhere(browser, async (other) => {
    const { page } = other;
    const setting = () => page.evaluate(() => localStorage["marquee.network"]);
    await page.goto(link);
    await arrived(other, "same");
    await expect(other.by("engine")).toHaveAttribute("data-network", /cnn64/);
    // The visitor's own poster is answered by the visitor's own network, and only that poster is kept.
    await other.upload(some("png"));
    await expect(other.by("engine")).toHaveAttribute("data-network", best.file);
    await expect(other.by("recent-poster")).toHaveCount(1);
    expect(await setting()).toBe(undefined);
    await page.goto(link.split("#")[0]);
    await other.upload(some("jpg"));
    await expect(other.by("engine")).toHaveAttribute("data-network", best.file);
    await expect(other.by("recent-poster")).toHaveCount(2);
  });
});

test("the QR code says the link, also in the dark", async ({ visit, browser }) => {
  await visit.page.emulateMedia({ colorScheme: "dark" });
  await visit.open();
  const link = await linkTo(visit, some("jpg"));
  await visit.by("share-qr-button").click();
  await visit.by("share-qr").click();
  const shot = await visit.by("share-qr-large").screenshot();
  await elsewhere(browser, async ({ page }) => {
    const { width, height, pixels } = await page.evaluate(async (png) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const { width, height } = picture;
      const canvas = new OffscreenCanvas(width, height).getContext("2d");
      canvas.drawImage(picture, 0, 0);
      const { data } = canvas.getImageData(0, 0, width, height);
      let pixels = "";
      for (let at = 0; at < data.length; at += 32768) {
        pixels += String.fromCharCode(...data.subarray(at, at + 32768));
      }
      return { width, height, pixels: btoa(pixels) };
    }, shot.toString("base64"));
    const read = jsQR(new Uint8ClampedArray(Buffer.from(pixels, "base64")), width, height);
    expect(read?.data).toBe(link);
  });
  await visit.page.keyboard.press("Escape");
  await expect(visit.by("share-qr-large")).toBeHidden();
});

test("the system's share sheet is offered only where there is one", async ({ visit, browser }) => {
  await visit.page.addInitScript(() => delete Navigator.prototype.share);
  await visit.open();
  const link = await linkTo(visit, some("png"));
  await expect(visit.by("share-send")).toHaveCount(0);
  await elsewhere(browser, async (other) => {
    await other.page.addInitScript(() => {
      Navigator.prototype.share = async (data) => {
        document.documentElement.dataset.sent = data.url;
      };
    });
    await other.page.goto(link);
    await arrived(other, "same");
    await other.by("share-send").click();
    await expect(other.page.locator("html")).toHaveAttribute("data-sent", link);
  });
});

test("a browser that forbids copying is given the link in a field", async ({ visit }) => {
  await visit.page.addInitScript(() => delete Navigator.prototype.clipboard);
  await visit.open();
  await visit.upload(some("png"));
  await visit.by("share-copy").click();
  await expect(visit.by("share-news")).not.toBeEmpty();
  const field = visit.page.getByLabel("The link", { exact: true });
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(/#p1\.[\w-]+$/);
});

test("links speak Korean, too", async ({ visit, browser }) => {
  await visit.open();
  const link = await linkTo(visit, some("jpg"));
  await elsewhere(
    browser,
    async (other) => {
      await other.page.goto(link);
      await arrived(other, "same");
      await expect(other.by("opened-link")).toHaveText(/링크로 받은 포스터/);
      await expect(other.by("share-copy")).toHaveText("링크 복사");
      await expect(other.by("poster")).toHaveAttribute("alt", /공유받은 포스터/);
    },
    { locale: "ko-KR" },
  );
});

for (const colorScheme of ["light", "dark"]) {
  test(`what is said of links has no barrier that axe knows, ${colorScheme}`, async ({ visit, browser }) => {
    await visit.open();
    const link = await linkTo(visit, some("jpg"));
    const options = { colorScheme, reducedMotion: "reduce" };
    await elsewhere(
      browser,
      async (other) => {
        const { page } = other;
        await page.goto(link);
        await arrived(other, "same");
        await other.by("share-qr-button").click();
        await expect(other.by("share-qr")).toBeVisible();
        const violations = async () => {
          const { violations } = await new AxeBuilder({ page }).analyze();
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`);
        };
        expect(await violations()).toEqual([]);
        await other.by("share-qr").click();
        await expect(other.by("share-qr-large")).toBeVisible();
        expect(await violations()).toEqual([]);
      },
      options,
    );
  });
}
