import type { Built } from "./build.ts";
import { checkNames } from "./check-names.ts";
import { type Draft, property } from "./draft.ts";
import type { Report } from "./report.ts";
import type { ChoiceSchema, NotificationSchema, OperationSchema, SchemaNode } from "./schema.ts";

/** What is known of the nodes that were built. */
export interface MadeNode {
  readonly node: SchemaNode;
  readonly draft: Draft;
}

/** The rules of RFC 7950 section 7 that need the finished node and what stands around it. */
export function checkNodes(
  made: readonly MadeNode[],
  tops: readonly Built[],
  report: Report,
): void {
  const drafts = new Map(made.map(({ node, draft }) => [node, draft] as const));
  checkNames(drafts, tops, report);
  for (const { node, draft } of made) {
    switch (node.kind) {
      case "list":
      case "leaf-list":
        checkLimits(draft, report);
        break;
      case "choice":
        checkChoice(node, draft, drafts, report);
        break;
      case "action":
      case "notification":
        checkPlace(node, draft, report);
        break;
      default:
    }
  }
}

/** Sections 7.7.5 and 7.7.6. */
function checkLimits(draft: Draft, report: Report): void {
  const min = property(draft, "min-elements");
  const max = property(draft, "max-elements");
  if (min?.argument === undefined || max?.argument === undefined) return;
  if (max.argument === "unbounded" || Number(min.argument) <= Number(max.argument)) return;
  const message = `min-elements ${min.argument} is more than max-elements ${max.argument}`;
  report.error(min, `${draft.kind} "${draft.name}": ${message}`);
}

/** Section 7.9.3. */
function checkChoice(
  node: ChoiceSchema,
  draft: Draft,
  drafts: ReadonlyMap<SchemaNode, Draft>,
  report: Report,
): void {
  const wanted = property(draft, "default");
  if (wanted === undefined) return;
  if (node.mandatory) {
    report.error(wanted, `choice "${node.name}" is mandatory and cannot have a default`);
  }
  for (const child of node.defaultCase?.children ?? []) {
    const culprit = mandatoryNode(child);
    const at = culprit === undefined ? undefined : drafts.get(culprit);
    if (culprit === undefined || at === undefined) continue;
    const where = `the default case "${node.defaultCase?.name}"`;
    report.error(at.statement, `${culprit.kind} "${culprit.name}" in ${where} is mandatory`);
  }
}

/** The node that makes a node mandatory (section 3), if it is. */
function mandatoryNode(node: SchemaNode): SchemaNode | undefined {
  switch (node.kind) {
    case "leaf":
    case "anydata":
    case "anyxml":
    case "choice":
      return node.mandatory ? node : undefined;
    case "list":
    case "leaf-list":
      return node.minElements > 0 ? node : undefined;
    case "container":
      if (node.presence !== undefined) return undefined;
      return node.children.map(mandatoryNode).find((found) => found !== undefined);
    default:
      return undefined;
  }
}

/** Sections 7.15 and 7.16. What stands at the top of a grouping is judged where it is used. */
function checkPlace(
  node: OperationSchema | NotificationSchema,
  draft: Draft,
  report: Report,
): void {
  const { parent } = node;
  const fail = (message: string) =>
    report.error(draft.statement, `${node.kind} "${node.name}" ${message}`);
  if (parent === undefined) {
    if (node.kind === "action" && draft.parent?.statement.keyword !== "grouping")
      fail("stands at the top, where only an rpc may");
    return;
  }
  if (parent.kind !== "container" && parent.kind !== "list") {
    fail(`may not stand right in ${parent.kind} "${parent.name}"`);
    return;
  }
  for (let at: SchemaNode | undefined = parent; at !== undefined; at = at.parent) {
    if (at.kind === "list" && at.keys.length === 0) {
      fail(`stands in list "${at.name}", which has no key`);
    }
    if (at.kind === "rpc" || at.kind === "action" || at.kind === "notification") {
      fail(`stands inside ${at.kind} "${at.name}"`);
    }
  }
}
