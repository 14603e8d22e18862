import fc from "fast-check";
import { expect, test } from "vitest";
import { type ListEntry, noEntries } from "../../src/data/index.ts";
import { ListIndex } from "../../src/datastore/list-index.ts";
import type { ListSchema } from "../../src/yang/index.ts";
import { schemaOf } from "../data/schemas.ts";

const schema = schemaOf({
  indexed: `module indexed {
    yang-version 1.1; namespace "urn:indexed"; prefix i;
    list sorted { key id; leaf id { type uint8; } }
    list mine { key id; ordered-by user; leaf id { type uint8; } }
  }`,
});

/** Entries whose values are told by the test itself. */
type Valued = ListEntry & { readonly values: readonly string[] };

function entry(list: ListSchema, key: string, values: readonly string[]): Valued {
  return { kind: "entry", schema: list, key, children: [], values };
}

const change = fc.record({
  version: fc.nat(),
  key: fc.nat(5).map(String),
  values: fc.option(fc.subarray(["a", "b", "c"]), { nil: undefined, freq: 3 }),
});

test.each(["sorted", "mine"])("of any version of a list (%s) it tells what is there", (name) => {
  const list = schema.dataChildren.find((child) => child.name === name);
  if (list?.kind !== "list") throw new Error("there is no list");
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 25 }), (changes) => {
      const versions = [noEntries<ListEntry>(list)];
      const index = new ListIndex(versions[0] ?? noEntries(list), (one) => (one as Valued).values);
      for (const { version, key, values } of changes) {
        const from = versions[version % versions.length] ?? noEntries<ListEntry>(list);
        const to =
          values === undefined ? from.delete(key) : from.set(key, entry(list, key, values));
        versions.push(to);
        index.moveTo(to);
        const having = (value: string) =>
          [...to].flatMap((one) => ((one as Valued).values.includes(value) ? [one.key] : []));
        for (const value of ["a", "b", "c"]) {
          expect([...index.keysOf(value)].sort()).toEqual(having(value).sort());
          expect(index.has(value)).toBe(having(value).length > 0);
        }
        expect(index.isUnique).toBe(["a", "b", "c"].every((value) => having(value).length < 2));
      }
    }),
    { numRuns: 200, seed: 7 },
  );
});
