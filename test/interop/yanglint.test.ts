import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readData } from "../../src/data/index.ts";
import { validateTree } from "../../src/datastore/index.ts";
import type { Schema } from "../../src/yang/index.ts";
import { elements } from "../data/schemas.ts";
import { randomContent } from "../datastore/random-content.ts";
import { compiledModule, type RandomModule, randomModule } from "../datastore/random-schema.ts";
import { forSeeds, type SeededRandom } from "../random.ts";
import { peer } from "./peers.ts";

/** SEEDS=n tries more of them. */
const SEEDS = Number(process.env.SEEDS ?? 150);
const DOCUMENTS = 4;

const yanglint = peer("yanglint");

/** undefined: it broke. */
function verdict(words: readonly string[]): { ok: boolean | undefined; text: string } {
  const { status, stderr } = spawnSync(yanglint ?? "", words, { encoding: "utf8" });
  const hasBroken = status === null || stderr.includes("Internal error");
  return { ok: hasBroken ? undefined : status === 0, text: stderr };
}

interface Tally {
  schemas: number;
  valid: number;
  refused: number;
}

/** One schema that both take, and documents. */
function compare(random: SeededRandom, folder: string, tally: Tally): void {
  const module = randomModule(random, true);
  const schema = compiledModule(module);
  const file = join(folder, "random.yang");
  writeFileSync(file, module.text);
  if (schema === undefined || verdict([file]).ok !== true) return;
  tally.schemas++;
  for (let i = 0; i < DOCUMENTS; i++) {
    const xml = randomContent(module, random, { isEdit: false, fullness: random.fraction() });
    const document = join(folder, "random.xml");
    writeFileSync(document, xml);
    const ours = faultsOf(xml, schema);
    const theirs = verdict(["-t", "config", file, document]);
    if (theirs.ok === undefined) continue;
    if (ours.length === 0) tally.valid++;
    else tally.refused++;
    expect(ours.length === 0, told(module, xml, ours, theirs.text)).toBe(theirs.ok);
  }
}

function faultsOf(xml: string, schema: Schema): readonly string[] {
  const { tree, faults } = readData(elements(xml), schema, { type: "config" });
  return [...faults, ...(faults.length > 0 ? [] : validateTree(tree, schema))].map(
    ({ message }) => message,
  );
}

function told(module: RandomModule, xml: string, ours: readonly string[], theirs: string): string {
  return [module.text, xml, "ours:", ...ours, "yanglint:", theirs].join("\n");
}

test.skipIf(yanglint === undefined)(
  "yanglint has the same verdicts on random data of random schemas",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "ntpconfd-yanglint-"));
    const tally: Tally = { schemas: 0, valid: 0, refused: 0 };
    try {
      forSeeds(SEEDS, (random) => compare(random, folder, tally));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    if (process.env.SEED !== undefined) return;
    expect(tally.schemas).toBeGreaterThan(SEEDS / 4);
    expect(tally.valid).toBeGreaterThan(SEEDS / 4);
    expect(tally.refused).toBeGreaterThan(SEEDS / 4);
  },
);
