import {
  canBeAugmented,
  childOf,
  type Draft,
  draftPath,
  type PathStep,
  type Placed,
  pathHint,
  property,
  readPath,
} from "./draft.ts";
import type { Expansion } from "./expand.ts";
import type { LinkedModule } from "./link.ts";
import type { Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { substatement } from "./substatement.ts";

/** The top of each implemented module, by module name. */
export type Roots = ReadonlyMap<string, Draft>;

interface Pending extends Placed {
  readonly module: LinkedModule;
  readonly path: readonly PathStep[];
}

interface Parts {
  readonly roots: Roots;
  readonly scopes: Scopes;
  readonly expansion: Expansion;
  readonly report: Report;
}

/**
 * Applies the augments of implemented modules (RFC 7950 section 7.17) in whatever order they need:
 * one may lead into what another brings.
 */
export function augmentAll(modules: readonly LinkedModule[], parts: Parts): void {
  let pending = modules.flatMap((module) => augmentsOf(module, parts.scopes));
  for (;;) {
    const left = pending.filter((augment) => !apply(augment, parts));
    if (left.length === pending.length) break;
    pending = left;
  }
  for (const { statement, path } of pending) {
    const meant = parts.report.isFull ? "" : rootHint(path, parts.roots);
    const message = `there is no node "${statement.argument}" to augment${meant}`;
    parts.report.error(statement, message);
  }
}

function augmentsOf(module: LinkedModule, scopes: Scopes): readonly Pending[] {
  return module.units.flatMap((unit) =>
    unit.statement.substatements
      .filter((statement) => statement.keyword === "augment")
      .map((statement) => {
        const scope = scopes.top(unit);
        return {
          statement,
          scope,
          module,
          path: readPath(statement.argument ?? "", scope, module),
        };
      }),
  );
}

/** False: its target is not there (yet). */
function apply({ statement, scope, module, path }: Pending, parts: Parts): boolean {
  const { expansion, report } = parts;
  const target = nodeAt(path, parts.roots);
  if (target === undefined) return false;
  if (!canBeAugmented(target)) {
    report.error(statement, `${target.kind} ${draftPath(target)} cannot be augmented`);
    return true;
  }
  for (const sub of statement.substatements) {
    const inCase = sub.keyword === "case" && target.kind !== "choice";
    const held = target.kind === "container" || target.kind === "list";
    const inPlace = (sub.keyword === "action" || sub.keyword === "notification") && !held;
    if (!inCase && !inPlace) continue;
    report.error(sub, `${sub.keyword} may not stand in ${target.kind} ${draftPath(target)}`);
  }
  const before = target.children.length;
  expansion.augment(statement, target, module, scope);
  if (target.module.name === module.name || substatement(statement, "when") !== undefined) {
    return true;
  }
  for (const added of target.children.slice(before)) checkOptional(added, statement, report);
  return true;
}

/** The node that an absolute schema node identifier leads to. */
export function nodeAt(path: readonly PathStep[], roots: Roots): Draft | undefined {
  const first = path[0]?.module;
  let at = first === undefined ? undefined : roots.get(first.name);
  for (const step of path) {
    if (at === undefined) return undefined;
    at = childOf(at, step);
  }
  return at;
}

/** As pathHint(), from the top of the modules. */
export function rootHint(path: readonly PathStep[], roots: Roots): string {
  const first = path[0]?.module;
  const root = first === undefined ? undefined : roots.get(first.name);
  return root === undefined ? "" : pathHint(root.children, path);
}

/** Section 7.17: what is added to another module's node without a when must not be mandatory. */
function checkOptional(added: Draft, augment: Statement, report: Report): void {
  const culprit = mandatoryNode(added);
  if (culprit === undefined) return;
  const where = `augment "${augment.argument}"`;
  const message = `${culprit.kind} "${culprit.name}" is mandatory, which ${where}`;
  report.error(culprit.statement, `${message} of another module allows only with a when`);
}

/** The node that makes a node of configuration mandatory (section 3), if it is. */
function mandatoryNode(draft: Draft): Draft | undefined {
  if (!draft.enabled || !isConfig(draft)) return undefined;
  switch (draft.kind) {
    case "leaf":
    case "choice":
    case "anydata":
    case "anyxml":
      return property(draft, "mandatory")?.argument === "true" ? draft : undefined;
    case "list":
    case "leaf-list":
      return Number(property(draft, "min-elements")?.argument ?? 0) > 0 ? draft : undefined;
    case "container":
      if (property(draft, "presence") !== undefined) return undefined;
      return draft.children.map(mandatoryNode).find((found) => found !== undefined);
    default:
      return undefined;
  }
}

function isConfig(draft: Draft): boolean {
  for (let at: Draft | undefined = draft; at !== undefined; at = at.parent) {
    if (["input", "output", "notification"].includes(at.kind)) return false;
    if (property(at, "config")?.argument === "false") return false;
  }
  return true;
}
