import { readInstanceIdentifier } from "./instance-identifier.ts";
import type { Module, Schema } from "./schema.ts";
import type { Type } from "./type.ts";
import { isValueFault, parseValue } from "./value.ts";
import type { ValueNames } from "./value-names.ts";
import { isExpressionType, prefixesIn, renamePrefixes } from "./xpath-prefixes.ts";

/**
 * Module names as prefixes, as JSON has them (RFC 7951 sections 6.8 and 6.11). `module`: what names
 * without one mean, the module of the leaf.
 */
export function jsonNames(schema: Schema, module?: Module): ValueNames {
  const byName = new Map<string, Module>();
  for (const candidate of schema.modules) {
    if (candidate.implemented || !byName.has(candidate.name)) {
      byName.set(candidate.name, candidate);
    }
  }
  return { module: (prefix) => (prefix === "" ? module : byName.get(prefix)), schema };
}

/** Whether values of a type can hold names that need prefixes where they are printed. */
export function holdsNames(type: Type): boolean {
  return (
    type.base === "identityref" || type.base === "instance-identifier" || isExpressionType(type)
  );
}

/**
 * The lexical form of a canonical value for XML: identities, instance-identifiers and expressions
 * get the prefixes that the caller declares for their modules, "" for none.
 */
export function printValue(
  value: string,
  type: Type,
  prefixOf: (moduleName: string) => string,
): string {
  const qualify = (module: string, name: string) => {
    const prefix = prefixOf(module);
    return prefix === "" ? name : `${prefix}:${name}`;
  };
  const taker = takerOf(type, value);
  if (isExpressionType(taker)) return renamePrefixes(value, prefixOf);
  switch (taker.base) {
    case "identityref": {
      const colon = value.indexOf(":");
      return qualify(value.slice(0, colon), value.slice(colon + 1));
    }
    case "instance-identifier":
      return printInstanceIdentifier(value, qualify);
    default:
      return value;
  }
}

/**
 * Names of the modules whose namespaces must be declared where a value is printed. In an expression
 * a prefix may stand for nothing at all.
 */
export function modulesOfValue(value: string, type: Type): readonly string[] {
  const taker = takerOf(type, value);
  if (isExpressionType(taker)) return prefixesIn(value);
  switch (taker.base) {
    case "identityref":
      return [value.slice(0, value.indexOf(":"))];
    case "instance-identifier": {
      const modules = new Set<string>();
      printInstanceIdentifier(value, (module, name) => {
        modules.add(module);
        return name;
      });
      return [...modules];
    }
    default:
      return [];
  }
}

/** Canonical values need no names to be told apart. */
const NO_NAMES: ValueNames = { module: () => undefined };

/** The type that a canonical value is of, through unions and leafrefs. */
function takerOf(type: Type, value: string): Type {
  if (type.base === "leafref") return takerOf(type.realType, value);
  if (type.base !== "union") return type;
  return type.members.map((member) => takerOf(member, value)).find((m) => takes(m, value)) ?? type;
}

function takes(type: Type, value: string): boolean {
  if (type.base === "union") return false;
  if (type.base === "identityref") return type.values.has(value);
  if (type.base === "instance-identifier") return readInstanceIdentifier(value) !== undefined;
  return !isValueFault(parseValue(type, value, NO_NAMES));
}

/** RFC 7950 section 9.13.2: in XML every name has its prefix. */
function printInstanceIdentifier(
  value: string,
  qualify: (module: string, name: string) => string,
): string {
  let module = "";
  let text = "";
  for (const step of readInstanceIdentifier(value) ?? []) {
    module = step.module ?? module;
    text += `/${qualify(module, step.name)}`;
    for (const predicate of step.predicates) {
      if (predicate.kind === "position") {
        text += `[${predicate.position}]`;
        continue;
      }
      const { name } = predicate;
      const quote = predicate.value.includes("'") ? '"' : "'";
      const key = name === "." ? name : qualify(predicate.module ?? module, name);
      text += `[${key}=${quote}${predicate.value}${quote}]`;
    }
  }
  return text;
}
