import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  diffEntries,
  type Entries,
  sameOrder,
  sortedEntries,
  userEntries,
} from "../../src/data/entries.ts";

type Step =
  | { readonly kind: "set"; readonly key: string; readonly value: number }
  | { readonly kind: "delete"; readonly key: string }
  | {
      readonly kind: "insert";
      readonly key: string;
      readonly where: "before" | "after";
      readonly anchor: string | undefined;
    };

const keys = fc.integer({ min: 0, max: 90 }).map((n) => `k${n}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), key: keys, value: fc.nat() }),
  fc.record({ kind: fc.constant("delete" as const), key: keys }),
  fc.record({
    kind: fc.constant("insert" as const),
    key: keys,
    where: fc.constantFrom("before" as const, "after" as const),
    anchor: fc.option(keys, { nil: undefined }),
  }),
);

/** The same change on a plain array of pairs, in the user's order. */
function model(pairs: readonly (readonly [string, number])[], change: Step): [string, number][] {
  const there = pairs.findIndex(([key]) => key === change.key);
  const next = pairs.map(([key, value]): [string, number] => [key, value]);
  if (change.kind === "delete") return next.filter(([key]) => key !== change.key);
  if (change.kind === "set") {
    if (there < 0) return [...next, [change.key, change.value]];
    return next.map(([key, value]) => [key, key === change.key ? change.value : value]);
  }
  if (change.anchor === change.key)
    return there < 0
      ? [...next, [change.key, 0]]
      : next.map(([k, v]) => [k, k === change.key ? 0 : v]);
  const rest = next.filter(([key]) => key !== change.key);
  const anchor = rest.findIndex(([key]) => key === change.anchor);
  const at =
    anchor < 0
      ? change.where === "before"
        ? 0
        : rest.length
      : change.where === "before"
        ? anchor
        : anchor + 1;
  return [...rest.slice(0, at), [change.key, 0], ...rest.slice(at)];
}

function apply(entries: Entries<number>, change: Step): Entries<number> {
  switch (change.kind) {
    case "set":
      return entries.set(change.key, change.value);
    case "delete":
      return entries.delete(change.key);
    case "insert":
      return entries.insert(change.key, 0, change.where, change.anchor);
  }
}

function pairsOf(entries: Entries<number>): [string, number][] {
  return [...entries.keys()].map((key) => [key, entries.get(key) ?? Number.NaN]);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

describe("entries", () => {
  test.each(["user", "sorted"] as const)("agree with a plain array: %s", (order) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let entries: Entries<number> = order === "user" ? userEntries() : sortedEntries(byText);
        let plain: [string, number][] = [];
        const history: { entries: Entries<number>; pairs: [string, number][] }[] = [];
        for (const change of steps) {
          history.push({ entries, pairs: pairsOf(entries) });
          entries = apply(entries, change);
          plain = model(plain, change);
          if (order === "sorted") plain.sort(([a], [b]) => byText(a, b));
          expect(pairsOf(entries)).toEqual(plain);
          expect([...entries]).toEqual(plain.map(([, value]) => value));
          expect(entries.size).toBe(plain.length);
        }
        // Persistent: no later change shows in an earlier value.
        for (const { entries: old, pairs } of history) expect(pairsOf(old)).toEqual(pairs);
        const [middle] = history.slice(history.length >> 1);
        if (middle !== undefined) {
          const found = new Map<string, [number | undefined, number | undefined]>();
          diffEntries(middle.entries, entries, (key, before, after) =>
            found.set(key, [before, after]),
          );
          const expected = new Map<string, [number | undefined, number | undefined]>();
          for (const key of new Set([...middle.entries.keys(), ...entries.keys()])) {
            const pair: [number | undefined, number | undefined] = [
              middle.entries.get(key),
              entries.get(key),
            ];
            if (pair[0] !== pair[1]) expected.set(key, pair);
          }
          expect(found).toEqual(expected);
          const common = (from: Entries<number>, other: Entries<number>) =>
            [...from.keys()].filter((key) => other.has(key));
          expect(sameOrder(middle.entries, entries)).toBe(
            common(middle.entries, entries).join() === common(entries, middle.entries).join(),
          );
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  const patterns: readonly (readonly [
    string,
    (i: number) => readonly ["before" | "after", string],
  ])[] = [
    ["behind the first", () => ["after", "first"]],
    ["before the last", () => ["before", "last"]],
    [
      "next to the newest, on alternate sides",
      (i) => [i % 2 === 0 ? "after" : "before", `n${i - 1}`],
    ],
    ["before every tenth in turn", (i) => ["before", i < 200 ? "last" : `n${(i * 10) % 200}`]],
  ];

  test.each(patterns)("what always goes %s runs out of numbers and goes on", (_, place) => {
    const keys = ["first", "last"];
    const draft = userEntries<number>().set("first", 0).set("last", 0).draft();
    for (let i = 0; i < 3000; i++) {
      const [where, anchor] = i === 0 ? (["before", "last"] as const) : place(i);
      draft.insert(`n${i}`, i, where, anchor);
      keys.splice(keys.indexOf(anchor) + (where === "after" ? 1 : 0), 0, `n${i}`);
    }
    expect([...draft.finish().keys()]).toEqual(keys);
  });

  test("the thirty thousandth that goes to a place moves not all the others", () => {
    const draft = userEntries<number>().set("first", 0).set("last", 0).draft();
    const keys = Array.from({ length: 30_000 }, (_, i) => `n${i}`);
    for (const [i, key] of keys.entries()) draft.insert(key, i, "before", "last");
    expect([...draft.finish().keys()]).toEqual(["first", ...keys, "last"]);
  });

  test("a draft leaves what it came from alone", () => {
    const from = sortedEntries<number>(byText).set("a", 1);
    const draft = from.draft();
    draft.set("b", 2);
    draft.delete("a");
    expect([...draft.finish().keys()]).toEqual(["b"]);
    expect([...from.keys()]).toEqual(["a"]);
    expect(from.draft().finish()).toBe(from);
  });
});
