import fc from "fast-check";
import { expect, test } from "vitest";
import {
  diff,
  emptyTree,
  fromObject,
  printXml,
  readData,
  readJson,
  type Tree,
  toObject,
  treeOf,
  withDefaults,
  writeJson,
} from "../../src/data/index.ts";
import { editConfig, parseConfig, printConfig } from "../../src/datastore/index.ts";
import { printRecord, replay } from "../../src/datastore/journal.ts";
import { SealedForm } from "../../src/datastore/sealed-form.ts";
import { elements, schemaOf } from "../data/schemas.ts";
import { lawModule } from "./law.yang.ts";
import { randomEdit } from "./random-edit.ts";

const schema = schemaOf({ law: lawModule });
const form = new SealedForm(schema, undefined);
const print = (tree: Tree): string => printXml(tree.children, { schema });

/** Trees that random edits lead to, from nothing, each with the one before it. */
const history = fc.array(randomEdit, { minLength: 1, maxLength: 12 });

function treesOf(edits: readonly string[]): readonly Tree[] {
  const trees: Tree[] = [emptyTree];
  for (const xml of edits) {
    const before = trees[trees.length - 1] ?? emptyTree;
    const printed = print(before);
    const { tree, faults } = editConfig(before, elements(xml), schema);
    expect(print(before), "an edit leaves what it came from alone").toBe(printed);
    if (faults.length === 0) trees.push(tree);
  }
  return trees;
}

function law(name: string, check: (after: Tree, before: Tree) => void): void {
  test(name, () => {
    let seen = 0;
    fc.assert(
      fc.property(history, (edits) => {
        const trees = treesOf(edits);
        for (const [i, tree] of trees.entries()) {
          check(tree, trees[i - 1] ?? emptyTree);
          if (tree.children.length > 0) seen++;
        }
      }),
      { numRuns: 150, seed: 3 },
    );
    expect(seen).toBeGreaterThan(150);
  });
}

law("what is printed reads back as the same tree", (tree) => {
  const { tree: again, faults } = readData(elements(print(tree)), schema, { type: "config" });
  expect(faults).toEqual([]);
  expect(diff(tree, again)).toEqual([]);
  expect(print(again)).toBe(print(tree));
  expect(print(parseConfig(printConfig(tree, schema), schema, "it"))).toBe(print(tree));
});

law("the JSON form reads back as the same tree", (tree) => {
  const json: unknown = JSON.parse(JSON.stringify(writeJson(tree.children)));
  const { tree: again, faults } = readJson(json, schema, { type: "config" });
  expect(faults).toEqual([]);
  expect(print(again)).toBe(print(tree));
});

law("the typed form leads back to the same tree", (tree) => {
  expect(print(treeOf(fromObject(schema, toObject(tree, { defaults: false }))))).toBe(print(tree));
});

law("a record of the difference leads from one tree to the other", (after, before) => {
  const record = printRecord(4, diff(before, after), after, schema, form);
  const { tree, records } = replay(before, record, 4, schema, form);
  expect(print(tree)).toBe(print(after));
  expect(records).toBe(1);
  // Of another snapshot, or torn anywhere, it changes nothing.
  expect(replay(before, record, 5, schema, form).tree).toBe(before);
  expect(replay(before, record.subarray(0, record.length - 1), 4, schema, form).tree).toBe(before);
});

law("sent in another order it is printed in the same", (tree) => {
  const turned = [...elements(print(tree))].reverse().map((element) => ({
    ...element,
    // Only what the user orders keeps its order.
    children: element.children.toSorted(
      (a, b) =>
        Number(userOrdered(a.name)) - Number(userOrdered(b.name)) || (userOrdered(a.name) ? 0 : -1),
    ),
  }));
  expect(print(readData(turned, schema, { type: "config" }).tree)).toBe(print(tree));
});

function userOrdered(name: string): boolean {
  return name === "mark" || name === "step";
}

law("defaults are there, and are told from what was set", (tree) => {
  const all = withDefaults(tree, schema, "report-all");
  const tagged = print(withDefaults(tree, schema, "report-all-tagged"));
  expect(tagged.replaceAll(/ xmlns:wd="[^"]*" wd:default="true"/g, "")).toBe(print(all));
  const { tree: again } = readData(elements(tagged), schema, { type: "config" });
  expect(print(again), "what is tagged is not set when it is sent back").toBe(print(tree));
  expect(print(withDefaults(all, schema, "trim"))).toBe(print(withDefaults(tree, schema, "trim")));
});
