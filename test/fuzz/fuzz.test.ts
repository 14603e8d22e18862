import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tried, trySeed } from "../../scripts/fuzz/runner.ts";
import { targets } from "../../scripts/fuzz/targets.ts";

// A short run of `npm run fuzz`, and every input that once failed. SEED=… begins elsewhere.

const corpora = join(import.meta.dirname, "corpora");
const firstSeed = Number(process.env.SEED ?? 1);

describe.each(targets)("$name", (target) => {
  test("holds its laws for the first seeds", () => {
    for (let seed = firstSeed; seed < firstSeed + target.quick; seed++) {
      const failure = trySeed(target, seed);
      if (failure === undefined) continue;
      const input = new TextDecoder("latin1").decode(failure.input);
      expect.fail(`SEED=${seed}: ${failure.message}\n${input}`);
    }
  });

  const folder = join(corpora, target.name);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  test.skipIf(files.length === 0)("holds them where it once did not", () => {
    for (const file of files) {
      expect(tried(target, readFileSync(join(folder, file))), file).toBeUndefined();
    }
  });
});
