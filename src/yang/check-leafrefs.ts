import type { PendingLeaf } from "./build.ts";
import { type Draft, properties, property, scopeOf } from "./draft.ts";
import type { Features, Guard } from "./features.ts";
import type { Report } from "./report.ts";
import type { LeafListSchema, LeafSchema, SchemaNode, Status } from "./schema.ts";
import type { LeafrefType, Type } from "./type.ts";

const STATUSES: readonly Status[] = ["current", "deprecated", "obsolete"];

/** What RFC 7950 says of a leafref and the leaf that it leads to (sections 7.21.2 and 9.9). */
export function checkLeafrefs(
  leaves: readonly PendingLeaf[],
  drafts: ReadonlyMap<SchemaNode, Draft>,
  features: Features,
  report: Report,
): void {
  for (const { node, draft } of leaves) {
    for (const type of leafrefs(node.type)) {
      const target = drafts.get(type.target);
      if (target === undefined || target === draft) continue;
      const at = property(draft, "type") ?? draft.statement;
      const fail = (message: string) =>
        report.error(at, `leafref path "${type.path.text}" leads to what ${message}`);
      if (isWorse(type.target, node)) fail(`is ${type.target.status}, but "${node.name}" is not`);
      const wanted = guardsOf(target);
      if (wanted.length > 0 && !features.implies(guardsOf(draft), wanted)) {
        fail(`hangs on features that "${node.name}" does not hang on`);
      }
    }
  }
}

function leafrefs(type: Type): readonly LeafrefType[] {
  if (type.base === "union") return type.members.flatMap(leafrefs);
  return type.base === "leafref" ? [type] : [];
}

function isWorse(target: SchemaNode, leaf: LeafSchema | LeafListSchema): boolean {
  if (target.module.name !== leaf.module.name) return false;
  return STATUSES.indexOf(target.status) > STATUSES.indexOf(leaf.status);
}

/** Every if-feature that a node hangs on. */
function guardsOf(draft: Draft): readonly Guard[] {
  const guards: Guard[] = [];
  for (let at: Draft | undefined = draft; at !== undefined; at = at.parent) {
    for (const statement of properties(at, "if-feature")) {
      guards.push({ statement, unit: scopeOf(at, statement).unit });
    }
    for (const { statement, scope } of at.guards) guards.push({ statement, unit: scope.unit });
  }
  return guards;
}
