// Modules as text: YANG, YIN (RFC 7950 section 13), tree diagrams (RFC 8340).

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Element, isXmlFault, parseXml } from "../../src/xml/index.ts";
import {
  moduleNamed,
  parseStatements,
  printTree,
  printYang,
  printYin,
  type Statement,
} from "../../src/yang/index.ts";
import { compileTexts } from "./modules.ts";

const own = fileURLToPath(new URL("../../yang/", import.meta.url));

/** Modules of our own folder, by name. */
function modules(...names: readonly string[]): Readonly<Record<string, string>> {
  const files = readdirSync(own);
  const text = (name: string) =>
    readFileSync(own + files.find((file) => file.startsWith(`${name}@`)), "utf8");
  return Object.fromEntries(names.map((name) => [name, text(name)]));
}

function parse(text: string): Statement {
  const { statements, diagnostics } = parseStatements({ file: "t.yang", text });
  expect(diagnostics).toEqual([]);
  const [statement] = statements;
  if (statement === undefined) throw new Error("nothing was parsed");
  return statement;
}

/** What a statement says, without where it stands. */
type Said = readonly [keyword: string, argument: string | undefined, inside: readonly Said[]];

function said({ keyword, argument, substatements }: Statement): Said {
  return [keyword, argument, substatements.map(said)];
}

const TEXTS: readonly string[] = [
  "",
  " ",
  "a b",
  "a;b",
  "a{b",
  "a}b",
  "it's",
  'say "x"',
  'it\'s "both"',
  "a\\b",
  "a\\b'c",
  "\\\\",
  "a // b",
  "a/*b*/",
  "a+b",
  "+",
  "tab\there",
  "two\nlines",
  "two\n  lines, the second further in\n\nand a third",
  "blank at the end \nof a line",
  "ends with a line break\n",
  "\nstarts with one",
  "a\n\tb",
  "carriage\r\nreturn",
  "ä 😀",
];

const ODD = `module t { yang-version 1.1; namespace "urn:t"; prefix t;
  contact "one\n            two"; extension e { argument x { yin-element true; } } extension f { argument y; } extension g;
  t:e "<a & b>"; t:f 'c "d" <'; t:g { description z; }
  leaf a { type string { pattern '\\d+"'; } must "../b < 'c'"; } }`;

describe("YANG", () => {
  test.each(TEXTS)("reads back what it writes: %j", (argument) => {
    for (const keyword of ["description", "pattern"]) {
      const position = { file: "", line: 1, column: 1 };
      const statement = { keyword, argument, substatements: [], position };
      const text = printYang({ ...statement, keyword: "a", substatements: [statement] }).join("\n");
      expect(said(parse(text).substatements[0] ?? parse(""))).toEqual([keyword, argument, []]);
    }
  });

  test.each(readdirSync(own))("reads back %s, and printing it again changes nothing", (file) => {
    const statement = parse(readFileSync(own + file, "utf8"));
    const text = printYang(statement).join("\n");
    expect(said(parse(text))).toEqual(said(statement));
    expect(printYang(parse(text)).join("\n")).toBe(text);
  });
});

const YIN = "urn:ietf:params:xml:ns:yang:yin:1";

/** Statements and arguments of a YIN element, those in the namespace of t under its prefix. */
function fromYin(element: Element, argument: (name: string) => string | undefined): Said {
  const keyword = element.namespace === YIN ? element.name : `t:${element.name}`;
  const name = argument(keyword);
  const child = element.children.find((c) => c.name === name && c.namespace === element.namespace);
  const isElement = child !== undefined && element.attributes.length === 0;
  const inside = element.children.filter((c) => !isElement || c !== child);
  const value = isElement ? child.text : element.attributes[0]?.value;
  return [keyword, value, inside.map((c) => fromYin(c, argument))];
}

describe("YIN", () => {
  const ELEMENTS: Readonly<Record<string, string>> = {
    contact: "text",
    description: "text",
    organization: "text",
    reference: "text",
    "error-message": "value",
    "t:e": "x",
  };

  test("says what the module says", () => {
    const { schema, diagnostics } = compileTexts({ t: ODD });
    expect(diagnostics).toMatchObject([]);
    const module = moduleNamed(schema, "t");
    if (module === undefined) throw new Error("no module");
    const root = parseXml(printYin(module).join("\n"));
    if (isXmlFault(root)) throw new Error(root.message);
    expect(fromYin(root, (keyword) => ELEMENTS[keyword])).toEqual(said(module.statement));
    expect(root.declarations.get("t")).toBe("urn:t");
  });
});

describe("tree diagrams", () => {
  test("every sign of RFC 8340", () => {
    const { schema, diagnostics } = compileTexts({
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
        import a { prefix x; }
        feature f; typedef n { type int8; }
        container top { presence p;
          leaf first { type n; mandatory true; }
          leaf-list second { type x:s; if-feature "f or f"; }
          leaf old { type string; status deprecated; } anydata any { status obsolete; }
          list l { key "k m"; leaf k { type string; } leaf m { type leafref { path "../k"; } }
            action go { input { leaf in { type empty; } } output { leaf out { type boolean; } } }
            notification done; }
          choice pick { case one { leaf c { type binary; } } container two { config false; } } }
        rpc ask { input { leaf q { type union { type n; type string; } } } }
        notification tell { leaf w { type string; } }
        augment /x:c { leaf added { type bits { bit b; } } } }`,
      a: `module a { namespace "urn:a"; prefix a; typedef s { type string; } container c; }`,
    });
    expect(diagnostics).toEqual([]);
    const [a, t] = ["a", "t"].map((name) => moduleNamed(schema, name));
    if (a === undefined || t === undefined) throw new Error("no modules");
    expect(printTree(schema, t).join("\n")).toBe(`module: t
  +--rw top!
     +--rw first     n
     +--rw second*   x:s {f or f}?
     x--rw old?      string
     o--rw any?      <anydata>
     +--rw l* [k m]
     |  +--rw k    string
     |  +--rw m    -> ../k
     |  +---x go
     |  |  +---w input
     |  |  |  +---w in?   empty
     |  |  +--ro output
     |  |     +--ro out?   boolean
     |  +---n done
     +--rw (pick)?
        +--:(one)
        |  +--rw c?   binary
        +--:(two)
           +--ro two

  augment /x:c:
    +--rw added?   bits

  rpcs:
    +---x ask
       +---w input
          +---w q?   union

  notifications:
    +---n tell
       +--ro w?   string`);
    expect(printTree(schema, a).join("\n")).toBe(`module: a
  +--rw c
     +--rw t:added?   bits`);
  });

  test("groupings, structures, what is added to them, and mount points", () => {
    const { schema, diagnostics } = compileTexts({
      ...modules("ietf-yang-structure-ext", "ietf-restconf", "ietf-yang-schema-mount"),
      ...modules("ietf-inet-types", "ietf-yang-types"),
      t: `module t { yang-version 1.1; namespace "urn:t"; prefix t;
        import s { prefix x; }
        import ietf-yang-structure-ext { prefix sx; }
        import ietf-restconf { prefix rc; }
        import ietf-yang-schema-mount { prefix m; }
        include part;
        container root { m:mount-point here; }
        sx:structure told { leaf a { type string; mandatory true; } list l { key k; leaf k { type q; } } }
        rc:yang-data errors { container e { leaf v { type string; } } }
        sx:augment-structure /x:other { leaf top { type string; } }
        sx:augment-structure /x:other/x:c { leaf added { type string; } }
        grouping g { status deprecated; uses h; leaf b { type leafref { path "../a"; } config false; }
          choice c { mandatory true; leaf short { type empty; } case long { container d { presence p; } } }
          list l { key "k"; leaf k { type int8; } action go { input { uses h; } output { anydata x; } } } }
        grouping h { leaf a { type string; if-feature f; status obsolete; } } feature f; }`,
      part: `submodule part { yang-version 1.1; belongs-to t { prefix t; }
        import s { prefix own; } typedef q { type string; } leaf p { type own:n; } }`,
      s: `module s { yang-version 1.1; namespace "urn:s"; prefix s;
        import ietf-yang-structure-ext { prefix sx; } typedef n { type int8; }
        sx:structure other { container c; } }`,
    });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const t = moduleNamed(schema, "t");
    if (t === undefined) throw new Error("no module");
    expect(printTree(schema, t).join("\n")).toBe(`module: t
  +--mp root
  +--rw p?   x:n

  augment-structure /x:other:
    +-- top?   string

  augment-structure /x:other/x:c:
    +-- added?   string

  structure told:
    +-- a    string
    +-- l* [k]
       +-- k    q

  yang-data errors:
    +-- e
       +-- v?   string

  grouping g:
    +---u h
    +--ro b?   -> ../a
    +-- (c)
    |  +--:(short)
    |  |  +-- short?   empty
    |  +--:(long)
    |     +-- d!
    +-- l* [k]
       +-- k    int8
       +---x go
          +---w input
          |  +---u h
          +--ro output
             +--ro x?   <anydata>

  grouping h:
    o-- a?   string {f}?`);
  });
});
