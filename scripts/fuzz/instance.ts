import { escapeAttribute, escapeText } from "../../src/xml/index.ts";
import type { DataSchemaNode, LeafSchema, Schema, Type } from "../../src/yang/index.ts";
import { isValueFault, parseValue } from "../../src/yang/index.ts";
import type { Chance } from "./chance.ts";

/** Texts of which one or the other suits most types. */
const texts = [
  ...["", "a", "b", "x y", "eth0", "oper", "0", "1", "7", "16", "64", "123", "1024", "65535"],
  ...["-1", "1.25", "4294967296", "10.0.0.1", "192.0.2.0/24", "224.0.1.1", "ff0e::101"],
  ...["2001:db8::1", "2001:db8::/32", "Manycast-Key-2026!", "$0$Clear-Pass-9", "ab:cd", "*"],
  ...["00112233445566778899aabbccddeeff", "2026-01-01T00:00:00Z", "AAEC", "true", "read create"],
  ...["00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff", "/lab:top", "lab", "é\u0301", "<&>"],
];
const suitable = new WeakMap<Type, readonly string[]>();

/** A text for a leaf: one of its type mostly. */
export function textFor(chance: Chance, type: Type): string {
  if (chance.happens(0.05)) return chance.pick(texts);
  switch (type.base) {
    case "enumeration":
      return chance.pick([...type.enums.keys()]);
    case "bits":
      return [...type.bits.keys()].filter(() => chance.happens(0.5)).join(" ");
    case "identityref":
      return chance.pick([...type.values.keys()]);
    case "leafref":
      return textFor(chance, type.realType);
    case "union":
      return textFor(chance, chance.pick(type.members));
    case "empty":
      return "";
    default:
      return chance.pick(suitableFor(type));
  }
}

function suitableFor(type: Type): readonly string[] {
  let found = suitable.get(type);
  if (found === undefined) {
    const names = { module: () => undefined };
    const good = texts.filter((text) => !isValueFault(parseValue(type, text, names)));
    found = good.length === 0 ? texts : good;
    suitable.set(type, found);
  }
  return found;
}

const operations = ["merge", "replace", "create", "delete", "remove", "none", ""];

/** What is made: for an edit with operations, for a filter with values left out. */
export interface InstanceForm {
  readonly schema: Schema;
  readonly form: "edit" | "filter" | "data";
  /** Modules whose nodes are made; all where it is left out. */
  readonly modules?: ReadonlySet<string>;
  /** Nodes inside each other. */
  readonly depth?: number;
}

/** Elements for some of the nodes, in no particular order, entries with the same keys among them. */
export function instances(
  chance: Chance,
  nodes: readonly DataSchemaNode[],
  form: InstanceForm,
  depth = form.depth ?? 6,
): string {
  const own = nodes.filter(({ module }) => form.modules?.has(module.name) ?? true);
  if (own.length === 0) return "";
  return chance.join(4, () => instance(chance, chance.pick(own), form, depth));
}

function instance(chance: Chance, node: DataSchemaNode, form: InstanceForm, depth: number): string {
  const { name, module } = node;
  const start = `<${name} xmlns="${escapeAttribute(module.namespace)}"${attributes(chance, node, form)}`;
  const selects = form.form === "filter" && chance.happens(0.4);
  if (selects || depth === 0) return `${start}/>`;
  switch (node.kind) {
    case "leaf":
    case "leaf-list":
      return `${leafStart(start, node.type, form.schema)}>${leafText(chance, node)}</${name}>`;
    case "container":
      return `${start}>${instances(chance, node.dataChildren, form, depth - 1)}</${name}>`;
    case "list": {
      const keys = node.keys
        .filter(() => chance.happens(0.97))
        .map((key) => keyOf(chance, key, form));
      const rest = node.dataChildren.filter((child) => !node.keys.some((key) => key === child));
      return `${start}>${keys.join("")}${instances(chance, rest, form, depth - 1)}</${name}>`;
    }
    default:
      return `${start}><any xmlns="urn:any">x</any></${name}>`;
  }
}

function keyOf(chance: Chance, key: LeafSchema, { schema }: InstanceForm): string {
  const start = leafStart(`<${key.name}`, key.type, schema);
  return `${start}>${leafText(chance, key)}</${key.name}>`;
}

/** Prefixes for the names that a value may hold: modules by their names. */
function leafStart(start: string, type: Type, schema: Schema): string {
  if (type.base !== "identityref") return start;
  const modules = new Set([...type.values.values()].map(({ module }) => module));
  const declared = [...modules].map(({ name, namespace }) => ` xmlns:${name}="${namespace}"`);
  return schema.modules.length === 0 ? start : start + declared.join("");
}

function leafText(chance: Chance, { type }: { readonly type: Type }): string {
  return escapeText(textFor(chance, type));
}

function attributes(chance: Chance, node: DataSchemaNode, { form }: InstanceForm): string {
  if (form !== "edit" || !chance.happens(0.25)) return "";
  const operation = ` nc:operation="${chance.pick(operations)}"`;
  const ordered = "orderedBy" in node && node.orderedBy === "user";
  if (!ordered || chance.happens(0.5)) return operation;
  const where = chance.pick(["first", "last", "before", "after", "nowhere"]);
  const key = chance.pick(["[name='a']", "[l:name='b']", "[name='x y']", "a", ""]);
  const anchor = chance.pick([
    "",
    ` yang:key="${key}"`,
    ` yang:value="${chance.pick(texts.slice(0, 4))}"`,
  ]);
  return `${chance.pick(["", operation])} yang:insert="${where}"${anchor}`;
}
