import { hint } from "./hint.ts";
import type { LinkedModule, Unit } from "./link.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { isBuiltIn } from "./types.ts";

/** A named thing and where it stands: names inside it are looked up from there. */
export interface Definition {
  readonly statement: Statement;
  readonly scope: Scope;
}

/** What RFC 7950 section 6.2.1 gives a name space of its own. */
export type DefinitionKind = "typedef" | "grouping" | "identity" | "feature" | "extension";

type Definitions = Record<DefinitionKind, Map<string, Definition>>;

/** Where the names of typedefs and groupings are looked up (RFC 7950 section 5.5). */
export interface Scope {
  readonly unit: Unit;
  /** Undefined: the top of a file. */
  readonly parent: Scope | undefined;
  readonly typedefs: ReadonlyMap<string, Definition>;
  readonly groupings: ReadonlyMap<string, Definition>;
}

const KINDS: readonly DefinitionKind[] = [
  "typedef",
  "grouping",
  "identity",
  "feature",
  "extension",
];

/** Statements that may hold others that open a scope. */
const NESTING: ReadonlySet<string> = new Set([
  "action",
  "augment",
  "case",
  "choice",
  "container",
  "grouping",
  "input",
  "list",
  "notification",
  "output",
  "rpc",
  "uses",
]);

/** Every name that the modules define, and who may use it. */
export class Scopes {
  readonly #report: Report;
  readonly #tops = new Map<Unit, Scope>();
  readonly #nested = new Map<Statement, Scope>();
  readonly #visible = new Map<Unit | LinkedModule, Definitions>();
  readonly #local = new Map<Unit, Definition[]>();

  constructor(modules: readonly LinkedModule[], report: Report) {
    this.#report = report;
    for (const module of modules) this.#addModule(module);
  }

  /** The scope at the top of a file. */
  top(unit: Unit): Scope {
    const known = this.#tops.get(unit);
    if (known !== undefined) return known;
    const { typedef: typedefs, grouping: groupings } = this.#seen(unit);
    const scope = { unit, parent: undefined, typedefs, groupings };
    this.#tops.set(unit, scope);
    return scope;
  }

  /** The scope inside a statement that stands in `scope`. */
  inside(statement: Statement, scope: Scope): Scope {
    return this.#nested.get(statement) ?? scope;
  }

  /** Typedefs and groupings of a file, the nested ones too. */
  definitionsOf(unit: Unit): readonly Definition[] {
    return this.#local.get(unit) ?? [];
  }

  /** Names of one kind that a whole module defines. */
  ofModule(module: LinkedModule, kind: DefinitionKind): ReadonlyMap<string, Definition> {
    return this.#seen(module)[kind];
  }

  /** What a name means where it stands, prefix included; undefined: nothing. */
  find(kind: DefinitionKind, name: string, from: Scope): Definition | undefined {
    const colon = name.indexOf(":");
    if (colon !== -1) {
      const module = from.unit.prefixes.get(name.slice(0, colon));
      const local = name.slice(colon + 1);
      if (module !== from.unit.module) {
        return module === undefined ? undefined : this.#seen(module)[kind].get(local);
      }
      return this.find(kind, local, from);
    }
    if (kind !== "typedef" && kind !== "grouping") return this.#seen(from.unit)[kind].get(name);
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) {
      const found = (kind === "typedef" ? scope.typedefs : scope.groupings).get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What to say behind a name that means nothing where it stands (see hint.ts). */
  hint(kind: DefinitionKind, name: string, from: Scope, more: readonly string[] = []): string {
    if (this.#report.isFull) return "";
    const colon = name.indexOf(":");
    const { prefixes, module: own } = from.unit;
    if (colon !== -1 && !prefixes.has(name.slice(0, colon))) {
      const local = name.slice(colon);
      return hint(
        name,
        [...prefixes.keys()].map((prefix) => prefix + local),
      );
    }
    const module = colon === -1 ? own : prefixes.get(name.slice(0, colon));
    if (module !== own) {
      const known = module === undefined ? [] : this.#seen(module)[kind].keys();
      return hint(
        name,
        Array.from(known, (local) => name.slice(0, colon + 1) + local),
      );
    }
    return hint(name, [...more, ...this.#namesFrom(kind, from)]);
  }

  #namesFrom(kind: DefinitionKind, from: Scope): readonly string[] {
    const names = [...this.#seen(from.unit)[kind].keys()];
    if (kind !== "typedef" && kind !== "grouping") return names;
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) {
      names.push(...(kind === "typedef" ? scope.typedefs : scope.groupings).keys());
    }
    return names;
  }

  #seen(place: Unit | LinkedModule): Definitions {
    return this.#visible.get(place) ?? empty();
  }

  #addModule(module: LinkedModule): void {
    const whole = empty();
    this.#visible.set(module, whole);
    for (const unit of module.units) {
      // YANG 1: a submodule sees its module and what it includes, no more (RFC 6020 section 5.1).
      const all = unit.version === "1.1" || unit.kind === "module";
      this.#visible.set(unit, all ? whole : empty());
    }
    for (const unit of module.units) this.#addUnit(unit, whole);
    for (const unit of module.units) {
      const own = this.#seen(unit);
      if (own === whole) continue;
      const seen = included(unit);
      for (const kind of KINDS) {
        for (const [name, found] of whole[kind]) {
          const from = found.scope.unit;
          if (from.kind === "module" || seen.has(from)) own[kind].set(name, found);
        }
      }
    }
    for (const unit of module.units) this.#nest(unit.statement, this.top(unit));
  }

  #addUnit(unit: Unit, whole: Definitions): void {
    const scope = this.top(unit);
    const local: Definition[] = [];
    this.#local.set(unit, local);
    for (const statement of unit.statement.substatements) {
      const kind = KINDS.find((name) => name === statement.keyword);
      if (kind === undefined || statement.argument === undefined) continue;
      const definition = { statement, scope };
      if (kind === "typedef" || kind === "grouping") local.push(definition);
      const before = whole[kind].get(statement.argument);
      if (before === undefined) whole[kind].set(statement.argument, definition);
      else this.#twice(statement, before.statement);
      if (kind === "typedef") this.#checkTypedef(statement);
    }
  }

  /** Opens the scopes below a statement. */
  #nest(statement: Statement, scope: Scope): void {
    for (const child of statement.substatements) {
      if (!NESTING.has(child.keyword) && !child.keyword.includes(":")) continue;
      if (child.substatements.length === 0) continue;
      this.#nest(child, this.#open(child, scope));
    }
  }

  #open(statement: Statement, parent: Scope): Scope {
    const named = statement.substatements.filter(
      (s) => s.keyword === "typedef" || s.keyword === "grouping",
    );
    if (named.length === 0) return parent;
    const typedefs = new Map<string, Definition>();
    const groupings = new Map<string, Definition>();
    const scope: Scope = { unit: parent.unit, parent, typedefs, groupings };
    this.#nested.set(statement, scope);
    for (const own of named) {
      if (own.argument === undefined) continue;
      const kind = own.keyword === "typedef" ? "typedef" : "grouping";
      const definition = { statement: own, scope };
      this.#local.get(parent.unit)?.push(definition);
      // RFC 7950 section 5.5: nothing is hidden by what is nested deeper.
      const before = this.find(kind, own.argument, scope);
      if (before !== undefined) this.#twice(own, before.statement);
      else (kind === "typedef" ? typedefs : groupings).set(own.argument, definition);
      if (kind === "typedef") this.#checkTypedef(own);
    }
    return scope;
  }

  #twice(statement: Statement, before: Statement): void {
    const { file, line } = before.position;
    const { keyword, argument } = statement;
    this.#report.error(
      statement,
      `${keyword} "${argument}" is defined already, at ${file}:${line}`,
    );
  }

  /** Section 7.3: the names of the built-in types are taken. */
  #checkTypedef(statement: Statement): void {
    if (isBuiltIn(statement.argument)) {
      this.#report.error(statement, `"${statement.argument}" is a built-in type`);
    }
  }
}

function empty(): Definitions {
  return {
    typedef: new Map(),
    grouping: new Map(),
    identity: new Map(),
    feature: new Map(),
    extension: new Map(),
  };
}

/** The file itself and all that it includes, directly or not. */
function included(unit: Unit): ReadonlySet<Unit> {
  const found = new Set<Unit>([unit]);
  for (const each of found) for (const next of each.includes) found.add(next);
  return found;
}
