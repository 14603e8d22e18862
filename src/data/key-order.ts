import type { LeafListSchema, ListSchema, Type } from "../yang/index.ts";
import { type Entries, sortedEntries, userEntries } from "./entries.ts";

// One canonical order of entries whatever order they were sent in: numbers by value, all else by
// code unit.

type Compare = (a: string, b: string) => number;

/** Stands between the values of several keys: XML 1.0 has no such character. */
export const KEY_SEPARATOR = "\u0000";

/** The empty Entries of a list or leaf-list. */
export function noEntries<T>(schema: ListSchema | LeafListSchema): Entries<T> {
  const known = empty.get(schema);
  if (known !== undefined) return known as Entries<T>;
  const made = isInUserOrder(schema) ? userEntries<T>() : sortedEntries<T>(comparator(schema));
  empty.set(schema, made);
  return made;
}

/** Lists without keys keep the order they were made in, like those that the user orders. */
function isInUserOrder(schema: ListSchema | LeafListSchema): boolean {
  if (schema.kind === "list" && schema.keys.length === 0) return true;
  return schema.config && schema.orderedBy === "user";
}

/** Derived from frozen schemas, so the cache can never be stale. */
const empty = new WeakMap<ListSchema | LeafListSchema, Entries<unknown>>();

function comparator(schema: ListSchema | LeafListSchema): Compare {
  if (schema.kind === "leaf-list") return comparatorOf(schema.type);
  const parts = schema.keys.map((key) => comparatorOf(key.type));
  const [first = text] = parts;
  if (parts.length === 1) return first;
  // The separator sorts before any character of a value, so joined texts compare part by part.
  if (parts.every((part) => part === text)) return text;
  return (a, b) => compareParts(parts, a, b);
}

function compareParts(parts: readonly Compare[], a: string, b: string): number {
  let atA = 0;
  let atB = 0;
  for (const part of parts) {
    const endA = end(a, atA);
    const endB = end(b, atB);
    const order = part(a.slice(atA, endA), b.slice(atB, endB));
    if (order !== 0) return order;
    atA = endA + 1;
    atB = endB + 1;
  }
  return 0;
}

function end(key: string, from: number): number {
  const found = key.indexOf(KEY_SEPARATOR, from);
  return found < 0 ? key.length : found;
}

function comparatorOf(type: Type): Compare {
  switch (type.base) {
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
    case "decimal64":
      return numeric;
    case "leafref":
      return comparatorOf(type.realType);
    case "union":
      return type.members.some((member) => comparatorOf(member) !== text) ? mixed : text;
    default:
      return text;
  }
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Canonical numbers: no plus sign, no leading zeros, so the longer integer part is the larger. */
function numeric(a: string, b: string): number {
  const negativeA = a.charCodeAt(0) === 0x2d;
  const negativeB = b.charCodeAt(0) === 0x2d;
  if (negativeA !== negativeB) return negativeA ? -1 : 1;
  return negativeA ? magnitude(b, a) : magnitude(a, b);
}

function magnitude(a: string, b: string): number {
  return integerLength(a) - integerLength(b) || text(a, b);
}

function integerLength(number: string): number {
  const point = number.indexOf(".");
  return point < 0 ? number.length : point;
}

/** A union of numbers and other things: numbers first. */
function mixed(a: string, b: string): number {
  const numberA = canonicalNumber.test(a);
  const numberB = canonicalNumber.test(b);
  if (numberA && numberB) return numeric(a, b);
  return numberA ? -1 : numberB ? 1 : text(a, b);
}

const canonicalNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
