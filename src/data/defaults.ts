import {
  type CaseSchema,
  type ChoiceSchema,
  type ContainerSchema,
  type DataSchemaNode,
  isValueFault,
  jsonNames,
  type LeafListSchema,
  type LeafSchema,
  parseValue,
  type Schema,
  type Type,
} from "../yang/index.ts";
import { childOf } from "./children.ts";
import { choicesOf } from "./choices.ts";
import type { SchemaParent } from "./from-xml.ts";
import { noEntries } from "./key-order.ts";
import type {
  ContainerData,
  DataNode,
  LeafData,
  LeafListData,
  LeafListEntry,
  Metadata,
} from "./node.ts";

/** A child that can be there without having been set. */
export type ImpliedSchema = LeafSchema | LeafListSchema | ContainerSchema;

/**
 * The children that are there though nobody set them, as far as choices decide (RFC 7950 sections
 * 7.5.1, 7.6.1, 7.7.2, 7.9.3): leaves and leaf-lists with defaults and non-presence containers,
 * those of a choice only in the case that is there, or the default case if none is. Their `when`
 * is for the caller to ask.
 */
export function impliedChildren(
  parent: SchemaParent,
  present: readonly DataNode[],
): readonly ImpliedSchema[] {
  const candidates = candidatesOf(parent);
  if (candidates.length === 0) return candidates;
  return candidates.filter(
    (schema) => childOf({ children: present }, schema) === undefined && isInForce(schema, present),
  );
}

/** Whether a child that nobody set is there, beside these: impliedChildren() for one of them. */
export function isImplied(
  schema: DataSchemaNode,
  present: readonly DataNode[],
): schema is ImpliedSchema {
  return canBeImplied(schema) && isInForce(schema, present);
}

function isInForce(schema: ImpliedSchema, present: readonly DataNode[]): boolean {
  return choicesOf(schema).every(
    ({ choice, chosen }) => (presentCase(choice, present) ?? choice.defaultCase) === chosen,
  );
}

/** Whether a child is state below configuration (or at the top): no part of a configuration. */
export function isStateBelow(parent: SchemaParent, child: DataSchemaNode): boolean {
  if (child.config) return false;
  if (!("kind" in parent)) return true;
  return (parent.kind === "container" || parent.kind === "list") && parent.config;
}

/** The case of a choice that has data. */
export function presentCase(
  choice: ChoiceSchema,
  present: readonly DataNode[],
): CaseSchema | undefined {
  for (const { schema } of present) {
    for (const chosen of choicesOf(schema)) if (chosen.choice === choice) return chosen.chosen;
  }
  return undefined;
}

/** The node that a default stands for. */
export function impliedNode(schema: ImpliedSchema, all: Schema, metadata?: Metadata): DataNode {
  const extra = metadata === undefined ? {} : { metadata };
  switch (schema.kind) {
    case "container":
      return { kind: "container", schema, children: [] } satisfies ContainerData;
    case "leaf": {
      const value = schema.default ?? "";
      const type = typeTaking(schema.type, value, all);
      return { kind: "leaf", schema, value, type, ...extra } satisfies LeafData;
    }
    case "leaf-list": {
      const draft = noEntries<LeafListEntry>(schema).draft();
      for (const value of schema.defaults) {
        draft.set(value, { value, type: typeTaking(schema.type, value, all), ...extra });
      }
      return { kind: "leaf-list", schema, entries: draft.finish() } satisfies LeafListData;
    }
  }
}

/** Whether there can be a default somewhere below, so that looking is worth it. */
export function impliesAnything(schema: ContainerSchema): boolean {
  return candidatesOf(schema).some((child) => child.kind !== "container" || impliesAnything(child));
}

function candidatesOf(parent: SchemaParent): readonly ImpliedSchema[] {
  const known = candidates.get(parent);
  if (known !== undefined) return known;
  const found = parent.dataChildren.filter(canBeImplied);
  candidates.set(parent, found);
  return found;
}

/** Derived from frozen schemas, so the cache can never be stale. */
const candidates = new WeakMap<SchemaParent, readonly ImpliedSchema[]>();

function canBeImplied(schema: DataSchemaNode): schema is ImpliedSchema {
  switch (schema.kind) {
    case "leaf":
      return schema.default !== undefined && !schema.isKey;
    case "leaf-list":
      return schema.defaults.length > 0;
    case "container":
      return schema.presence === undefined;
    default:
      return false;
  }
}

/** The type that takes a canonical value: the member, for a union. */
function typeTaking(type: Type, value: string, schema: Schema): Type {
  if (type.base !== "union" && type.base !== "leafref") return type;
  const parsed = parseValue(type, value, jsonNames(schema));
  return isValueFault(parsed) ? type : parsed.type;
}
