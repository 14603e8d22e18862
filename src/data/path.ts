import type { ErrorPath } from "../base/index.ts";
import { type DataSchemaNode, type Module, modulesOfValue, type Type } from "../yang/index.ts";
import { keyValues } from "./children.ts";

/**
 * One step of an instance path. `key`: of a list entry (see keyOf(); for a list without keys its
 * position, counting from 1) or the value of a leaf-list entry; undefined where all are meant or
 * there is none to name.
 */
export interface PathStep {
  readonly schema: DataSchemaNode;
  readonly key?: string;
}

/**
 * A path while a tree is walked: the step and what it stands under. Costs one object for each step
 * down, and nothing is printed until somebody has to read it.
 */
export interface Place extends PathStep {
  readonly up: Place | undefined;
}

/** The place of a child. */
export function placeOf(up: Place | undefined, schema: DataSchemaNode, key?: string): Place {
  return key === undefined ? { up, schema } : { up, schema, key };
}

/** From the top down. */
export function stepsOf(place: Place | undefined): readonly PathStep[] {
  const steps: PathStep[] = [];
  for (let at = place; at !== undefined; at = at.up) steps.push(at);
  return steps.reverse();
}

/** stepsOf() undone. */
export function placeFrom(steps: readonly PathStep[]): Place | undefined {
  let place: Place | undefined;
  for (const { schema, key } of steps) place = placeOf(place, schema, key);
  return place;
}

/**
 * The path as it goes into an error-path or an instance-identifier: module names as prefixes on
 * every step, key values in quotes that they do not hold.
 */
export function instancePath(steps: readonly PathStep[]): ErrorPath {
  const namespaces = new Map<string, string>();
  let text = "";
  for (const { schema, key } of steps) {
    text += `/${qualified(schema, namespaces)}`;
    if (key === undefined) continue;
    if (schema.kind === "list" && schema.keys.length === 0) {
      text += `[${key}]`;
    } else if (schema.kind === "list") {
      const values = keyValues(schema, key);
      for (const [i, leaf] of schema.keys.entries()) {
        const value = values[i] ?? "";
        declareValue(leaf.type, value, leaf.module, namespaces);
        text += `[${qualified(leaf, namespaces)}=${quoted(value)}]`;
      }
    } else if (schema.kind === "leaf-list") {
      declareValue(schema.type, key, schema.module, namespaces);
      text += `[.=${quoted(key)}]`;
    }
  }
  return { text: text === "" ? "/" : text, namespaces };
}

/** The error-path of a place. */
export function errorPath(place: Place | undefined): ErrorPath {
  return instancePath(stepsOf(place));
}

/** The path for a person: a module name only where it changes. */
export function readablePath(place: Place | undefined): string {
  let text = "";
  let near: Module | undefined;
  for (const { schema, key } of stepsOf(place)) {
    text += near === schema.module ? `/${schema.name}` : `/${schema.module.name}:${schema.name}`;
    near = schema.module;
    if (key === undefined) continue;
    if (schema.kind === "list" && schema.keys.length > 0) {
      const values = keyValues(schema, key);
      for (const [i, leaf] of schema.keys.entries())
        text += `[${leaf.name}=${quoted(values[i] ?? "")}]`;
    } else {
      text += schema.kind === "leaf-list" ? `[.=${quoted(key)}]` : `[${key}]`;
    }
  }
  return text === "" ? "/" : text;
}

function qualified(schema: DataSchemaNode, namespaces: Map<string, string>): string {
  namespaces.set(schema.module.name, schema.module.namespace);
  return `${schema.module.name}:${schema.name}`;
}

/** A canonical identityref names its module: the same prefixes that the steps use. */
function declareValue(
  type: Type,
  value: string,
  near: Module,
  namespaces: Map<string, string>,
): void {
  for (const name of modulesOfValue(value, type)) {
    const namespace = namespaceOfModule(type, name) ?? (name === near.name ? near.namespace : "");
    if (namespace !== "" && !namespaces.has(name)) namespaces.set(name, namespace);
  }
}

function namespaceOfModule(type: Type, name: string): string | undefined {
  switch (type.base) {
    case "identityref":
      for (const identity of type.values.values()) {
        if (identity.module.name === name) return identity.module.namespace;
      }
      return undefined;
    case "leafref":
      return namespaceOfModule(type.realType, name);
    case "union":
      for (const member of type.members) {
        const found = namespaceOfModule(member, name);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}

/** XPath 1.0 has no escapes: a value with both kinds of quotes is put together. */
function quoted(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  if (!value.includes('"')) return `"${value}"`;
  const parts = value.split("'").map((part) => `'${part}'`);
  return `concat(${parts.join(`,"'",`)})`;
}
