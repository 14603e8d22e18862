import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileXPath,
  isXPathFault,
  toBoolean,
  toNumber,
  toStringValue,
  type XPath,
  XPathLimitError,
  type XPathNames,
  type XPathNode,
  type XPathValue,
} from "../../src/yang/index.ts";
import { resolveLeafrefs } from "../../src/yang/leafref.ts";
import { identity, names, T, typeOf, U } from "./fixture.ts";
import {
  allNodes,
  at,
  container,
  type Data,
  leaf,
  leafAt,
  leafList,
  list,
  pathOf,
  schemaOf,
  treeOf,
} from "./schema-fixture.ts";

const base = identity(T, "base");
const mid = identity(T, "mid", base);
const end = identity(U, "end", mid);
const identities = [base, mid, end, identity(U, "mid", base)];

const schema = schemaOf(
  container(
    "top",
    leaf("name"),
    leaf("count", typeOf("type uint8;")),
    leaf("big", typeOf("type uint64;")),
    leafList("tag"),
    list(
      "entry",
      "id name",
      leaf("id", typeOf("type uint8;")),
      leaf("name"),
      leaf("size"),
      container(
        "inner",
        leaf("name"),
        leaf("ref", typeOf("type leafref { path '../../../entry/name'; }")),
      ),
    ),
    leaf("ref", typeOf("type leafref { path '/top/entry[id=current()/../count]/name'; }")),
    leaf("kind", typeOf("type identityref { base base; }", { identities })),
    leaf("other-kind", typeOf("type identityref { base base; }", { identities })),
    leaf("color", typeOf("type enumeration { enum red { value 4; } enum green; }")),
    leaf("flags", typeOf("type bits { bit up; bit down; bit left; }")),
    leaf("where", typeOf("type instance-identifier;")),
    leaf(
      "any",
      typeOf(
        "type union { type leafref { path '../tag'; } type identityref { base base; } type string; }",
        { identities },
      ),
    ),
  ),
  { ...container("foreign", leaf("name", typeOf("type string;"), { module: U })), module: U },
);

const lookup = {
  child(parent: Parameters<typeof childOf>[0], _namespace: string | undefined, name: string) {
    return childOf(parent, name);
  },
  report(_leaf: unknown, message: string) {
    throw new Error(message);
  },
};

function childOf(parent: XPathNode["schema"], name: string) {
  const holder = parent === undefined ? schema : parent;
  const children = "dataChildren" in holder ? holder.dataChildren : [];
  return children.find((child) => child.name === name);
}

for (const path of ["top/ref", "top/entry/inner/ref", "top/any"]) {
  resolveLeafrefs(leafAt(schema, path), lookup);
}

const data: Data = {
  top: {
    name: "n",
    count: "2",
    big: "9007199254740993",
    tag: ["x", "y", "z"],
    entry: [
      { id: "1", name: "one", size: "10", inner: { name: "i1", ref: "two" } },
      { id: "2", name: "two", size: "20" },
      { id: "3", name: "two", size: "-5", inner: { name: "i3" } },
    ],
    ref: "two",
    kind: "u:end",
    "other-kind": "t:mid",
    color: "green",
    flags: "up left",
    where: "/t:top/entry[id='3'][name='two']/inner/name",
    any: "y",
  },
  foreign: { name: "f" },
};

function compiled(text: string, used: XPathNames = names): XPath {
  const xpath = compileXPath(text, used);
  if (isXPathFault(xpath)) throw new Error(`${text}: ${xpath.message} at ${xpath.offset}`);
  return xpath;
}

function find(root: XPathNode, path: string): XPathNode {
  const found = allNodes(root).find((node) => pathOf(node) === path);
  if (found === undefined) throw new Error(`no node ${path}`);
  return found;
}

/** Paths of the nodes, or the value. The law: looking entries up changes nothing. */
function evaluate(text: string, context = "/top", used = names): unknown {
  const results = [true, false].map((indexed) => {
    const root = treeOf(schema, data, indexed);
    const node = find(root, context);
    return shown(compiled(text, used).evaluate({ node, current: node, root }));
  });
  expect(results[0]).toEqual(results[1]);
  return results[0];
}

function shown(value: XPathValue): unknown {
  return typeof value === "object" ? value.map(pathOf) : value;
}

describe("paths", () => {
  test.each<[text: string, wanted: string[], context?: string]>([
    ["name", ["/top/name"]],
    ["t:name", ["/top/name"]],
    ["u:name", []],
    ["/", ["/"]],
    ["/top/tag", ["/top/tag[1]", "/top/tag[2]", "/top/tag[3]"]],
    ["/u:foreign/u:name", ["/foreign/name"]],
    ["/foreign", []],
    [".", ["/top"]],
    ["..", ["/"]],
    ["../..", []],
    ["entry[2]", ["/top/entry[2]"]],
    ["entry[last()]", ["/top/entry[3]"]],
    ["entry[position() < 3]/id", ["/top/entry[1]/id", "/top/entry[2]/id"]],
    ["entry[0]", []],
    ["entry[1.5]", []],
    ["entry[name='two'][2]", ["/top/entry[3]"]],
    ["entry[2][name='two']", ["/top/entry[2]"]],
    ["entry[id='2' and name='two']", ["/top/entry[2]"]],
    ["entry['two'=name][id='3']/size", ["/top/entry[3]/size"]],
    ["entry[id=2][name='two']", ["/top/entry[2]"]],
    ["entry[id='2'][name='two'][size='20']", ["/top/entry[2]"]],
    ["entry[id='2'][name='two'][size='21']", []],
    ["entry[id='02'][name='two']", []],
    ["entry[id=02][name='two']", ["/top/entry[2]"]],
    ["entry[id=2.5][name='two']", []],
    ["entry[id=current()/count][name=current()/ref]", ["/top/entry[2]"]],
    ["entry[id=/top/entry/id][name='two']", ["/top/entry[2]", "/top/entry[3]"]],
    ["entry[id=current()/nope][name='two']", []],
    ["entry[id='1'][id='2'][name='two']", []],
    ["entry[inner]/id", ["/top/entry[1]/id", "/top/entry[3]/id"]],
    ["entry[not(inner)]", ["/top/entry[2]"]],
    ["entry[inner/name='i3']", ["/top/entry[3]"]],
    ["//inner/name", ["/top/entry[1]/inner/name", "/top/entry[3]/inner/name"]],
    [
      "//name[1]",
      [
        "/top/name",
        "/top/entry[1]/name",
        "/top/entry[1]/inner/name",
        "/top/entry[2]/name",
        "/top/entry[3]/name",
        "/top/entry[3]/inner/name",
      ],
    ],
    ["(//name)[2]", ["/top/entry[1]/name"]],
    ["(entry[3] | entry[1])[1]", ["/top/entry[1]"]],
    ["(entry/inner/name | name)[last()]", ["/top/entry[3]/inner/name"]],
    ["descendant::inner", ["/top/entry[1]/inner", "/top/entry[3]/inner"]],
    ["descendant-or-self::top", ["/top"]],
    ["entry/self::entry[2]", []],
    ["entry/*[1]", ["/top/entry[1]/id", "/top/entry[2]/id", "/top/entry[3]/id"]],
    ["/*", ["/top", "/foreign"]],
    ["/u:*", ["/foreign"]],
    ["ancestor::*", ["/top/entry[1]", "/top"], "/top/entry[1]/inner"],
    ["ancestor-or-self::*[1]", ["/top/entry[1]/inner"], "/top/entry[1]/inner"],
    ["ancestor::node()[last()]", ["/"], "/top/entry[1]/inner"],
    ["parent::entry", ["/top/entry[1]"], "/top/entry[1]/inner"],
    ["parent::top", [], "/top/entry[1]/inner"],
    ["following-sibling::entry", ["/top/entry[2]", "/top/entry[3]"], "/top/entry[1]"],
    ["following-sibling::*[1]", ["/top/entry[2]"], "/top/entry[1]"],
    ["preceding-sibling::tag[1]", ["/top/tag[3]"], "/top/entry[1]"],
    ["preceding-sibling::*[last()]", ["/top/name"], "/top/entry[1]"],
    [
      "following::name",
      ["/top/entry[2]/name", "/top/entry[3]/name", "/top/entry[3]/inner/name"],
      "/top/entry[1]/inner",
    ],
    [
      "preceding::name",
      ["/top/entry[1]/inner/name", "/top/entry[1]/name", "/top/name"],
      "/top/entry[2]",
    ],
    ["entry/inner/..", ["/top/entry[1]", "/top/entry[3]"]],
    ["entry/name/../../name", ["/top/name"]],
    ["attribute::name", []],
    ["@*", []],
    ["namespace::*", []],
    ["comment()", []],
    ["processing-instruction('x')", []],
    ["child::node()[3]", ["/top/big"]],
    ["name/text()", ["/top/name"]],
    ["text()", []],
    ["entry/child::text()", []],
    ["name | count | name", ["/top/name", "/top/count"]],
    ["current()/name", ["/top/name"]],
    ["entry[current()/name]", ["/top/entry[1]", "/top/entry[2]", "/top/entry[3]"]],
    ["id('x')", []],
  ])("%s", (text, wanted, context) => {
    expect(evaluate(text, context)).toEqual(wanted);
  });

  test("without a default namespace a name is that name in any", () => {
    const loose = { ...names, defaultNamespace: undefined };
    expect(evaluate("/foreign/name", "/", loose)).toEqual(["/foreign/name"]);
    expect(evaluate("/t:top/entry[id='2'][name='two']", "/", loose)).toEqual(["/top/entry[2]"]);
    expect(evaluate("/t:foreign", "/", loose)).toEqual([]);
    expect(evaluate("//*[self::foreign]", "/", loose)).toEqual(["/foreign"]);
  });
});

describe("values", () => {
  const NaNs = Number.NaN;
  test.each<[text: string, wanted: number | string | boolean, context?: string]>([
    // Comparisons, XPath 1.0 section 3.4.
    ["tag = 'y'", true],
    ["tag != 'y'", true],
    ["not(tag = 'q')", true],
    ["name != 'n'", false],
    ["nope != 'n'", false],
    ["not(nope = 'n')", true],
    ["nope = nope", false],
    ["tag = tag", true],
    ["tag != tag", true],
    ["name != name", false],
    ["entry/name = ref", true],
    ["entry/name != ref", true],
    ["entry[id=2]/name != ref", false],
    ["entry/size < 0", true],
    ["entry/size > 20", false],
    ["entry/size >= 20", true],
    ["0 > entry/size", true],
    ["entry/size < entry/id", true],
    ["entry/name < 5", false],
    ["count = 2", true],
    ["count = '2'", true],
    ["count = 2.0", true],
    ["count = '2.0'", false],
    ["count = true()", true],
    ["nope = false()", true],
    ["nope < true()", true],
    ["'1' = 1", true],
    ["'a' = 1", false],
    ["'a' != 1", true],
    ["true() = 'false'", true],
    ["true() = 1", true],
    ["'a' < 'b'", false],
    ["'1' < '2'", true],
    ["1 < 2 < 3", true],
    ["3 > 2 > 1", false],
    ["1 = 1 = true()", true],
    ["big = 9007199254740992", true],
    // and, or
    ["true() and false() or true()", true],
    ["true() or nope/nope", true],
    ["nope or name", true],
    // Arithmetic, section 3.5.
    ["1 + 2 * 3 - 4 div 2", 5],
    ["-2 + 3", 1],
    ["--2", 2],
    ["5 mod 2", 1],
    ["5 mod -2", 1],
    ["-5 mod 2", -1],
    ["1.5 mod 0.5", 0],
    ["1 div 0", Number.POSITIVE_INFINITY],
    ["-1 div 0", Number.NEGATIVE_INFINITY],
    ["0 div 0", NaNs],
    ["count * 2", 4],
    ["count *2", 4],
    ["count - 1", 1],
    ["'x' + 1", NaNs],
    ["sum(entry/size)", 25],
    ["sum(nope)", 0],
    ["sum(tag)", NaNs],
    ["count(//*)", 33],
    ["count(entry | entry)", 3],
    // Numbers as strings, section 4.2.
    ["string(1 div 3)", "0.3333333333333333"],
    ["string(100000000000000000000000)", "100000000000000000000000"],
    ["string(0.0000001)", "0.0000001"],
    ["string(-0.00000012)", "-0.00000012"],
    ["string(-0)", "0"],
    ["string(1 div 0)", "Infinity"],
    ["string(-1 div 0)", "-Infinity"],
    ["string(0 div 0)", "NaN"],
    ["string(5.0)", "5"],
    ["string(true())", "true"],
    ["string(nope)", ""],
    ["string()", "n", "/top/name"],
    ["string(entry)", "1one10i1two"],
    ["string(entry[3] | entry[2])", "2two20"],
    ["string(ancestor::inner | ancestor::entry)", "3two-5i3", "/top/entry[3]/inner/name"],
    ["string(preceding-sibling::tag)", "x", "/top/entry[1]"],
    // number(), section 4.4.
    ["number(' 12 ')", 12],
    ["number('-.5')", -0.5],
    ["number('5.')", 5],
    ["number('+5')", NaNs],
    ["number('1e3')", NaNs],
    ["number('')", NaNs],
    ["number('0x10')", NaNs],
    ["number(true())", 1],
    ["number(nope)", NaNs],
    ["number()", 2, "/top/count"],
    ["floor(-1.5)", -2],
    ["ceiling(-1.5)", -1],
    ["round(2.5)", 3],
    ["round(-2.5)", -2],
    ["round('x')", NaNs],
    ["1 div round(-0.2)", Number.NEGATIVE_INFINITY],
    // Strings, section 4.2.
    ["concat('a', 1, true(), name)", "a1truen"],
    ["starts-with('abc', 'ab')", true],
    ["starts-with('abc', '')", true],
    ["contains('abc', 'bc')", true],
    ["contains('abc', 'd')", false],
    ["substring-before('1999/04/01', '/')", "1999"],
    ["substring-before('abc', 'd')", ""],
    ["substring-after('1999/04/01', '/')", "04/01"],
    ["substring-after('abc', '')", "abc"],
    ["substring-after('abc', 'd')", ""],
    ["substring('12345', 2, 3)", "234"],
    ["substring('12345', 2)", "2345"],
    ["substring('12345', 1.5, 2.6)", "234"],
    ["substring('12345', 0, 3)", "12"],
    ["substring('12345', 0 div 0, 3)", ""],
    ["substring('12345', 1, 0 div 0)", ""],
    ["substring('12345', -42, 1 div 0)", "12345"],
    ["substring('12345', -1 div 0, 1 div 0)", ""],
    ["substring('a\u{1F600}b', 2, 1)", "\u{1F600}"],
    ["string-length('a\u{1F600}b')", 3],
    ["string-length()", 1, "/top/name"],
    ["normalize-space('  a \n b\t')", "a b"],
    ["normalize-space('\u00a0')", "\u00a0"],
    ["translate('bar','abc','AB')", "BAr"],
    ["translate('--aaa--','abc-','ABC')", "AAA"],
    ["translate('aa','aa','xy')", "xx"],
    // Names
    ["local-name()", "top"],
    ["name(entry)", "t:entry"],
    ["namespace-uri(/u:foreign)", "urn:u"],
    ["local-name(/)", ""],
    ["local-name(nope)", ""],
    ["lang('en')", false],
    ["boolean('false')", true],
    ["boolean('')", false],
    ["boolean(0 div 0)", false],
    ["boolean(-0)", false],
    ["boolean(nope)", false],
    ["position()", 1],
    ["last()", 1],
    // RFC 7950 section 10.
    ["re-match('1.22.333', '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}')", true],
    ["re-match('aa', 'a')", false],
    ["re-match('^a$', '^a$')", true],
    ["re-match(name, concat('[', name, ']'))", true],
    ["re-match(name, concat('[', name))", false],
    ["enum-value(color)", 5],
    ["enum-value(name)", NaNs],
    ["enum-value(nope)", NaNs],
    ["bit-is-set(flags, 'left')", true],
    ["bit-is-set(flags, 'down')", false],
    ["bit-is-set(flags, 'lef')", false],
    ["bit-is-set(name, 'n')", false],
    ["derived-from(kind, 'base')", true],
    ["derived-from(kind, 't:mid')", true],
    ["derived-from(kind, 'u:end')", false],
    ["derived-from(kind, 'u:mid')", false],
    ["derived-from-or-self(kind, 'u:end')", true],
    ["derived-from-or-self(kind, 'end')", false],
    ["derived-from(other-kind, 't:mid')", false],
    ["derived-from-or-self(other-kind, 'mid')", true],
    ["derived-from(name, 'base')", false],
    ["derived-from(nope, 'base')", false],
    ["derived-from(kind | name, concat('b', 'ase'))", true],
    // An identity is compared by its module, whatever the prefix it is printed with.
    ["kind = 'u:end'", true],
    ["kind = 'end'", false],
    ["other-kind = 'mid'", true],
    ["other-kind = 't:mid'", true],
    ["other-kind != 'mid'", false],
    ["other-kind = 'u:mid'", false],
    ["other-kind = 'x:mid'", false],
    ["kind = other-kind", false],
    ["kind = kind", true],
    ["kind != other-kind", true],
    ["string(kind)", "u:end"],
  ])("%s", (text, wanted, context) => {
    expect(evaluate(text, context)).toBe(wanted);
  });

  test("conversions from outside", () => {
    const nodes = compiled("tag | count").evaluate(contextOf("/top"));
    expect([toBoolean(nodes), toNumber(nodes), toStringValue(nodes)]).toEqual([true, 2, "2"]);
    expect([toBoolean([]), toNumber([]), toStringValue([])]).toEqual([false, Number.NaN, ""]);
    expect([toBoolean("0"), toNumber("0"), toStringValue(0)]).toEqual([true, 0, "0"]);
    expect([toBoolean(Number.NaN), toNumber(true), toStringValue(true)]).toEqual([
      false,
      1,
      "true",
    ]);
  });
});

function contextOf(path: string, indexed = true) {
  const root = treeOf(schema, data, indexed);
  const node = find(root, path);
  return { node, current: node, root };
}

describe("deref()", () => {
  test.each<[text: string, wanted: string[], context?: string]>([
    ["deref(ref)", ["/top/entry[2]/name"]],
    ["deref(ref)/../size", ["/top/entry[2]/size"]],
    ["deref(.)", ["/top/entry[2]/name", "/top/entry[3]/name"], "/top/entry[1]/inner/ref"],
    ["deref(where)", ["/top/entry[3]/inner/name"]],
    ["deref(any)", ["/top/tag[2]"]],
    ["deref(name)", []],
    ["deref(nope)", []],
    ["deref(/)", []],
  ])("%s", (text, wanted, context) => {
    expect(evaluate(text, context)).toEqual(wanted);
  });
});

describe("what does not compile", () => {
  test.each<[text: string, message: string, offset: number]>([
    ["", "the expression ends too early", 0],
    ["a b", 'an operator is missing before "b"', 2],
    ["a[1", '"]" is expected, not the end', 3],
    ["a]", '"]" is not expected here', 1],
    ["(a", '")" is expected, not the end', 2],
    ["a/", "a step is missing at the end", 2],
    ["//", "a step is missing at the end", 2],
    ["a//", "a step is missing at the end", 3],
    ["a + ", "the expression ends too early", 4],
    ["a = = b", '"=" is not expected here', 4],
    ["'abc", "a literal without its closing quote", 0],
    ["a # b", '"#" does not belong in an expression', 2],
    ["a ! b", '"!" does not belong in an expression', 2],
    ["x:a/b", 'prefix "x" is not declared', 0],
    ["a/x:*", 'prefix "x" is not declared', 2],
    ["nope(a)", "there is no function nope()", 0],
    ["t:count(a)", "there is no function t:count()", 0],
    ["count()", "count() takes 1 argument, not 0", 0],
    ["true(1)", "true() takes no arguments, not 1", 0],
    ["concat('a')", "concat() takes at least 2 arguments, not 1", 0],
    ["substring('a')", "substring() takes 2 or 3 arguments, not 1", 0],
    ["count(1)", "argument 1 of count() must be a node set", 0],
    ["sum('a')", "argument 1 of sum() must be a node set", 0],
    ["deref('a')", "argument 1 of deref() must be a node set", 0],
    ["a | 1", "a node set is needed here", 0],
    ["'a'/b", "a node set is needed here", 0],
    ["(1)[1]", "a node set is needed here", 0],
    ["$x + 1", 'there is no variable "$x"', 0],
    ["re-match(a, '[')", 'pattern "[": a character class is empty', 0],
    ["derived-from(a, 'x:b')", 'prefix "x" of identity "x:b" is not declared', 0],
    ["sideways::a", 'there is no axis "sideways"', 0],
    ["text('a')", "text() takes no argument", 0],
    ["a::b", 'there is no axis "a"', 0],
    ["..[1]", '"[" is not expected here', 2],
  ])("%s", (text, message, offset) => {
    expect(compileXPath(text, names)).toEqual({ message, offset });
  });

  test("nesting is bounded, not the stack", () => {
    for (const open of ["(", "a[", "not(", "-(", "concat(a,("]) {
      const fault = compileXPath(open.repeat(20_000), names);
      expect(isXPathFault(fault) && fault.message).toBe("the expression is nested too deeply");
    }
    const sum = compileXPath(Array(20_000).fill("1").join(" + "), names);
    expect(isXPathFault(sum) && sum.message).toBe("the expression is nested too deeply");
  });

  test("and, or and | may go on and on", () => {
    const chain = (operator: string, last: string) =>
      evaluate([...Array(20_000).fill("name"), last].join(` ${operator} `));
    expect(chain("and", "nope")).toBe(false);
    expect(chain("and", "true()")).toBe(true);
    expect(chain("or", "nope")).toBe(true);
    expect(chain("|", "count")).toEqual(["/top/name", "/top/count"]);
  });
});

describe("names that look like operators", () => {
  const schemaWords = schemaOf(
    container("and", leaf("or"), leaf("div"), leaf("mod"), leaf("text"), leaf("a-b")),
  );
  test.each<[text: string, wanted: unknown]>([
    ["or or or", true],
    ["div div div", 2],
    ["mod mod mod", 0],
    ["or*or", 16],
    ["text", ["/and/text"]],
    ["a-b", ["/and/a-b"]],
    ["a-b -or", 3],
    ["* [. = '4'][1]", ["/and/or"]],
    ["self::and", ["/and"]],
    ["3*3", 9],
    ["/and", ["/and"]],
    ["/*", ["/and"]],
  ])("%s", (text, wanted) => {
    const root = treeOf(schemaWords, {
      and: { or: "4", div: "2", mod: "5", text: "t", "a-b": "7" },
    });
    const node = find(root, "/and");
    const value = compiled(text === "div div div" ? "or div div" : text).evaluate({
      node,
      current: node,
      root,
    });
    expect(shown(value)).toEqual(wanted);
  });
});

describe("work is bounded", () => {
  const many = { top: { tag: Array.from({ length: 400 }, (_, i) => `t${i}`) } };
  const root = treeOf(schema, many);
  const limited = (node: XPathNode, left: number) => ({
    ...{ node, current: node, root },
    allowance: { left },
  });
  test.each([
    "//*[..//*[..//*[..//*]]]",
    "count(//tag[count(../tag[count(../tag) > 0]) > 0])",
    "//tag[preceding::tag[preceding::tag]]",
  ])("%s", (text) => {
    const node = find(root, "/top");
    expect(() => compiled(text).evaluate(limited(node, 500_000))).toThrow(XPathLimitError);
  });

  test("without a limit of the caller's there is one", () => {
    const context = { node: root, current: root, root };
    const text = "//*[..//*[..//*[..//*]]]";
    expect(() => compiled(text).evaluate(context)).toThrow(XPathLimitError);
  });

  test.each<[text: string, wanted: unknown]>([
    ["count(//tag[count(//tag[count(//tag) = 400]) = 400])", 400],
    ["count(//*[count(current()/tag) = 400])", 401],
  ])("%s: what is the same for every node is found once", (text, wanted) => {
    const node = find(root, "/top");
    const value = compiled(text).evaluate(limited(node, 20_000));
    expect(value).toBe(wanted);
  });

  test.each(["count(//*[string(/) = 'x'])", "count(//*[/ = 'x'])", "count(//*[number(..) = 1])"])(
    "%s pays for the strings that it makes",
    (text) => {
      const node = find(root, "/top");
      expect(() => compiled(text).evaluate(limited(node, 20_000))).toThrow(XPathLimitError);
    },
  );

  test("a pattern pays for its size", () => {
    const node = find(root, "/top");
    const cheap = "count(tag[re-match(., 't[0-9]+')])";
    expect(compiled(cheap).evaluate(limited(node, 100_000))).toBe(400);
    const dear = "count(tag[re-match(., '(t?[0-9]?){9000}')])";
    expect(() => compiled(dear).evaluate(limited(node, 100_000))).toThrow(XPathLimitError);
  });

  test("deref() pays for the way to what it finds", () => {
    const entry = Array.from({ length: 400 }, (_, i) => ({ id: `${i}`, name: `e${i}` }));
    const named = treeOf(schema, { top: { count: "5", ref: "e5", entry } }, false);
    const node = find(named, "/top");
    const context = { node, current: node, root: named };
    expect(compiled("count(deref(ref))").evaluate(context)).toBe(1);
    const each = compiled("count(//entry[deref(../ref)])");
    const little = { ...context, allowance: { left: 20_000 } };
    expect(() => each.evaluate(little)).toThrow(XPathLimitError);
  });

  test("the limit is the caller's", () => {
    expect(() => compiled("//tag").evaluate(limited(root, 100))).toThrow(XPathLimitError);
    expect(compiled("/top/name").evaluate(limited(root, 100))).toEqual([]);
  });
});

describe("node sets agree with the axes' definitions", () => {
  const small = schemaOf(
    container(
      "a",
      leafList("l"),
      list("b", "", leaf("v"), container("c", leaf("v"), list("b", "", leaf("v")))),
    ),
  );
  const tree = fc.record({
    a: fc.record({
      l: fc.array(fc.constantFrom("1", "2", "x"), { maxLength: 3 }),
      b: fc.array(
        fc.record({
          v: fc.constantFrom("1", "2"),
          c: fc.record({
            v: fc.constantFrom("1", "x"),
            b: fc.array(fc.record({ v: fc.constantFrom("2", "3") }), { maxLength: 2 }),
          }),
        }),
        { maxLength: 3 },
      ),
    }),
  });
  type Axis = {
    readonly name: string;
    readonly reverse: boolean;
    readonly holds: (n: number, c: number) => boolean;
  };

  const OUTSIDE = treeOf(small, {});

  /** XPath 1.0 section 2.2, as relations between places in document order. */
  function axesOf(nodes: readonly XPathNode[]): readonly Axis[] {
    const parent = (n: number) => nodes.indexOf(nodes[n]?.parent ?? OUTSIDE);
    const within = (n: number, c: number): boolean => {
      for (let up = parent(n); up >= 0; up = parent(up)) if (up === c) return true;
      return false;
    };
    const sibling = (n: number, c: number) => parent(n) === parent(c) && parent(n) >= 0;
    return [
      { name: "child", reverse: false, holds: (n, c) => parent(n) === c },
      { name: "parent", reverse: true, holds: (n, c) => parent(c) === n },
      { name: "self", reverse: false, holds: (n, c) => n === c },
      { name: "descendant", reverse: false, holds: within },
      { name: "descendant-or-self", reverse: false, holds: (n, c) => n === c || within(n, c) },
      { name: "ancestor", reverse: true, holds: (n, c) => within(c, n) },
      { name: "ancestor-or-self", reverse: true, holds: (n, c) => n === c || within(c, n) },
      { name: "following-sibling", reverse: false, holds: (n, c) => sibling(n, c) && n > c },
      { name: "preceding-sibling", reverse: true, holds: (n, c) => sibling(n, c) && n < c },
      { name: "following", reverse: false, holds: (n, c) => n > c && !within(n, c) },
      { name: "preceding", reverse: true, holds: (n, c) => n < c && !within(c, n) },
    ];
  }

  const steps = fc.array(
    fc.record({
      axis: fc.nat({ max: 10 }),
      test: fc.constantFrom("*", "a", "b", "c", "v", "l"),
      predicate: fc.constantFrom(
        "",
        "",
        "[1]",
        "[2]",
        "[last()]",
        "[position() < 3]",
        "[v]",
        "[.='1']",
      ),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const predicates: Readonly<Record<string, (node: XPathNode, i: number, all: number) => boolean>> =
    {
      "": () => true,
      "[1]": (_n, i) => i === 0,
      "[2]": (_n, i) => i === 1,
      "[last()]": (_n, i, all) => i === all - 1,
      "[position() < 3]": (_n, i) => i < 2,
      "[v]": (node) => node.children().some((child) => child.schema?.name === "v"),
      "[.='1']": (node) => node.stringValue === "1",
    };

  test("on any tree and path", () => {
    fc.assert(
      fc.property(tree, steps, fc.nat(), (instance, path, start) => {
        const root = treeOf(small, instance);
        const nodes = allNodes(root);
        const axes = axesOf(nodes);
        let wanted = new Set([start % nodes.length]);
        for (const { axis, test: name, predicate } of path) {
          const { holds, reverse } = axes[axis] ??
            axes[0] ?? { holds: () => false, reverse: false };
          const next = new Set<number>();
          for (const context of wanted) {
            const found = nodes
              .map((_node, i) => i)
              .filter((i) => holds(i, context) && i > 0)
              .filter((i) => name === "*" || nodes[i]?.schema?.name === name);
            if (reverse) found.reverse();
            const keep = predicates[predicate] ?? (() => false);
            for (const [i, place] of found.entries()) {
              const node = nodes[place];
              if (node !== undefined && keep(node, i, found.length)) next.add(place);
            }
          }
          wanted = next;
        }
        const text = path.map((s) => `${axes[s.axis]?.name}::${s.test}${s.predicate}`).join("/");
        const node = nodes[start % nodes.length] ?? root;
        const found = compiled(text).evaluate({ node, current: node, root });
        if (typeof found !== "object") throw new Error("no node set");
        const places = found.map((one) => nodes.indexOf(one));
        expect(new Set(places).size).toBe(places.length);
        expect(new Set(places)).toEqual(wanted);
        // string() takes the first in document order, however the set was found.
        const first = Math.min(...wanted);
        const string = compiled(`string(${text})`).evaluate({ node, current: node, root });
        expect(string).toBe(wanted.size === 0 ? "" : nodes[first]?.stringValue);
        expect(compiled(`count((${text})[1])`).evaluate({ node, current: node, root })).toBe(
          Math.min(wanted.size, 1),
        );
      }),
      { numRuns: 600 },
    );
  });
});

describe("numbers", () => {
  test("a number's string is that number, and has no exponent", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = toStringValue(value);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        expect(toNumber(text) === value).toBe(true);
      }),
    );
  });

  test("comparing sets is comparing some pair of them", () => {
    const tags = fc.array(fc.constantFrom("1", "2", "3", "x"), { maxLength: 30 });
    const operators: Readonly<Record<string, (a: string, b: string) => boolean>> = {
      "=": (a, b) => a === b,
      "!=": (a, b) => a !== b,
      "<": (a, b) => Number(a) < Number(b),
      "<=": (a, b) => Number(a) <= Number(b),
      ">": (a, b) => Number(a) > Number(b),
      ">=": (a, b) => Number(a) >= Number(b),
    };
    const pair = schemaOf(container("p", leafList("a"), leafList("b")));
    fc.assert(
      fc.property(tags, tags, (a, b) => {
        const root = treeOf(pair, { p: { a, b } });
        for (const [operator, holds] of Object.entries(operators)) {
          const value = compiled(`/p/a ${operator} /p/b`).evaluate({
            node: root,
            current: root,
            root,
          });
          expect(value).toBe(a.some((x) => b.some((y) => holds(x, y))));
        }
      }),
    );
  });
});

test("whatever the text, compiling ends with an expression or a fault inside it", () => {
  const words = fc.constantFrom(
    ..."/ // . .. [ ] ( ) , | + - * = != < a t:b x:c or and div 1 .5 'q' @ :: not( count( text() child::".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 14 }), fc.constantFrom("", " "), (parts, glue) => {
      const text = parts.join(glue);
      const result = compileXPath(text, names);
      if (isXPathFault(result)) {
        expect(result.offset).toBeGreaterThanOrEqual(0);
        expect(result.offset).toBeLessThanOrEqual(text.length);
      } else {
        const value = result.evaluate(contextOf("/top"));
        expect(["object", "string", "number", "boolean"]).toContain(typeof value);
      }
    }),
    { numRuns: 3000 },
  );
});

test("a schema node is found for each name", () => {
  expect(at(schema, "top/entry/inner/ref").name).toBe("ref");
});
