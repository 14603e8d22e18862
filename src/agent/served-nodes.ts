import { assert } from "../base/index.ts";
import type { DataSchemaNode, Module, Schema } from "../yang/index.ts";

interface Holder {
  readonly dataChildren: readonly DataSchemaNode[];
}

/**
 * An object in typed form without what this schema does not have: the types in generated/ are those
 * of every feature, and which of them are on is the operator's choice.
 */
export function servedNodes(schema: Schema, object: object): object {
  return kept(schema, undefined, object);
}

function kept(holder: Holder, near: Module | undefined, object: object): object {
  const nodes = new Map(holder.dataChildren.map((node) => [propertyName(node, near), node]));
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const node = nodes.get(name);
      return node === undefined ? [] : [[name, keptValue(node, value)]];
    }),
  );
}

function keptValue(node: DataSchemaNode, value: unknown): unknown {
  if (node.kind !== "container" && node.kind !== "list") return value;
  if (value instanceof Map) {
    return new Map([...value].map(([key, entry]) => [key, keptValue(node, entry)]));
  }
  assert(typeof value === "object" && Boolean(value), `${node.name} is an object`);
  return kept(node, node.module, Object(value));
}

function propertyName(node: DataSchemaNode, near: Module | undefined): string {
  return node.module === near ? node.name : `${node.module.name}:${node.name}`;
}
