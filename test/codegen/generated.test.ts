import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { generatedFiles } from "../../scripts/generate.ts";

const checkout = resolve(import.meta.dirname, "../..");
const folder = resolve(checkout, "src/generated");

test("src/generated is what the generator makes of yang/ now: `npm run generate` renews it", () => {
  const made = new Map(generatedFiles(checkout).map(({ name, text }) => [name, text]));
  expect(readdirSync(folder).sort()).toEqual([...made.keys()].sort());
  for (const [name, text] of made) {
    expect(readFileSync(resolve(folder, name), "utf8"), name).toBe(text);
  }
});
