import type { PendingLeaf } from "./build.ts";
import { predicateFault } from "./check-predicates.ts";
import { type Draft, properties, property, scopeOf } from "./draft.ts";
import type { Features, Guard } from "./features.ts";
import type { Report } from "./report.ts";
import type { LeafListSchema, LeafSchema, Schema, SchemaNode, Status } from "./schema.ts";
import type { LeafrefType, Type } from "./type.ts";

const STATUSES: readonly Status[] = ["current", "deprecated", "obsolete"];

interface Parts {
  readonly schema: Schema;
  readonly features: Features;
  readonly report: Report;
}

/** What RFC 7950 says of a leafref and the leaf that it leads to (sections 7.21.2 and 9.9). */
export function checkLeafrefs(
  leaves: readonly PendingLeaf[],
  drafts: ReadonlyMap<SchemaNode, Draft>,
  { schema, features, report }: Parts,
): void {
  for (const { node, draft } of leaves) {
    for (const type of leafrefs(node.type)) {
      const at = property(draft, "type") ?? draft.statement;
      const wrong = predicateFault(type.path, node, schema);
      if (wrong !== undefined) report.error(at, `leafref path "${type.path.text}" ${wrong}`);
      const target = drafts.get(type.target);
      if (target === undefined || target === draft) continue;
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
