import {
  type InstancePredicate,
  type InstanceStep,
  readInstanceIdentifier,
} from "./instance-identifier.ts";
import type {
  DataSchemaNode,
  LeafListSchema,
  LeafSchema,
  ListSchema,
  Module,
  Schema,
} from "./schema.ts";
import type { Type } from "./type.ts";
import { fault, prefixFault, show } from "./value-fault.ts";
import type { ParsedValue, ValueFault, ValueNames } from "./value-names.ts";

type ParseValue = (type: Type, text: string, names: ValueNames) => ParsedValue | ValueFault;

/**
 * RFC 7950 section 9.13, made canonical as RFC 7951 section 6.11 has it: a module name where it
 * changes, keys in the order of the key statement. Where the names carry a schema the path is held
 * against it, and key values get their own canonical form.
 */
export function parseInstanceIdentifier(
  text: string,
  names: ValueNames,
  parse: ParseValue,
): string | ValueFault {
  const steps = readInstanceIdentifier(text.trim());
  if (steps === undefined) return fault(`${show(text)} is no instance-identifier`);
  const bare = names.explicit === true ? bareName(steps) : undefined;
  if (bare !== undefined) return fault(`${show(text)} needs a prefix on "${bare}"`);
  let canonical = "";
  let module: Module | undefined;
  let parent: DataSchemaNode | undefined;
  for (const step of steps) {
    const own =
      step.module === undefined ? (module ?? names.module("")) : names.module(step.module);
    if (own === undefined) {
      const first = fault(`${show(text)} needs a prefix on its first name`);
      return step.module === undefined ? first : prefixFault(show(text), step.module, names);
    }
    const read = readPredicates(step, own, names);
    if (read === undefined) return fault(`${show(text)} has a prefix that is not known`);
    let predicates: readonly Predicate[] = read;
    if (names.schema !== undefined) {
      const node = childOf(parent, names.schema, own, step.name);
      if (node === undefined)
        return fault(`${show(text)} leads nowhere: there is no "${step.name}"`);
      const checked = checkPredicates(node, read, names, parse);
      if (typeof checked === "string") return fault(`${show(text)}: ${checked}`);
      predicates = checked;
      parent = node;
    }
    canonical += `/${own === module ? "" : `${own.name}:`}${step.name}`;
    canonical += predicates.map((predicate) => printPredicate(predicate, own)).join("");
    module = own;
  }
  return canonical;
}

/** The first name without a prefix. */
function bareName(steps: readonly InstanceStep[]): string | undefined {
  for (const { module, name, predicates } of steps) {
    if (module === undefined) return name;
    for (const each of predicates) {
      if (each.kind === "key" && each.name !== "." && each.module === undefined) return each.name;
    }
  }
  return undefined;
}

interface KeyPredicate {
  readonly module: Module;
  readonly name: string;
  readonly value: string;
}

/** A number counts entries. */
type Predicate = KeyPredicate | number;

function readPredicates(
  step: InstanceStep,
  module: Module,
  names: ValueNames,
): readonly Predicate[] | undefined {
  const read = step.predicates.map((p) => readPredicate(p, module, names));
  return read.every((p) => p !== undefined) ? read : undefined;
}

function readPredicate(
  predicate: InstancePredicate,
  parent: Module,
  names: ValueNames,
): Predicate | undefined {
  if (predicate.kind === "position") return predicate.position;
  const { name, value } = predicate;
  const module = predicate.module === undefined ? parent : names.module(predicate.module);
  return module === undefined ? undefined : { module, name, value };
}

function printPredicate(predicate: Predicate, parent: Module): string {
  if (typeof predicate === "number") return `[${predicate}]`;
  const { module, name, value } = predicate;
  const quote = value.includes("'") ? '"' : "'";
  return `[${module === parent ? "" : `${module.name}:`}${name}=${quote}${value}${quote}]`;
}

/** Choices and cases have no place in a path; dataChildren looks through them. */
function childOf(
  parent: DataSchemaNode | undefined,
  schema: Schema,
  module: Module,
  name: string,
): DataSchemaNode | undefined {
  const holder = parent ?? schema;
  const children = "dataChildren" in holder ? holder.dataChildren : [];
  return children.find((child) => child.name === name && child.module.name === module.name);
}

/** The predicates in canonical order with canonical values, or what is wrong with them. */
function checkPredicates(
  node: DataSchemaNode,
  predicates: readonly Predicate[],
  names: ValueNames,
  parse: ParseValue,
): readonly Predicate[] | string {
  const isEntry = node.kind === "list" || node.kind === "leaf-list";
  // RFC 7950 section 9.13: it names one instance.
  if (predicates.length === 0 && isEntry) return `"${node.name}" needs ${wantedPredicates(node)}`;
  if (predicates.length === 0) return predicates;
  if (node.kind === "leaf-list") return checkKeys(node, [[".", node]], predicates, names, parse);
  if (node.kind !== "list") return `"${node.name}" is a ${node.kind} and takes no predicate`;
  if (node.keys.length > 0) {
    const keys = node.keys.map((key) => [key.name, key] as const);
    return checkKeys(node, keys, predicates, names, parse);
  }
  const [only] = predicates;
  if (predicates.length === 1 && typeof only === "number") return predicates;
  return `list "${node.name}" has no keys: one position is all it takes`;
}

function wantedPredicates(node: ListSchema | LeafListSchema): string {
  if (node.kind === "leaf-list") return 'one predicate for "."';
  if (node.keys.length === 0) return "a position";
  return `one predicate for ${node.keys.map(({ name }) => `"${name}"`).join(" and ")}`;
}

function checkKeys(
  node: DataSchemaNode,
  keys: readonly (readonly [name: string, leaf: LeafSchema | LeafListSchema])[],
  predicates: readonly Predicate[],
  names: ValueNames,
  parse: ParseValue,
): readonly Predicate[] | string {
  const result: Predicate[] = [];
  for (const [name, leaf] of keys) {
    const given = predicates.filter((p) => typeof p !== "number" && p.name === name);
    const [only] = given;
    if (given.length !== 1 || only === undefined || typeof only === "number") {
      return `"${node.name}" needs one predicate for "${name}"`;
    }
    const value = parse(leaf.type, only.value, names);
    if ("message" in value) return value.message;
    result.push({ ...only, value: value.value });
  }
  if (predicates.length === result.length) return result;
  return `"${node.name}" takes predicates for its keys alone`;
}
