import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "xspattern";
import { translatePattern } from "../../src/yang/index.ts";
import { matcher } from "./fixture.ts";

/** The law of every row: it gives the wanted answer, twice, and xspattern agrees. */
function check(xsd: string, yes: readonly string[], no: readonly string[]): void {
  const matches = matcher(xsd);
  const oracle = compile(xsd);
  for (const [texts, wanted] of [
    [yes, true],
    [no, false],
  ] as const) {
    for (const text of texts) {
      expect([xsd, text, matches(text)]).toEqual([xsd, text, wanted]);
      expect([xsd, text, matches(text)]).toEqual([xsd, text, wanted]);
      expect([xsd, text, oracle(text)]).toEqual([xsd, text, wanted]);
    }
  }
}

describe("patterns are those of XML Schema", () => {
  test.each<[what: string, xsd: string, yes: string[], no: string[]]>([
    ["both ends are anchored", "a", ["a"], ["", "aa", "ba", "ab"]],
    ["anchors hold for every branch", "a|bc", ["a", "bc"], ["abc", "b", "c", "ac"]],
    ["^ and $ are ordinary characters", "^a$", ["^a$"], ["a", "^a", "a$"]],
    ["an empty pattern takes the empty text", "", [""], ["a"]],
    ["branches may be empty", "(a|)b", ["ab", "b"], ["a", ""]],
    ["classes can be subtracted", "[a-z-[aeiou]]+", ["bcd", "xyz"], ["abc", "e", ""]],
    ["subtraction nests", "[a-z-[b-y-[m]]]", ["a", "m", "z"], ["b", "n"]],
    ["subtraction from a negated class", "[^a-c-[x]]", ["d", "1"], ["a", "c", "x"]],
    ["hyphens at an end of a class", "[-a][b-]", ["-b", "a-"], ["ab-", "--b"]],
    ["a hyphen behind a range", "[a-c-9]+", ["b-9"], ["d"]],
    ["^ inside a class", "[a^]+[^^]", ["a^b", "^^-"], ["a^^"]],
    ["\\- outside a class", "a\\-b", ["a-b"], ["ab", "a\\-b"]],
    [". is all but line ends", ".", ["a", " ", "\t", "é", "\u{1F600}"], ["\n", "\r", ""]],
    ["\\d is every decimal digit", "\\d", ["7", "\u0667", "\u{1D7D8}"], ["a", "Ⅷ"]],
    ["\\w leaves out punctuation", "\\w+", ["aé9", "中", "+"], ["a.b", "a b", "_"]],
    ["\\s is four characters", "\\s", [" ", "\t", "\n", "\r"], ["\u00a0", "\u2003"]],
    ["\\i and \\c are names of XML", "[\\i-[:]][\\c-[:]]*", ["_a-1.b", "é"], ["a:b", "-a", "1"]],
    ["\\I and \\C are the others", "\\I\\C", ["1 ", "- "], ["a ", "1a"]],
    ["categories", "\\p{Lu}\\p{Ll}\\P{L}", ["Aa1", "Éß-"], ["aA1", "Aaa"]],
    ["blocks", "\\p{IsBasicLatin}+", ["abc~", "\u007f"], ["é", ""]],
    ["complements of blocks", "\\P{IsGreek}", ["a"], ["α"]],
    ["blocks with a hyphen", "\\p{IsLatin-1Supplement}", ["é"], ["e", "ā"]],
    ["{n}", "a{3}", ["aaa"], ["aa", "aaaa"]],
    ["{n,m}", "a{2,4}", ["aa", "aaaa"], ["a", "aaaaa"]],
    ["{n,}", "(ab){2,}", ["abab", "ababab"], ["ab", "aba"]],
    ["{0,n}", "a{0,2}b", ["b", "ab", "aab"], ["aaab"]],
    ["{0}", "ba{0}", ["b"], ["ba"]],
    ["? of a group", "(ab)?c", ["c", "abc"], ["ac"]],
    ["nested repetition", "((a?b){1,2}c)*", ["", "bc", "abbcabc"], ["c", "bbbc"]],
    ["astral characters count once", "..", ["\u{1F600}\u{1F600}"], ["\u{1F600}"]],
    ["astral ranges", "[\u{1F600}-\u{1F610}]", ["\u{1F605}"], ["\u{1F611}", "\ud83d"]],
    ["control escapes", "\\n\\r\\t", ["\n\r\t"], ["nrt"]],
    ["escaped marks", "\\.\\\\\\?\\*\\+\\(\\)\\{\\}\\[\\]\\|\\^", [".\\?*+(){}[]|^"], ["a"]],
  ])("%s: %s", (_what, xsd, yes, no) => {
    check(xsd, yes, no);
  });

  test("braces stand for themselves where no quantity can be", () => {
    expect(matcher("{a}")("{a}")).toBe(true);
    expect(matcher("(}{2}|{)")("}}")).toBe(true);
  });

  test("other escaped marks stand for themselves, though XML Schema does not list them", () => {
    expect(matcher("\\$\\/\\@")("$/@")).toBe(true);
  });

  test.each<[xsd: string, offset: number, message: string]>([
    ["a)", 1, '")" is not expected here'],
    ["(a", 2, "a group is not closed"],
    ["[a", 2, "a character class is not closed"],
    ["[]", 1, "a character class is empty"],
    ["[a[b]", 2, '"[" needs a backslash here'],
    ["[z-a]", 4, "the range z-a goes down"],
    ["[a-\\d]", 5, "a range ends in a set of characters"],
    ["*a", 0, '"*" stands where nothing comes before it'],
    ["a**", 2, '"*" stands where nothing comes before it'],
    ["a{3,2}", 1, "the quantity {3,2} goes down"],
    ["a{,2}", 1, "a quantity has the form {n}, {n,} or {n,m}"],
    ["a]", 1, '"]" stands where nothing comes before it'],
    ["\\q", 1, 'there is no escape "\\q"'],
    ["ab\\", 3, 'there is no escape "\\"'],
    ["\\p{Xy}", 1, "there is no category or block \\p{Xy}"],
    ["\\p{IsNowhere}", 1, "there is no category or block \\p{IsNowhere}"],
    ["((a{1000}){1000}){1000}", 0, "the repetitions in it are too many"],
  ])("%s is refused", (xsd, offset, message) => {
    const fault = translatePattern(xsd);
    expect(fault).toMatchObject({ message });
    expect("offset" in fault ? fault.offset : undefined).toBe(Math.min(offset, xsd.length));
  });
});

test("nesting is bounded, not the stack", () => {
  const message = "the pattern is nested too deeply";
  expect(translatePattern("(".repeat(100_000))).toEqual({ message, offset: 128 });
  expect(translatePattern("[a-".repeat(100_000))).toMatchObject({ message });
});

describe("the patterns of the standard types", () => {
  const octet = "([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
  test.each<[what: string, xsd: string, yes: string[], no: string[]]>([
    [
      "ipv4-address",
      `(${octet}\\.){3}${octet}(%[\\p{N}\\p{L}]+)?`,
      ["0.0.0.0", "255.255.255.255", "10.0.0.1%eth0"],
      ["256.0.0.1", "1.2.3", "1.2.3.4.", "01.2.3.4", "1.2.3.4%"],
    ],
    [
      "object-identifier",
      "(([0-1](\\.[1-3]?[0-9]))|(2\\.(0|([1-9][0-9]*))))(\\.(0|([1-9][0-9]*)))*",
      ["1.3.6.1.2.1", "2.100.3", "0.0"],
      ["3.1", "1.40", "1.3.06", ""],
    ],
    [
      "date-and-time",
      "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[\\+\\-]\\d{2}:\\d{2})",
      ["2022-07-05T00:00:00Z", "1985-04-12T23:20:50.52-08:00"],
      ["2022-07-05 00:00:00Z", "2022-07-05T00:00:00", "2022-07-05T00:00:00.Z"],
    ],
    ["xpath identifiers", "[a-zA-Z_][a-zA-Z0-9\\-_.]*", ["_a.b-c"], ["1a", ""]],
  ])("%s", (_what, xsd, yes, no) => {
    check(xsd, yes, no);
  });

  test("a pattern on which others backtrack without end takes its time from the length", () => {
    const rows = ["(/?[a-z]+/?)+", "(a|aa)+", "(a*)*", "(.*a){12}", "((a?){20}){20}"];
    for (const xsd of rows) {
      const matches = matcher(xsd);
      expect(matches(`${"a".repeat(20_000)}!`)).toBe(false);
    }
  });

  test("states without number are forgotten, not kept", () => {
    const matches = matcher("(a|b)*a(a|b){40}c");
    let seed = 1;
    let text = "";
    for (let i = 0; i < 20_000; i += 1) {
      seed = (seed * 48271) % 2147483647;
      text += seed % 2 === 0 ? "a" : "b";
    }
    expect(matches(`${text}a${"b".repeat(40)}c`)).toBe(true);
    expect(matches(`${text}b${"b".repeat(40)}c`)).toBe(false);
  });
});

/** Patterns with every construct, over an alphabet that makes matches likely. */
const expressions = fc.letrec<{ regexp: string; atom: string; piece: string; branch: string }>(
  (tie) => ({
    atom: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("a", "b", "0", "-", "é", "\\.", ".", "\\d", "\\w", "\\i", "\\c", "\\s"),
      fc.constantFrom("\\D", "\\W", "\\I", "\\C", "\\S", "\\p{L}", "\\P{Lu}", "\\p{IsBasicLatin}"),
      fc.constantFrom("[ab]", "[^a]", "[a-c0-9]", "[\\w-[b]]", "[^\\d-[a-]]", "[b\\-0]", "[-a]"),
      tie("regexp").map((inner) => `(${inner})`),
    ),
    piece: fc
      .tuple(
        tie("atom"),
        fc.constantFrom("", "", "", "?", "*", "+", "{2}", "{0,2}", "{1,3}", "{2,}"),
      )
      .map(([atom, quantifier]) => atom + quantifier),
    branch: fc.array(tie("piece"), { maxLength: 4 }).map((pieces) => pieces.join("")),
    regexp: fc
      .array(tie("branch"), { minLength: 1, maxLength: 3 })
      .map((branches) => branches.join("|")),
  }),
);

const subjects = fc
  .array(
    fc.constantFrom("a", "b", "c", "0", "9", "-", ".", "é", "A", " ", "\n", "\u{1F600}", "_"),
    {
      maxLength: 8,
    },
  )
  .map((chars) => chars.join(""));

test("on any pattern and text it agrees with xspattern", () => {
  fc.assert(
    fc.property(expressions.regexp, fc.array(subjects, { maxLength: 12 }), (xsd, texts) => {
      const matches = matcher(xsd);
      const oracle = compile(xsd);
      for (const text of texts) expect(matches(text)).toBe(oracle(text));
    }),
    { numRuns: 600 },
  );
});

test("whatever the text, parsing ends with a pattern or a fault inside it", () => {
  const texts = fc.string({ unit: fc.constantFrom(..."ab[]()-^\\{}|*+?.,1pdIs") });
  fc.assert(
    fc.property(texts, (xsd) => {
      const pattern = translatePattern(xsd);
      if ("message" in pattern) expect(pattern.offset).toBeLessThanOrEqual(xsd.length);
      else expect(typeof pattern.matches("ab")).toBe("boolean");
    }),
    { numRuns: 2000 },
  );
});
