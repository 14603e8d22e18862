import type { Element } from "../xml/index.ts";
import type {
  AnySchema,
  ContainerSchema,
  InOutSchema,
  LeafListSchema,
  LeafSchema,
  ListSchema,
  NotificationSchema,
  Type,
} from "../yang/index.ts";
import type { Entries } from "./entries.ts";

/**
 * Instance data: immutable trees that share structure. Only what was set is here: defaults in use
 * are
 * computed where they are wanted (defaults.ts). A parent holds at most one DataNode for each data
 * schema
 * child, in the order of `schema.order`; all entries of a list are one ListData.
 */
export type DataNode = ContainerData | ListData | LeafData | LeafListData | AnyData;

/** Annotations of RFC 7952 and RFC 6243's wd:default; absent where there are none. */
export type Metadata = ReadonlyMap<string, string>;

export interface LeafData {
  readonly kind: "leaf";
  readonly schema: LeafSchema;
  /** Canonical value, see yang/value-names.ts. */
  readonly value: string;
  /** The type that took the value; differs from schema.type for unions and leafrefs. */
  readonly type: Type;
  readonly metadata?: Metadata;
}

export interface LeafListData {
  readonly kind: "leaf-list";
  readonly schema: LeafListSchema;
  /** By canonical value; in canonical order, or the user's where the schema says so. */
  readonly entries: Entries<LeafListEntry>;
}

export interface LeafListEntry {
  readonly value: string;
  readonly type: Type;
  readonly metadata?: Metadata;
}

export interface ContainerData {
  readonly kind: "container";
  readonly schema: ContainerSchema;
  readonly children: readonly DataNode[];
  readonly metadata?: Metadata;
}

export interface ListData {
  readonly kind: "list";
  readonly schema: ListSchema;
  readonly entries: Entries<ListEntry>;
}

/**
 * One entry of a list; its key leaves come first among the children, in the order of the key
 * statement.
 */
export interface ListEntry {
  readonly kind: "entry";
  readonly schema: ListSchema;
  /**
   * The canonical key values joined as keyOf() does it; a serial number for a list without keys.
   */
  readonly key: string;
  readonly children: readonly DataNode[];
  readonly metadata?: Metadata;
}

export interface AnyData {
  readonly kind: "any";
  readonly schema: AnySchema;
  /** What stood inside, namespaces resolved; `text` for an anyxml with text alone. */
  readonly content: readonly Element[];
  readonly text: string;
  readonly metadata?: Metadata;
}

/** A whole tree: a datastore's content, an operation's input or output, a notification. */
export interface Tree {
  readonly kind: "tree";
  /** undefined: a datastore or other top-level data. */
  readonly schema: InOutSchema | NotificationSchema | undefined;
  readonly children: readonly DataNode[];
}

/** Whatever holds children. */
export type ParentData = Tree | ContainerData | ListEntry;

export const emptyTree: Tree = { kind: "tree", schema: undefined, children: [] };
