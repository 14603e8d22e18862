import { describe, expect, test } from "vitest";
import type { LeafListSchema, LeafSchema, Schema, SchemaNode, Type } from "../../src/yang/index.ts";
import { parseValue } from "../../src/yang/index.ts";
import { type LeafrefLookup, resolveLeafrefs } from "../../src/yang/leafref.ts";
import { T, typeOf, U } from "./fixture.ts";
import { choice, container, leaf, leafAt, leafList, list, schemaOf } from "./schema-fixture.ts";

const ref = (path: string, more = "") => typeOf(`type leafref { path "${path}"; ${more} }`);

/** What the leafrefs of a leaf's type lead to, and what was reported. */
function resolve(schema: Schema, leafPath: string) {
  const reports: string[] = [];
  const lookup: LeafrefLookup = {
    child(parent, namespace, name) {
      const holder = parent === undefined ? schema : parent;
      const children = "dataChildren" in holder ? holder.dataChildren : [];
      return children.find(
        (c) => c.name === name && (namespace === undefined || c.module.namespace === namespace),
      );
    },
    report: (at, message) => reports.push(`${at.name}: ${message}`),
  };
  const start = leafAt(schema, leafPath);
  resolveLeafrefs(start, lookup);
  resolveLeafrefs(start, lookup);
  return { ...ends(start.type), reports };
}

function ends(type: Type): { readonly target?: string; readonly base: string } {
  if (type.base !== "leafref") return { base: type.base };
  return { target: pathOf(type.target), base: type.realType.base };
}

function pathOf(node: LeafSchema | LeafListSchema): string {
  const names: string[] = [];
  for (let at: SchemaNode | undefined = node; at !== undefined; at = at.parent) names.push(at.name);
  return names.reverse().join("/");
}

const INT = typeOf("type int8;");
const STATE = { config: false };

describe("a leafref leads", () => {
  const schema = schemaOf(
    container(
      "a",
      leaf("n", INT),
      leafList("many", INT),
      list("l", "k", leaf("k", INT), leaf("v"), container("c", leaf("deep", ref("../../k")))),
      leaf("up", ref("../n")),
      leaf("top", ref("/t:a/t:l/t:k")),
      leaf("spaced", ref(" / a / l [ k = current() / .. / n ] / v ")),
      leaf("by-current", ref("current()/../many")),
      leaf("chain", ref("../up")),
      leaf("long", ref("../chain")),
      leaf("via", ref("deref(../top)/../v")),
      choice(
        "either",
        { kind: "case", name: "one", children: [leaf("in-case", INT)] },
        {
          kind: "case",
          name: "two",
          children: [leaf("to-case", ref("../in-case"))],
        },
      ),
      leaf(
        "both",
        typeOf("type union { type leafref { path '../n'; } type leafref { path '../chain'; } }"),
      ),
      leaf("to-union", ref("../both")),
      leaf("state", INT, STATE),
      leaf("to-state", ref("../state")),
      leaf("to-state-loose", ref("../state", "require-instance false;")),
      leaf("from-state", ref("../state"), STATE),
      leaf("lost", typeOf("type union { type int8; type leafref { path '../nope'; } }")),
      leaf("no-such", ref("../nope")),
      leaf("no-leaf", ref("../l")),
      leaf("root", ref("/")),
      leaf("beyond", ref("../../../x")),
      leaf("foreign", ref("/u:a/n")),
      leaf("number", ref("5 + 5")),
      leaf("sideways", ref("../following::n")),
      leaf("function", ref("string(../n)")),
      leaf("bad-deref", ref("deref(../n)/../n")),
      leaf("self", ref("../self")),
      leaf("ring1", ref("../ring2")),
      leaf("ring2", ref("../ring3")),
      leaf("ring3", ref("../ring1")),
    ),
    { ...container("a", leaf("n", typeOf("type string;"), { module: U })), module: U },
  );

  test.each<[leaf: string, target: string, base: string]>([
    ["a/up", "a/n", "int8"],
    ["a/l/c/deep", "a/l/k", "int8"],
    ["a/top", "a/l/k", "int8"],
    ["a/spaced", "a/l/v", "string"],
    ["a/by-current", "a/many", "int8"],
    ["a/chain", "a/up", "int8"],
    ["a/long", "a/chain", "int8"],
    ["a/via", "a/l/v", "string"],
    ["a/to-case", "a/either/one/in-case", "int8"],
    ["a/to-union", "a/both", "union"],
    ["a/to-state-loose", "a/state", "int8"],
    ["a/from-state", "a/state", "int8"],
  ])("from %s to %s", (path, target, base) => {
    expect(resolve(schema, path)).toEqual({ target, base, reports: [] });
  });

  test.each<[leaf: string, report: string]>([
    ["a/no-such", 'path "../nope" leads nowhere: there is no "nope" in the container a'],
    ["a/no-leaf", 'path "../l" leads to the list l, no leaf'],
    ["a/root", 'path "/" leads to the root, no leaf'],
    ["a/beyond", 'path "../../../x" climbs beyond the root'],
    ["a/foreign", 'path "/u:a/n" leads nowhere: there is no "n" in the container a'],
    ["a/number", 'path "5 + 5" is no path'],
    ["a/sideways", 'path "../following::n" may have only names and .. as its steps'],
    ["a/function", 'path "string(../n)" uses string()'],
    ["a/bad-deref", 'path "deref(../n)/../n" uses deref() on what is no leafref'],
    ["a/to-state", 'path "../state" leads from configuration to state'],
    ["a/self", 'path "../self" leads back to itself'],
  ])("from %s nowhere", (path, report) => {
    const name = path.split("/").at(-1);
    expect(resolve(schema, path).reports).toEqual([`${name}: leafref ${report}`]);
  });

  test("round in a ring, which is reported once", () => {
    const { reports, base } = resolve(schema, "a/ring1");
    expect(reports).toEqual(['ring1: leafref path "../ring2" leads back to itself']);
    expect(base).toBe("string");
  });

  test("from each member of a union", () => {
    expect(resolve(schema, "a/both").reports).toEqual([]);
    const { type } = leafAt(schema, "a/both");
    const members = type.base === "union" ? type.members.map(ends) : [];
    expect(members).toEqual([
      { target: "a/n", base: "int8" },
      { target: "a/chain", base: "int8" },
    ]);
  });

  test("nowhere from a union: what takes its values is still no union of itself", () => {
    const { reports } = resolve(schema, "a/lost");
    expect(reports).toEqual([
      'lost: leafref path "../nope" leads nowhere: there is no "nope" in the container a',
    ]);
    const { type } = leafAt(schema, "a/lost");
    expect(parseValue(type, "anything", { module: () => undefined })).toMatchObject({
      value: "anything",
    });
  });

  test("names without a prefix are of the module at hand", () => {
    expect(leafAt(schema, "a/n").module).toBe(T);
  });
});
