import {
  among,
  canBeAugmented,
  type Draft,
  type DraftKind,
  draftPath,
  type PathStep,
  type Placed,
  pathHint,
  readPath,
} from "./draft.ts";
import type { Features } from "./features.ts";
import type { LinkedModule } from "./link.ts";
import type { Scope, Scopes } from "./module-scope.ts";
import { refine } from "./refine.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { substatement, substatements } from "./substatement.ts";

/** Bounds of a schema: groupings can make much of little. */
const NODES_MAX = 1_000_000;
const DEPTH_MAX = 200;

/** What leaves have for children: none is ever added. */
const LEAFLESS: Draft[] = [];
const NOTHING: readonly Placed[] = [];

/** Where statements are expanded into. */
export interface Place {
  readonly parent: Draft;
  /**
   * The module that the nodes will live in: that which uses a grouping, not that of the grouping.
   */
  readonly module: LinkedModule;
  readonly scope: Scope;
}

const DATA: ReadonlySet<string> = new Set([
  "container",
  "list",
  "leaf",
  "leaf-list",
  "anydata",
  "anyxml",
  "choice",
  "case",
  "rpc",
  "action",
  "input",
  "output",
  "notification",
]);

/** Statements → drafts: uses, refine, and augment inside uses (RFC 7950 sections 7.13 and 7.17). */
export class Expansion {
  readonly #scopes: Scopes;
  readonly #features: Features;
  readonly #report: Report;
  /** Groupings whose uses are being expanded. */
  readonly #open: Statement[] = [];
  /** Groupings that have been expanded at least once. */
  readonly used = new Set<Statement>();
  /** True: there was too much to expand, and the rest was left out. */
  exhausted = false;
  #count = 0;
  #depth = 0;

  constructor(scopes: Scopes, features: Features, report: Report) {
    this.#scopes = scopes;
    this.#features = features;
    this.#report = report;
  }

  /** Adds to a parent what a statement defines. */
  fill(statement: Statement, place: Place): void {
    for (const child of statement.substatements) {
      if (this.exhausted) return;
      if (child.keyword === "uses") this.#uses(child, place);
      else if (isData(child.keyword)) this.#node(child, child.keyword, place);
    }
  }

  /** A grouping that nothing uses, as if something did. */
  tryGrouping(statement: Statement, place: Place): void {
    this.#grouping({ statement, scope: place.scope }, statement, place);
  }

  /** Adds the nodes of an augment to its target. */
  augment(statement: Statement, target: Draft, module: LinkedModule, scope: Scope): void {
    const before = target.children.length;
    const place = { parent: target, module, scope };
    this.fill(statement, place);
    this.#qualify(statement, target.children.slice(before), scope);
  }

  #node(statement: Statement, kind: DraftKind, place: Place): void {
    const { module, scope } = place;
    const parent = this.#parentFor(statement, kind, place);
    if (this.#depth >= DEPTH_MAX) {
      this.#giveUp(statement, `nodes are nested deeper than ${DEPTH_MAX}`);
      return;
    }
    if (this.#count >= NODES_MAX) {
      this.#giveUp(statement, `there are more than ${NODES_MAX} nodes`);
      return;
    }
    this.#count += 1;
    const draft = newDraft(statement, kind, { parent, module, scope });
    draft.enabled = this.#features.allow(statement, scope.unit);
    parent.children.push(draft);
    this.#depth += 1;
    const inner = { parent: draft, module, scope: this.#scopes.inside(statement, scope) };
    if (kind === "rpc" || kind === "action") this.#operation(statement, inner);
    else if (kind !== "leaf" && kind !== "leaf-list") this.fill(statement, inner);
    this.#depth -= 1;
  }

  #giveUp(statement: Statement, why: string): void {
    if (!this.exhausted) this.#report.error(statement, `the schema is too large: ${why}`);
    this.exhausted = true;
  }

  /** RFC 7950 section 7.9.2: a node right inside a choice stands in a case of its name. */
  #parentFor(statement: Statement, kind: DraftKind, { parent, module, scope }: Place): Draft {
    if (parent.kind !== "choice" || kind === "case") return parent;
    const implied = newDraft(statement, "case", { parent, module, scope });
    implied.properties = [];
    parent.children.push(implied);
    return implied;
  }

  /** Input and output are always there, so that they can be augmented (section 7.14). */
  #operation(statement: Statement, place: Place): void {
    for (const kind of ["input", "output"] as const) {
      const own = substatement(statement, kind);
      if (own !== undefined) this.#node(own, kind, place);
      else {
        const implied = newDraft(statement, kind, place);
        implied.properties = [];
        place.parent.children.push(implied);
      }
    }
  }

  #uses(statement: Statement, place: Place): void {
    const found = this.#scopes.find("grouping", statement.argument ?? "", place.scope);
    if (found === undefined) {
      const name = statement.argument ?? "";
      const meant = this.#scopes.hint("grouping", name, place.scope);
      this.#report.error(statement, `there is no grouping "${name}"${meant}`);
      return;
    }
    const { parent } = place;
    const before = parent.children.length;
    if (!this.#grouping(found, statement, place)) return;
    const added = parent.children.slice(before);
    for (const child of added) child.parent = parent;
    this.#refine(statement, added, place);
    this.#augmentUsed(statement, added, place);
    this.#qualify(statement, parent.children.slice(before), place.scope);
  }

  /** False: it could not be. */
  #grouping({ statement, scope }: Placed, at: Statement, { parent, module }: Place): boolean {
    this.used.add(statement);
    if (this.#open.includes(statement)) {
      this.#report.error(at, `grouping "${statement.argument}" uses itself`);
      return false;
    }
    if (this.#open.length >= DEPTH_MAX) {
      this.#giveUp(at, `groupings are nested deeper than ${DEPTH_MAX}`);
      return false;
    }
    this.#open.push(statement);
    const before = parent.children.length;
    this.fill(statement, { parent, module, scope: this.#scopes.inside(statement, scope) });
    this.#open.pop();
    const extensions = statement.substatements
      .filter((s) => s.keyword.includes(":"))
      .map((s) => ({ statement: s, scope }));
    if (extensions.length > 0) {
      for (const child of parent.children.slice(before)) {
        child.inherited = [...child.inherited, ...extensions];
      }
    }
    return true;
  }

  #refine(statement: Statement, added: readonly Draft[], place: Place): void {
    for (const refinement of substatements(statement, "refine")) {
      const path = readPath(refinement.argument ?? "", place.scope, place.module);
      const target = follow(added, path);
      if (target === undefined) {
        const meant = this.#report.isFull ? "" : pathHint(added, path);
        const message = `there is no node "${refinement.argument}" in the grouping${meant}`;
        this.#report.error(refinement, message);
        continue;
      }
      refine(target, refinement, place.scope, this.#report);
      if (!this.#features.allow(refinement, place.scope.unit)) target.enabled = false;
    }
  }

  #augmentUsed(statement: Statement, added: readonly Draft[], place: Place): void {
    const { module, scope } = place;
    for (const augment of substatements(statement, "augment")) {
      const path = readPath(augment.argument ?? "", scope, module);
      const target = follow(added, path);
      if (target === undefined) {
        const meant = this.#report.isFull ? "" : pathHint(added, path);
        const message = `there is no node "${augment.argument}" in the grouping${meant}`;
        this.#report.error(augment, message);
      } else if (!canBeAugmented(target)) {
        const message = `${target.kind} ${draftPath(target)} cannot be augmented`;
        this.#report.error(augment, message);
      } else {
        this.augment(augment, target, module, scope);
      }
    }
  }

  /** The when and if-feature of a uses or augment hold for each node that it brings. */
  #qualify(statement: Statement, added: readonly Draft[], scope: Scope): void {
    const enabled = this.#features.allow(statement, scope.unit);
    const when = substatement(statement, "when");
    const guards = substatements(statement, "if-feature").map((s) => ({ statement: s, scope }));
    for (const draft of added) {
      if (!enabled) draft.enabled = false;
      if (guards.length > 0) draft.guards = [...draft.guards, ...guards];
      if (when !== undefined) {
        draft.conditions = [...draft.conditions, { statement: when, scope }];
      }
    }
  }
}

function isData(keyword: string): keyword is DraftKind {
  return DATA.has(keyword);
}

/** A draft without children, not yet among those of its parent. */
export function newDraft(
  statement: Statement,
  kind: DraftKind,
  place: Omit<Place, "parent"> & { readonly parent: Draft | undefined },
): Draft {
  const { parent, module, scope } = place;
  return {
    kind,
    name: kind === "input" || kind === "output" ? kind : (statement.argument ?? ""),
    module,
    statement,
    scope,
    parent,
    children: kind === "leaf" || kind === "leaf-list" ? LEAFLESS : [],
    properties: statement.substatements,
    origins: undefined,
    conditions: NOTHING,
    guards: NOTHING,
    inherited: NOTHING,
    enabled: true,
  };
}

/** The node that a path leads to, from among siblings. */
function follow(from: readonly Draft[], path: readonly PathStep[]): Draft | undefined {
  let siblings = from;
  let at: Draft | undefined;
  for (const step of path) {
    at = among(siblings, step);
    if (at === undefined) return undefined;
    siblings = at.children;
  }
  return at;
}
