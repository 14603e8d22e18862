import type { Built } from "./build.ts";
import type { Draft } from "./draft.ts";
import { schemaPath } from "./lookup.ts";
import type { Report } from "./report.ts";
import type { SchemaNode } from "./schema.ts";

/**
 * RFC 7950 section 6.2.1: data nodes, choices, operations and notifications of one parent have
 * names
 * of their own; so have the data nodes of all cases of a choice (section 7.9.2), and its cases.
 */
export function checkNames(
  drafts: ReadonlyMap<SchemaNode, Draft>,
  tops: readonly Built[],
  report: Report,
): void {
  for (const top of tops) {
    const choices = top.children.filter(isChoice);
    const siblings = [...top.dataChildren, ...choices, ...top.operations, ...top.notifications];
    distinct(siblings, drafts, report);
  }
  for (const node of drafts.keys()) distinct(siblingsIn(node), drafts, report);
}

function siblingsIn(node: SchemaNode): readonly SchemaNode[] {
  switch (node.kind) {
    case "container":
    case "list": {
      const choices = node.children.filter(isChoice);
      return [...node.dataChildren, ...choices, ...node.actions, ...node.notifications];
    }
    case "input":
    case "output":
    case "notification":
      return [...node.dataChildren, ...node.children.filter(isChoice)];
    case "choice":
      return node.cases;
    case "case":
      return node.children;
    default:
      return [];
  }
}

function isChoice(node: SchemaNode): boolean {
  return node.kind === "choice";
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
