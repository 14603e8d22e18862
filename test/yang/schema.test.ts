// What compile() makes of modules that are right.

import { describe, expect, test } from "vitest";
import {
  type CompileRequest,
  childNamed,
  compile,
  type DataSchemaNode,
  isValueFault,
  jsonNames,
  moduleNamed,
  moduleOfNamespace,
  parseValue,
  type Schema,
  type SchemaNode,
  schemaPath,
} from "../../src/yang/index.ts";
import { compileTexts, finderOf } from "./modules.ts";

const HEAD = 'module t { yang-version 1.1; namespace "urn:t"; prefix t;\n';
const ACM = `module ietf-netconf-acm { namespace "urn:acm"; prefix nacm;
  extension default-deny-all; extension default-deny-write; }`;

/** A schema without mistakes, of module t. */
function schemaOf(body: string, others: Readonly<Record<string, string>> = {}): Schema {
  const { schema, diagnostics } = compileTexts({ t: `${HEAD}${body}\n}`, ...others });
  expect(diagnostics).toEqual([]);
  return schema;
}

function schemaFor(
  request: Partial<CompileRequest>,
  texts: Readonly<Record<string, string>>,
): Schema {
  const all = { implement: [{ name: "t" }], features: new Map(), otherFeatures: "all" } as const;
  const { schema, diagnostics } = compile({ ...all, ...request }, finderOf(texts));
  expect(diagnostics).toEqual([]);
  return schema;
}

/** The data node that a path of names leads to. */
function nodeAt(schema: Schema, path: string): DataSchemaNode {
  let at: DataSchemaNode | undefined;
  for (const name of path.split("/")) {
    const parent = at ?? schema;
    at = "dataChildren" in parent ? childNamed(parent, undefined, name) : undefined;
    if (at === undefined) throw new Error(`${path} leads nowhere, at ${name}`);
  }
  if (at === undefined) throw new Error("no path");
  return at;
}

function leafAt(schema: Schema, path: string) {
  const node = nodeAt(schema, path);
  if (node.kind !== "leaf") throw new Error(`${path} is a ${node.kind}`);
  return node;
}

const names = (nodes: readonly { readonly name: string }[]) => nodes.map(({ name }) => name);

const whens = (node: SchemaNode) => node.whens.map(({ xpath, context }) => [xpath.text, context]);

describe("whens (RFC 7950 section 7.21.5)", () => {
  test("those of uses, augment, choice and case are asked of the data node above", () => {
    const schema = schemaOf(`
      grouping g { leaf x { type string; when "self"; } }
      container c {
        uses g { when "used"; }
        choice h { when "chosen"; case i { when "cased"; leaf y { type string; when "own"; } } }
      }
      augment /t:c { when "augmented"; container z { leaf w { type string; } } }
      augment /t:c/t:h { when "augmented"; leaf v { type string; } }`);
    expect(whens(nodeAt(schema, "c/x"))).toEqual([
      ["used", "parent"],
      ["self", "self"],
    ]);
    expect(whens(nodeAt(schema, "c/y"))).toEqual([
      ["chosen", "parent"],
      ["cased", "parent"],
      ["own", "self"],
    ]);
    expect(whens(nodeAt(schema, "c/z"))).toEqual([["augmented", "parent"]]);
    expect(whens(nodeAt(schema, "c/z/w"))).toEqual([]);
    expect(whens(nodeAt(schema, "c/v"))).toEqual([
      ["chosen", "parent"],
      ["augmented", "parent"],
    ]);
  });
});

describe("what nodes take from those above", () => {
  test("config, status", () => {
    const schema = schemaOf(`
      container a { config false; status deprecated;
        leaf b { type string; } leaf c { type string; status obsolete; } }
      leaf d { type string; }`);
    const facts = ["a/b", "a/c", "d"].map((path) => {
      const { config, status } = nodeAt(schema, path);
      return [path, config, status];
    });
    expect(facts).toEqual([
      ["a/b", false, "deprecated"],
      ["a/c", false, "obsolete"],
      ["d", true, "current"],
    ]);
  });

  test("nacm:default-deny (RFC 8341), in a node, a refine, or the body of a grouping", () => {
    const schema = schemaOf(
      `import ietf-netconf-acm { prefix nacm; }
      grouping g { nacm:default-deny-all; container a { leaf b { type string; } } }
      uses g;
      container c { nacm:default-deny-write; uses g;
        leaf d { type string; nacm:default-deny-all; } leaf e { type string; } }
      grouping h { leaf f { type string; } }
      uses h { refine f { nacm:default-deny-write; } }`,
      { "ietf-netconf-acm": ACM },
    );
    const paths = ["a", "a/b", "c", "c/a/b", "c/d", "c/e", "f"];
    expect(paths.map((path) => [path, nodeAt(schema, path).defaultDeny])).toEqual([
      ["a", "all"],
      ["a/b", "all"],
      ["c", "write"],
      ["c/a/b", "all"],
      ["c/d", "all"],
      ["c/e", "write"],
      ["f", "write"],
    ]);
    expect(nodeAt(schema, "a").extensions).toMatchObject([
      { module: "ietf-netconf-acm", name: "default-deny-all", argument: undefined },
    ]);
  });

  test("nodes count up in the order of the schema, and know their parents", () => {
    const schema = schemaOf(`
      container a { choice b { case c { leaf d { type string; } } } }
      leaf e { type string; }`);
    const a = nodeAt(schema, "a");
    const d = nodeAt(schema, "a/d");
    expect(d.parent).toMatchObject({ kind: "case", name: "c" });
    expect(d.dataParent).toBe(a);
    expect([a.order, d.order, nodeAt(schema, "e").order]).toEqual([0, 3, 4]);
    expect(schemaPath(d)).toBe("/t:a/b/c/d");
  });
});

describe("values", () => {
  test("defaults are canonical, and those of types are taken over", () => {
    const schema = schemaOf(`
      typedef n { type uint8; default 0x10; units m; }
      leaf a { type n; } leaf b { type n; default 7; units km; }
      leaf c { type n; mandatory true; }
      leaf-list d { type n; } leaf-list e { type n; min-elements 1; }
      leaf-list f { type n; default 2; default 1; }
      list l { key k; leaf k { type n; } }`);
    const defaults = ["a", "b", "c", "l/k"].map((path) => leafAt(schema, path).default);
    expect(defaults).toEqual(["16", "7", undefined, undefined]);
    expect(["a", "b"].map((path) => leafAt(schema, path).units)).toEqual(["m", "km"]);
    expect(nodeAt(schema, "d")).toMatchObject({ defaults: ["16"] });
    expect(nodeAt(schema, "e")).toMatchObject({ defaults: [], minElements: 1 });
    expect(nodeAt(schema, "f")).toMatchObject({ defaults: ["2", "1"], maxElements: Infinity });
    expect(leafAt(schema, "l/k").isKey).toBe(true);
  });

  test("an identity is a value if its module is implemented and its features are on", () => {
    const texts = {
      t: `${HEAD}import a { prefix a; } feature f;
        identity x { base a:b; } identity y { base a:b; if-feature f; }
        leaf l { type identityref { base a:b; } default a:z; } }`,
      a: 'module a { namespace "urn:a"; prefix a; identity b; identity z { base b; } }',
    };
    const on = schemaFor({}, texts);
    const off = schemaFor({ otherFeatures: "none" }, texts);
    const both = schemaFor({ implement: [{ name: "t" }, { name: "a" }] }, texts);
    const values = [on, off, both].map((schema) => {
      const { type } = leafAt(schema, "l");
      return ["t:x", "t:y", "a:z", "a:b"].filter(
        (text) => !isValueFault(parseValue(type, text, jsonNames(schema))),
      );
    });
    expect(values).toEqual([["t:x", "t:y"], ["t:x"], ["t:x", "t:y", "a:z"]]);
    // The default is legal text all the same: section 9.10.2 speaks of what servers take.
    expect(leafAt(on, "l").default).toBe("a:z");
  });

  test("names in a grouping: prefixes of its file, the user's module without one", () => {
    const schema = schemaOf(
      `import a { prefix x; } uses x:g; leaf k { type string; } identity i { base x:b; }`,
      {
        a: `module a { namespace "urn:a"; prefix a; identity b; identity d { base b; }
          grouping g {
            leaf v { type identityref { base b; } default d; }
            leaf r { type leafref { path "../k"; } }
            container m { must "k and a:k"; leaf k { type string; } }
          } }`,
      },
    );
    expect(leafAt(schema, "v").default).toBe("a:d");
    expect(leafAt(schema, "r").type).toMatchObject({ target: { name: "k" } });
    const { musts } = nodeAt(schema, "m");
    expect(musts[0]?.xpath.names.defaultNamespace).toBe("urn:t");
    expect(musts[0]?.xpath.names.namespace("a")).toBe("urn:a");
    expect(nodeAt(schema, "v").module.name).toBe("t");
  });
});

describe("structure", () => {
  test("choices are looked through, cases may be implied", () => {
    const schema = schemaOf(`
      choice a { default c; leaf b { type string; } case c { leaf d { type string; }
        choice e { container f; } } }`);
    expect(names(schema.children)).toEqual(["a"]);
    expect(names(schema.dataChildren)).toEqual(["b", "d", "f"]);
    const [choice] = schema.children;
    expect(choice).toMatchObject({
      cases: [{ name: "b" }, { name: "c" }],
      defaultCase: { name: "c" },
    });
  });

  test("rpcs, actions and notifications", () => {
    const schema = schemaOf(`
      rpc r { input { leaf a { type string; mandatory true; } } }
      notification n { leaf b { type string; } }
      list l { key k; leaf k { type string; }
        action x { output { leaf c { type string; } } } notification y; }`);
    expect(schema.rpcs).toMatchObject([
      {
        kind: "rpc",
        name: "r",
        input: { dataChildren: [{ name: "a" }] },
        output: { children: [] },
      },
    ]);
    expect(schema.notifications).toMatchObject([{ name: "n", dataChildren: [{ name: "b" }] }]);
    const list = nodeAt(schema, "l");
    expect(list).toMatchObject({ actions: [{ name: "x" }], notifications: [{ name: "y" }] });
    expect(names(list.kind === "list" ? list.children : [])).toEqual(["k"]);
    expect(list.kind === "list" && list.actions[0]?.output.dataChildren[0]?.dataParent?.kind).toBe(
      "output",
    );
  });

  test("lists", () => {
    const schema = schemaOf(`
      list l { key "b a"; unique "c d/e"; ordered-by user; min-elements 1; max-elements 9;
        leaf a { type string; } leaf b { type string; } leaf c { type string; }
        container d { leaf e { type string; } } }`);
    const list = nodeAt(schema, "l");
    expect(list).toMatchObject({ minElements: 1, maxElements: 9, orderedBy: "user" });
    if (list.kind !== "list") throw new Error("no list");
    expect(names(list.keys)).toEqual(["b", "a"]);
    expect(list.uniques.map(names)).toEqual([["c", "e"]]);
  });

  test("a structure stands beside the data (RFC 8791)", () => {
    const sx = `module ietf-yang-structure-ext { namespace "urn:sx"; prefix sx;
      extension structure { argument name; } }`;
    const schema = schemaOf(
      `import ietf-yang-structure-ext { prefix sx; }
       sx:structure s { list l { leaf a { type leafref { path "/s/b"; } } } leaf b { type int8; } }`,
      { "ietf-yang-structure-ext": sx },
    );
    expect(schema.children).toEqual([]);
    expect(schema.structures).toMatchObject([{ name: "s", dataChildren: [{ name: "l" }, {}] }]);
  });

  test("nothing in it can be changed", () => {
    const schema = schemaOf("container c { leaf a { type string; } }");
    const c = nodeAt(schema, "c");
    const frozen = [schema, schema.children, schema.modules[0], c, nodeAt(schema, "c/a")];
    expect(frozen.map((object) => Object.isFrozen(object))).toEqual(frozen.map(() => true));
  });
});

describe("modules", () => {
  const A = `module a { yang-version 1.1; namespace "urn:a"; prefix a; revision 2020-01-01;
    feature f; feature g { if-feature f; } feature h { if-feature "not f"; }
    container c { leaf x { type string; if-feature g; } leaf y { type string; if-feature h; } leaf w { type string; } } }`;
  const IMPORT = "import a { prefix a; }";

  test("what is only imported has no nodes (section 5.6.5)", () => {
    const schema = schemaOf(`${IMPORT} leaf z { type string; }`, { a: A });
    expect(names(schema.dataChildren)).toEqual(["z"]);
    expect(schema.modules.map(({ name, implemented }) => [name, implemented])).toEqual([
      ["a", false],
      ["t", true],
    ]);
  });

  test.each([
    ["an augment", "augment /a:c { leaf z { type string; } }"],
    ["a deviation", "deviation /a:c { deviate add { config false; } }"],
    ["a leafref", "leaf z { type leafref { path /a:c/a:w; } }"],
    ["a leafref of a typedef", "typedef r { type leafref { path /a:c/a:w; } } leaf z { type r; }"],
  ])("a module whose nodes are used is implemented: by %s", (_, body) => {
    const schema = schemaOf(`${IMPORT} ${body}`, { a: A });
    expect(moduleNamed(schema, "a")?.implemented).toBe(true);
  });

  test("features decide, and depend on each other (section 7.20)", () => {
    const all = (features: CompileRequest["features"]) => {
      const schema = schemaFor(
        { implement: [{ name: "a" }], features, otherFeatures: "none" },
        { a: A },
      );
      const c = nodeAt(schema, "c");
      return [c.kind === "container" && names(c.dataChildren), moduleNamed(schema, "a")?.features];
    };
    expect(all(new Map())).toEqual([["w"], new Set()]);
    expect(all(new Map([["a", "all" as const]]))).toEqual([["x", "w"], new Set(["f", "g"])]);
    expect(all(new Map([["a", new Set(["g", "h"])]]))).toEqual([["y", "w"], new Set(["h"])]);
  });

  test("a feature that a module does not have is told", () => {
    const request = { features: new Map([["a", new Set(["nix"])]]), otherFeatures: "all" } as const;
    const { diagnostics } = compile({ ...request, implement: [{ name: "a" }] }, finderOf({ a: A }));
    expect(diagnostics).toMatchObject([{ message: 'module "a" has no feature "nix"' }]);
  });

  test("deviations are named on what they change, and only if they are wanted", () => {
    const d = `module d { namespace "urn:d"; prefix d; import a { prefix a; }
      deviation /a:c/a:x { deviate not-supported; } }`;
    const plain = schemaFor({ implement: [{ name: "a" }] }, { a: A, d });
    const deviated = schemaFor({ implement: [{ name: "a" }], deviations: ["d"] }, { a: A, d });
    expect(nodeAt(plain, "c/x").kind).toBe("leaf");
    expect(nodeAt(deviated, "c")).toMatchObject({ dataChildren: [{ name: "w" }] });
    expect(moduleNamed(plain, "a")?.deviations).toEqual([]);
    expect(moduleNamed(deviated, "a")?.deviations).toEqual(["d"]);
    expect(moduleNamed(deviated, "d")?.implemented).toBe(true);
  });

  test("augments of others come after a node's own, by the names of their modules", () => {
    const others = ["c", "b"].map((name) => [
      name,
      `module ${name} { namespace "urn:${name}"; prefix ${name}; import t { prefix t; }
        augment /t:top { leaf x { type string; } } }`,
    ]);
    const t = `${HEAD}container top { leaf x { type string; } }\n}`;
    const schema = schemaFor(
      { implement: ["c", "t", "b"].map((name) => ({ name })) },
      { t, ...Object.fromEntries(others) },
    );
    const top = nodeAt(schema, "top");
    if (top.kind !== "container") throw new Error("no container");
    expect(top.dataChildren.map(({ module, name }) => `${module.name}:${name}`)).toEqual([
      "t:x",
      "b:x",
      "c:x",
    ]);
    expect(childNamed(top, "urn:c", "x")?.module.name).toBe("c");
    expect(childNamed(top, "urn:d", "x")).toBeUndefined();
    expect(childNamed(top, undefined, "x")?.module.name).toBe("t");
    expect(moduleOfNamespace(schema, "urn:b")?.name).toBe("b");
  });

  test("two revisions: one is implemented, another may be imported", () => {
    const revision = (date: string, body: string) => ({
      file: `a@${date}.yang`,
      text: `module a { namespace "urn:a"; prefix a; revision ${date}; ${body} }`,
    });
    const newer = revision("2021-01-01", "container c; typedef t { type int8; }");
    const older = revision("2020-01-01", "container b; typedef t { type string; }");
    const t = `${HEAD}import a { prefix a; revision-date 2020-01-01; } leaf l { type a:t; }\n}`;
    const { schema, diagnostics } = compile(
      {
        implement: [{ name: "a" }, { name: "t" }],
        features: new Map(),
        otherFeatures: "all",
      },
      {
        find: (name, date) =>
          name === "t" ? { file: "t.yang", text: t } : date === "2020-01-01" ? older : newer,
      },
    );
    expect(diagnostics).toEqual([]);
    expect(
      schema.modules.map(({ name, revision: date, implemented }) => [name, date, implemented]),
    ).toEqual([
      ["a", "2020-01-01", false],
      ["a", "2021-01-01", true],
      ["t", undefined, true],
    ]);
    expect(names(schema.dataChildren)).toEqual(["c", "l"]);
    expect(leafAt(schema, "l").type.base).toBe("string");
    expect(moduleNamed(schema, "a")?.revision).toBe("2021-01-01");
  });

  test("submodules are part of their module", () => {
    const schema = schemaFor(
      {},
      {
        t: `${HEAD}include s; leaf a { type s; }\n}`,
        s: `submodule s { yang-version 1.1; belongs-to t { prefix u; } revision 2020-01-01;
          typedef s { type int8; } leaf b { type u:s; } }`,
      },
    );
    expect(names(schema.dataChildren)).toEqual(["a", "b"]);
    expect(nodeAt(schema, "b").module.name).toBe("t");
    expect(moduleNamed(schema, "t")?.submodules).toMatchObject([
      { name: "s", revision: "2020-01-01" },
    ]);
  });
});
