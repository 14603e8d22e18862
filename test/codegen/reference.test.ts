import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { pages, referencePage } from "../../scripts/reference.ts";

const checkout = resolve(import.meta.dirname, "../..");
const made = pages.map((page) => [page.file, referencePage(checkout, page)] as const);
const [[, page] = ["", ""], [, serverPage] = ["", ""]] = made;

test.each(made)("%s is what YANG modules say now: `npm run reference` renews it", (file, text) => {
  expect(readFileSync(resolve(checkout, file), "utf8")).toBe(text);
});

const rows = [
  // A leaf of RFC 9249 with its default, one of our own with its unit, and what deviations ask.
  ["`nd:max-dynamic-sessions` | uint8 (0..100) | `100`", "augmented leaves have type and default"],
  [
    "## `/ntp/interfaces/interface[name]/manycast-client[address]/nd:ring`",
    "paths name their keys",
  ],
  ["a key needs an algorithm", "what is asked of a list stands above its table"],
  ["minpoll is outside 1..17", "what is asked of a leaf stands in its row"],
  ["| `ntp-service manycast-client … <ttl>`; ", "leaves name the commands that set them"],
  ["Typed: `ntp-service refclock-master`.", "containers name the commands that make them"],
  ["## rpc `statistics-reset`", "operations are there"],
  ["| `ntpconfd-ntp:aes-256-cmac` | `crypto-algorithm` |", "identities are there"],
] as const;

for (const [text, law] of rows) test(law, () => expect(page).toContain(text));

const serverRows = [
  ["## `/server/call-home/peer[name]/endpoint[name]`", "paths name their keys"],
  ["| `max-sessions` | uint16 (1..4096) | `256` |", "leaves have type and default"],
  ["give both as IPv4 or both as IPv6", "what is asked of a leaf stands in its row"],
  ["One of `private-key`, `encrypted-private-key` must be given.", "choices are said"],
  ["## notification `call-home-failed`", "notifications are there"],
  ["| leaf | type | default | meaning |\n", "an empty column is left out"],
] as const;

for (const [text, law] of serverRows) {
  test(`of the server, ${law}`, () => expect(serverPage).toContain(text));
}
