// RFC 7951 and RFC 7952 section 5.2: what JSON has that XML has not, its types and its "@" members.

import { describe, expect, test } from "vitest";
import { printXml, readData, readJson, writeJson } from "../../src/data/index.ts";
import { elements, schemaOf } from "./schemas.ts";

const schema = schemaOf({
  t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
  import ietf-yang-metadata { prefix md; }
  md:annotation note { type string; }
  identity base; identity one { base base; }
  container c {
    leaf a { type uint8; default 3; } leaf s { type string; } leaf e { type empty; }
    leaf big { type uint64; } leaf dec { type decimal64 { fraction-digits 2; } }
    leaf u { type union { type uint8; type boolean; type identityref { base base; } type string; type empty; } }
    leaf v { type union { type uint64; type enumeration { enum x; } } }
    leaf-list ll { type uint8; ordered-by user; }
    list l { key k; leaf k { type string; } leaf x { type string; } }
    container p { presence p; } anydata any; anyxml free; } }`,
});

function read(c: object) {
  const { tree, faults } = readJson({ "t:c": c }, schema, { type: "config" });
  return {
    faults: faults.map(({ message }) => message),
    json: writeJson(tree.children)["t:c"],
    xml: printXml(tree.children, { schema }),
  };
}

/** It reads without a fault, and is written as it was. */
function same(c: object): void {
  expect(read(c)).toMatchObject({ faults: [], json: c });
}

describe("a member of a union is chosen by the JSON form too", () => {
  test.each([1, "1", true, "true", "t:one", "ä", [JSON.parse("null")]])("%j", (u) => {
    expect(read({ u })).toMatchObject({ faults: [], json: { u: u === "t:one" ? "one" : u } });
  });

  test("no member has it", () => {
    expect(read({ v: 7 }).faults.join()).toBe(
      "/t:c/v: 7 is no JSON form of any member of the union",
    );
    expect(read({ v: "7" }).faults).toEqual([]);
    expect(read({ v: "y" }).faults.join()).toMatch(/"y" fits no member of the union/);
  });
});

describe("each type has one form", () => {
  test.each<[object, RegExp | undefined]>([
    [{ a: 7 }, undefined],
    [{ a: "7" }, /"7" is no JSON form of uint8/],
    [{ big: "18446744073709551615", dec: "1.5" }, undefined],
    [{ big: 7 }, /7 is no JSON form of uint64/],
    [{ dec: 1.5 }, /1.5 is no JSON form of decimal64/],
    [{ e: [JSON.parse("null")] }, undefined],
    [{ e: "" }, /"" is no JSON form of empty/],
    [{ s: 1 }, /1 is no JSON form of string/],
    [{ ll: 1 }, /an array is wanted here/],
    [{ l: { k: "x" } }, /an array is wanted here/],
    [{ p: [] }, /an object is wanted here/],
    [{ any: "text" }, /any: an object is wanted here/],
    [{ free: "text" }, undefined],
  ])("%j", (c, fault) => {
    if (fault === undefined) same(c);
    else expect(read(c).faults.join()).toMatch(fault);
  });
});

describe("annotations", () => {
  const note = (text: string) => ({ "t:note": text });

  test("stand beside leaves and inside parents, and go to XML and back", () => {
    const c = {
      s: "x",
      "@s": note("leaf"),
      ll: [1, 2, 3],
      "@ll": [JSON.parse("null"), note("two")],
      l: [{ "@": note("entry"), k: "a", x: "y", "@x": note("inner") }],
      p: { "@": note("presence") },
    };
    const { faults, json, xml } = read(c);
    expect(faults).toEqual([]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(c);
    const again = readData(elements(xml), schema, { type: "config" });
    expect(again.faults).toEqual([]);
    expect(JSON.parse(JSON.stringify(writeJson(again.tree.children)))).toEqual({ "t:c": c });
  });

  test("the mark of a default is no data, and only on the default", () => {
    const marked = (a: number) => ({ a, "@a": { "ietf-netconf-with-defaults:default": true } });
    const folder = schemaOf(
      {
        t: 'module t { namespace "urn:t"; prefix t; container c { leaf a { type int8; default 3; } } }',
      },
      { implement: ["t", "ietf-netconf-with-defaults"] },
    );
    const mark = (a: number) => readJson({ "t:c": marked(a) }, folder, { type: "config" });
    expect(mark(3)).toMatchObject({ faults: [], tree: { children: [] } });
    expect(
      mark(4)
        .faults.map(({ message }) => message)
        .join(),
    ).toMatch(/is marked as default, but/);
  });

  test.each<[object, RegExp]>([
    [{ s: "x", "@s": { "t:nix": "x" } }, /\/t:c\/s: there is no annotation "t:nix"/],
    [{ s: "x", "@s": { "nix:note": "x" } }, /there is no annotation "nix:note"/],
    [{ s: "x", "@s": "x" }, /annotations are an object/],
    [{ "@s": note("x") }, /"@s" annotates what is not there/],
  ])("%j", (c, fault) => {
    expect(read(c).faults.join()).toMatch(fault);
  });

  test("values are held against the annotation's type, in JSON and in XML", () => {
    const typed = schemaOf(
      {
        t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
          import ietf-yang-metadata { prefix md; }
          typedef level { type uint8 { range 1..9 { error-message "no such level"; } } }
          md:annotation level { type level; }
          md:annotation kind { type identityref { base kind; } }
          md:annotation on { type boolean; }
          md:annotation any { type union { type uint8; type leafref { path /t:s; } } }
          identity kind; identity good { base kind; }
          leaf s { type string; } }`,
      },
      { implement: ["t"] },
    );
    const faultsOf = (notes: object): string => {
      const { faults } = readJson({ "t:s": "x", "@t:s": notes }, typed, { type: "config" });
      return faults.map(({ tag, message }) => `${tag} ${message}`).join();
    };
    const attribute = (written: string) => {
      const xml = `<s xmlns="urn:t" xmlns:t="urn:t" ${written}>x</s>`;
      return readData(elements(xml), typed, { type: "config" });
    };
    const all = { "t:level": 9, "t:kind": "good", "t:on": true, "t:any": "x" };
    expect(faultsOf(all)).toBe("");
    const kept = attribute('t:level="+9" t:kind="t:good" t:on="true"');
    expect(kept.faults).toEqual([]);
    // In canonical form, which JSON takes back.
    const json = writeJson(kept.tree.children);
    expect(json["@t:s"]).toEqual({ "t:level": "9", "t:kind": "t:good", "t:on": "true" });
    expect(readJson(json, typed, { type: "config" }).faults).toEqual([]);
    for (const [name, value, words] of [
      ["level", 10, "annotation t:level: no such level"],
      ["level", "x", "is not an integer"],
      ["kind", "bad", "annotation t:kind: "],
      ["on", "yes", "annotation t:on: "],
    ] as const) {
      expect(faultsOf({ [`t:${name}`]: value })).toContain(`bad-attribute /t:s: `);
      expect(faultsOf({ [`t:${name}`]: value })).toContain(words);
      const [fault] = attribute(`t:${name}="${value}"`).faults;
      expect(fault).toMatchObject({ tag: "bad-attribute" });
      expect(fault?.message).toContain(words);
    }
    expect(faultsOf({ "t:on": 1 })).toContain("1 is no JSON form of boolean");
  });

  test.each(["all", "none"] as const)(
    "with %s of the features, those that hang on one",
    (features) => {
      const typed = schemaOf(
        {
          t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
          import ietf-yang-metadata { prefix md; } feature f;
          md:annotation note { if-feature f; type string; } leaf s { type string; } }`,
        },
        { implement: ["t"], features },
      );
      const json = { "t:s": "x", "@t:s": { "t:note": "y" } };
      const { faults } = readJson(json, typed, { type: "config" });
      expect(faults.map(({ tag }) => tag)).toEqual(features === "all" ? [] : ["unknown-attribute"]);
    },
  );

  test("in XML, too, an attribute that no module defines is refused", () => {
    const xml = (name: string) =>
      readData(elements(`<c xmlns="urn:t" xmlns:t="urn:t" t:${name}="x"><p/></c>`), schema, {
        type: "config",
      }).faults.map(({ tag }) => tag);
    expect([xml("note"), xml("nix")]).toEqual([[], ["unknown-attribute"]]);
  });
});

test("what a secret was to be is not said again, whatever JSON it is", () => {
  const guarded = schemaOf(
    {
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
        import ietf-netconf-acm { prefix nacm; }
        container c { nacm:default-deny-all;
          leaf s { type string { length 9; } } leaf n { type uint16 { range 1..9; } }
          leaf b { type bits { bit one; } } leaf u { type union { type int8; type boolean; } } } }`,
      "ietf-netconf-acm": `module ietf-netconf-acm { prefix nacm;
        namespace "urn:ietf:params:xml:ns:yang:ietf-netconf-acm"; extension default-deny-all; }`,
    },
    { implement: ["t"] },
  );
  const secret = "4711";
  for (const given of [secret, 4711, [4711], { a: 4711 }, "one 4711"]) {
    for (const name of ["s", "n", "b", "u"]) {
      const { faults } = readJson({ "t:c": { [name]: given } }, guarded, { type: "config" });
      expect(faults.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^\/t:c\/\w: the value (?!.*4711)/),
      ]);
    }
  }
});

test("names that every object of JavaScript has are names like any other", () => {
  const odd = schemaOf({
    t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
      list l { key "constructor toString"; leaf constructor { type int8; } leaf toString { type int8; } } }`,
  });
  const faultsOf = (entry: object): readonly string[] =>
    readJson({ "t:l": [entry] }, odd, { type: "config" }).faults.map(({ message }) => message);
  expect(faultsOf({ constructor: 1, "t:toString": 2 })).toEqual([]);
  expect(faultsOf({ "t:constructor": 1 })).toEqual([expect.stringContaining("toString")]);
  expect(faultsOf({})).toEqual([
    expect.stringContaining("constructor"),
    expect.stringContaining("toString"),
  ]);
  const parent = schemaOf({
    t: `module t { namespace "urn:t"; prefix t; container c { leaf __proto__ { type int8; } } }`,
  });
  const text = '{"t:c":{"__proto__":1}}';
  const { tree, faults } = readJson(JSON.parse(text), parent, { type: "config" });
  expect([faults, JSON.stringify(writeJson(tree.children))]).toEqual([[], text]);
});
