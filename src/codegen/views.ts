import type { ChoiceSchema, DataSchemaNode, SchemaNode } from "../yang/index.ts";

/**
 * Two views of a tree: what was set, and with the defaults in use. Each effective type is a subtype
 * of the explicit one.
 */
export type View = "explicit" | "effective";

/** Members with the choices that part them (RFC 7950 section 7.9). */
export interface Layout {
  readonly members: readonly Member[];
  /** Choices of two or more cases that hold something. */
  readonly choices: readonly ChoiceSchema[];
}

export interface Member {
  readonly node: DataSchemaNode;
  readonly situation: Situation;
}

/**
 * Where a member stands: plainly under its parent; in one alternative of a choice, which may be
 * taken on account of another member; or in the only case of a choice, which may not be taken.
 */
export type Situation = "plain" | "alternative" | "only-case";

/** Looks through the choices that exclude nothing. */
export function layoutOf(children: readonly SchemaNode[], situation: Situation = "plain"): Layout {
  const members: Member[] = [];
  const choices: ChoiceSchema[] = [];
  for (const child of children) {
    if (child.kind !== "choice") {
      if (isData(child)) members.push({ node: child, situation });
      continue;
    }
    const cases = child.cases.filter((branch) => branch.dataChildren.length > 0);
    if (cases.length > 1) {
      choices.push(child);
      continue;
    }
    const inner = layoutOf(cases[0]?.children ?? [], "only-case");
    members.push(...inner.members);
    choices.push(...inner.choices);
  }
  return { members, choices };
}

/** True if the two views of a node differ. */
export function viewsDiffer(node: SchemaNode): boolean {
  switch (node.kind) {
    case "leaf":
      return node.default !== undefined && !node.isKey && node.whens.length === 0;
    case "leaf-list":
      return node.defaults.length > 0 && node.whens.length === 0;
    case "container":
    case "list":
    case "case":
    case "input":
    case "output":
    case "notification":
      return node.children.some(viewsDiffer);
    case "choice":
      return node.cases.some(viewsDiffer);
    case "anydata":
    case "anyxml":
    case "rpc":
    case "action":
      return false;
  }
}

/**
 * True if the member is there in every instance of its parent, in that view. `config`: the parent
 * is configuration.
 */
export function isRequired(member: Member, config: boolean, view: View): boolean {
  const { node, situation } = member;
  if (node.kind === "leaf" && node.isKey) return true;
  // State has no place in a datastore of configuration; what is under a `when` may have none.
  if (situation === "only-case" || node.whens.length > 0 || (config && !node.config)) return false;
  switch (node.kind) {
    case "leaf":
      return node.mandatory || (view === "effective" && node.default !== undefined);
    case "leaf-list":
      return view === "effective" && node.defaults.length > 0;
    case "container":
      return node.presence === undefined && situation === "plain";
    case "list":
      return false;
    case "anydata":
    case "anyxml":
      return node.mandatory;
  }
}

function isData(node: SchemaNode): node is DataSchemaNode {
  return ["container", "list", "leaf", "leaf-list", "anydata", "anyxml"].includes(node.kind);
}
