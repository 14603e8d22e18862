// Text → statements: RFC 7950 sections 6.1 and 6.3.

import { describe, expect, test } from "vitest";
import { parseStatements, type Statement } from "../../src/yang/index.ts";

function parse(text: string): { statements: readonly Statement[]; faults: readonly string[] } {
  const { statements, diagnostics } = parseStatements({ file: "t.yang", text });
  const faults = diagnostics.map(
    ({ position: { line, column }, message }) => `${line}:${column}: ${message}`,
  );
  return { statements, faults };
}

/** The arguments of all statements, in order. */
function argumentsOf(statements: readonly Statement[]): readonly (string | undefined)[] {
  return statements.flatMap(({ argument, substatements }) => [
    argument,
    ...argumentsOf(substatements),
  ]);
}

describe("arguments", () => {
  test.each([
    ["a word", "a b;", "b"],
    ["none", "a;", undefined],
    ["none before a block", "a{b c;}", undefined],
    ["no white space before a block", "a b{c d;}", "b"],
    ["single quotes keep all", "a 'x\\n\"';", 'x\\n"'],
    ["single quotes keep line breaks", "a 'x\n  y';", "x\n  y"],
    ["escapes", 'a "\\n\\t\\"\\\\";', '\n\t"\\'],
    ["quoted strings joined", 'a "b" + \'c\' /* x */ + // y\n "d";', "bcd"],
    ["white space before a line break goes", 'a "b  \t\n   c";', "b\nc"],
    ["indentation up to the quote goes", 'a "b\n   c\n    d\n e";', "b\nc\n d\ne"],
    ["a tab is eight columns", 'a "b\n\tc";', "b\n     c"],
    ["tabs before the quote count too", '\ta "b\n\t   c\n\t    d";', "b\nc\n d"],
    ["an escape is no white space to trim", 'a "b\\t\n   c";', "b\t\nc"],
    ["CR LF is a line break", 'a "b \r\n   c";', "b\nc"],
    ["a slash is no comment", "a b/c/d;", "b/c/d"],
    ["a plus sign in a word", "a b+c;", "b+c"],
    ["an empty string", 'a "";', ""],
    ["beyond ASCII", 'a "ä😀";', "ä😀"],
  ])("%s", (_, text, argument) => {
    const { statements, faults } = parse(text);
    expect(faults).toEqual([]);
    expect(statements[0]?.argument).toBe(argument);
  });

  test("a comment ends a word, and may stand between all others", () => {
    const { statements, faults } = parse("/*x*/a//y\n/*z*/b/*;*/{/**/c//\nd/*}*/;}");
    expect(faults).toEqual([]);
    expect(argumentsOf(statements)).toEqual(["b", "d"]);
  });

  test("a string ends where its own quote is, wherever backslashes stand before and after", () => {
    const { statements, faults } = parse(
      'a "b"; // \\ "\nc "d\\"e" + "\\\\"; d \'\\\'; e "f"; f g\\h; g "\\\\\\""; h "i"; /* \\ */ i "\\n";',
    );
    expect(faults).toEqual([]);
    expect(argumentsOf(statements)).toEqual(["b", 'd"e\\', "\\", "f", "g\\h", '\\"', "i", "\n"]);
  });

  test("a byte order mark is passed over", () => {
    const { statements } = parse("\ufeffmodule t;");
    expect(statements[0]).toMatchObject({ keyword: "module", position: { line: 1, column: 1 } });
  });
});

describe("places", () => {
  test("lines and columns count from 1, through strings and comments of several lines", () => {
    const { statements } = parse("a 'x\ny' { /* \n\n */ b;\r\n\tc \"\n\n\"; d; }");
    const all = [...statements, ...(statements[0]?.substatements ?? [])];
    expect(all.map(({ keyword, position: { line, column } }) => [keyword, line, column])).toEqual([
      ["a", 1, 1],
      ["b", 4, 5],
      ["c", 5, 2],
      ["d", 7, 4],
    ]);
  });
});

describe("faults", () => {
  test.each([
    ["a string that does not end", 'a "b', ["1:3: this string does not end"]],
    ["a single-quoted one", "a 'b", ["1:3: this string does not end"]],
    ["a comment that does not end", "a b; /* c", ["1:6: this comment does not end"]],
    ["a block that does not end", "a b {\n  c d {\n", ["2:3: the { of this c is not closed"]],
    ["a brace too many", "a b; }", ["1:7: this } closes nothing"]],
    ["no end of a statement", "a b\nc d;", ['2:1: after a there must be ; or {, not "c"']],
    [
      "the end of the file instead",
      "a b",
      ["1:4: after a there must be ; or {, not the end of the file"],
    ],
    ["a keyword that is none", "1a b;", ['1:1: "1a" is no keyword']],
    ["a semicolon that ends nothing", "a b { c d; };", ['1:13: ";" is no keyword']],
    ["no white space before a quote", 'a"b";', ["1:2: after a there must be white space"]],
    [
      "a sum of words",
      'a "b" + c;',
      ["1:9: after + there must be a quoted string", '1:9: after a there must be ; or {, not "c"'],
    ],
    ["the end of a comment in a word", "a b*/c;", ["1:4: */ inside an unquoted string"]],
    ["a control character", "a 'b\u0001';", ["1:5: the character U+0001 may not be in a module"]],
    ["half a character", "a 'b\ud800';", ["1:5: the character U+D800 may not be in a module"]],
    ["no character", "\n 'b\uffff';", ["2:4: the character U+FFFF may not be in a module"]],
  ])("%s", (_, text, faults) => {
    expect(parse(text).faults).toEqual(expect.arrayContaining(faults));
  });

  test("several mistakes are told at once", () => {
    const { faults } = parse("module t {\n a b\n c d;\n e f;;\n}");
    expect(faults).toEqual([
      '3:2: after a there must be ; or {, not "c"',
      '4:6: ";" is no keyword',
    ]);
  });
});

describe("what version 1 allows and 1.1 does not", () => {
  const module = (version: string, rest: string) =>
    `module t {\n yang-version ${version};\n${rest}\n}`;

  test.each([
    [
      "other escapes",
      ' description "a\\.b\n  \\-";',
      ["3:16: there is no escape \\.", "4:3: there is no escape \\-"],
    ],
    ["quotes inside a word", ' contact b"c;', ["3:11: a quote inside an unquoted string"]],
  ])("%s", (_, rest, faults) => {
    expect(parse(module("1", rest)).faults).toEqual([]);
    expect(parse(module("1.1", rest)).faults).toEqual(faults);
  });

  test("a backslash before any other character stays", () => {
    expect(
      parse('module t { description "a\\.b"; }').statements[0]?.substatements[0]?.argument,
    ).toBe("a\\.b");
  });
});
