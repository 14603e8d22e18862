import { translatePattern } from "./pattern.ts";
import type { Statement } from "./statement.ts";
import type {
  BitsType,
  EnumerationType,
  IntegerBase,
  LengthRestriction,
  PatternRestriction,
  RangeRestriction,
  RestrictionText,
} from "./type.ts";

/** What restrictions need to know of where they stand; part of TypeScope. */
interface RestrictionScope {
  readonly yangVersion: "1" | "1.1";
  enabled(ifFeatures: readonly Statement[]): boolean;
  report(at: Statement, message: string): void;
}

type Bounds = readonly [min: bigint, max: bigint];

/** RFC 7950 section 9.2. The unscaled value of a decimal64 is bound as an int64 is. */
export const INTEGER_BOUNDS: Readonly<Record<IntegerBase, Bounds>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** The parent's ranges and, last, the statement's own. */
export function restrictRange(
  parents: readonly RangeRestriction[],
  statement: Statement,
  scope: RestrictionScope,
  bounds: Bounds,
  decimal?: { readonly fractionDigits: number },
): readonly RangeRestriction[] {
  const range = statement.substatements.find((s) => s.keyword === "range");
  if (range === undefined) return parents;
  const outer = parents.at(-1)?.parts ?? [bounds];
  const digits = decimal?.fractionDigits;
  const boundary = (text: string) =>
    digits === undefined ? integer(text) : unscaled(text, digits);
  const parts = subset(range, outer, boundary, scope);
  if (parts === undefined) return parents;
  return [...parents, { parts, text: range.argument ?? "", ...restrictionText(range) }];
}

/** The parent's lengths and, last, the statement's own. */
export function restrictLength(
  parents: readonly LengthRestriction[],
  statement: Statement,
  scope: RestrictionScope,
): readonly LengthRestriction[] {
  const length = statement.substatements.find((s) => s.keyword === "length");
  if (length === undefined) return parents;
  const outer = parents.at(-1)?.parts.map(([min, max]) => [BigInt(min), lengthMax(max)] as const);
  const boundary = (text: string) => (/^\d+$/.test(text) ? BigInt(text) : undefined);
  const parts = subset(length, outer ?? [INTEGER_BOUNDS.uint64], boundary, scope);
  if (parts === undefined) return parents;
  const numbers = parts.map(([min, max]) => [lengthNumber(min), lengthNumber(max)] as const);
  return [...parents, { parts: numbers, text: length.argument ?? "", ...restrictionText(length) }];
}

function lengthMax(max: number): bigint {
  return max === Number.POSITIVE_INFINITY ? INTEGER_BOUNDS.uint64[1] : BigInt(max);
}

function lengthNumber(bound: bigint): number {
  return bound === INTEGER_BOUNDS.uint64[1] ? Number.POSITIVE_INFINITY : Number(bound);
}

/** The parent's patterns and then the statement's own: all of them must hold (section 9.4.5). */
export function restrictPatterns(
  parents: readonly PatternRestriction[],
  statement: Statement,
  scope: RestrictionScope,
): readonly PatternRestriction[] {
  const own = statement.substatements
    .filter((s) => s.keyword === "pattern")
    .flatMap((pattern) => restrictPattern(pattern, scope));
  return own.length === 0 ? parents : [...parents, ...own];
}

function restrictPattern(
  statement: Statement,
  scope: RestrictionScope,
): readonly PatternRestriction[] {
  const text = statement.argument ?? "";
  const modifier = statement.substatements.find((s) => s.keyword === "modifier");
  if (modifier !== undefined && modifier.argument !== "invert-match") {
    scope.report(modifier, `there is no modifier "${modifier.argument}"`);
  }
  const pattern = translatePattern(text);
  if ("message" in pattern) {
    scope.report(statement, `pattern "${text}": ${pattern.message} at offset ${pattern.offset}`);
    return [];
  }
  const { matches } = pattern;
  return [{ text, invert: modifier !== undefined, matches, ...restrictionText(statement) }];
}

function restrictionText(statement: Statement): RestrictionText {
  const argument = (keyword: string) =>
    statement.substatements.find((s) => s.keyword === keyword)?.argument;
  return { errorMessage: argument("error-message"), errorAppTag: argument("error-app-tag") };
}

/** RFC 7950 section 9.2.1: hexadecimal and octal stand in modules only. */
function integer(text: string): bigint | undefined {
  const match = /^(-?)(?:0[xX]([0-9a-fA-F]+)|0([0-7]+)|(0|[1-9]\d*))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, octal, decimal] = match;
  const digits = hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o${octal}` : decimal;
  const magnitude = BigInt(digits ?? "0");
  return sign === "-" ? -magnitude : magnitude;
}

/** A bound of a decimal64 as value × 10^fractionDigits. */
function unscaled(text: string, fractionDigits: number): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const [, sign, whole, fraction = ""] = match ?? [];
  if (match === null || fraction.replace(/0+$/, "").length > fractionDigits) return undefined;
  const digits = fraction.slice(0, fractionDigits).padEnd(fractionDigits, "0");
  const magnitude = BigInt(`${whole}${digits}`);
  return sign === "-" ? -magnitude : magnitude;
}

/**
 * The parts of a range or length argument: ascending, apart from each other, and each within what
 * the
 * parent type allows (RFC 7950 sections 9.2.4 and 9.4.4). Undefined, and reported, if they are not.
 */
function subset(
  statement: Statement,
  outer: readonly Bounds[],
  boundary: (text: string) => bigint | undefined,
  scope: RestrictionScope,
): readonly Bounds[] | undefined {
  const what = `${statement.keyword} "${statement.argument}"`;
  const fail = (message: string): undefined => {
    scope.report(statement, `${what}: ${message}`);
    return undefined;
  };
  const least = outer[0]?.[0] ?? 0n;
  const greatest = outer.at(-1)?.[1] ?? 0n;
  const bound = (text: string) =>
    text === "min" ? least : text === "max" ? greatest : boundary(text);
  const allowed = joined(outer);
  const parts: Bounds[] = [];
  for (const part of (statement.argument ?? "").split("|")) {
    const ends = part.split("..").map((end) => end.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ""));
    const min = bound(ends[0] ?? "");
    const max = ends.length === 1 ? min : bound(ends[1] ?? "");
    if (min === undefined || max === undefined || ends.length > 2) {
      return fail(`"${part.trim()}" is no ${statement.keyword} of this type`);
    }
    if (min > max) return fail(`"${part.trim()}" goes down`);
    const before = parts.at(-1);
    if (before !== undefined && min <= before[1]) return fail("parts must ascend and not overlap");
    if (!allowed.some(([low, high]) => low <= min && max <= high)) {
      return fail(`"${part.trim()}" is not within what the type allows`);
    }
    parts.push([min, max]);
  }
  return parts;
}

/** Parts that touch, as one: 1..4 and 5..9 allow 3..7 together. */
function joined(parts: readonly Bounds[]): readonly Bounds[] {
  const result: Bounds[] = [];
  for (const [min, max] of parts) {
    const last = result.at(-1);
    if (last !== undefined && last[1] + 1n === min) result[result.length - 1] = [last[0], max];
    else result.push([min, max]);
  }
  return result;
}

/** Names and values of an enumeration or of bits. */
interface NamedValues {
  readonly enabled: ReadonlyMap<string, number>;
  /** Those that a feature switches off, too. */
  readonly declared: ReadonlyMap<string, number>;
  readonly descriptions: ReadonlyMap<string, string>;
}

interface Naming {
  readonly keyword: "enum" | "bit";
  readonly number: "value" | "position";
  readonly min: number;
  readonly max: number;
}

const ENUM: Naming = { keyword: "enum", number: "value", min: -2147483648, max: 2147483647 };
const BIT: Naming = { keyword: "bit", number: "position", min: 0, max: 4294967295 };

/** RFC 7950 section 9.6. */
export function resolveEnums(statement: Statement, scope: RestrictionScope): NamedValues {
  return declare(statement, ENUM, scope);
}

/** RFC 7950 section 9.7. */
export function resolveBits(statement: Statement, scope: RestrictionScope): NamedValues {
  return declare(statement, BIT, scope);
}

/** RFC 7950 section 9.6.3: some of the names of the parent, with the values they have there. */
export function deriveEnums(
  parent: EnumerationType,
  declared: ReadonlyMap<string, number>,
  statement: Statement,
  scope: RestrictionScope,
): NamedValues {
  return narrow(parent.enums, declared, parent.descriptions, statement, ENUM, scope);
}

/** RFC 7950 section 9.7.3. */
export function deriveBits(
  parent: BitsType,
  declared: ReadonlyMap<string, number>,
  statement: Statement,
  scope: RestrictionScope,
): NamedValues {
  return narrow(parent.bits, declared, parent.descriptions, statement, BIT, scope);
}

function declare(statement: Statement, naming: Naming, scope: RestrictionScope): NamedValues {
  const enabled = new Map<string, number>();
  const declared = new Map<string, number>();
  const descriptions = new Map<string, string>();
  const names = new Map<number, string>();
  let next = 0;
  for (const item of named(statement, naming, scope)) {
    const name = item.argument ?? "";
    if (declared.has(name)) {
      scope.report(item, `${naming.keyword} "${name}" is there twice`);
      continue;
    }
    const own = ownNumber(item, naming, scope);
    const value = own ?? next;
    if (own === undefined && next > naming.max) {
      scope.report(item, `${naming.keyword} "${name}" needs a ${naming.number} of its own`);
    }
    const holder = names.get(value);
    if (holder !== undefined) {
      scope.report(item, `"${name}" has the ${naming.number} of "${holder}", ${value}`);
    }
    names.set(value, name);
    next = declared.size === 0 ? value + 1 : Math.max(next, value + 1);
    declared.set(name, value);
    if (!isEnabled(item, scope)) continue;
    enabled.set(name, value);
    describe(item, descriptions);
  }
  return { enabled, declared, descriptions };
}

function narrow(
  parent: ReadonlyMap<string, number>,
  declared: ReadonlyMap<string, number>,
  parentDescriptions: ReadonlyMap<string, string>,
  statement: Statement,
  naming: Naming,
  scope: RestrictionScope,
): NamedValues {
  const enabled = new Map<string, number>();
  const chosen = new Map<string, number>();
  const descriptions = new Map<string, string>();
  if (scope.yangVersion === "1") {
    scope.report(statement, `leaving out ${naming.keyword}s needs yang-version 1.1`);
  }
  for (const item of named(statement, naming, scope)) {
    const name = item.argument ?? "";
    const value = declared.get(name);
    if (value === undefined) {
      scope.report(item, `${naming.keyword} "${name}" is not one of the type it restricts`);
      continue;
    }
    if (chosen.has(name)) scope.report(item, `${naming.keyword} "${name}" is there twice`);
    const own = ownNumber(item, naming, scope);
    if (own !== undefined && own !== value) {
      scope.report(item, `"${name}" has the ${naming.number} ${value}, which cannot change`);
    }
    chosen.set(name, value);
    if (!parent.has(name) || !isEnabled(item, scope)) continue;
    enabled.set(name, value);
    const inherited = parentDescriptions.get(name);
    if (inherited !== undefined) descriptions.set(name, inherited);
    describe(item, descriptions);
  }
  return { enabled, declared: chosen, descriptions };
}

function named(
  statement: Statement,
  naming: Naming,
  scope: RestrictionScope,
): readonly Statement[] {
  const items = statement.substatements.filter((s) => s.keyword === naming.keyword);
  if (items.length === 0) {
    scope.report(statement, `type "${statement.argument}" needs at least one ${naming.keyword}`);
  }
  for (const item of items) {
    const name = item.argument ?? "";
    // RFC 7950 section 9.6.4 wants no white space at the ends; section 9.7.4 an identifier.
    if (naming === ENUM && (name === "" || name.trim() !== name)) {
      scope.report(item, `enum "${name}" is empty or has white space at an end`);
    }
    if (naming === BIT && !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      scope.report(item, `bit "${name}" is no identifier`);
    }
  }
  return items;
}

function ownNumber(item: Statement, naming: Naming, scope: RestrictionScope): number | undefined {
  const own = item.substatements.find((s) => s.keyword === naming.number);
  if (own === undefined) return undefined;
  const value = /^-?(?:[1-9]\d*|0)$/.test(own.argument ?? "")
    ? Number(own.argument) + 0
    : Number.NaN;
  if (value >= naming.min && value <= naming.max) return value;
  const range = `${naming.min}..${naming.max}`;
  scope.report(own, `${naming.number} "${own.argument}" is not in the range ${range}`);
  return undefined;
}

function isEnabled(item: Statement, scope: RestrictionScope): boolean {
  const conditions = item.substatements.filter((s) => s.keyword === "if-feature");
  return conditions.length === 0 || scope.enabled(conditions);
}

function describe(item: Statement, descriptions: Map<string, string>): void {
  const own = item.substatements.find((s) => s.keyword === "description")?.argument;
  if (own !== undefined) descriptions.set(item.argument ?? "", own);
}
