import { assert } from "../base/index.ts";
import { canBeAugmented, childOf, type Draft, type PathStep, readPath } from "./draft.ts";
import { type Expansion, newDraft } from "./expand.ts";
import { knownExtension } from "./extensions.ts";
import type { LinkedModule } from "./link.ts";
import type { Scope, Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";

/** The draft of an sx:structure (RFC 8791) or rc:yang-data (RFC 8040). */
export interface StructureDraft {
  readonly root: Draft;
  readonly kind: "structure" | "yang-data";
}

interface Pending {
  readonly statement: Statement;
  readonly scope: Scope;
  readonly module: LinkedModule;
  readonly path: readonly PathStep[];
}

/** The structures of implemented modules, with what augment-structure adds to them. */
export function expandStructures(
  modules: readonly LinkedModule[],
  parts: { readonly scopes: Scopes; readonly expansion: Expansion; readonly report: Report },
): readonly StructureDraft[] {
  const { scopes, expansion, report } = parts;
  const structures: StructureDraft[] = [];
  let pending: Pending[] = [];
  for (const module of modules) {
    for (const unit of module.units) {
      const scope = scopes.top(unit);
      for (const statement of unit.statement.substatements) {
        const kind = knownExtension(statement, unit);
        if (kind === undefined || kind === "annotation") continue;
        if (kind === "augment-structure") {
          const path = readPath(statement.argument ?? "", scope, module);
          pending.push({ statement, scope, module, path });
          continue;
        }
        const root = rootDraft(statement, module, scopes);
        // Nobody evaluates them, but they must be expressions.
        root.properties = statement.substatements.filter(({ keyword }) => keyword === "must");
        const inner = scopes.inside(statement, scope);
        expansion.fill(statement, { parent: root, module, scope: inner });
        if (structures.some((other) => isTwin(other, root, kind))) {
          report.error(statement, `${kind} "${statement.argument}" is defined already`);
        }
        if (kind === "yang-data" && !isOneContainer(root)) {
          report.error(statement, `yang-data "${statement.argument}" must be one container`);
        }
        structures.push({ root, kind });
      }
    }
  }
  for (;;) {
    const left = pending.filter((augment) => !apply(augment, structures, parts));
    if (left.length === pending.length) break;
    pending = left;
  }
  for (const { statement } of pending) {
    report.error(statement, `there is no structure node "${statement.argument}" to augment`);
  }
  return structures;
}

/** The top of a tree: not a schema node itself. */
export function rootDraft(statement: Statement, module: LinkedModule, scopes: Scopes): Draft {
  const [main] = module.units;
  assert(main !== undefined, "a module has a file");
  const scope = scopes.top(main);
  const draft = newDraft(statement, "root", { module, scope, parent: undefined });
  draft.properties = [];
  return draft;
}

/** RFC 8040 section 8: whichever cases are taken, there is one container and nothing else. */
function isOneContainer(holder: Draft): boolean {
  const [child, second] = holder.children;
  if (child === undefined || second !== undefined) return false;
  if (child.kind === "choice") return child.children.every(isOneContainer);
  return child.kind === "container";
}

function isTwin(other: StructureDraft, root: Draft, kind: string): boolean {
  return other.kind === kind && other.root.name === root.name && other.root.module === root.module;
}

function apply(
  { statement, scope, module, path }: Pending,
  structures: readonly StructureDraft[],
  { expansion, report }: { readonly expansion: Expansion; readonly report: Report },
): boolean {
  const [first, ...rest] = path;
  let at: Draft | undefined = structures.find(
    ({ root, kind }) =>
      kind === "structure" && root.name === first?.name && root.module.name === first.module?.name,
  )?.root;
  for (const step of rest) at = at === undefined ? undefined : childOf(at, step);
  if (at === undefined) return false;
  if (at.kind !== "root" && !canBeAugmented(at)) {
    report.error(statement, `${at.kind} "${at.name}" cannot be augmented`);
  } else expansion.augment(statement, at, module, scope);
  return true;
}
