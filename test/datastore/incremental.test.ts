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
    { numRuns: 120, seed: 11 },
  );
  expect(valid).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
});

/** What once was told of the whole only, or of the difference only. */
const stories: readonly (readonly [name: string, nodes: string, before: string, after: string])[] =
  [
    [
      "a value set in place of the default that a leafref means",
      `leaf level { type string; default "low"; }
       leaf wanted { type leafref { path "../level"; } }`,
      "<wanted>low</wanted>",
      "<level>high</level>",
    ],
    [
      "a must that looks for siblings, after they were all gone through",
      `leaf lone { type string; default "d"; must "not(/s:top/s:item/preceding-sibling::s:item)"; }
       list item { key id; leaf id { type uint8; must "count(../..//*) < 9"; } }`,
      "<lone>x</lone><item><id>1</id></item>",
      `<lone nc:operation="delete"/><item><id>2</id></item>`,
    ],
    [
      "a container that is there because a node beside it chose its case",
      `choice way {
         case one { leaf a { type string; } }
         case two { container inner { leaf-list many { type string; min-elements 1; } }
                    leaf b { type string; } }
       }`,
      "<a>x</a>",
      "<b>x</b>",
    ],
    [
      "a default that is no more, for an instance-identifier",
      `leaf off { type empty; }
       leaf level { type string; default "low"; when "not(../off)"; }
       leaf at { type instance-identifier; }`,
      "<at>/s:top/s:level</at>",
      "<off/>",
    ],
  ];

test.each(stories)("%s", (_name, nodes, before, after) => {
  const of = schemaOf({
    story: `module story { yang-version 1.1; namespace "urn:story"; prefix s;
      container top { ${nodes} } }`,
  });
  const edit = (tree: Tree, xml: string): Tree => {
    const top = `<top xmlns="urn:story" xmlns:s="urn:story">${xml}</top>`;
    const edited = editConfig(tree, elements(top), of);
    expect(edited.faults).toEqual([]);
    return edited.tree;
  };
  const running = edit(emptyTree, before);
  expect(validateTree(running, of)).toEqual([]);
  const candidate = edit(running, after);
  const whole = told(validateTree(candidate, of));
  expect(whole).not.toEqual([]);
  expect(told(validateTree(candidate, of, running))).toEqual(whole);
});
