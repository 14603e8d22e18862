import fc from "fast-check";
import { expect, test } from "vitest";
import type { RpcFault } from "../../src/base/index.ts";
import { emptyTree, printXml, type Tree } from "../../src/data/index.ts";
import { editConfig, validateTree } from "../../src/datastore/index.ts";
import { applyWhens } from "../../src/datastore/whens.ts";
import { elements, schemaOf } from "../data/schemas.ts";
import { lawModule } from "./law.yang.ts";
import { randomEdit } from "./random-edit.ts";

const schema = schemaOf({ law: lawModule });

function told(faults: readonly RpcFault[]): readonly string[] {
  return faults
    .map(({ tag, appTag, path, message }) => `${tag} ${appTag} ${path?.text} ${message}`)
    .sort();
}

/** A valid start: the default of "back" refers to a mark. */
function start(): Tree {
  const xml = `<top xmlns="urn:law"><mark>m0</mark></top>`;
  const { tree, faults } = editConfig(emptyTree, elements(xml), schema);
  expect([...faults, ...validateTree(tree, schema)]).toEqual([]);
  return tree;
}

test("validating the difference gives the verdict of validating the whole", () => {
  let valid = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(randomEdit, { minLength: 5, maxLength: 30 }), (edits) => {
      let running = start();
      let candidate = running;
      for (const xml of edits) {
        const edited = editConfig(candidate, elements(xml), schema);
        if (edited.faults.length > 0) continue;
        candidate = applyWhens(edited.tree, candidate, schema);
        const whole = told(validateTree(candidate, schema));
        expect(
          told(validateTree(candidate, schema, running)),
          printXml(candidate.children, { schema }),
        ).toEqual(whole);
        if (whole.length === 0) {
          running = candidate;
          valid++;
        } else {
          refused++;
          // Now and then the faults are left to pile up.
          if (refused % 3 > 0) candidate = running;
        }
      }
    }),
    { numRuns: 250, seed: 11 },
  );
  expect(valid).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(200);
});
