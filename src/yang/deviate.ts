import { nodeAt, type Roots, rootHint } from "./augment.ts";
import {
  addProperties,
  type Draft,
  draftPath,
  properties,
  readPath,
  removeProperties,
} from "./draft.ts";
import { ruleOf } from "./grammar.ts";
import type { LinkedModule } from "./link.ts";
import type { Scope, Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { substatements } from "./substatement.ts";

interface Deviation {
  readonly statement: Statement;
  readonly scope: Scope;
  readonly target: Draft;
}

/** Properties of which there can be several. */
const MANY: ReadonlySet<string> = new Set(["must", "unique"]);

/**
 * Applies the deviations of implemented modules (RFC 7950 section 7.20.3). All targets are found
 * before anything changes, so that their order does not matter.
 */
export function deviateAll(
  modules: readonly LinkedModule[],
  roots: Roots,
  scopes: Scopes,
  report: Report,
): void {
  const deviations = modules.flatMap((module) => deviationsOf(module, roots, scopes, report));
  refuseLost(deviations, report);
  for (const { statement, scope, target } of deviations) {
    const kinds = substatements(statement, "deviate");
    for (const deviate of kinds) {
      if (deviate.argument !== "not-supported") apply(deviate, target, scope, report);
      else if (kinds.length > 1) {
        report.error(deviate, "what is not supported cannot deviate in other ways too");
      } else remove(target);
    }
  }
}

function deviationsOf(
  module: LinkedModule,
  roots: Roots,
  scopes: Scopes,
  report: Report,
): readonly Deviation[] {
  return module.units.flatMap((unit) =>
    substatements(unit.statement, "deviation").flatMap((statement) => {
      const scope = scopes.top(unit);
      const path = readPath(statement.argument ?? "", scope, module);
      const target = nodeAt(path, roots);
      if (target !== undefined) return [{ statement, scope, target }];
      const meant = report.isFull ? "" : rootHint(path, roots);
      report.error(statement, `there is no node "${statement.argument}" to deviate${meant}`);
      return [];
    }),
  );
}

/**
 * Section 7.20.3: in whatever order deviations are applied, what comes of it has to be valid. What
 * one of them takes away is not there for another that comes after it. What stands inside of
 * such a node is let be: lists of what is not supported have both, and mean no harm.
 */
function refuseLost(deviations: readonly Deviation[], report: Report): void {
  const removals = new Map<Draft, Statement>();
  for (const { statement, target } of deviations) {
    const [only, ...more] = substatements(statement, "deviate");
    if (more.length > 0 || only?.argument !== "not-supported") continue;
    if (!removals.has(target)) removals.set(target, statement);
  }
  for (const { statement, target } of deviations) {
    const removal = removals.get(target);
    if (removal === undefined || removal === statement) continue;
    const { file, line } = removal.position;
    const node = `${target.kind} ${draftPath(target)}`;
    report.error(statement, `${node} is deviated twice: it is not supported by ${file}:${line}`);
  }
}

function remove(target: Draft): void {
  const { parent } = target;
  if (parent === undefined) return;
  if (target.kind === "input" || target.kind === "output") target.children = [];
  else parent.children = parent.children.filter((child) => child !== target);
}

function apply(deviate: Statement, target: Draft, scope: Scope, report: Report): void {
  const allowed = ruleOf(target.kind, undefined)?.substatements;
  for (const sub of deviate.substatements) {
    const { keyword } = sub;
    if (keyword.includes(":")) {
      addProperties(target, [sub], scope);
      continue;
    }
    const cardinality = allowed?.get(keyword);
    if (cardinality === undefined || (cardinality.since11 && scope.unit.version === "1")) {
      report.error(sub, `${target.kind} ${draftPath(target)} cannot have ${keyword}`);
      continue;
    }
    if (deviate.argument === "add") add(sub, target, scope, report);
    else if (deviate.argument === "delete") drop(sub, target, report);
    else replace(sub, deviate, target, scope, report);
  }
}

function add(sub: Statement, target: Draft, scope: Scope, report: Report): void {
  const many = MANY.has(sub.keyword) || (sub.keyword === "default" && target.kind === "leaf-list");
  const before = properties(target, sub.keyword);
  if (!many && before.length > 0) {
    const where = `${target.kind} ${draftPath(target)}`;
    report.error(sub, `${where} has ${sub.keyword} "${before[0]?.argument}" already`);
    return;
  }
  addProperties(target, [sub], scope);
}

function replace(
  sub: Statement,
  deviate: Statement,
  target: Draft,
  scope: Scope,
  report: Report,
): void {
  const before = properties(target, sub.keyword);
  // Section 7.20.3.2; config is inherited, so that every node has it.
  if (before.length === 0 && sub.keyword !== "config") {
    const where = `${target.kind} ${draftPath(target)}`;
    report.error(sub, `${where} has no ${sub.keyword} that could be replaced`);
    return;
  }
  const isSecond = before.some((s) => deviate.substatements.includes(s));
  if (isSecond && target.kind !== "leaf-list") {
    report.error(sub, `${target.kind} ${draftPath(target)} can have one ${sub.keyword} only`);
    return;
  }
  // Several defaults replace together whatever was there.
  removeProperties(target, (s) => s.keyword === sub.keyword && !deviate.substatements.includes(s));
  addProperties(target, [sub], scope);
}

function drop(sub: Statement, target: Draft, report: Report): void {
  const gone = properties(target, sub.keyword).find((s) => s.argument === sub.argument);
  if (gone === undefined) {
    const where = `${target.kind} ${draftPath(target)}`;
    report.error(sub, `${where} has no ${sub.keyword} "${sub.argument}" to delete`);
    return;
  }
  removeProperties(target, (s) => s === gone);
}
