import { nearest, unreachable } from "../base/index.ts";
import { parseBinary } from "./binary.ts";
import { canonicalByTypedef } from "./canonical.ts";
import { parseInstanceIdentifier } from "./instance-value.ts";
import { parseDecimal, parseInteger, parseModuleInteger } from "./number-value.ts";
import type {
  BitsType,
  EnumerationType,
  IdentityrefType,
  StringType,
  Type,
  UnionType,
} from "./type.ts";
import { fault, prefixFault, restricted, show } from "./value-fault.ts";
import type { ParsedValue, ValueFault, ValueNames } from "./value-names.ts";
import { wordsOfTypedef } from "./value-words.ts";
import { isExpressionType, renamePrefixes } from "./xpath-prefixes.ts";

/**
 * Reads a text as a value of a type, by the lexical rules of RFC 7950 section 9, and gives it its
 * canonical form.
 */
export function parseValue(type: Type, text: string, names: ValueNames): ParsedValue | ValueFault {
  return parse(type, text, names, false);
}

/** As parseValue, of a text in a module, where integers may be hexadecimal or octal (9.2.1). */
export function parseDefault(
  type: Type,
  text: string,
  names: ValueNames,
): ParsedValue | ValueFault {
  return parse(type, text, names, true);
}

export function isValueFault(result: ParsedValue | ValueFault): result is ValueFault {
  return "message" in result;
}

function parse(
  type: Type,
  text: string,
  names: ValueNames,
  inModule: boolean,
): ParsedValue | ValueFault {
  switch (type.base) {
    case "string":
      return taken(type, parseString(type, text, names));
    case "enumeration":
      return taken(type, parseEnumeration(type, text));
    case "boolean":
      if (text === "true" || text === "false") return { value: text, type };
      return fault(`${show(text)} is neither true nor false`);
    case "empty":
      if (text === "") return { value: "", type };
      return fault(`${show(text)} stands where nothing may stand`);
    case "bits":
      return taken(type, parseBits(type, text));
    case "binary":
      return taken(type, parseBinary(type, text));
    case "decimal64":
      return taken(type, parseDecimal(type, text));
    case "identityref":
      return taken(type, parseIdentity(type, text, names));
    case "instance-identifier":
      return taken(type, parseInstanceIdentifier(text, names, parseValue));
    case "leafref":
      return parse(type.realType, text, names, inModule);
    case "union":
      return parseUnion(type, text, names, inModule);
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
      return taken(type, inModule ? parseModuleInteger(type, text) : parseInteger(type, text));
    default:
      return unreachable(type);
  }
}

function taken(type: Type, value: string | ValueFault): ParsedValue | ValueFault {
  return typeof value === "string" ? { value, type } : value;
}

/** What RFC 7950 section 9.4 leaves out of Unicode, and every half of a surrogate pair. */
const SUSPECT = /[^\t\n\r -\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]/;
const ILLEGAL = /[^\t\n\r -\u{d7ff}\u{e000}-\u{10ffff}]|\p{Noncharacter_Code_Point}/u;

function parseString(type: StringType, text: string, names: ValueNames): string | ValueFault {
  const suspect = SUSPECT.test(text);
  if (suspect && ILLEGAL.test(text)) {
    return fault(`${show(text)} holds a character that no string may hold`);
  }
  if (type.lengths.length > 0) {
    const length = suspect ? codePoints(text) : text.length;
    for (const restriction of type.lengths) {
      if (restriction.parts.some(([min, max]) => length >= min && length <= max)) continue;
      const message = `${show(text)} has length ${length}: it must be ${restriction.text}`;
      return restricted(message, restriction);
    }
  }
  for (const pattern of type.patterns) {
    if (pattern.matches(text) !== pattern.invert) continue;
    const words = wordsOfTypedef(pattern.typedef);
    if (words !== undefined) return restricted(`${show(text)} is no ${words}`, pattern);
    const verb = pattern.invert ? "matches" : "does not match";
    return restricted(`${show(text)} ${verb} the pattern "${pattern.text}"`, pattern);
  }
  if (type.typedefs.length === 0) return text;
  if (isExpressionType(type)) return renamePrefixes(text, (prefix) => names.module(prefix)?.name);
  return canonicalByTypedef(type.typedefs, text);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function parseEnumeration(type: EnumerationType, text: string): string | ValueFault {
  if (type.enums.has(text)) return text;
  return fault(`${show(text)} is not one of ${list([...type.enums.keys()])}`);
}

/** RFC 7950 section 9.7.2: canonical is the order of positions, with single spaces. */
function parseBits(type: BitsType, text: string): string | ValueFault {
  const found = new Set<string>();
  for (const bit of text.split(/[ \t\r\n]+/)) {
    if (bit === "") continue;
    if (!type.bits.has(bit)) {
      return fault(`"${bit}" is not one of the bits ${list([...type.bits.keys()])}`);
    }
    if (found.has(bit)) return fault(`bit "${bit}" is there twice`);
    found.add(bit);
  }
  if (found.size < 2) return [...found].join("");
  return [...type.bits.keys()].filter((bit) => found.has(bit)).join(" ");
}

/** RFC 7950 section 9.10.3. */
function parseIdentity(
  type: IdentityrefType,
  text: string,
  names: ValueNames,
): string | ValueFault {
  const colon = text.indexOf(":");
  const prefix = text.slice(0, Math.max(colon, 0));
  const module = names.module(prefix);
  if (module === undefined) {
    const what = `identity ${show(text)}`;
    return colon < 0 ? fault(`${what} needs a prefix`) : prefixFault(what, prefix, names);
  }
  const value = `${module.name}:${text.slice(colon + 1)}`;
  if (type.values.has(value)) return value;
  const bases = type.bases.map((base) => `"${base.module.name}:${base.name}"`).join(" and ");
  const message = `${show(value)} is no identity derived from ${bases}`;
  if (names.isTerse === true) return fault(message);
  return {
    // Looked for when it is read: where a union has other members, one of them may take the value.
    get message() {
      const meant = meantIdentity(type, text.slice(colon + 1));
      return meant === undefined ? message : `${message}: did you mean "${meant}"?`;
    },
  };
}

/** The identity of that name in another module, or of a name that is near. */
function meantIdentity({ values }: IdentityrefType, name: string): string | undefined {
  if (name.length > NAME_MAX || values.size > CANDIDATES_MAX) return undefined;
  const byName = new Map([...values.keys()].map((one) => [one.slice(one.indexOf(":") + 1), one]));
  const near = nearest(name, byName.keys());
  return near === undefined ? undefined : byName.get(near);
}

/** Strangers make mistakes, too: what is longer, or has more to choose from, is not looked up. */
const NAME_MAX = 64;
const CANDIDATES_MAX = 400;

/** RFC 7950 section 9.12: the first member that takes it. */
function parseUnion(
  type: UnionType,
  text: string,
  names: ValueNames,
  inModule: boolean,
): ParsedValue | ValueFault {
  const faults: ValueFault[] = [];
  for (const member of type.members) {
    const result = parse(member, text, names, inModule);
    if (!isValueFault(result)) return result;
    faults.push(result);
  }
  const [only] = faults;
  if (only !== undefined && faults.length === 1) return only;
  const reasons = new Set(
    // Numbers and identities stand in messages in their canonical form.
    faults.map(({ message }) =>
      message.replace(`${show(text)} `, "").replace(/^(?:"[^"]*"|-?[\d.]+) (?=is )/, ""),
    ),
  );
  const own = faults.filter((f) => f.errorMessage !== undefined || f.errorAppTag !== undefined);
  const words = type.typedefs.map(wordsOfTypedef).find((one) => one !== undefined);
  if (words !== undefined && own.length === 0) return fault(`${show(text)} is no ${words}`);
  const message = `${show(text)} fits no member of the union: it ${[...reasons].join("; it ")}`;
  // A message of the module's own is passed on if it is the only one.
  return own.length === 1 ? { ...own[0], message } : fault(message);
}

const LISTED_MAX = 12;

function list(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_MAX).map((name) => `"${name}"`);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}
