import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  evaluateIfFeature,
  type IfFeatureExpression,
  parseIfFeature,
} from "../../src/yang/index.ts";

const ON = new Set(["a", "b", "p:c"]);

function holds(text: string): boolean | string {
  const parsed = parseIfFeature(text, "1.1");
  if ("message" in parsed) return `${parsed.message} at ${parsed.offset}`;
  return evaluateIfFeature(parsed, (prefix, name) =>
    ON.has(prefix === undefined ? name : `${prefix}:${name}`),
  );
}

describe("if-feature in YANG 1.1", () => {
  test.each<[text: string, wanted: boolean | string]>([
    ["a", true],
    ["x", false],
    ["p:c", true],
    ["c", false],
    ["not x", true],
    ["not not a", true],
    ["a and x", false],
    ["a or x and x", true],
    ["(a or x) and x", false],
    ["x or a and b", true],
    ["not x and a", true],
    ["not (x or a)", false],
    ["not a or b", true],
    ["a and b and x or b", true],
    [" a\n\tor  x ", true],
    ["((a))", true],
    ["or-not", false],
    ["", "the name of a feature is expected, not the end at 0"],
    ["a b", '"b" is not expected here at 2'],
    ["a and", "the name of a feature is expected, not the end at 5"],
    ["and", 'the name of a feature is expected, not "and" at 0'],
    ["(a", '")" is expected at 2'],
    ["a)", '")" is not expected here at 1'],
    ["1a", 'the name of a feature is expected, not "1a" at 0'],
    ["a:b:c", 'the name of a feature is expected, not "a:b:c" at 0'],
    ["not", "the name of a feature is expected, not the end at 3"],
    ["(".repeat(100), "the expression is nested too deeply at 64"],
  ])("%j", (text, wanted) => {
    expect(holds(text)).toBe(wanted);
  });
});

test("its length is bounded", () => {
  expect(holds(Array(900).fill("x").join(" or "))).toBe(false);
  expect(holds(Array(9000).fill("x").join(" or "))).toBe("the expression is too long at 0");
});

test("in YANG 1 it is one name, whatever the name", () => {
  expect(parseIfFeature("p:a", "1")).toEqual({ kind: "feature", prefix: "p", name: "a" });
  expect(parseIfFeature("and", "1")).toEqual({ kind: "feature", prefix: undefined, name: "and" });
  expect(parseIfFeature("a or b", "1")).toEqual({
    message: '"or" is not expected here; expressions need yang-version 1.1',
    offset: 2,
  });
});

test("a feature that nobody knows is off", () => {
  const parsed = parseIfFeature("not a", "1.1");
  expect("message" in parsed || evaluateIfFeature(parsed, () => undefined)).toBe(true);
});

test("it agrees with the same expression in JavaScript", () => {
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom("a", "b", "x", "y"),
      tie("tree").map((inner) => `not (${inner})`),
      fc.tuple(tie("tree"), tie("tree")).map(([l, r]) => `${l} and ${r}`),
      fc.tuple(tie("tree"), tie("tree")).map(([l, r]) => `${l} or ${r}`),
      tie("tree").map((inner) => `(${inner})`),
    ),
  }));
  fc.assert(
    fc.property(tree, (text) => {
      const script = text
        .replace(/\bnot\b/g, "!")
        .replace(/\band\b/g, "&&")
        .replace(/\bor\b/g, "||")
        .replace(/\b[ab]\b/g, "true")
        .replace(/\b[xy]\b/g, "false");
      expect(holds(text)).toBe(new Function(`return ${script};`)());
    }),
  );
});

test("the parsed form keeps what was written", () => {
  const wanted: IfFeatureExpression = {
    kind: "or",
    left: { kind: "feature", prefix: undefined, name: "a" },
    right: {
      kind: "and",
      left: { kind: "not", operand: { kind: "feature", prefix: undefined, name: "b" } },
      right: { kind: "feature", prefix: "p", name: "c" },
    },
  };
  expect(parseIfFeature("a or not b and p:c", "1.1")).toEqual(wanted);
});
