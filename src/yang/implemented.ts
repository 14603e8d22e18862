import type { Placed } from "./draft.ts";
import type { Features } from "./features.ts";
import type { LinkedModule } from "./link.ts";
import type { Scope, Scopes } from "./module-scope.ts";
import type { Statement } from "./statement.ts";

const PREFIX = /([A-Za-z_][A-Za-z0-9_.-]*):(?!:)/g;

/**
 * RFC 7950 section 5.6.5: whoever implements a module implements the modules whose nodes it
 * augments,
 * deviates, or leads to by the path of a leafref. By module name.
 */
export function implementedModules(
  wanted: readonly LinkedModule[],
  scopes: Scopes,
  features: Features,
): ReadonlyMap<string, LinkedModule> {
  const reach = new Reach(scopes, features);
  for (const module of wanted) reach.implement(module);
  reach.follow();
  return reach.found;
}

class Reach {
  readonly found = new Map<string, LinkedModule>();
  readonly #scopes: Scopes;
  readonly #features: Features;
  readonly #seen = new Set<Statement>();
  /** Definitions that are used: to be looked at, one after the other. */
  readonly #pending: Placed[] = [];
  readonly #modules: LinkedModule[] = [];

  constructor(scopes: Scopes, features: Features) {
    this.#scopes = scopes;
    this.#features = features;
  }

  /** One revision of each name: the first that is asked for. */
  implement(module: LinkedModule): void {
    if (this.found.has(module.name)) return;
    this.found.set(module.name, module);
    this.#modules.push(module);
  }

  /** Until there is nothing more to look at: without recursion, for chains may be long. */
  follow(): void {
    for (;;) {
      const module = this.#modules.pop();
      const definition = this.#pending.pop();
      if (module !== undefined) this.#module(module);
      if (definition !== undefined) this.#body(definition.statement, definition.scope);
      if (module === undefined && definition === undefined) return;
    }
  }

  #module(module: LinkedModule): void {
    for (const unit of module.units) {
      const scope = this.#scopes.top(unit);
      for (const statement of unit.statement.substatements) {
        if (!this.#features.allow(statement, unit)) continue;
        if (/^(augment|deviation|.*:augment-structure)$/.test(statement.keyword)) {
          this.#prefixes(statement.argument ?? "", scope);
        }
        this.#visit(statement, scope);
      }
    }
  }

  /** Definitions count when they are used. */
  #visit(statement: Statement, scope: Scope): void {
    if (statement.keyword === "typedef" || statement.keyword === "grouping") return;
    this.#body(statement, scope);
  }

  #body(statement: Statement, scope: Scope): void {
    if (statement.keyword === "type") this.#definition("typedef", statement, scope);
    else if (statement.keyword === "uses") this.#definition("grouping", statement, scope);
    else if (statement.keyword === "path") this.#path(statement.argument ?? "", scope);
    if (statement.substatements.length === 0) return;
    if (!this.#features.allow(statement, scope.unit)) return;
    const inner = this.#scopes.inside(statement, scope);
    for (const child of statement.substatements) this.#visit(child, inner);
  }

  #definition(kind: "typedef" | "grouping", statement: Statement, scope: Scope): void {
    const found = this.#scopes.find(kind, statement.argument ?? "", scope);
    if (found === undefined || this.#seen.has(found.statement)) return;
    this.#seen.add(found.statement);
    this.#pending.push(found);
  }

  #path(text: string, scope: Scope): void {
    this.#prefixes(text, scope);
    // Without a prefix, a typedef's path leads into the module of the typedef.
    if (/^\s*\/[^/:]+(\/|$)/.test(text)) this.implement(scope.unit.module);
  }

  #prefixes(text: string, scope: Scope): void {
    for (const [, prefix = ""] of text.matchAll(PREFIX)) {
      const module = scope.unit.prefixes.get(prefix);
      if (module !== undefined) this.implement(module);
    }
  }
}
