import type { DataNode, LeafListEntry, ListEntry, ParentData, Place } from "../data/index.ts";
import { noEntries, placeOf } from "../data/index.ts";
import type { DataSchemaNode } from "../yang/index.ts";

/** What a user may read: decided by access-control.ts, asked by all that reads data. */
export interface ReadAccess {
  /** True if no instance at or below this node can be hidden: it need not be looked through. */
  isOpen(schema: DataSchemaNode): boolean;
  /** Whether this instance may be read; its ancestors may. */
  mayRead(place: Place): boolean;
  /** Whether a value may be read where its leaf may: state can name instances that may not be. */
  mayTell(schema: DataSchemaNode, value: LeafListEntry): boolean;
}

/**
 * What is left of a node for a reader (RFC 8341 section 3.2.4: what may not be read is left out,
 * with all below it, without an error). The same object where nothing is hidden.
 */
export function readable(
  node: DataNode,
  up: Place | undefined,
  access: ReadAccess | undefined,
): DataNode | undefined {
  if (access === undefined || access.isOpen(node.schema)) return node;
  switch (node.kind) {
    case "list": {
      const draft = noEntries<ListEntry>(node.schema).draft();
      for (const entry of node.entries) {
        const left = readableEntry(entry, up, access);
        if (left !== undefined) draft.set(entry.key, left);
      }
      return draft.size === 0 ? undefined : { ...node, entries: draft.finish() };
    }
    case "leaf-list": {
      if (!access.mayRead(placeOf(up, node.schema))) return undefined;
      const told = [...node.entries].filter((entry) => access.mayTell(node.schema, entry));
      if (told.length === node.entries.size) return node;
      const draft = noEntries<LeafListEntry>(node.schema).draft();
      for (const entry of told) draft.set(entry.value, entry);
      return draft.size === 0 ? undefined : { ...node, entries: draft.finish() };
    }
    case "leaf": {
      const isRead = access.mayRead(placeOf(up, node.schema)) && access.mayTell(node.schema, node);
      return isRead ? node : undefined;
    }
    case "any":
      return access.mayRead(placeOf(up, node.schema)) ? node : undefined;
    case "container": {
      const place = placeOf(up, node.schema);
      if (!access.mayRead(place)) return undefined;
      return withReadableChildren(node, place, access);
    }
  }
}

/** The same for one entry of a list. */
export function readableEntry(
  entry: ListEntry,
  up: Place | undefined,
  access: ReadAccess | undefined,
): ListEntry | undefined {
  if (access === undefined || access.isOpen(entry.schema)) return entry;
  const place = placeOf(up, entry.schema, entry.key);
  return access.mayRead(place) ? withReadableChildren(entry, place, access) : undefined;
}

/** A parent that itself may be read, with those of its children that may. */
export function withReadableChildren<P extends ParentData>(
  parent: P,
  place: Place | undefined,
  access: ReadAccess | undefined,
): P {
  if (access === undefined) return parent;
  const children: DataNode[] = [];
  let isSame = true;
  for (const child of parent.children) {
    const left = readable(child, place, access);
    if (left !== undefined) children.push(left);
    isSame &&= left === child;
  }
  return isSame ? parent : { ...parent, children };
}
