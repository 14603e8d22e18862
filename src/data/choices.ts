import type { CaseSchema, ChoiceSchema, DataSchemaNode, SchemaNode } from "../yang/index.ts";

/** A choice that a node stands in, and the case it stands for. */
export interface ChosenCase {
  readonly choice: ChoiceSchema;
  readonly chosen: CaseSchema;
}

/** The choices between a data node and its data parent, the innermost first. */
export function choicesOf(schema: DataSchemaNode): readonly ChosenCase[] {
  if (schema.parent === undefined || schema.parent.kind !== "case") return noChoices;
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const found: ChosenCase[] = [];
  let at: SchemaNode | undefined = schema.parent;
  while (at?.kind === "case" && at.parent?.kind === "choice") {
    found.push({ choice: at.parent, chosen: at });
    at = at.parent.parent;
  }
  cache.set(schema, found);
  return found;
}

const noChoices: readonly ChosenCase[] = [];

/** Derived from frozen schemas, so the cache can never be stale. */
const cache = new WeakMap<DataSchemaNode, readonly ChosenCase[]>();
