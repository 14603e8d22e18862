import { evaluateIfFeature, parseIfFeature } from "../../src/yang/if-feature.ts";
import { type Type, translatePattern } from "../../src/yang/index.ts";
import { parseStatements } from "../../src/yang/parser.ts";
import type { Identity, Module } from "../../src/yang/schema.ts";
import type { Statement } from "../../src/yang/statement.ts";
import { identityName, resolveType, type TypeHooks, type TypeScope } from "../../src/yang/types.ts";
import type { XPathNames } from "../../src/yang/xpath.ts";

/** A module with nothing in it, for what wants one to belong to. */
export function moduleOf(name: string, prefix = name): Module {
  const statement = { keyword: "module", argument: name, substatements: [], position };
  return {
    name,
    prefix,
    namespace: `urn:${name}`,
    revision: undefined,
    yangVersion: "1.1",
    implemented: true,
    features: new Set(),
    declaredFeatures: new Set(),
    submodules: [],
    deviations: [],
    text: "",
    statement,
    prefixes: new Map(),
    annotations: new Map(),
  };
}

const position = { file: "test", line: 1, column: 1 };

/** The module "t" with prefix "t" that everything in these tests belongs to, and another, "u". */
export const T = moduleOf("t");
export const U = moduleOf("u");

export const names: XPathNames = {
  namespace: (prefix) => ({ t: T.namespace, u: U.namespace })[prefix],
  defaultNamespace: T.namespace,
};

export function identity(module: Module, name: string, ...bases: Identity[]): Identity {
  return { module, name, bases, description: undefined };
}

export interface Fixture {
  readonly yangVersion?: "1" | "1.1";
  /** Typedef statements of the module, as YANG text. */
  readonly typedefs?: string;
  readonly identities?: readonly Identity[];
  readonly features?: readonly string[];
}

/** What a type statement resolves to, and what was reported on the way. */
export function resolve(
  text: string,
  fixture: Fixture = {},
): { readonly type: Type; readonly reports: readonly string[] } {
  const reports: string[] = [];
  const typedefs = statements(fixture.typedefs ?? "");
  const identities = fixture.identities ?? [];
  const scope: TypeScope = {
    yangVersion: fixture.yangVersion ?? "1.1",
    moduleName: "t",
    typedef(name) {
      const local = name.replace(/^t:/, "");
      const statement = typedefs.find((s) => s.argument === local);
      return statement === undefined ? undefined : { statement, scope, name: `t:${local}` };
    },
    identity(name) {
      const [local, prefix = "t"] = name.split(":").reverse();
      return identities.find((i) => i.name === local && i.module.prefix === prefix);
    },
    hint: () => "",
    names,
    enabled: (conditions) =>
      conditions.every((condition) => {
        const parsed = parseIfFeature(condition.argument ?? "", "1.1");
        if ("message" in parsed) throw new Error(parsed.message);
        return evaluateIfFeature(parsed, (_p, name) => fixture.features?.includes(name) ?? false);
      }),
    report: (_at, message) => reports.push(message),
  };
  const hooks: TypeHooks = {
    derived: (base) => {
      const derived = identities.filter((candidate) => descends(candidate, base));
      return new Map(derived.map((one) => [identityName(one), one] as const));
    },
    typedefs: new Map(),
  };
  const [statement] = statements(text);
  if (statement === undefined) throw new Error(`no statement in ${text}`);
  return { type: resolveType(statement, scope, hooks), reports };
}

/** As resolve(), of a type with nothing wrong about it. */
export function typeOf(text: string, fixture: Fixture = {}): Type {
  const { type, reports } = resolve(text, fixture);
  if (reports.length > 0) throw new Error(reports.join("; "));
  return type;
}

export function statements(text: string): readonly Statement[] {
  const parsed = parseStatements({ file: "test", text });
  const [fault] = parsed.diagnostics;
  if (fault !== undefined) throw new Error(`${fault.message} in ${text}`);
  return parsed.statements;
}

function descends(identity: Identity, base: Identity): boolean {
  return identity.bases.some((b) => b === base || descends(b, base));
}

/** The matcher of a pattern with nothing wrong about it. */
export function matcher(xsd: string): (text: string) => boolean {
  const pattern = translatePattern(xsd);
  if ("message" in pattern) throw new Error(`${xsd}: ${pattern.message} at ${pattern.offset}`);
  return pattern.matches;
}
