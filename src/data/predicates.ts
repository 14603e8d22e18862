import {
  childNamed,
  type DataSchemaNode,
  isValueFault,
  jsonNames,
  type ListSchema,
  moduleNamed,
  parseValue,
  type Schema,
  type ValueNames,
} from "../yang/index.ts";
import { keyOf } from "./children.ts";
import type { PathStep } from "./path.ts";

/**
 * Key predicates as yang:key and instance-identifiers have them (RFC 7950 section 9.13):
 * `[prefix:name='value']...`, in any order. The key of the entry, or undefined if they are not
 * exactly the keys of the list with legal values. A name without a prefix is a key by that name.
 */
export function parseKeys(text: string, list: ListSchema, names: ValueNames): string | undefined {
  const given = new Map<string, string>();
  let rest = text.trim();
  while (rest !== "") {
    const found = predicate.exec(rest);
    if (found === null) return undefined;
    const [whole, prefix, name = "", single, double] = found;
    const key = list.keys.find((leaf) => leaf.name === name);
    if (key === undefined || given.has(name)) return undefined;
    if (prefix !== undefined && names.module(prefix)?.namespace !== key.module.namespace) {
      return undefined;
    }
    const parsed = parseValue(key.type, single ?? double ?? "", names);
    if (isValueFault(parsed)) return undefined;
    given.set(name, parsed.value);
    rest = rest.slice(whole.length);
  }
  const values = list.keys.map((leaf) => given.get(leaf.name));
  return values.every((value) => value !== undefined) ? keyOf(list, values) : undefined;
}

const predicate =
  /^\s*\[\s*(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)\s*=\s*(?:'([^']*)'|"([^"]*)")\s*\]\s*/;

/**
 * The steps of a canonical instance-identifier (RFC 7951 section 6.11: module names, where they
 * change). undefined: it is none, or leads out of the schema.
 */
export function parseInstancePath(text: string, schema: Schema): readonly PathStep[] | undefined {
  const names = jsonNames(schema);
  const steps: PathStep[] = [];
  let rest = text;
  let module: string | undefined;
  let parent: DataSchemaNode | undefined;
  while (rest !== "") {
    const found = step.exec(rest);
    if (found === null) return undefined;
    const [whole, prefix, name = "", predicates = ""] = found;
    module = prefix ?? module;
    const holder = parent ?? schema;
    const namespace = module === undefined ? undefined : moduleNamed(schema, module)?.namespace;
    if (namespace === undefined || !("dataChildren" in holder)) return undefined;
    const next = childNamed(holder, namespace, name);
    if (next === undefined) return undefined;
    const key = predicates === "" ? undefined : keyIn(predicates, next, names);
    if (predicates !== "" && key === undefined) return undefined;
    steps.push(key === undefined ? { schema: next } : { schema: next, key });
    parent = next;
    rest = rest.slice(whole.length);
  }
  return steps.length === 0 ? undefined : steps;
}

const step = /^\/(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)((?:\[(?:[^'"\]]|'[^']*'|"[^"]*")*\])*)/;

function keyIn(text: string, schema: DataSchemaNode, names: ValueNames): string | undefined {
  if (schema.kind === "list" && schema.keys.length > 0) return parseKeys(text, schema, names);
  if (schema.kind === "list") return /^\[\s*([1-9][0-9]*)\s*\]$/.exec(text)?.[1];
  if (schema.kind !== "leaf-list") return undefined;
  const [, single, double] = /^\[\s*\.\s*=\s*(?:'([^']*)'|"([^"]*)")\s*\]$/.exec(text) ?? [];
  const parsed = parseValue(schema.type, single ?? double ?? "", names);
  return isValueFault(parsed) ? undefined : parsed.value;
}
