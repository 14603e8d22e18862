import type { PendingLeaf } from "./build.ts";
import { type Draft, properties, property, scopeOf } from "./draft.ts";
import type { Identities } from "./identities.ts";
import type { Definition } from "./module-scope.ts";
import type { Names } from "./names.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { substatement } from "./substatement.ts";
import type { IdentityrefType, Type } from "./type.ts";
import {
  identityName,
  inherited,
  isBuiltIn,
  resolveType,
  resolveTypedef,
  type TypeHooks,
  type TypeScope,
} from "./types.ts";
import { isValueFault, parseDefault } from "./value.ts";
import type { ParsedValue } from "./value-names.ts";

/** A default statement and where it is written. */
interface Written {
  readonly statement: Statement;
  readonly scope: TypeScope;
}

/** A type and where it is written. */
interface Typed {
  readonly type: Type;
  readonly written: Written;
}

/**
 * Gives leaves the canonical values of their defaults, and checks these (RFC 7950 section 7.6.4).
 */
export class Defaults {
  readonly #names: Names;
  readonly #identities: Identities;
  readonly #hooks: TypeHooks;
  readonly #report: Report;

  constructor(parts: {
    readonly names: Names;
    readonly identities: Identities;
    readonly hooks: TypeHooks;
    readonly report: Report;
  }) {
    this.#names = parts.names;
    this.#identities = parts.identities;
    this.#hooks = parts.hooks;
    this.#report = parts.report;
  }

  settle({ node, draft }: PendingLeaf): void {
    if (node.kind === "leaf-list") {
      node.defaults = this.#leafListDefaults(draft, node.type, node.minElements, node.config);
      return;
    }
    const own = property(draft, "default");
    if (own !== undefined && node.mandatory) {
      this.#report.error(own, `leaf "${draft.name}" is mandatory and cannot have a default`);
    }
    const value = own === undefined && node.mandatory ? undefined : this.#value(draft, node.type);
    // Section 7.8.2: what a key would be by default does not matter.
    if (!node.isKey) node.default = value;
  }

  /** Section 7.3.4: the default of a typedef, its own or one that it inherits, fits the typedef. */
  checkTypedef({ statement, scope }: Definition): void {
    const types = this.#names.types(scope, scope.unit.module);
    const name = `${scope.unit.module.name}:${statement.argument}`;
    const type = resolveTypedef({ statement, scope: types, name }, this.#hooks);
    const own = substatement(statement, "default");
    const base = substatement(statement, "type");
    if (base === undefined || hasLeafref(type)) return;
    const found =
      own === undefined ? inherited("default", base, types) : { statement: own, scope: types };
    if (found === undefined) return;
    this.#parse({ type, written: { statement: base, scope: types } }, found, own ?? statement);
  }

  /** RFC 7952: an annotation has a type. */
  checkAnnotation({ statement, scope }: Definition): void {
    const type = substatement(statement, "type");
    if (type !== undefined) {
      resolveType(type, this.#names.types(scope, scope.unit.module), this.#hooks);
    }
  }

  #value(draft: Draft, type: Type): string | undefined {
    const typed = { type, written: this.#typeOf(draft) };
    const own = property(draft, "default");
    if (own !== undefined) return this.#parse(typed, this.#written(own, draft), own);
    const found = this.#inherited(draft);
    return found === undefined ? undefined : this.#parse(typed, found, draft.statement);
  }

  #leafListDefaults(
    draft: Draft,
    type: Type,
    minElements: number,
    config: boolean,
  ): readonly string[] {
    const own = properties(draft, "default");
    const typed = { type, written: this.#typeOf(draft) };
    const [first] = own;
    if (first === undefined) {
      // Section 7.7.2; in YANG 1 a leaf-list has no defaults at all.
      const version = draft.scope.unit.version;
      const found = minElements > 0 || version === "1" ? undefined : this.#inherited(draft);
      const value = found === undefined ? undefined : this.#parse(typed, found, draft.statement);
      return value === undefined ? [] : [value];
    }
    if (minElements > 0) {
      const message = `leaf-list "${draft.name}" has min-elements and cannot have a default`;
      this.#report.error(first, message);
    }
    const values: string[] = [];
    const seen = new Set<string>();
    for (const statement of own) {
      const value = this.#parse(typed, this.#written(statement, draft), statement);
      if (value === undefined) continue;
      if (config && seen.has(value)) {
        this.#report.error(statement, `default "${statement.argument}" is there twice`);
        continue;
      }
      seen.add(value);
      values.push(value);
    }
    return values;
  }

  #written(statement: Statement, draft: Draft): Written {
    return { statement, scope: this.#names.types(scopeOf(draft, statement), draft.module) };
  }

  #typeOf(draft: Draft): Written {
    return this.#written(property(draft, "type") ?? draft.statement, draft);
  }

  #inherited(draft: Draft): Written | undefined {
    const { statement, scope } = this.#typeOf(draft);
    return inherited("default", statement, scope);
  }

  /** Reports at `at`, which is not where an inherited default is written. */
  #parse(
    { type, written }: Typed,
    { statement, scope }: Written,
    at: Statement,
  ): string | undefined {
    const text = statement.argument ?? "";
    if (type.base === "empty") {
      this.#report.error(at, `default "${text}": the type empty has no default`);
      return undefined;
    }
    const result = parseDefault(type, text, this.#names.valuesOf(scope));
    if (!isValueFault(result)) {
      if (this.#isMarked(result, written)) {
        this.#report.error(at, `default "${text}" hangs on a feature, which no default may`);
      }
      return result.value;
    }
    const identity = this.#importedIdentity(type, text, scope);
    if (identity !== undefined) return identity;
    const origin = at === statement ? "" : " of its typedef";
    this.#report.error(at, `default "${text}"${origin}: ${result.message}`);
    return undefined;
  }

  /** Section 7.6.4: what a default names may not hang on a feature. */
  #isMarked({ value, type }: ParsedValue, written: Written): boolean {
    switch (type.base) {
      case "enumeration":
        return isMarkedName("enum", value, written);
      case "bits":
        return value.split(" ").some((bit) => isMarkedName("bit", bit, written));
      case "identityref": {
        const identity = type.values.get(value);
        const found = identity === undefined ? undefined : this.#identities.statementOf(identity);
        return found !== undefined && substatement(found, "if-feature") !== undefined;
      }
      default:
        return false;
    }
  }

  /**
   * A default may name an identity of a module that is not implemented: the text is legal, though
   * the value is not one that a manager could set (section 9.10.2).
   */
  #importedIdentity(type: Type, text: string, scope: TypeScope): string | undefined {
    const identity = scope.identity(text);
    if (identity === undefined) return undefined;
    const fits = identityrefs(type).some(({ bases }) =>
      bases.every((base) => this.#identities.allDerived(base).includes(identity)),
    );
    return fits ? identityName(identity) : undefined;
  }
}

function identityrefs(type: Type): readonly IdentityrefType[] {
  switch (type.base) {
    case "identityref":
      return [type];
    case "union":
      return type.members.flatMap(identityrefs);
    case "leafref":
      return identityrefs(type.realType);
    default:
      return [];
  }
}

/** True if a type, or what it is made of, has a name with an if-feature. */
function isMarkedName(
  keyword: "enum" | "bit",
  name: string,
  { statement, scope }: Written,
  seen: ReadonlySet<Statement> = new Set(),
): boolean {
  if (seen.has(statement)) return false;
  const path = new Set([...seen, statement]);
  for (const sub of statement.substatements) {
    const isMember = sub.keyword === "type";
    if (isMember && isMarkedName(keyword, name, { statement: sub, scope }, path)) return true;
    const isIt = sub.keyword === keyword && sub.argument === name;
    if (isIt && substatement(sub, "if-feature") !== undefined) return true;
  }
  const found = isBuiltIn(statement.argument) ? undefined : scope.typedef(statement.argument ?? "");
  const type = found === undefined ? undefined : substatement(found.statement, "type");
  if (found === undefined || type === undefined) return false;
  return isMarkedName(keyword, name, { statement: type, scope: found.scope }, path);
}

/** In a typedef a leafref has no target yet, so that no value can be held against it. */
function hasLeafref(type: Type): boolean {
  return type.base === "leafref" || (type.base === "union" && type.members.some(hasLeafref));
}
