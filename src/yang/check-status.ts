import type { LinkedModule } from "./link.ts";
import type { DefinitionKind, Scope, Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { argumentOf } from "./substatement.ts";

/** From what is in use to what is gone. */
const RANKS: ReadonlyMap<string, number> = new Map([
  ["current", 0],
  ["deprecated", 1],
  ["obsolete", 2],
]);
const WORDS = ["current", "deprecated", "obsolete"];

/** What a statement refers to by its argument. */
const REFERENCES: ReadonlyMap<string, DefinitionKind> = new Map([
  ["type", "typedef"],
  ["uses", "grouping"],
  ["base", "identity"],
]);

/** Names of features; `and`, `or` and `not` are none, unless there is a feature of that name. */
const FEATURE = /[^\s()]+/g;

/** RFC 7950 section 7.21.2: within a module, nothing refers to what is further on its way out. */
export function checkStatuses(module: LinkedModule, scopes: Scopes, report: Report): void {
  for (const unit of module.units) {
    for (const statement of unit.statement.substatements) {
      check(statement, 0, scopes.top(unit), { scopes, report });
    }
  }
}

interface Parts {
  readonly scopes: Scopes;
  readonly report: Report;
}

/** What stands in a statement that is on its way out is so too. */
function check(statement: Statement, around: number, scope: Scope, parts: Parts): void {
  const own = RANKS.get(argumentOf(statement, "status") ?? "current") ?? 0;
  const rank = Math.max(around, own);
  const kind = REFERENCES.get(statement.keyword);
  if (kind !== undefined) compare(statement, statement.argument ?? "", kind, rank, scope, parts);
  if (statement.keyword === "if-feature") {
    for (const [name] of (statement.argument ?? "").matchAll(FEATURE)) {
      compare(statement, name, "feature", rank, scope, parts);
    }
  }
  if (statement.substatements.length === 0) return;
  const inner = parts.scopes.inside(statement, scope);
  for (const sub of statement.substatements) check(sub, rank, inner, parts);
}

function compare(
  statement: Statement,
  name: string,
  kind: DefinitionKind,
  rank: number,
  scope: Scope,
  { scopes, report }: Parts,
): void {
  const found = scopes.find(kind, name, scope);
  if (found === undefined || found.scope.unit.module !== scope.unit.module) return;
  const other = RANKS.get(argumentOf(found.statement, "status") ?? "current") ?? 0;
  if (other <= rank) return;
  const what = `${kind} "${name}" is ${WORDS[other]}`;
  report.error(statement, `${what}, but what refers to it is ${WORDS[rank]}`);
}
