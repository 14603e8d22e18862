// Hostile modules cost a message, not the stack, the memory or an hour.

import { describe, expect, test } from "vitest";
import { parseStatements, type Type } from "../../src/yang/index.ts";
import { compileTexts, diagnosticsOf } from "./modules.ts";

const HEAD = 'module t { yang-version 1.1; namespace "urn:t"; prefix t;\n';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const valuesOf = (type: Type) => (type.base === "identityref" ? type.values : undefined);

/** Everything said, in one string. */
function said(body: string, others: Readonly<Record<string, string>> = {}): string {
  return diagnosticsOf({ t: `${HEAD}${body}\n}`, ...others }).join("\n");
}

describe("what has no bound in YANG has one here", () => {
  test("10,000 blocks inside each other", () => {
    const depth = 10_000;
    expect(said(`${"container a {".repeat(depth)}${"}".repeat(depth)}`)).toMatch(
      /statements are nested deeper than 200$/,
    );
  });

  test("10,000 blocks that do not end", () => {
    expect(said("container a {".repeat(10_000))).toContain("nested deeper than");
  });

  test("10,000 closing braces: the first faults are told, not all", () => {
    expect(said("}".repeat(10_000)).split("\n").length).toBeLessThan(60);
  });

  test("a file of more characters than are read", () => {
    const text = " ".repeat(33 * 1024 * 1024);
    expect(parseStatements({ file: "t.yang", text }).diagnostics).toMatchObject([
      { message: "the file is longer than 33554432 characters" },
    ]);
  });

  // What began anew at each of the many would read the much as often.
  const MUCH = " ".repeat(15_000_000);
  const escapes = "\\n".repeat(20_000);

  test.each([
    ["a string of many escapes, and much after them", `description "${escapes}${MUCH}";`],
    ["many blanks in a line of a string", `description "a\n${" ".repeat(300_000)}b\nc";`],
    [
      "many strings and comments in one line, and much before and after them",
      `description "${MUCH}" + ${'"\\n" /**/ + '.repeat(20_000)}"${MUCH}";`,
    ],
  ])("%s: it is read once", (_, body) => {
    const { diagnostics } = parseStatements({ file: "t.yang", text: `${HEAD}${body}\n}` });
    expect(diagnostics).toEqual([]);
  });

  test("20,000 identities, and types that all take them", () => {
    const identities = numbers(20_000).map((i) => `identity i${i} { base b; }`);
    const leaves = numbers(2000).map((i) => `leaf l${i} { type identityref { base b; } }`);
    const body = `identity b; ${identities.join("\n")}\n${leaves.join("\n")}`;
    const { schema, diagnostics } = compileTexts({ t: `${HEAD}${body}\n}` });
    expect(diagnostics).toEqual([]);
    const values = schema.dataChildren.map((leaf) => "type" in leaf && valuesOf(leaf.type));
    expect(values.length).toBe(2000);
    // One set for all: each leaf's own would take as many times its memory.
    expect(new Set(values).size).toBe(1);
  });

  test("a chain of groupings that are each one level deeper", () => {
    const chain = numbers(5000).map((i) => `grouping g${i} { container c { uses g${i + 1}; } }`);
    const end = "grouping g5000 { leaf a { type string; } }\nuses g0;";
    expect(said(`${chain.join("\n")}\n${end}`)).toMatch(/too large|nested deeper/);
  });

  test("groupings that double each time", () => {
    const chain = numbers(40).map(
      (i) => `grouping g${i} { container a { uses g${i + 1}; } container b { uses g${i + 1}; } }`,
    );
    const end = "grouping g40 { leaf a { type string; } }\nuses g0;";
    expect(said(`${chain.join("\n")}\n${end}`)).toContain("the schema is too large");
  });

  test("a chain of 10,000 typedefs, and a circle of them", () => {
    const chain = numbers(10_000).map((i) => `typedef t${i} { type t${i + 1}; }`);
    expect(said(`${chain.join("\n")}\ntypedef t10000 { type string; }`)).toMatch(
      /^$|chain of more/,
    );
    expect(said(`${chain.join("\n")}\ntypedef t10000 { type t0; }`)).toMatch(
      /from itself|chain of more/,
    );
  });

  test("a chain of 10,000 identities and features, and circles of them", () => {
    const identities = numbers(10_000).map((i) => `identity i${i} { base i${i + 1}; }`);
    expect(said(`${identities.join("\n")}\nidentity i10000;`)).toBe("");
    expect(said(`${identities.join("\n")}\nidentity i10000 { base i0; }`)).toContain(
      "is derived from itself",
    );
    const features = numbers(10_000).map((i) => `feature f${i} { if-feature f${i + 1}; }`);
    expect(said(`${features.join("\n")}\nfeature f10000;`)).toMatch(/^$|chain of more/);
  });

  test("a chain of 1,000 imports", () => {
    const files = Object.fromEntries(
      numbers(1000).map((i) => [
        `m${i}`,
        `module m${i} { namespace "urn:${i}"; prefix p; import m${i + 1} { prefix x; } }`,
      ]),
    );
    expect(said("import m0 { prefix x; }", files)).toContain("the chain of imports is longer");
  });

  test("a chain of 1,000 leafrefs, and one of 1,000 whens", () => {
    const leafrefs = numbers(1000).map(
      (i) => `leaf a${i} { type leafref { path "../a${i + 1}"; } when "../a${i + 1}"; }`,
    );
    expect(said(`${leafrefs.join("\n")}\nleaf a1000 { type string; }`)).toMatch(/^$|chain of more/);
  });

  test("an augment for each of 1,000 that another brings, in the worst order", () => {
    const path = (i: number) =>
      numbers(i)
        .map((n) => `/t:c${n}`)
        .join("");
    const chain = numbers(100).map((i) => `augment ${path(i + 1)} { container c${i + 1}; }`);
    expect(said(`${chain.reverse().join("\n")}\ncontainer c0;`)).toBe("");
  });
});
