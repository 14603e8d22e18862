import { expect, test } from "vitest";
import type { RpcFault } from "../../src/base/index.ts";
import { emptyTree, printXml, type Tree } from "../../src/data/index.ts";
import { editConfig, validateTree } from "../../src/datastore/index.ts";
import { applyWhens } from "../../src/datastore/whens.ts";
import type { Schema } from "../../src/yang/index.ts";
import { elements } from "../data/schemas.ts";
import { forSeeds, type SeededRandom } from "../random.ts";
import { randomContent } from "./random-content.ts";
import { compiledModule, randomModule } from "./random-schema.ts";

const EDITS = 25;
/** SEEDS=n tries more of them. */
const SEEDS = Number(process.env.SEEDS ?? 60);

function told(faults: readonly RpcFault[]): readonly string[] {
  return faults
    .map(({ tag, appTag, path, message }) => `${tag} ${appTag} ${path?.text} ${message}`)
    .sort();
}

interface Tally {
  schemas: number;
  valid: number;
  refused: number;
}

/** One schema, and random edits until there is a valid tree to start from and then on. */
function hold(random: SeededRandom, tally: Tally): void {
  const module = randomModule(random);
  const schema = compiledModule(module);
  if (schema === undefined) return;
  tally.schemas++;
  let running: Tree | undefined =
    validateTree(emptyTree, schema).length === 0 ? emptyTree : undefined;
  let candidate = running ?? emptyTree;
  for (let i = 0; i < EDITS; i++) {
    const xml = randomContent(module, random, { isEdit: true, fullness: random.fraction() });
    const edited = editConfig(candidate, elements(xml), schema);
    if (edited.faults.length > 0) continue;
    candidate = running === undefined ? edited.tree : applyWhens(edited.tree, candidate, schema);
    const whole = told(validateTree(candidate, schema));
    if (running !== undefined) {
      const changed = told(validateTree(candidate, schema, running));
      expect(
        changed,
        `${module.text}\n${print(running, schema)}\n${print(candidate, schema)}`,
      ).toEqual(whole);
    }
    if (whole.length === 0) {
      running = candidate;
      tally.valid++;
    } else {
      tally.refused++;
      // Now and then the faults are left to pile up.
      if (random.fraction() < 0.6) candidate = running ?? emptyTree;
    }
  }
}

function print(tree: Tree, schema: Schema): string {
  return printXml(tree.children, { schema });
}

test("of any schema, validating the difference gives the verdict of validating the whole", () => {
  const tally: Tally = { schemas: 0, valid: 0, refused: 0 };
  forSeeds(SEEDS, (random) => hold(random, tally));
  if (process.env.SEED !== undefined) return;
  expect(tally.schemas).toBeGreaterThan(SEEDS / 3);
  expect(tally.valid).toBeGreaterThan(SEEDS);
  expect(tally.refused).toBeGreaterThan(SEEDS);
});
