import type { DataSchemaNode, Module, RangeRestriction, Type } from "../yang/index.ts";
import { docComment } from "./code-file.ts";

/** RFC 7951 section 4: qualified where the module is not the parent's. Always quoted. */
export function propertyName(node: DataSchemaNode, parent: Module | undefined): string {
  return JSON.stringify(node.module === parent ? node.name : `${node.module.name}:${node.name}`);
}

/** The node's description and what its type does not say. */
export function memberDoc(node: DataSchemaNode, indent: string): readonly string[] {
  const facts = factsOf(node).map((fact) => `${fact}.`);
  const text = [node.description ?? "", facts.join(" ")].filter((part) => part !== "");
  return docComment(text.join("\n\n"), indent);
}

function factsOf(node: DataSchemaNode): readonly string[] {
  switch (node.kind) {
    case "leaf":
      return [...typeFacts(node.type), ...unit(node.units), ...given(node.default)];
    case "leaf-list":
      return [...typeFacts(node.type), ...unit(node.units), ...node.defaults.flatMap(given)];
    case "list": {
      const keys = node.keys.map((key) => key.name).join(" ");
      return [...(keys === "" ? [] : [`Keyed by ${keys}`]), ...ordered(node.orderedBy)];
    }
    case "container":
      return node.presence === undefined ? [] : [`Present: ${sentence(node.presence)}`];
    case "anydata":
    case "anyxml":
      return [];
  }
}

function typeFacts(type: Type): readonly string[] {
  switch (type.base) {
    case "decimal64":
      return [`Decimal with ${type.fractionDigits} fraction digits`, ...ranges(type.ranges)];
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
      return [type.base, ...ranges(type.ranges)];
    case "leafref":
      return [`Refers to ${type.path.text}`];
    default:
      return [];
  }
}

/** Each range is within the one before it. */
function ranges(all: readonly RangeRestriction[]): readonly string[] {
  const narrowest = all.at(-1);
  return narrowest === undefined ? [] : [`Range ${narrowest.text}`];
}

function unit(units: string | undefined): readonly string[] {
  return units === undefined ? [] : [`Unit: ${units}`];
}

function given(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`Default: ${value === "" ? "the empty string" : value}`];
}

function ordered(by: "system" | "user"): readonly string[] {
  return by === "user" ? ["Ordered by the user"] : [];
}

function sentence(text: string): string {
  return text.trim().replace(/\s+/g, " ").replace(/\.$/, "");
}
