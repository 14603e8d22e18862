import type { PendingLeaf } from "./build.ts";
import { property } from "./draft.ts";
import { type LeafrefLookup, resolveLeafrefs } from "./leafref.ts";
import { childNamed } from "./lookup.ts";
import type { Report } from "./report.ts";
import type {
  ContainerSchema,
  DataSchemaNode,
  LeafListSchema,
  LeafSchema,
  Schema,
  StructureSchema,
} from "./schema.ts";

interface Leaves {
  readonly leaves: readonly PendingLeaf[];
  readonly leavesInGroupings: readonly PendingLeaf[];
  readonly structures: readonly { readonly leaves: readonly PendingLeaf[] }[];
}

/**
 * Finds the targets of leafrefs (RFC 7950 section 9.9). Paths of nodes in a structure may lead to
 * the
 * structure's own top and to the datastores; those in a grouping that nothing uses cannot be
 * judged.
 */
export function resolvePaths(schema: Schema, trees: Leaves, report: Report): void {
  resolve(trees.leaves, { schema, structure: undefined }, report);
  for (const [i, { leaves }] of trees.structures.entries()) {
    resolve(leaves, { schema, structure: schema.structures[i] }, report);
  }
  resolve(trees.leavesInGroupings, { schema, structure: undefined }, undefined);
}

function resolve(
  leaves: readonly PendingLeaf[],
  {
    schema,
    structure,
  }: { readonly schema: Schema; readonly structure: StructureSchema | undefined },
  report: Report | undefined,
): void {
  const drafts = new Map<LeafSchema | LeafListSchema, PendingLeaf>();
  for (const leaf of leaves) drafts.set(leaf.node, leaf);
  const lookup: LeafrefLookup = {
    child(parent, namespace, name) {
      if (parent !== undefined) {
        return "dataChildren" in parent ? childNamed(parent, namespace, name) : undefined;
      }
      return inStructure(structure, namespace, name) ?? childNamed(schema, namespace, name);
    },
    childNames(parent) {
      if (report === undefined || report.isFull) return [];
      const holder = parent ?? structure ?? schema;
      return "dataChildren" in holder ? holder.dataChildren.map(({ name }) => name) : [];
    },
    report(leaf, message) {
      const draft = drafts.get(leaf)?.draft;
      if (draft === undefined) return;
      report?.error(property(draft, "type") ?? draft.statement, message);
    },
  };
  for (const { node } of leaves) resolveLeafrefs(node, lookup);
}

/** RFC 8791: in a document a structure is a container; paths may start with it or without it. */
function inStructure(
  structure: StructureSchema | undefined,
  namespace: string | undefined,
  name: string,
): DataSchemaNode | undefined {
  if (structure === undefined) return undefined;
  const { module } = structure;
  const isIt = structure.name === name && (namespace ?? module.namespace) === module.namespace;
  return isIt ? asContainer(structure) : childNamed(structure, namespace, name);
}

function asContainer({ module, name, children, dataChildren }: StructureSchema): ContainerSchema {
  return {
    kind: "container",
    name,
    module,
    parent: undefined,
    dataParent: undefined,
    config: false,
    status: "current",
    description: undefined,
    reference: undefined,
    whens: [],
    defaultDeny: undefined,
    extensions: [],
    ifFeatures: [],
    order: 0,
    children,
    dataChildren,
    musts: [],
    presence: undefined,
    actions: [],
    notifications: [],
  };
}
