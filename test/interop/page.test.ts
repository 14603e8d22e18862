import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isSynchronized, Network, password, type RunningAgent, user, within } from "./agents.ts";
import { Browser } from "./browser.ts";
import { peer } from "./peers.ts";
import { authentication, config, manycastClient, manycastServer, master } from "./procedure.ts";

// The status page in a browser, with a manycast client behind it that follows three servers.
// PICTURES=folder keeps what was seen.

const chromium = peer("chromium");
const group = "224.0.1.1";
const key = authentication({ id: 10, algorithm: "hmac-sha256", secret: "Hmac-Secret-Pass9" });
const pictures = process.env.PICTURES;

let network: Network;
let client: RunningAgent;
let browser: Browser;

beforeAll(async () => {
  if (chromium === undefined) return;
  network = new Network();
  for (const name of ["server1", "server2", "server3"]) {
    const server = await network.agent(name);
    await server.netconf.configure(config(key, master, manycastServer(group)));
  }
  client = await network.agent("client", "software:offset=0.5,ppm=40", ["--http", "0.0.0.0:8080"]);
  await client.netconf.configure(config(key, manycastClient(group, { key: 10, ttl: 3 })));
  expect(await within(60, () => isSynchronized(client))).toBe(true);
  browser = await Browser.open(chromium, user, password);
});

afterAll(async () => {
  await browser?.close();
  await network?.close();
});

const text = (selector: string): Promise<unknown> =>
  browser.value(`document.querySelector(${JSON.stringify(selector)}).innerText`);

describe.skipIf(chromium === undefined)("the page", () => {
  test("shows the clock, the three servers, the ring, plots and events", async () => {
    await browser.look(1200, 900, "light");
    await browser.visit(`http://${client.host.ipv4}:8080/`);
    const isFilled = "document.querySelectorAll('#associations tbody tr').length === 3";
    expect(await within(20, async () => (await browser.value(isFilled)) === true)).toBe(true);
    expect(await text("#state")).toMatch(/^synchronized/);
    for (const number of [11, 12, 13]) {
      expect(await text("#associations")).toContain(`10.77.0.${number}`);
    }
    expect(await text("#rings")).toContain(`eth0`);
    const isDrawn = "document.querySelectorAll('.plot canvas').length === 6";
    // A plot wants two samples, of which there is one every ten seconds.
    expect(await within(60, async () => (await browser.value(isDrawn)) === true)).toBe(true);
    expect(await text("#events")).toContain("clock synchronized");
    expect(browser.complaints).toEqual([]);
  });

  test.each([
    ["light", 1200],
    ["dark", 1200],
    ["light", 375],
    ["dark", 375],
  ] as const)(
    "in %s, %d pixels wide: nothing is cut off, all can be read",
    async (scheme, width) => {
      await browser.look(width, 800, scheme);
      // Plots follow the window when it has changed.
      await expect.poll(() => browser.value(tooWide), { timeout: 10_000 }).toBe(0);
      if (pictures !== undefined) {
        writeFileSync(join(pictures, `page-${scheme}-${width}.png`), await browser.picture());
      }
      expect(await browser.value(lowContrast)).toEqual([]);
    },
  );

  test("a screen reader hears headings, figures by name and the state", async () => {
    const spoken = await browser.spoken();
    const named = (role: string): readonly string[] =>
      spoken.filter((one) => one.role === role).map((one) => one.name);
    expect(named("heading")).toEqual(
      expect.arrayContaining(["Clock", "Associations", "Over time", "Packets", "Recent events"]),
    );
    for (const name of named("image")) expect(name).not.toBe("");
    expect(named("image").length).toBeGreaterThanOrEqual(6);
    expect(named("columnheader")).toContain("offset");
    expect(named("combobox")).toEqual(["the last"]);
  });
});

/** Pixels that the page is wider than its window. */
const tooWide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/**
 * Text whose contrast with what is behind it is below WCAG's 4.5, as "text ratio": colours are
 * looked up on the element and the first ancestor that has a background.
 */
const lowContrast = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "");
    if (!own || element.closest("[hidden], noscript, .u-axis") !== null) continue;
    const [a, b] = [channels(getComputedStyle(element).color), behind(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(element.textContent.trim().slice(0, 30) + " " + ratio.toFixed(2));
  }
  return low;
})()`;
