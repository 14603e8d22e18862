import {
  deriveBits,
  deriveEnums,
  INTEGER_BOUNDS,
  resolveBits,
  resolveEnums,
  restrictLength,
  restrictPatterns,
  restrictRange,
} from "./restrict.ts";
import type { Identity, Module } from "./schema.ts";
import type { Statement } from "./statement.ts";
import type { IntegerBase, LeafrefType, Type, UnionType } from "./type.ts";
import type { XPathNames } from "./xpath.ts";
import { compileXPath, isXPathFault } from "./xpath-compile.ts";

/** What the names in a type statement mean where it stands. */
export interface TypeScope {
  readonly yangVersion: "1" | "1.1";
  /** Of the statement: the module, not the submodule. */
  readonly moduleName: string;
  /** Lexically scoped, by the name as written, prefix included. */
  typedef(name: string): TypedefFound | undefined;
  identity(name: string): Identity | undefined;
  /** What to say behind a name that is none of these. */
  hint(kind: "typedef" | "identity", name: string): string;
  /** For the paths of leafrefs. */
  readonly names: XPathNames;
  enabled(ifFeatures: readonly Statement[]): boolean;
  report(at: Statement, message: string): void;
}

export interface TypedefFound {
  readonly statement: Statement;
  /** Where the typedef stands. */
  readonly scope: TypeScope;
  /** "module:name" */
  readonly name: string;
}

/** A typedef's type, and every name it declares with its value, those switched off among them. */
export interface ResolvedTypedef {
  readonly type: Type;
  readonly declared: ReadonlyMap<string, number>;
}

/** One for each compilation. */
export interface TypeHooks {
  /**
   * Enabled identities of implemented modules that are derived from the base, itself excluded, by
   * their canonical values.
   */
  derived(base: Identity): ReadonlyMap<string, Identity>;
  /** Starts empty; filled as typedefs are met. "open" while one is being resolved. */
  readonly typedefs: Map<Statement, ResolvedTypedef | "open">;
}

/** What types become that cannot be resolved, so that compiling goes on: anything fits. */
const PERMISSIVE: Type = {
  base: "string",
  typedef: undefined,
  typedefs: [],
  lengths: [],
  patterns: [],
};

const NOTHING: ReadonlyMap<string, number> = new Map();

const PLAIN = { typedef: undefined, typedefs: [] } as const;

/** RFC 7950 section 9: which substatements a built-in type takes, and which of them once named. */
const SUBSTATEMENTS: Readonly<
  Record<Type["base"], { readonly first: readonly string[]; readonly derived: readonly string[] }>
> = {
  int8: { first: ["range"], derived: ["range"] },
  int16: { first: ["range"], derived: ["range"] },
  int32: { first: ["range"], derived: ["range"] },
  int64: { first: ["range"], derived: ["range"] },
  uint8: { first: ["range"], derived: ["range"] },
  uint16: { first: ["range"], derived: ["range"] },
  uint32: { first: ["range"], derived: ["range"] },
  uint64: { first: ["range"], derived: ["range"] },
  decimal64: { first: ["fraction-digits", "range"], derived: ["range"] },
  string: { first: ["length", "pattern"], derived: ["length", "pattern"] },
  binary: { first: ["length"], derived: ["length"] },
  boolean: { first: [], derived: [] },
  empty: { first: [], derived: [] },
  enumeration: { first: ["enum"], derived: ["enum"] },
  bits: { first: ["bit"], derived: ["bit"] },
  identityref: { first: ["base"], derived: [] },
  leafref: { first: ["path", "require-instance"], derived: ["require-instance"] },
  "instance-identifier": { first: ["require-instance"], derived: ["require-instance"] },
  union: { first: ["type"], derived: [] },
};

/**
 * The type that a `type` statement stands for. Faults are reported to the scope of the statement
 * at
 * fault, and a type comes back in any case. A leafref's target is filled in by resolveLeafrefs().
 */
export function resolveType(statement: Statement, scope: TypeScope, hooks: TypeHooks): Type {
  return resolve(statement, scope, hooks).type;
}

/**
 * A typedef's own type, resolved once for each compilation: also the check of one that nothing
 * uses.
 */
export function resolveTypedef(found: TypedefFound, hooks: TypeHooks): Type {
  return typedefOf(found, hooks).type;
}

/** A default or units statement that a type inherits from the closest typedef that has one. */
export function inherited(
  keyword: "default" | "units",
  type: Statement,
  scope: TypeScope,
): { readonly statement: Statement; readonly scope: TypeScope } | undefined {
  const seen = new Set<Statement>();
  let at = { type, scope };
  for (;;) {
    const found = isBuiltIn(at.type.argument) ? undefined : typedefNamed(at.type, at.scope);
    if (found === undefined || seen.has(found.statement)) return undefined;
    seen.add(found.statement);
    const own = substatement(found.statement, keyword);
    if (own !== undefined) return { statement: own, scope: found.scope };
    const next = substatement(found.statement, "type");
    if (next === undefined) return undefined;
    at = { type: next, scope: found.scope };
  }
}

function resolve(statement: Statement, scope: TypeScope, hooks: TypeHooks): ResolvedTypedef {
  const name = statement.argument ?? "";
  if (isBuiltIn(name)) return builtIn(name, statement, scope, hooks);
  const found = typedefNamed(statement, scope);
  if (found === undefined) {
    scope.report(statement, `there is no type "${name}"${scope.hint("typedef", name)}`);
    return { type: PERMISSIVE, declared: NOTHING };
  }
  const parent = typedefOf(found, hooks);
  const named = {
    ...fresh(parent.type),
    typedef: found.name,
    typedefs: [found.name, ...parent.type.typedefs],
  };
  return derive({ type: named, declared: parent.declared }, statement, scope);
}

function typedefNamed(statement: Statement, scope: TypeScope): TypedefFound | undefined {
  return statement.argument === undefined ? undefined : scope.typedef(statement.argument);
}

function typedefOf(found: TypedefFound, hooks: TypeHooks): ResolvedTypedef {
  const known = hooks.typedefs.get(found.statement);
  if (known !== undefined && known !== "open") return known;
  let resolved: ResolvedTypedef = { type: PERMISSIVE, declared: NOTHING };
  if (known === "open") {
    found.scope.report(found.statement, `typedef "${found.name}" is defined by itself`);
  } else {
    hooks.typedefs.set(found.statement, "open");
    const type = substatement(found.statement, "type");
    if (type !== undefined) resolved = ruledBy(found.name, resolve(type, found.scope, hooks));
  }
  hooks.typedefs.set(found.statement, resolved);
  return resolved;
}

/** Each pattern knows the typedef that it stands in: messages can say what the value is to be. */
function ruledBy(typedef: string, { type, declared }: ResolvedTypedef): ResolvedTypedef {
  if (type.base !== "string" || type.patterns.length === 0) return { type, declared };
  return {
    type: { ...type, patterns: type.patterns.map((one) => ({ typedef, ...one })) },
    declared,
  };
}

/** Leafrefs belong to one use each: their targets depend on where the type is used. */
function fresh(type: Type): Type {
  if (type.base === "leafref") return { ...type };
  if (type.base !== "union") return type;
  const members = type.members.map(fresh);
  return members.every((member, i) => member === type.members[i]) ? type : { ...type, members };
}

function builtIn(
  base: Type["base"],
  statement: Statement,
  scope: TypeScope,
  hooks: TypeHooks,
): ResolvedTypedef {
  refuseOthers(statement, SUBSTATEMENTS[base].first, withArticle(base), scope);
  switch (base) {
    case "decimal64":
      return only(decimal64(statement, scope));
    case "string":
      return only({
        ...PLAIN,
        base,
        lengths: restrictLength([], statement, scope),
        patterns: restrictPatterns([], statement, scope),
      });
    case "binary":
      return only({ ...PLAIN, base, lengths: restrictLength([], statement, scope) });
    case "boolean":
    case "empty":
      return only({ ...PLAIN, base });
    case "enumeration":
      return enumeration(resolveEnums(statement, scope), PLAIN);
    case "bits":
      return bits(resolveBits(statement, scope), PLAIN);
    case "identityref":
      return only(identityref(statement, scope, hooks));
    case "leafref":
      return only(leafref(statement, scope));
    case "instance-identifier":
      return only({ ...PLAIN, base, requireInstance: requireInstance(statement, scope) ?? true });
    case "union":
      return only(union(statement, scope, hooks));
    default:
      return only({ ...PLAIN, base, ranges: integerRanges(base, statement, scope) });
  }
}

/** RFC 7950 sections 9.2.4, 9.4.4, 9.6.3: a type of a typedef, made narrower. */
function derive(parent: ResolvedTypedef, statement: Statement, scope: TypeScope): ResolvedTypedef {
  const { type } = parent;
  const what = `derived from ${withArticle(type.base)}`;
  refuseOthers(statement, SUBSTATEMENTS[type.base].derived, what, scope);
  switch (type.base) {
    case "decimal64": {
      const ranges = restrictRange(type.ranges, statement, scope, INTEGER_BOUNDS.int64, type);
      return only({ ...type, ranges });
    }
    case "string":
      return only({
        ...type,
        lengths: restrictLength(type.lengths, statement, scope),
        patterns: restrictPatterns(type.patterns, statement, scope),
      });
    case "binary":
      return only({ ...type, lengths: restrictLength(type.lengths, statement, scope) });
    case "enumeration":
      return has(statement, "enum")
        ? enumeration(deriveEnums(type, parent.declared, statement, scope), type)
        : parent;
    case "bits":
      return has(statement, "bit")
        ? bits(deriveBits(type, parent.declared, statement, scope), type)
        : parent;
    case "leafref":
    case "instance-identifier": {
      const own = requireInstance(statement, scope);
      return own === undefined ? parent : only({ ...type, requireInstance: own });
    }
    case "boolean":
    case "empty":
    case "identityref":
    case "union":
      return parent;
    default: {
      const bounds = INTEGER_BOUNDS[type.base];
      return only({ ...type, ranges: restrictRange(type.ranges, statement, scope, bounds) });
    }
  }
}

function withArticle(base: Type["base"]): string {
  return `${/^[aei]/.test(base) ? "an" : "a"} ${base}`;
}

function refuseOthers(
  statement: Statement,
  allowed: readonly string[],
  what: string,
  scope: TypeScope,
): void {
  for (const other of statement.substatements) {
    const { keyword } = other;
    if (keyword.includes(":") || allowed.includes(keyword)) continue;
    scope.report(other, `"${keyword}" does not fit type "${statement.argument}", ${what}`);
  }
}

function integerRanges(base: IntegerBase, statement: Statement, scope: TypeScope) {
  return restrictRange([], statement, scope, INTEGER_BOUNDS[base]);
}

function decimal64(statement: Statement, scope: TypeScope): Type {
  const digits = substatement(statement, "fraction-digits");
  const text = digits?.argument ?? "";
  const legal = /^([1-9]|1[0-8])$/.test(text);
  if (!legal) {
    const message =
      digits === undefined
        ? "a decimal64 needs fraction-digits"
        : `fraction-digits "${text}" is not in the range 1..18`;
    scope.report(digits ?? statement, message);
  }
  const fractionDigits = legal ? Number(text) : 18;
  const ranges = legal
    ? restrictRange([], statement, scope, INTEGER_BOUNDS.int64, { fractionDigits })
    : [];
  return { ...PLAIN, base: "decimal64", fractionDigits, ranges };
}

interface NamedValues {
  readonly enabled: ReadonlyMap<string, number>;
  readonly declared: ReadonlyMap<string, number>;
  readonly descriptions: ReadonlyMap<string, string>;
}

type Naming = Pick<Type, "typedef" | "typedefs">;

function enumeration(found: NamedValues, naming: Naming): ResolvedTypedef {
  const { typedef, typedefs } = naming;
  const { enabled: enums, declared, descriptions } = found;
  return { type: { base: "enumeration", typedef, typedefs, enums, descriptions }, declared };
}

function bits(found: NamedValues, naming: Naming): ResolvedTypedef {
  const { typedef, typedefs } = naming;
  const { declared, descriptions } = found;
  const ordered = new Map([...found.enabled].sort((a, b) => a[1] - b[1]));
  return { type: { base: "bits", typedef, typedefs, bits: ordered, descriptions }, declared };
}

/** RFC 7950 section 9.10.2: several bases are a 1.1 thing, and all of them must hold. */
function identityref(statement: Statement, scope: TypeScope, hooks: TypeHooks): Type {
  const wanted = statement.substatements.filter((s) => s.keyword === "base");
  if (wanted.length === 0) scope.report(statement, "an identityref needs a base");
  const second = wanted[1];
  if (second !== undefined && scope.yangVersion === "1") {
    scope.report(second, "more than one base needs yang-version 1.1");
  }
  const bases = wanted.flatMap((base) => {
    const name = base.argument ?? "";
    const identity = scope.identity(name);
    if (identity === undefined) {
      scope.report(base, `there is no identity "${name}"${scope.hint("identity", name)}`);
    }
    return identity === undefined ? [] : [identity];
  });
  const [first = new Map<string, Identity>(), ...others] = bases.map((one) => hooks.derived(one));
  const isLegal = (value: string): boolean => others.every((other) => other.has(value));
  const values = others.length === 0 ? first : new Map([...first].filter(([v]) => isLegal(v)));
  return { ...PLAIN, base: "identityref", bases, values };
}

/** The canonical value that names an identity. */
export function identityName(identity: { readonly module: Module; readonly name: string }): string {
  return `${identity.module.name}:${identity.name}`;
}

function leafref(statement: Statement, scope: TypeScope): Type {
  const path = substatement(statement, "path");
  if (path === undefined) {
    scope.report(statement, "a leafref needs a path");
    return PERMISSIVE;
  }
  const xpath = compileXPath(path.argument ?? "", scope.names);
  if (isXPathFault(xpath)) {
    scope.report(path, xpath.message);
    return PERMISSIVE;
  }
  const pending: Omit<LeafrefType, "target" | "realType"> = {
    ...PLAIN,
    base: "leafref",
    path: xpath,
    requireInstance: requireInstance(statement, scope) ?? true,
  };
  // Target and real type follow in resolveLeafrefs(), once the schema nodes are there.
  return pending as LeafrefType;
}

function requireInstance(statement: Statement, scope: TypeScope): boolean | undefined {
  const own = substatement(statement, "require-instance");
  if (own === undefined) return undefined;
  if (own.argument !== "true" && own.argument !== "false") {
    scope.report(own, `require-instance is true or false, not "${own.argument}"`);
  }
  const built = statement.argument === "instance-identifier";
  if (scope.yangVersion === "1" && !built && statement.argument === "leafref") {
    scope.report(own, "require-instance in a leafref needs yang-version 1.1");
  }
  return own.argument !== "false";
}

function union(statement: Statement, scope: TypeScope, hooks: TypeHooks): UnionType {
  const wanted = statement.substatements.filter((s) => s.keyword === "type");
  if (wanted.length === 0) scope.report(statement, "a union needs at least one type");
  const members = wanted.map((member) => {
    const type = resolveType(member, scope, hooks);
    if (scope.yangVersion === "1" && (type.base === "empty" || type.base === "leafref")) {
      scope.report(member, `a member of type ${type.base} needs yang-version 1.1`);
    }
    return type;
  });
  return { ...PLAIN, base: "union", members };
}

function only(type: Type): ResolvedTypedef {
  return { type, declared: NOTHING };
}

function has(statement: Statement, keyword: string): boolean {
  return statement.substatements.some((s) => s.keyword === keyword);
}

function substatement(statement: Statement, keyword: string): Statement | undefined {
  return statement.substatements.find((s) => s.keyword === keyword);
}

export const builtInNames: readonly string[] = Object.keys(SUBSTATEMENTS);

/** True of the names of RFC 7950 section 4.2.4, which no typedef may take. */
export function isBuiltIn(name: string | undefined): name is Type["base"] {
  return name !== undefined && Object.hasOwn(SUBSTATEMENTS, name);
}
