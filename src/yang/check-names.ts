import type { Built } from "./build.ts";
import type { Draft } from "./draft.ts";
import { schemaPath } from "./lookup.ts";
import type { Report } from "./report.ts";
import type { SchemaNode } from "./schema.ts";

/**
 * RFC 7950 section 6.2.1: what one parent holds has names of its own, choices, operations and
 * notifications among them; so have the data nodes of all cases of a choice (section 7.9.2).
 */
export function checkNames(
  drafts: ReadonlyMap<SchemaNode, Draft>,
  tops: readonly Built[],
  report: Report,
): void {
  for (const { children, dataChildren, operations, notifications } of tops) {
    distinct([...children, ...operations, ...notifications], drafts, report);
    distinct(dataChildren, drafts, report);
  }
  for (const node of drafts.keys()) {
    switch (node.kind) {
      case "container":
      case "list":
        distinct([...node.children, ...node.actions, ...node.notifications], drafts, report);
        distinct(node.dataChildren, drafts, report);
        break;
      case "input":
      case "output":
      case "notification":
        distinct(node.children, drafts, report);
        distinct(node.dataChildren, drafts, report);
        break;
      case "choice":
        distinct(node.cases, drafts, report);
        break;
      case "case":
        distinct(node.children, drafts, report);
        break;
      default:
    }
  }
}

function distinct(
  nodes: readonly SchemaNode[],
  drafts: ReadonlyMap<SchemaNode, Draft>,
  report: Report,
): void {
  if (nodes.length < 2) return;
  const seen = new Map<string, SchemaNode>();
  for (const node of nodes) {
    const key = `${node.module.name}:${node.name}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, node);
    else twice(node, before, drafts, report);
  }
}

function twice(
  node: SchemaNode,
  before: SchemaNode,
  drafts: ReadonlyMap<SchemaNode, Draft>,
  report: Report,
): void {
  const at = drafts.get(node)?.statement;
  const first = drafts.get(before)?.statement.position;
  if (at === undefined || first === undefined) return;
  const message = `"${node.name}" is defined already, at ${first.file}:${first.line}`;
  report.error(at, `${message}: ${schemaPath(before)}`);
}
