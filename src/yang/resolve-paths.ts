import type { PendingLeaf } from "./build.ts";
import { property } from "./draft.ts";
import { type LeafrefLookup, resolveLeafrefs } from "./leafref.ts";
import { childNamed } from "./lookup.ts";
import type { Report } from "./report.ts";
import type { LeafListSchema, LeafSchema, Schema, StructureSchema } from "./schema.ts";

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
      const own = structure === undefined ? undefined : childNamed(structure, namespace, name);
      return own ?? childNamed(schema, namespace, name);
    },
    report(leaf, message) {
      const draft = drafts.get(leaf)?.draft;
      if (draft === undefined) return;
      report?.error(property(draft, "type") ?? draft.statement, message);
    },
  };
  for (const { node } of leaves) resolveLeafrefs(node, lookup);
}
