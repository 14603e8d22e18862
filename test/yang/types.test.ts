import { describe, expect, test } from "vitest";
import type { Type } from "../../src/yang/index.ts";
import { inherited } from "../../src/yang/types.ts";
import { type Fixture, identity, resolve, statements, T, typeOf, U } from "./fixture.ts";

const MAX64 = 2n ** 64n - 1n;

describe("ranges and lengths are subsets of the parent's", () => {
  test.each<[text: string, parts: unknown]>([
    ["type int8 { range '1..4'; }", [[1n, 4n]]],
    [
      "type int8 { range 'min..-1 | 1..max'; }",
      [
        [-128n, -1n],
        [1n, 127n],
      ],
    ],
    ["type uint64 { range '18446744073709551615'; }", [[MAX64, MAX64]]],
    [
      "type uint64 { range '1 | 3..max'; }",
      [
        [1n, 1n],
        [3n, MAX64],
      ],
    ],
    ["type int64 { range 'min..0'; }", [[-(2n ** 63n), 0n]]],
    ["type uint8 { range '0x10..0x1f'; }", [[16n, 31n]]],
    [
      "type decimal64 { fraction-digits 2; range '1 .. 3.14 | 10 | 20..max'; }",
      [
        [100n, 314n],
        [1000n, 1000n],
        [2000n, 2n ** 63n - 1n],
      ],
    ],
    ["type decimal64 { fraction-digits 1; range '-0.5..0.50'; }", [[-5n, 5n]]],
    [
      "type narrow { range 'min..3 | 7..max'; }",
      [
        [1n, 3n],
        [7n, 10n],
      ],
    ],
    ["type touching { range '3..7'; }", [[3n, 7n]]],
  ])("%s", (text, parts) => {
    const typedefs = `typedef narrow { type uint8 { range "1..10"; } }
      typedef touching { type uint8 { range "1..4|5..9"; } }`;
    const type = typeOf(text, { typedefs });
    expect("ranges" in type ? type.ranges.at(-1)?.parts : undefined).toEqual(parts);
  });

  test.each<[text: string, parts: unknown]>([
    ["type string { length 4; }", [[4, 4]]],
    [
      "type string { length '0 | 2..max'; }",
      [
        [0, 0],
        [2, Number.POSITIVE_INFINITY],
      ],
    ],
    ["type binary { length '1..18446744073709551615'; }", [[1, Number.POSITIVE_INFINITY]]],
    [
      "type narrow { length 'min..4|max'; }",
      [
        [2, 4],
        [8, 8],
      ],
    ],
  ])("%s", (text, parts) => {
    const type = typeOf(text, { typedefs: "typedef narrow { type string { length 2..8; } }" });
    expect("lengths" in type ? type.lengths.at(-1)?.parts : undefined).toEqual(parts);
  });

  test.each<[text: string, report: string]>([
    [
      "type int8 { range '1..200'; }",
      'range "1..200": "1..200" is not within what the type allows',
    ],
    ["type int8 { range '4..1'; }", 'range "4..1": "4..1" goes down'],
    ["type int8 { range '1..4|3..9'; }", 'range "1..4|3..9": parts must ascend and not overlap'],
    ["type int8 { range '5|1'; }", 'range "5|1": parts must ascend and not overlap'],
    ["type int8 { range '1..4|4..9'; }", 'range "1..4|4..9": parts must ascend and not overlap'],
    ["type int8 { range ''; }", 'range "": "" is no range of this type'],
    ["type int8 { range '1..2..3'; }", 'range "1..2..3": "1..2..3" is no range of this type'],
    ["type int8 { range '1.5'; }", 'range "1.5": "1.5" is no range of this type'],
    ["type uint8 { range '-1'; }", 'range "-1": "-1" is not within what the type allows'],
    ["type narrow { range '0..5'; }", 'range "0..5": "0..5" is not within what the type allows'],
    ["type gap { range '2..8'; }", 'range "2..8": "2..8" is not within what the type allows'],
    ["type string { length '-1'; }", 'length "-1": "-1" is no length of this type'],
    [
      "type string { length '1..18446744073709551616'; }",
      'length "1..18446744073709551616": "1..18446744073709551616" is not within what the type allows',
    ],
    [
      "type decimal64 { fraction-digits 2; range '1.234'; }",
      'range "1.234": "1.234" is no range of this type',
    ],
    [
      "type decimal64 { fraction-digits 18; range '10'; }",
      'range "10": "10" is not within what the type allows',
    ],
  ])("%s is refused", (text, report) => {
    const typedefs = `typedef narrow { type uint8 { range "1..10"; } }
      typedef gap { type uint8 { range "1..3|6..9"; } }`;
    expect(resolve(text, { typedefs }).reports).toEqual([report]);
  });

  test("what a module wants said goes with the restriction", () => {
    const type = typeOf(`type string { length 1..2 { error-message "too long"; error-app-tag l; }
      pattern a+ { error-message "only a"; modifier invert-match; } }`);
    expect(type).toMatchObject({
      lengths: [{ errorMessage: "too long", errorAppTag: "l", text: "1..2" }],
      patterns: [{ errorMessage: "only a", errorAppTag: undefined, invert: true, text: "a+" }],
    });
  });
});

test("patterns of the whole chain are kept, in order", () => {
  const typedefs =
    "typedef a { type string { pattern 'a.*'; } } typedef b { type a { pattern '.*b'; } }";
  const type = typeOf("type b { pattern '.c.'; }", { typedefs });
  expect(type.base === "string" && type.patterns.map((p) => p.text)).toEqual(["a.*", ".*b", ".c."]);
  expect(type).toMatchObject({ typedef: "t:b", typedefs: ["t:b", "t:a"] });
});

describe("enumerations and bits", () => {
  test.each<[text: string, values: Record<string, number>]>([
    ["enum a; enum b; enum c;", { a: 0, b: 1, c: 2 }],
    ["enum a { value 7; } enum b { value 3; } enum c;", { a: 7, b: 3, c: 8 }],
    ["enum a { value -5; } enum b;", { a: -5, b: -4 }],
    ["enum a { value -0; } enum b;", { a: 0, b: 1 }],
    ["enum a { value 2147483647; } enum b { value 0; }", { a: 2147483647, b: 0 }],
    ["enum off { if-feature nope; } enum on;", { on: 1 }],
    ["enum off { if-feature 'not yes'; value 9; } enum on { if-feature yes; }", { on: 10 }],
    ["enum 'two words' ; enum '.';", { "two words": 0, ".": 1 }],
  ])("type enumeration { %s }", (body, values) => {
    const type = typeOf(`type enumeration { ${body} }`, { features: ["yes"] });
    expect(type.base === "enumeration" && Object.fromEntries(type.enums)).toEqual(values);
  });

  test.each<[body: string, order: [string, number][]]>([
    [
      "bit a; bit b;",
      [
        ["a", 0],
        ["b", 1],
      ],
    ],
    [
      "bit a { position 5; } bit b { position 1; } bit c;",
      [
        ["b", 1],
        ["a", 5],
        ["c", 6],
      ],
    ],
    ["bit a { position 4294967295; }", [["a", 4294967295]]],
  ])("type bits { %s }", (body, order) => {
    const type = typeOf(`type bits { ${body} }`);
    expect(type.base === "bits" && [...type.bits]).toEqual(order);
  });

  const typedefs = `typedef e { type enumeration { enum a; enum b { value 5; } enum c; } }
    typedef f { type bits { bit x; bit y { position 4; } bit z; } }`;

  test("a subset keeps the values of the whole", () => {
    const enums = typeOf("type e { enum c; enum b { value 5; } }", { typedefs });
    expect(enums.base === "enumeration" && Object.fromEntries(enums.enums)).toEqual({ c: 6, b: 5 });
    const bits = typeOf("type f { bit z; bit x; }", { typedefs });
    expect(bits.base === "bits" && [...bits.bits]).toEqual([
      ["x", 0],
      ["z", 5],
    ]);
  });

  test("a subset may leave out more than once", () => {
    const twice = `${typedefs} typedef g { type e { enum a; enum c; } }`;
    expect(typeOf("type g { enum c; }", { typedefs: twice })).toMatchObject({
      typedefs: ["t:g", "t:e"],
    });
    const { reports } = resolve("type g { enum b; }", { typedefs: twice });
    expect(reports).toEqual(['enum "b" is not one of the type it restricts']);
  });

  test.each<[text: string, report: string, fixture?: Fixture]>([
    ["type enumeration { enum a; enum a; }", 'enum "a" is there twice'],
    ["type enumeration { enum a; enum b { value 0; } }", '"b" has the value of "a", 0'],
    [
      "type enumeration { enum a { value 2147483647; } enum b; }",
      'enum "b" needs a value of its own',
    ],
    [
      "type enumeration { enum a { value 2147483648; } }",
      'value "2147483648" is not in the range -2147483648..2147483647',
    ],
    ["type enumeration { enum ''; }", 'enum "" is empty or has white space at an end'],
    ["type enumeration { enum ' a'; }", 'enum " a" is empty or has white space at an end'],
    ["type enumeration;", 'type "enumeration" needs at least one enum'],
    ["type bits;", 'type "bits" needs at least one bit'],
    ["type bits { bit '1a'; }", 'bit "1a" is no identifier'],
    ["type bits { bit a { position 4294967295; } bit b; }", 'bit "b" needs a position of its own'],
    ["type bits { bit a { position -1; } }", 'position "-1" is not in the range 0..4294967295'],
    ["type e { enum a { value 1; } }", '"a" has the value 0, which cannot change'],
    ["type e { enum d; }", 'enum "d" is not one of the type it restricts'],
    ["type f { bit w; }", 'bit "w" is not one of the type it restricts'],
    ["type e { enum a; }", "leaving out enums needs yang-version 1.1", { yangVersion: "1" }],
  ])("%s is refused", (text, report, fixture = {}) => {
    expect(resolve(text, { typedefs, ...fixture }).reports).toEqual([report]);
  });
});

describe("identityref", () => {
  const base = identity(T, "base");
  const other = identity(T, "other");
  const one = identity(T, "one", base);
  const both = identity(U, "both", one, other);
  const identities = [base, other, one, both, identity(T, "lonely")];
  test.each<[text: string, values: string[]]>([
    ["type identityref { base base; }", ["t:one", "u:both"]],
    ["type identityref { base t:one; }", ["u:both"]],
    ["type identityref { base base; base other; }", ["u:both"]],
    ["type identityref { base u:both; }", []],
  ])("%s takes what is derived from every base, never the base", (text, values) => {
    const type = typeOf(text, { identities });
    expect(type.base === "identityref" && [...type.values.keys()]).toEqual(values);
  });

  test.each<[text: string, report: string, version: "1" | "1.1"]>([
    ["type identityref;", "an identityref needs a base", "1.1"],
    ["type identityref { base nope; }", 'there is no identity "nope"', "1.1"],
    [
      "type identityref { base base; base other; }",
      "more than one base needs yang-version 1.1",
      "1",
    ],
  ])("%s is refused", (text, report, yangVersion) => {
    expect(resolve(text, { identities, yangVersion }).reports).toEqual([report]);
  });
});

describe("substatements must fit the type", () => {
  const typedefs = `typedef d { type decimal64 { fraction-digits 2; } }
    typedef l { type leafref { path "../a"; } } typedef i { type identityref { base b; } }
    typedef loop { type pool; } typedef pool { type loop; } typedef x { type nowhere; }
    typedef n { type union { type int8; type string; } }`;
  const identities = [identity(T, "b")];
  test.each<[text: string, report: string, version?: "1" | "1.1"]>([
    ["type string { range 1..2; }", '"range" does not fit type "string", a string'],
    ["type int8 { length 1..2; }", '"length" does not fit type "int8", an int8'],
    ["type boolean { pattern a; }", '"pattern" does not fit type "boolean", a boolean'],
    ["type int8 { fraction-digits 2; }", '"fraction-digits" does not fit type "int8", an int8'],
    ["type binary { pattern a; }", '"pattern" does not fit type "binary", a binary'],
    [
      "type d { fraction-digits 2; }",
      '"fraction-digits" does not fit type "d", derived from a decimal64',
    ],
    ["type l { path '../b'; }", '"path" does not fit type "l", derived from a leafref'],
    ["type i { base b; }", '"base" does not fit type "i", derived from an identityref'],
    ["type n { type int8; }", '"type" does not fit type "n", derived from a union'],
    ["type decimal64;", "a decimal64 needs fraction-digits"],
    ["type decimal64 { fraction-digits 19; }", 'fraction-digits "19" is not in the range 1..18'],
    ["type decimal64 { fraction-digits 0; }", 'fraction-digits "0" is not in the range 1..18'],
    ["type leafref;", "a leafref needs a path"],
    ["type leafref { path '../x:y'; }", 'prefix "x" is not declared'],
    ["type leafref { path '../a['; }", "the expression ends too early"],
    ["type union;", "a union needs at least one type"],
    ["type nope;", 'there is no type "nope"'],
    ["type x;", 'there is no type "nowhere"'],
    ["type loop;", 'typedef "t:loop" is defined by itself'],
    ["type string { pattern '[a'; }", 'pattern "[a": a character class is not closed at offset 2'],
    ["type string { pattern a { modifier not; } }", 'there is no modifier "not"'],
    [
      "type leafref { path '../a'; require-instance maybe; }",
      'require-instance is true or false, not "maybe"',
    ],
    [
      "type leafref { path '../a'; require-instance true; }",
      "require-instance in a leafref needs yang-version 1.1",
      "1",
    ],
    ["type union { type empty; }", "a member of type empty needs yang-version 1.1", "1"],
    ["type union { type l; }", "a member of type leafref needs yang-version 1.1", "1"],
  ])("%s is refused", (text, report, yangVersion = "1.1") => {
    expect(resolve(text, { typedefs, identities, yangVersion }).reports).toEqual([report]);
  });

  test("extensions may stand in any type", () => {
    expect(resolve("type boolean { x:note 'hello'; }").reports).toEqual([]);
  });

  test("a typedef's fault is reported once, however often it is used", () => {
    const { reports } = resolve("type union { type x; type x; }", { typedefs });
    expect(reports).toEqual(['there is no type "nowhere"']);
  });
});

describe("a leafref is of the leaf it leads to", () => {
  test("each use of a typedef has a leafref of its own", () => {
    const typedefs =
      "typedef l { type leafref { path '../a'; } } typedef n { type union { type l; } }";
    const type = typeOf("type union { type n; type n; }", { typedefs });
    const [one, two] = type.base === "union" ? type.members : [];
    const inner = (of: Type | undefined) => (of?.base === "union" ? of.members[0] : undefined);
    expect(inner(one)).toMatchObject({ base: "leafref", typedefs: ["t:l"] });
    expect(inner(one)).not.toBe(inner(two));
  });
});

test("default and units come from the closest typedef that has them", () => {
  const typedefs = "typedef a { type int8; default 1; units s; } typedef b { type a; default 2; }";
  const scope = {
    typedef: (name: string) => {
      const statement = statements(typedefs).find((s) => s.argument === name);
      return statement && { statement, scope, name: `t:${name}` };
    },
  } as Parameters<typeof inherited>[2];
  const [type] = statements("type b;");
  if (type === undefined) throw new Error("no statement");
  expect(inherited("default", type, scope)?.statement.argument).toBe("2");
  expect(inherited("units", type, scope)?.statement.argument).toBe("s");
  const [plain] = statements("type int8;");
  expect(plain && inherited("default", plain, scope)).toBeUndefined();
});
