import { hint } from "./hint.ts";
import type { LinkedModule } from "./link.ts";
import type { Scope } from "./module-scope.ts";
import type { Statement } from "./statement.ts";

export type DraftKind =
  | "root"
  | "container"
  | "list"
  | "leaf"
  | "leaf-list"
  | "anydata"
  | "anyxml"
  | "choice"
  | "case"
  | "rpc"
  | "action"
  | "input"
  | "output"
  | "notification";

/** A statement and the scope that its names are looked up in. */
export interface Placed {
  readonly statement: Statement;
  readonly scope: Scope;
}

/**
 * A schema node while it is put together: uses, refine, augment and deviation change drafts, and
 * build.ts makes schema nodes of them.
 */
export interface Draft {
  readonly kind: DraftKind;
  readonly name: string;
  /** Whose namespace the node lives in. */
  readonly module: LinkedModule;
  /** Where the node is written; of an implied case, input or output what implies it. */
  readonly statement: Statement;
  /** Where that stands. */
  readonly scope: Scope;
  parent: Draft | undefined;
  children: Draft[];
  /** The substatements that hold, after refinement and deviation. */
  properties: readonly Statement[];
  /** Scopes of those properties that are not written in the node itself. */
  origins: Map<Statement, Scope> | undefined;
  /** The `when`s of the uses and augments that brought the node here. */
  conditions: readonly Placed[];
  /** The `if-feature`s of those. */
  guards: readonly Placed[];
  /** Extension statements in the body of a grouping, which hold for its nodes at the top. */
  inherited: readonly Placed[];
  /** False: an if-feature does not hold. The node stays until all paths have been resolved. */
  enabled: boolean;
}

/** Kinds that hold data nodes. */
const PARENTS: ReadonlySet<DraftKind> = new Set([
  "container",
  "list",
  "choice",
  "case",
  "input",
  "output",
  "notification",
]);

/** RFC 7950 section 7.17: what can be augmented. */
export function canBeAugmented(draft: Draft): boolean {
  return PARENTS.has(draft.kind);
}

export function property(draft: Draft, keyword: string): Statement | undefined {
  return draft.properties.find((statement) => statement.keyword === keyword);
}

export function properties(draft: Draft, keyword: string): readonly Statement[] {
  return draft.properties.filter((statement) => statement.keyword === keyword);
}

/** Where the names in a property are looked up. */
export function scopeOf(draft: Draft, statement: Statement): Scope {
  return draft.origins?.get(statement) ?? draft.scope;
}

/** Adds properties that are written elsewhere. */
export function addProperties(draft: Draft, added: readonly Statement[], scope: Scope): void {
  draft.properties = [...draft.properties, ...added];
  draft.origins ??= new Map();
  for (const statement of added) draft.origins.set(statement, scope);
}

export function removeProperties(draft: Draft, gone: (statement: Statement) => boolean): void {
  draft.properties = draft.properties.filter((statement) => !gone(statement));
}

/** One step of a schema node identifier. */
export interface PathStep {
  /** Undefined: the prefix is not known. */
  readonly module: LinkedModule | undefined;
  readonly name: string;
}

/**
 * RFC 7950 section 6.5. `here`: the module that names without a prefix, and those with the file's
 * own prefix, belong to; in a grouping that is the module that uses it.
 */
export function readPath(path: string, scope: Scope, here: LinkedModule): readonly PathStep[] {
  const { prefixes, module: own } = scope.unit;
  return path
    .split("/")
    .filter((step) => step !== "")
    .map((step) => {
      const colon = step.indexOf(":");
      if (colon === -1) return { module: here, name: step };
      const module = prefixes.get(step.slice(0, colon));
      return { module: module === own ? here : module, name: step.slice(colon + 1) };
    });
}

/** The child that a step leads to. Modules are told apart by name, revisions are not. */
export function childOf(parent: Draft, step: PathStep): Draft | undefined {
  return among(parent.children, step);
}

/** The node among siblings that a step leads to. */
export function among(drafts: readonly Draft[], step: PathStep): Draft | undefined {
  let disabled: Draft | undefined;
  for (const draft of drafts) {
    if (draft.name !== step.name || draft.module.name !== step.module?.name) continue;
    if (draft.enabled) return draft;
    disabled = draft;
  }
  return disabled;
}

/** What to say behind a path that leads nowhere: the name that its first wrong step is near to. */
export function pathHint(from: readonly Draft[], path: readonly PathStep[]): string {
  let drafts = from;
  for (const step of path) {
    const next = among(drafts, step);
    if (next === undefined)
      return hint(
        step.name,
        drafts.map(({ name }) => name),
      );
    drafts = next.children;
  }
  return "";
}

/** "/module:name/name", for messages. */
export function draftPath(draft: Draft): string {
  const steps: string[] = [];
  for (let at: Draft | undefined = draft; at !== undefined && at.kind !== "root"; at = at.parent) {
    const named = at.parent?.kind === "root" || at.parent?.module.name !== at.module.name;
    steps.push(named ? `${at.module.name}:${at.name}` : at.name);
  }
  return `/${steps.reverse().join("/")}`;
}
