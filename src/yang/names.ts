import type { Features } from "./features.ts";
import type { Identities } from "./identities.ts";
import type { LinkedModule } from "./link.ts";
import type { Scope, Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Module } from "./schema.ts";
import { builtInNames, type TypeScope } from "./types.ts";
import type { ValueNames } from "./value-names.ts";
import type { XPathNames } from "./xpath.ts";

/** How the names in types, expressions and values are read where they stand. */
export class Names {
  readonly #scopes: Scopes;
  readonly #identities: Identities;
  readonly #features: Features;
  readonly #modules: ReadonlyMap<LinkedModule, Module>;
  readonly #report: Report;
  readonly #xpath = new Map<Scope, Map<LinkedModule, XPathNames>>();
  readonly #types = new Map<Scope, Map<LinkedModule, TypeScope>>();
  readonly #values = new Map<Scope, ValueNames>();
  readonly #origins = new Map<TypeScope, Scope>();

  constructor(parts: {
    readonly scopes: Scopes;
    readonly identities: Identities;
    readonly features: Features;
    readonly modules: ReadonlyMap<LinkedModule, Module>;
    readonly report: Report;
  }) {
    this.#scopes = parts.scopes;
    this.#identities = parts.identities;
    this.#features = parts.features;
    this.#modules = parts.modules;
    this.#report = parts.report;
  }

  /**
   * RFC 7950 section 6.4.1: prefixes mean what they mean where the expression is written, names
   * without one the module that the node is in.
   */
  xpath(scope: Scope, module: LinkedModule): XPathNames {
    return remembered(this.#xpath, scope, module, () => ({
      namespace: (prefix) => scope.unit.prefixes.get(prefix)?.namespace,
      defaultNamespace: module.namespace,
    }));
  }

  /** The same for types; a typedef's own paths stay in the module that defines it. */
  types(scope: Scope, module: LinkedModule): TypeScope {
    return remembered(this.#types, scope, module, () => this.#typeScope(scope, module));
  }

  /** As values(), where a type is written. */
  valuesOf(types: TypeScope): ValueNames {
    const scope = this.#origins.get(types);
    return scope === undefined ? { module: () => undefined } : this.values(scope);
  }

  #typeScope(scope: Scope, module: LinkedModule): TypeScope {
    const made: TypeScope = {
      yangVersion: scope.unit.version,
      moduleName: scope.unit.module.name,
      typedef: (name) => {
        const found = this.#scopes.find("typedef", name, scope);
        if (found === undefined) return undefined;
        const owner = found.scope.unit.module;
        return {
          statement: found.statement,
          scope: this.types(found.scope, owner),
          name: `${owner.name}:${found.statement.argument}`,
        };
      },
      identity: (name) => this.#identities.find(name, scope),
      hint: (kind, name) =>
        this.#scopes.hint(kind, name, scope, kind === "typedef" ? builtInNames : []),
      names: this.xpath(scope, module),
      enabled: (ifFeatures) => this.#features.enabled(ifFeatures, scope.unit),
      report: (at, message) => this.#report.error(at, message),
    };
    this.#origins.set(made, scope);
    return made;
  }

  /** For defaults: prefixes of the file, and the file's module for names without one. */
  values(scope: Scope): ValueNames {
    const known = this.#values.get(scope);
    if (known !== undefined) return known;
    const { prefixes, module: own } = scope.unit;
    const names: ValueNames = {
      module: (prefix) => {
        const found = prefix === "" ? own : prefixes.get(prefix);
        return found === undefined ? undefined : this.#modules.get(found);
      },
    };
    this.#values.set(scope, names);
    return names;
  }
}

function remembered<T>(
  memory: Map<Scope, Map<LinkedModule, T>>,
  scope: Scope,
  module: LinkedModule,
  make: () => T,
): T {
  let ofScope = memory.get(scope);
  if (ofScope === undefined) {
    ofScope = new Map();
    memory.set(scope, ofScope);
  }
  let value = ofScope.get(module);
  if (value === undefined) {
    value = make();
    ofScope.set(module, value);
  }
  return value;
}
