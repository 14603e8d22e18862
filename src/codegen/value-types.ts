import { unreachable } from "../base/index.ts";
import type { Identity, Type } from "../yang/index.ts";

/** A TypeScript type as the alternatives of a union, each on its own. */
export type Alternatives = readonly string[];

/** A type that is worth a name: a typedef of literals, or the values of an identity. */
export interface Alias {
  /** "module:name" of the typedef or the base identity. */
  readonly id: string;
  readonly module: string;
  readonly name: string;
  readonly description: string;
  readonly alternatives: Alternatives;
}

/** Values as they stand in the typed form of a tree. */
export function alternativesOf(type: Type): Alternatives {
  switch (type.base) {
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
    case "uint32":
      return ["number"];
    case "int64":
    case "uint64":
      return ["bigint"];
    // A number would lose digits: the canonical text is exact.
    case "decimal64":
    case "string":
    case "instance-identifier":
      return ["string"];
    case "boolean":
      return ["boolean"];
    case "empty":
      return ["true"];
    case "binary":
      return ["Uint8Array"];
    case "bits":
      return [`ReadonlySet<${literals(type.bits.keys()).join(" | ") || "never"}>`];
    case "enumeration":
      return literals(type.enums.keys());
    // Over the modules compiled together: a module that augments or deviates changes the union, and
    // a switch over it stays exhaustive. Merged declarations could only ever add.
    case "identityref":
      return literals([...type.values.keys()].sort());
    case "leafref":
      return alternativesOf(type.realType);
    case "union":
      return unionAlternatives(type.members);
    default:
      return unreachable(type);
  }
}

/** In a union a value is its canonical text, but for the numbers and booleans that are such. */
function unionAlternatives(members: readonly Type[]): Alternatives {
  const found = new Set(members.flatMap(memberAlternatives));
  const all = found.size === 0 ? ["never"] : [...found];
  return found.has("string") ? all.filter((text) => !text.startsWith('"')) : all;
}

function memberAlternatives(member: Type): Alternatives {
  const type = member.base === "leafref" ? member.realType : member;
  switch (type.base) {
    case "int64":
    case "uint64":
    case "binary":
    case "bits":
    case "empty":
      return ["string"];
    default:
      return alternativesOf(type);
  }
}

/** The name that a type goes by, where it is worth one. */
export function aliasOf(type: Type): Alias | undefined {
  const real = type.base === "leafref" ? type.realType : type;
  if (real.base === "identityref") return identityAlias(real.bases, alternativesOf(real));
  if (real.base !== "enumeration" && real.base !== "bits") return undefined;
  const [module, name] = real.typedef?.split(":") ?? [];
  if (module === undefined || name === undefined) return undefined;
  return {
    id: `${module}:${name}`,
    module,
    name,
    description: described(real.descriptions),
    alternatives: alternativesOf(real),
  };
}

function identityAlias(bases: readonly Identity[], alternatives: Alternatives): Alias | undefined {
  const base = bases.length === 1 ? bases[0] : undefined;
  if (base === undefined) return undefined;
  return {
    id: `identity ${base.module.name}:${base.name}`,
    module: base.module.name,
    name: base.name,
    description: base.description ?? "",
    alternatives: alternatives.length === 0 ? ["never"] : alternatives,
  };
}

function described(descriptions: ReadonlyMap<string, string>): string {
  return [...descriptions]
    .map(([name, text]) => `${name}: ${text.trim().replace(/\s+/g, " ")}`)
    .join("\n\n");
}

function literals(names: Iterable<string>): Alternatives {
  return Array.from(names, (name) => JSON.stringify(name));
}
