import { type Draft, property } from "./draft.ts";
import type { Report } from "./report.ts";
import type { Schema, SchemaNode } from "./schema.ts";
import { dependencies } from "./xpath-dependencies.ts";

/**
 * RFC 7950 section 7.21.5: no node may have a when that hangs on a node whose own when hangs on the
 * first. What a when says of its own node, or of those above and below it, is settled by the
 * dummy node of that section, and no circle.
 */
export function checkWhens(
  drafts: ReadonlyMap<SchemaNode, Draft>,
  schema: Schema,
  report: Report,
): void {
  const edges = new Map<SchemaNode, readonly SchemaNode[]>();
  for (const node of drafts.keys()) {
    if (node.whens.length > 0) edges.set(node, []);
  }
  for (const node of edges.keys()) edges.set(node, conditions(node, edges, schema));
  const states = new Map<SchemaNode, "open" | "done">();
  for (const node of edges.keys()) {
    const cycle = findCycle(node, edges, states);
    const draft = cycle === undefined ? undefined : drafts.get(cycle);
    if (cycle === undefined || draft === undefined) continue;
    const at = property(draft, "when") ?? draft.conditions[0]?.statement ?? draft.statement;
    report.error(at, `the when of "${cycle.name}" depends on nodes whose whens depend on it`);
  }
}

/** The nodes with whens that the whens of a node depend on. */
function conditions(
  node: SchemaNode,
  among: ReadonlyMap<SchemaNode, unknown>,
  schema: Schema,
): readonly SchemaNode[] {
  const found = new Set<SchemaNode>();
  for (const { xpath, context } of node.whens) {
    const read = dependencies(xpath, context === "self" ? node : node.dataParent, schema);
    if (read === "unknown") continue;
    for (const other of read) {
      if (among.has(other) && !isWithin(other, node) && !isWithin(node, other)) found.add(other);
    }
  }
  return [...found];
}

function isWithin(node: SchemaNode, ancestor: SchemaNode): boolean {
  for (let at: SchemaNode | undefined = node; at !== undefined; at = at.parent) {
    if (at === ancestor) return true;
  }
  return false;
}

/** Walks without recursion: chains of whens may be long. The node where a circle closes. */
function findCycle(
  start: SchemaNode,
  edges: ReadonlyMap<SchemaNode, readonly SchemaNode[]>,
  states: Map<SchemaNode, "open" | "done">,
): SchemaNode | undefined {
  const stack = [{ node: start, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.next === 0 && states.get(top.node) === "done") {
      stack.pop();
      continue;
    }
    states.set(top.node, "open");
    const target = edges.get(top.node)?.[top.next];
    top.next += 1;
    if (target === undefined) {
      states.set(top.node, "done");
      stack.pop();
    } else if (states.get(target) === "open") {
      for (const { node } of stack) states.set(node, "done");
      return target;
    } else stack.push({ node: target, next: 0 });
  }
  return undefined;
}
