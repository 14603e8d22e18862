import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { referencePage } from "../../scripts/reference.ts";

const checkout = resolve(import.meta.dirname, "../..");
const page = referencePage(checkout);

test("docs/reference-ntp.md is what the YANG modules say now: `npm run reference` renews it", () => {
  expect(readFileSync(resolve(checkout, "docs/reference-ntp.md"), "utf8")).toBe(page);
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
