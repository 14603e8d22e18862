import { assert, type ErrorPath } from "../base/index.ts";
import { instancePath, keyOf, type PathStep } from "../data/index.ts";
import type { DataSchemaNode, Schema } from "../yang/index.ts";

/** A step by its name in the typed form; with key values, one entry of a list. */
export type NamedStep = string | readonly [name: string, ...keys: string[]];

/**
 * The path of a node that the agent speaks of, for an rpc-error. Names are those of the typed form:
 * qualified at the top and where the module changes.
 */
export function nodePath(schema: Schema, steps: readonly NamedStep[]): ErrorPath {
  const found: PathStep[] = [];
  let children = schema.dataChildren;
  let module: DataSchemaNode["module"] | undefined;
  for (const step of steps) {
    const [name, ...keys] = typeof step === "string" ? [step] : step;
    const node = children.find((child) => nameOf(child, module) === name);
    assert(node !== undefined, `there is a node ${name}`);
    if (node.kind === "list" && keys.length > 0) {
      found.push({ schema: node, key: keyOf(node, keys) });
    } else {
      found.push({ schema: node });
    }
    module = node.module;
    children = node.kind === "container" || node.kind === "list" ? node.dataChildren : [];
  }
  return instancePath(found);
}

/** A node at the top, by its name in the typed form; undefined: its module is not served. */
export function topNode(schema: Schema, name: string): DataSchemaNode | undefined {
  return schema.dataChildren.find((node) => nameOf(node, undefined) === name);
}

function nameOf(node: DataSchemaNode, parent: DataSchemaNode["module"] | undefined): string {
  return node.module === parent ? node.name : `${node.module.name}:${node.name}`;
}
