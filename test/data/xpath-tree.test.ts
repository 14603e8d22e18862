import { describe, expect, test } from "vitest";
import {
  emptyTree,
  printXml,
  readData,
  readInput,
  toObject,
  withDefaults,
  xpathRoot,
} from "../../src/data/index.ts";
import { compileXPath, isXPathFault, toStringValue } from "../../src/yang/index.ts";
import { sampleModules } from "./sample.yang.ts";
import { elements, schemaOf } from "./schemas.ts";

const schema = schemaOf(sampleModules);
const names = {
  namespace: (prefix: string) => ({ s: "urn:sample", o: "urn:other" })[prefix],
  defaultNamespace: "urn:sample",
};
const config = (xml: string) =>
  readData(elements(`<top xmlns="urn:sample">${xml}</top>`), schema, { type: "config" }).tree;

function evaluate(text: string, xml: string, type: "config" | "data" = "config"): string {
  const xpath = compileXPath(text, names);
  if (isXPathFault(xpath)) throw new Error(xpath.message);
  const root = xpathRoot(config(xml), schema, undefined, type);
  return toStringValue(xpath.evaluate({ node: root, current: root, root }));
}

describe("a tree as XPath sees it", () => {
  test.each([
    ["count(/top)", "", "1"],
    ["/top/pick", "", "one"],
    ["/top/pick", "<pick>two</pick>", "two"],
    ["count(/top/dflts)", "", "2"],
    ["count(/top/dflts)", "<dflts>z</dflts>", "1"],
    ["count(/top/pres)", "", "0"],
    ["/top/item[id='b']/in/b", "<item><id>a</id></item><item><id>b</id></item>", "bb"],
    [
      "/top/item[size=3][2]/id",
      "<item><id>a</id></item><item><id>b</id><size>3</size></item>",
      "b",
    ],
    [
      "/top/pair[n='2'][who='s:cat']/note",
      `<pair><n>2</n><who>cat</who><note>yes</note></pair>`,
      "yes",
    ],
    ["derived-from(/top/who, 'animal')", "<who>cat</who>", "true"],
    ["string(/top/who)", `<who xmlns:x="urn:other">x:dog</who>`, "o:dog"],
    ["deref(/top/ref)/../size", "<ref>a</ref><item><id>a</id><size>9</size></item>", "9"],
    ["/top/o:name", `<name xmlns="urn:other">n</name><name>m</name>`, "n"],
    ["local-name(/top/*[1])", "<small>1</small>", "small"],
    ["count(/top/state)", "", "0"],
    ["count(//in)", "<item><id>a</id></item>", "1"],
  ])("%s over %s is %s", (text, xml, expected) => {
    expect(evaluate(text, xml)).toBe(expected);
  });

  test("state has its defaults where state is looked at", () => {
    expect(evaluate("/top/state/up", "", "data")).toBe("true");
  });

  test("each instance is one object", () => {
    const root = xpathRoot(config("<item><id>a</id></item>"), schema);
    const top = root.children().find((node) => node.schema?.name === "top");
    const list = top?.children().find((node) => node.schema?.name === "item");
    expect(list?.schema?.kind).toBe("list");
    if (list?.schema?.kind !== "list") return;
    expect(top?.entryByKeys(list.schema, ["a"])).toBe(list);
    expect(top?.childrenNamed("urn:sample", "item")[0]).toBe(list);
    expect(list.parent).toBe(top);
  });

  test("an operation's input stands beside the datastore", () => {
    const [rpc] = schema.rpcs;
    if (rpc === undefined) throw new Error("the module has an rpc");
    const [act] = elements(`<act xmlns="urn:sample"><how>so</how></act>`);
    if (act === undefined) throw new Error("an element");
    const { tree, faults } = readInput(act, rpc.input, schema);
    expect(faults).toEqual([]);
    const root = xpathRoot(config("<flag>true</flag>"), schema, tree);
    const xpath = compileXPath("concat(/act/how, /top/flag)", names);
    if (isXPathFault(xpath)) throw new Error(xpath.message);
    expect(toStringValue(xpath.evaluate({ node: root, current: root, root }))).toBe("sotrue");
  });
});

describe("views of a tree", () => {
  const tree = config("<pick>one</pick><item><id>a</id></item>");
  test.each([
    ["explicit", "<pick>one</pick><item><id>a</id></item>"],
    ["trim", "<item><id>a</id></item>"],
    [
      "report-all",
      "<pick>one</pick><dflts>x</dflts><dflts>y</dflts><item><id>a</id><size>3</size><in><b>bb</b></in></item>",
    ],
  ] as const)("%s", (mode, printed) => {
    expect(printXml(withDefaults(tree, schema, mode).children, { schema })).toBe(
      `<top xmlns="urn:sample">${printed}</top>`,
    );
  });

  test("defaults alone make their containers show, in all but explicit", () => {
    const shown = withDefaults(emptyTree, schema, "report-all");
    expect(printXml(shown.children, { schema })).toBe(
      `<top xmlns="urn:sample"><pick>one</pick><dflts>x</dflts><dflts>y</dflts></top>`,
    );
    expect(withDefaults(emptyTree, schema, "trim").children).toEqual([]);
  });

  test("the typed form has JavaScript's own values, and defaults where they are asked for", () => {
    const typed = toObject(
      config(
        "<big>9007199254740993</big><small>7</small><dec>1.50</dec><flag>true</flag><nothing/><mask>c a</mask><octets>AQI=</octets><uni>5</uni><who>cat</who><num>2</num><item><id>a</id></item><pair><n>1</n><who>cat</who></pair><pres/>",
      ),
      { defaults: true },
    );
    expect(typed).toEqual({
      "sample:top": {
        big: 9007199254740993n,
        small: 7,
        dec: "1.5",
        flag: true,
        nothing: true,
        mask: new Set(["a", "c"]),
        octets: new Uint8Array([1, 2]),
        pick: "one",
        uni: 5,
        who: "sample:cat",
        num: [2],
        dflts: ["x", "y"],
        item: new Map([["a", { id: "a", size: 3, in: { b: "bb" } }]]),
        pair: new Map([["1\u0000sample:cat", { n: 1, who: "sample:cat" }]]),
        pres: {},
      },
    });
    expect(toObject(config("<item><id>a</id></item>"), { defaults: false })).toEqual({
      "sample:top": { item: new Map([["a", { id: "a", in: {} }]]) },
    });
  });
});
