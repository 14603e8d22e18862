import type { Schema, SchemaNode } from "./schema.ts";

/** Makes the schema what its type says: nothing in it can be changed. */
export function freezeSchema(schema: Schema, nodes: readonly SchemaNode[]): Schema {
  for (const node of nodes) freezeWithLists(node);
  for (const module of schema.modules) freezeWithLists(module);
  for (const identity of schema.identities) freezeWithLists(identity);
  for (const structure of schema.structures) freezeWithLists(structure);
  freezeWithLists(schema);
  return schema;
}

function freezeWithLists(object: object): void {
  for (const value of Object.values(object)) if (Array.isArray(value)) Object.freeze(value);
  Object.freeze(object);
}
