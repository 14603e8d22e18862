import { addProperties, type Draft, type DraftKind, draftPath, removeProperties } from "./draft.ts";
import type { Scope } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";

const LEAVES: readonly DraftKind[] = ["leaf", "leaf-list"];
const ANY: readonly DraftKind[] = ["anydata", "anyxml"];
const HOLDERS: readonly DraftKind[] = ["container", "list"];

/** RFC 7950 section 7.13.2: what can be refined of which nodes. */
const REFINABLE: Readonly<Record<string, readonly DraftKind[]>> = {
  default: [...LEAVES, "choice"],
  config: [...LEAVES, ...ANY, ...HOLDERS, "choice"],
  mandatory: ["leaf", ...ANY, "choice"],
  presence: ["container"],
  must: [...LEAVES, ...ANY, ...HOLDERS],
  "min-elements": ["leaf-list", "list"],
  "max-elements": ["leaf-list", "list"],
  "if-feature": [...LEAVES, ...ANY, ...HOLDERS, "choice", "case"],
};

/** Properties of which there can be several: refinement adds to them. */
const ADDED: ReadonlySet<string> = new Set(["must", "if-feature"]);

/** Changes a node that a uses has brought, as its refine statement says. */
export function refine(target: Draft, refinement: Statement, scope: Scope, report: Report): void {
  const wanted = refinement.substatements.filter((sub) => {
    const kinds = REFINABLE[sub.keyword];
    if (kinds !== undefined && !kinds.includes(target.kind)) {
      const where = `${target.kind} ${draftPath(target)}`;
      report.error(sub, `${sub.keyword} cannot be refined in the ${where}`);
      return false;
    }
    if (sub.keyword === "default" && target.kind !== "leaf-list" && isSecond(sub, refinement)) {
      report.error(sub, `${target.kind} ${draftPath(target)} can have one default only`);
      return false;
    }
    if (sub.keyword === "default" && target.kind === "leaf-list" && scope.unit.version === "1") {
      report.error(sub, "a default of a leaf-list needs yang-version 1.1");
      return false;
    }
    return true;
  });
  const replaced = new Set(wanted.map((s) => s.keyword).filter((keyword) => !isAdded(keyword)));
  removeProperties(target, (statement) => replaced.has(statement.keyword));
  addProperties(target, wanted, scope);
}

function isSecond(statement: Statement, parent: Statement): boolean {
  return parent.substatements.find((s) => s.keyword === statement.keyword) !== statement;
}

function isAdded(keyword: string): boolean {
  return ADDED.has(keyword) || keyword.includes(":");
}
