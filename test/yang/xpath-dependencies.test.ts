import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileXPath,
  type DataSchemaNode,
  dependencies,
  isXPathFault,
  type Schema,
  type SchemaNode,
  type XPath,
} from "../../src/yang/index.ts";
import { resolveLeafrefs } from "../../src/yang/leafref.ts";
import { names, typeOf } from "./fixture.ts";
import {
  allNodes,
  at,
  choice,
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

const schema = schemaOf(
  container(
    "a",
    leaf("n"),
    leafList("l"),
    list("b", "k", leaf("k"), leaf("v"), container("c", leaf("v"))),
    choice("either", leaf("one"), container("two", leaf("v"))),
    leaf("ref", typeOf("type leafref { path '../b[k=current()/../n]/v'; }")),
    leaf("where", typeOf("type instance-identifier;")),
  ),
  container("z", leaf("v")),
);
resolveLeafrefs(leafAt(schema, "a/ref"), {
  child(parent, _namespace, name) {
    const holder = parent === undefined ? schema : parent;
    return ("dataChildren" in holder ? holder.dataChildren : []).find((c) => c.name === name);
  },
  report(_leaf, message) {
    throw new Error(message);
  },
});

function compiled(text: string): XPath {
  const xpath = compileXPath(text, names);
  if (isXPathFault(xpath)) throw new Error(`${text}: ${xpath.message}`);
  return xpath;
}

function read(text: string, context: string | undefined): readonly string[] | "unknown" {
  const node = context === undefined ? undefined : at(schema, context);
  const found = dependencies(compiled(text), node, schema);
  return found === "unknown" ? found : [...found].map(nameOf).sort();
}

function nameOf(node: SchemaNode): string {
  const path: string[] = [];
  for (
    let up: SchemaNode | undefined = node;
    up !== undefined;
    up = "dataParent" in up ? up.dataParent : undefined
  ) {
    path.push(up.name);
  }
  return path.reverse().join("/");
}

describe("an expression reads", () => {
  const all = [
    "a",
    "a/b",
    "a/b/c",
    "a/b/c/v",
    "a/b/k",
    "a/b/v",
    "a/l",
    "a/n",
    "a/one",
    "a/ref",
    "a/two",
    "a/two/v",
    "a/where",
    "z",
    "z/v",
  ];
  test.each<[text: string, context: string | undefined, nodes: string[] | "unknown"]>([
    ["true()", "a", []],
    ["n", "a", ["a/n"]],
    [". = 'x'", "a/n", ["a/n"]],
    ["../l", "a/n", ["a", "a/l"]],
    ["/a/b[v='1']/k", undefined, ["a", "a/b", "a/b/k", "a/b/v"]],
    ["../../b[k=current()]/v", "a/b/k", ["a", "a/b", "a/b/k", "a/b/v"]],
    ["b[k=current()/n]", "a", ["a/b", "a/b/c", "a/b/c/v", "a/b/k", "a/b/v", "a/n"]],
    ["count(b)", "a", ["a/b"]],
    ["not(b)", "a", ["a/b"]],
    ["b[c]", "a", ["a/b", "a/b/c", "a/b/c/v", "a/b/k", "a/b/v"]],
    ["count(b[c])", "a", ["a/b", "a/b/c"]],
    ["//v", "z", ["a/b/c/v", "a/b/v", "a/two/v", "z/v"]],
    ["//v[1]", "z", all],
    ["/descendant::v", "z", ["a/b/c/v", "a/b/v", "a/two/v", "z/v"]],
    ["string(two)", "a", ["a/two", "a/two/v"]],
    ["one or two/v", "a", ["a/one", "a/two", "a/two/v"]],
    ["*[1] = 'x'", "z", ["z/v"]],
    ["string()", "z", ["z", "z/v"]],
    ["string-length() > 3", "a/n", ["a/n"]],
    ["l[last()] | n", "a", ["a/l", "a/n"]],
    ["preceding-sibling::l", "a/ref", ["a/l"]],
    ["following::v", "a/b", ["a/b/c/v", "a/b/v", "a/two/v", "z/v"]],
    ["ancestor::a/n", "a/b/c", ["a", "a/n"]],
    ["n/text()", "a", ["a/n"]],
    [
      "deref(ref)/../c/v",
      "a",
      ["a/b", "a/b/c", "a/b/c/v", "a/b/k", "a/b/v", "a/n", "a/ref", "a"].sort(),
    ],
    ["deref(where)", "a", "unknown"],
    ["nope/nope", "a", []],
    ["descendant::node()", undefined, all],
    ["sum(b/v) > 5 - n", "a", ["a/b", "a/b/v", "a/n"]],
    ["-n", "a", ["a/n"]],
  ])("%s on %s", (text, context, nodes) => {
    expect(read(text, context)).toEqual(nodes);
  });

  test("what an operation brings along, by the operation's name", () => {
    const input = {
      kind: "input",
      name: "input",
      parent: { kind: "rpc", name: "ping" },
      dataParent: undefined,
      module: at(schema, "a").module,
    } as unknown as DataSchemaNode;
    const host = { ...at(schema, "z/v"), name: "host", parent: input, dataParent: input };
    Object.assign(input, { dataChildren: [host], children: [host] });
    const found = dependencies(compiled("/ping/host = /a/n"), host as DataSchemaNode, schema);
    expect(found !== "unknown" && [...found].map((node) => node.name)).toEqual([
      "input",
      "host",
      "a",
      "n",
    ]);
    const reached = dependencies(compiled("/ping/host"), at(schema, "a"), schema);
    expect(reached !== "unknown" && [...reached]).toEqual([]);
  });
});

describe("what an expression does not read does not change it", () => {
  const instance = fc.record({
    a: fc.record({
      n: fc.constantFrom("1", "2"),
      l: fc.array(fc.constantFrom("1", "2", "3"), { maxLength: 2 }),
      b: fc.array(
        fc.record({
          k: fc.constantFrom("1", "2"),
          v: fc.constantFrom("1", "2"),
          c: fc.record({ v: fc.constantFrom("1", "2") }),
        }),
        { maxLength: 3 },
      ),
      one: fc.constantFrom("1", "2"),
    }),
    z: fc.record({ v: fc.constantFrom("1", "2") }),
  });
  const step = fc
    .tuple(
      fc.constantFrom(
        "",
        "",
        "",
        "descendant::",
        "following::",
        "preceding-sibling::",
        "ancestor::",
        "self::",
        "parent::",
      ),
      fc.constantFrom("a", "b", "c", "v", "n", "l", "k", "*"),
      fc.constantFrom("", "", "[v]", "[. = '1']", "[1]", "[k = current()]", "[count(*) > 1]"),
    )
    .map((parts) => parts.join(""));
  const path = fc
    .tuple(
      fc.constantFrom("", "/", "//", "../", "current()/"),
      fc.array(step, { minLength: 1, maxLength: 3 }),
    )
    .map(([start, steps]) => start + steps.join("/"));
  const expression = fc.oneof(
    path.map((p) => `string(${p})`),
    path.map((p) => `count(${p})`),
    path.map((p) => `sum(${p}) > 2`),
    fc.tuple(path, path).map(([p, q]) => `${p} = ${q}`),
    fc.tuple(path, path).map(([p, q]) => `not(${p}) and ${q} or name(${q}) = 'v'`),
  );

  /** The same data without what is not read, and with other values in leaves that are not. */
  function altered(
    data: Data,
    children: Schema["dataChildren"],
    kept: ReadonlySet<SchemaNode>,
  ): Data {
    const result: Record<string, Data[string]> = {};
    for (const child of children) {
      const value = data[child.name];
      if (value === undefined || !matters(child, kept)) continue;
      const change = (one: string | Data): string | Data => {
        if (typeof one !== "string")
          return altered(one, "dataChildren" in child ? child.dataChildren : [], kept);
        return kept.has(child) ? one : `${one}9`;
      };
      result[child.name] = Array.isArray(value)
        ? value.map(change)
        : change(value as string | Data);
    }
    return result;
  }

  function matters(node: DataSchemaNode, kept: ReadonlySet<SchemaNode>): boolean {
    return (
      kept.has(node) || ("dataChildren" in node && node.dataChildren.some((c) => matters(c, kept)))
    );
  }

  test("on any data", () => {
    fc.assert(
      fc.property(instance, expression, fc.nat(), (data, text, pick) => {
        const xpath = compiled(text);
        const root = treeOf(schema, data);
        const nodes = allNodes(root);
        const node = nodes[pick % nodes.length] ?? root;
        const found = dependencies(xpath, node.schema, schema);
        if (found === "unknown") throw new Error(`${text} is known`);
        // The node that it is evaluated on stays, and what holds it.
        const kept = new Set(found);
        for (
          let up = node.schema;
          up !== undefined;
          up = "dataParent" in up ? up.dataParent : undefined
        )
          kept.add(up);
        const other = treeOf(schema, altered(data, schema.dataChildren, kept));
        const same = allNodes(other).find((one) => pathOf(one) === pathOf(node));
        if (same === undefined) throw new Error(`no ${pathOf(node)}`);
        expect(xpath.evaluate({ node: same, current: same, root: other })).toBe(
          xpath.evaluate({ node, current: node, root }),
        );
      }),
      { numRuns: 800 },
    );
  });
});
