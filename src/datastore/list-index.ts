import {
  childOf,
  type DataNode,
  diffEntries,
  type Entries,
  type ListEntry,
} from "../data/index.ts";
import type { DataSchemaNode } from "../yang/index.ts";

/** Below this many entries looking through them all costs less than an index. */
const INDEXED_ENTRIES_MIN = 32;

/** What an index is about: the values that an entry has by its own data alone. */
export type ValuesOf = (entry: ListEntry) => readonly string[];

/**
 * Which entries of a list have a value. It describes one version of the list, and goes over to
 * another at the cost of what differs between the two.
 */
export class ListIndex {
  readonly #valuesOf: ValuesOf;
  readonly #keys = new Map<string, string | Set<string>>();
  #entries: Entries<ListEntry>;
  #shared = 0;

  constructor(entries: Entries<ListEntry>, valuesOf: ValuesOf) {
    this.#entries = entries;
    this.#valuesOf = valuesOf;
    for (const entry of entries) this.#add(entry);
  }

  /** False: several entries have one value. */
  get isUnique(): boolean {
    return this.#shared === 0;
  }

  has(value: string): boolean {
    return this.#keys.has(value);
  }

  /** The keys of the entries that have a value. */
  keysOf(value: string): Iterable<string> {
    const keys = this.#keys.get(value);
    if (keys === undefined) return [];
    return typeof keys === "string" ? [keys] : keys;
  }

  moveTo(entries: Entries<ListEntry>): void {
    diffEntries(this.#entries, entries, (_key, before, after) => {
      if (before !== undefined) this.#remove(before);
      if (after !== undefined) this.#add(after);
    });
    this.#entries = entries;
  }

  #add(entry: ListEntry): void {
    for (const value of this.#valuesOf(entry)) {
      const there = this.#keys.get(value);
      if (there === undefined) {
        this.#keys.set(value, entry.key);
      } else if (typeof there === "string") {
        if (there === entry.key) continue;
        this.#keys.set(value, new Set([there, entry.key]));
        this.#shared++;
      } else {
        there.add(entry.key);
      }
    }
  }

  #remove(entry: ListEntry): void {
    for (const value of this.#valuesOf(entry)) {
      const there = this.#keys.get(value);
      if (typeof there !== "object") {
        if (there === entry.key) this.#keys.delete(value);
        continue;
      }
      there.delete(entry.key);
      if (there.size > 1) continue;
      const [last = ""] = there;
      this.#keys.set(value, last);
      this.#shared--;
    }
  }
}

/** All versions of a list that came from one another share their indexes, by what these are of. */
type Lineage = Map<object, ListIndex>;

/** Entries never change, and an index can be made again: nothing hangs on what is kept here. */
const lineages = new WeakMap<Entries<ListEntry>, Lineage>();

/** Lets indexes of one version of a list serve another. */
export function follow(before: Entries<ListEntry>, after: Entries<ListEntry>): void {
  if (!lineages.has(after)) lineages.set(after, lineageOf(before));
}

function lineageOf(entries: Entries<ListEntry>): Lineage {
  let lineage = lineages.get(entries);
  if (lineage === undefined) {
    lineage = new Map();
    lineages.set(entries, lineage);
  }
  return lineage;
}

/** The index of these entries; undefined: they are too few to be worth one. */
export function indexOf(
  entries: Entries<ListEntry>,
  of: object,
  valuesOf: ValuesOf,
): ListIndex | undefined {
  if (entries.size < INDEXED_ENTRIES_MIN) return undefined;
  const lineage = lineageOf(entries);
  let index = lineage.get(of);
  if (index === undefined) {
    index = new ListIndex(entries, valuesOf);
    lineage.set(of, index);
  } else {
    index.moveTo(entries);
  }
  return index;
}

/** The index by the leaves at the end of a path that leads through no other list. */
export function leafIndex(
  entries: Entries<ListEntry>,
  path: readonly DataSchemaNode[],
): ListIndex | undefined {
  const leaf = path[path.length - 1];
  if (leaf === undefined || path.some(({ kind }) => kind === "list")) return undefined;
  return indexOf(entries, leaf, (entry) => {
    const values: string[] = [];
    valuesAt(entry.children, path, 0, values);
    return values;
  });
}

function valuesAt(
  children: readonly DataNode[],
  path: readonly DataSchemaNode[],
  from: number,
  values: string[],
): void {
  const schema = path[from];
  const data = schema && childOf({ children }, schema);
  if (data?.kind === "leaf") values.push(data.value);
  else if (data?.kind === "leaf-list") for (const { value } of data.entries) values.push(value);
  else if (data?.kind === "container") valuesAt(data.children, path, from + 1, values);
}
