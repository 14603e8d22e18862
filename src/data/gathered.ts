import type { RpcFault } from "../base/index.ts";
import type {
  CaseSchema,
  ChoiceSchema,
  DataSchemaNode,
  LeafListSchema,
  ListSchema,
} from "../yang/index.ts";
import { inOrder } from "./children.ts";
import { choicesOf } from "./choices.ts";
import type { EntriesDraft } from "./entries.ts";
import { badElement, namedFault, occursTwice } from "./faults.ts";
import { KEY_SEPARATOR, noEntries } from "./key-order.ts";
import type { DataNode, LeafData, LeafListEntry, ListEntry } from "./node.ts";
import { type Place, placeOf } from "./path.ts";

/** The children of one parent while they are read: each once, of one case of each choice. */
export class Gathered {
  /** Of the parent. */
  readonly place: Place | undefined;
  readonly #faults: RpcFault[];
  readonly #nodes: DataNode[];
  #lists: Map<ListSchema, EntriesDraft<ListEntry>> | undefined;
  #leafLists: Map<LeafListSchema, EntriesDraft<LeafListEntry>> | undefined;
  #cases: Map<ChoiceSchema, CaseSchema> | undefined;
  #seen: Set<DataSchemaNode> | undefined;

  constructor(place: Place | undefined, faults: RpcFault[], first: readonly LeafData[] = []) {
    this.place = place;
    this.#faults = faults;
    this.#nodes = [...first];
  }

  /** Whether a node of that schema may join; if not, the fault was noted. */
  admits(schema: DataSchemaNode, place: Place): boolean {
    for (const { choice, chosen } of choicesOf(schema)) {
      this.#cases ??= new Map();
      const there = this.#cases.get(choice);
      if (there !== undefined && there !== chosen) {
        const what = `case "${chosen.name}" of choice "${choice.name}"`;
        this.#refuse(place, `${what} cannot be there beside case "${there.name}"`);
        return false;
      }
      this.#cases.set(choice, chosen);
    }
    if (schema.kind === "list" || schema.kind === "leaf-list") return true;
    const isThere = this.#nodes.some((node) => node.schema === schema);
    if (!isThere && this.#seen?.has(schema) !== true) return true;
    this.#faults.push(occursTwice(place));
    return false;
  }

  /** A node was named, but what it held was at fault, or was nothing that is kept. */
  seen(schema: DataSchemaNode): void {
    this.#seen ??= new Set();
    this.#seen.add(schema);
  }

  add(node: DataNode): void {
    this.#nodes.push(node);
  }

  addValue(schema: LeafListSchema, entry: LeafListEntry): void {
    this.#leafLists ??= new Map();
    let draft = this.#leafLists.get(schema);
    if (draft === undefined) {
      draft = noEntries<LeafListEntry>(schema).draft();
      this.#leafLists.set(schema, draft);
    }
    if (draft.get(entry.value) === undefined) {
      draft.set(entry.value, entry);
    } else if (schema.config) {
      const place = placeOf(this.place, schema, entry.value);
      this.#refuse(place, `the value "${entry.value}" occurs twice`);
    } else {
      // RFC 7950 section 7.7: state may hold a value several times.
      draft.set(`${entry.value}${KEY_SEPARATOR}${draft.size}`, entry);
    }
  }

  addEntry(schema: ListSchema, entry: ListEntry): void {
    this.#lists ??= new Map();
    let draft = this.#lists.get(schema);
    if (draft === undefined) {
      draft = noEntries<ListEntry>(schema).draft();
      this.#lists.set(schema, draft);
    }
    if (draft.get(entry.key) === undefined) draft.set(entry.key, entry);
    else
      this.#refuse(placeOf(this.place, schema, entry.key), "an entry with these keys occurs twice");
  }

  sizeOf(schema: ListSchema): number {
    return this.#lists?.get(schema)?.size ?? 0;
  }

  finish(): readonly DataNode[] {
    for (const [schema, draft] of this.#lists ?? []) {
      this.#nodes.push({ kind: "list", schema, entries: draft.finish() });
    }
    for (const [schema, draft] of this.#leafLists ?? []) {
      this.#nodes.push({ kind: "leaf-list", schema, entries: draft.finish() });
    }
    // A copy has no room to grow: of many entries that is what costs.
    return inOrder(this.#nodes.slice());
  }

  #refuse(place: Place, message: string): void {
    const info = [badElement(place.schema.name)];
    this.#faults.push(namedFault(place, "bad-element", message, { info }));
  }
}
