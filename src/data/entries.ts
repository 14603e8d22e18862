import sortedBTree from "sorted-btree";
import sortedBTreeDiff from "sorted-btree/extended/diffAgainst.js";
import { assert } from "../base/index.ts";

/**
 * Entries of a list or leaf-list by key: persistent (each change gives a new value that shares
 * structure
 * with the old one), iterated in canonical order, or in the user's for `ordered-by user`.
 */
export interface Entries<T> extends Iterable<T> {
  readonly size: number;
  get(key: string): T | undefined;
  has(key: string): boolean;
  /** Adds or replaces; a new entry of a user-ordered list goes last. */
  set(key: string, entry: T): Entries<T>;
  delete(key: string): Entries<T>;
  /**
   * User-ordered only: adds or moves. `anchor` is a key; undefined is the start (before) or end
   * (after).
   */
  insert(key: string, entry: T, where: "before" | "after", anchor: string | undefined): Entries<T>;
  keys(): Iterable<string>;
  /** For many changes at once: O(1) to make, and each change then costs no copy of its own. */
  draft(): EntriesDraft<T>;
}

/** Entries while they are being changed; the Entries it came from stay as they are. */
export interface EntriesDraft<T> {
  readonly size: number;
  get(key: string): T | undefined;
  set(key: string, entry: T): void;
  delete(key: string): boolean;
  insert(key: string, entry: T, where: "before" | "after", anchor: string | undefined): void;
  /** The key of the entry that comes before, in the user's order. */
  before(key: string): string | undefined;
  /** The draft must not be used any more. */
  finish(): Entries<T>;
}

/** Where a key differs: `before` or `after` is undefined where it is not there. */
export type EntryDifference<T> = (key: string, before: T | undefined, after: T | undefined) => void;

type Compare<K> = (a: K, b: K) => number;
type Tree<K, V> = InstanceType<typeof sortedBTree.default<K, V>>;

/**
 * The package is CommonJS: Node hands over its exports with `default` among them, a bundler or test
 * runner may have unwrapped that.
 */
function unwrapped<T>(module: { readonly default: T }): T {
  return "default" in module ? module.default : module;
}

const BTree = unwrapped(sortedBTree);
const diffAgainst = unwrapped(sortedBTreeDiff);

/** Entries in the order of their keys. The same comparator object makes differences cheap. */
export function sortedEntries<T>(compare: Compare<string>): Entries<T> {
  return new SortedEntries<T>(new BTree<string, T>(undefined, compare));
}

/** Entries in the user's order. */
export function userEntries<T>(): Entries<T> {
  return new UserEntries<T>(
    new BTree<string, Placed<T>>(undefined, byText),
    new BTree<number, string>(undefined, byNumber),
  );
}

/**
 * Calls back for each key whose entry differs by identity, in the order of the keys, at a cost of
 * what is not shared. The user's order is not looked at: see sameOrder().
 */
export function diffEntries<T>(
  before: Entries<T>,
  after: Entries<T>,
  differs: EntryDifference<T>,
): void {
  if (before === after) return;
  if (before instanceof SortedEntries && after instanceof SortedEntries) {
    if (before.tree.size > 0 && after.tree.size > 0) {
      diffTrees<T, T>(before.tree, after.tree, (entry) => entry, differs);
      return;
    }
  } else if (before instanceof UserEntries && after instanceof UserEntries) {
    if (before.byKey.size > 0 && after.byKey.size > 0) {
      diffTrees<Placed<T>, T>(before.byKey, after.byKey, (placed) => placed.entry, differs);
      return;
    }
  }
  diffPlainly(before, after, differs);
}

/** Whether those that are in both stand in the same order. Sorted entries always do. */
export function sameOrder<T>(before: Entries<T>, after: Entries<T>): boolean {
  if (before === after || !(before instanceof UserEntries) || !(after instanceof UserEntries)) {
    return true;
  }
  if (before.byPosition === after.byPosition) return true;
  const there = after.keys()[Symbol.iterator]();
  for (const key of before.keys()) {
    if (!after.has(key)) continue;
    let next = there.next();
    while (next.done !== true && !before.has(next.value)) next = there.next();
    if (next.done === true || next.value !== key) return false;
  }
  return true;
}

function diffTrees<P, T>(
  before: Tree<string, P>,
  after: Tree<string, P>,
  entryOf: (value: P) => T,
  differs: EntryDifference<T>,
): void {
  // The package tells them in whatever order it comes across them.
  const found: [key: string, was: T | undefined, is: T | undefined][] = [];
  diffAgainst<string, P, void>(
    before,
    after,
    (key, value) => void found.push([key, entryOf(value), undefined]),
    (key, value) => void found.push([key, undefined, entryOf(value)]),
    (key, was, is) => {
      if (entryOf(was) !== entryOf(is)) found.push([key, entryOf(was), entryOf(is)]);
    },
  );
  found.sort(([a], [b]) => after._compare(a, b));
  for (const [key, was, is] of found) differs(key, was, is);
}

function diffPlainly<T>(before: Entries<T>, after: Entries<T>, differs: EntryDifference<T>): void {
  for (const key of before.keys()) {
    const was = before.get(key);
    const is = after.get(key);
    if (was !== is) differs(key, was, is);
  }
  for (const key of after.keys()) {
    if (!before.has(key)) differs(key, undefined, after.get(key));
  }
}

class SortedEntries<T> implements Entries<T> {
  readonly tree: Tree<string, T>;

  constructor(tree: Tree<string, T>) {
    this.tree = tree;
  }

  get size(): number {
    return this.tree.size;
  }

  get(key: string): T | undefined {
    return this.tree.get(key);
  }

  has(key: string): boolean {
    return this.tree.has(key);
  }

  set(key: string, entry: T): Entries<T> {
    return changed(this, (draft) => draft.set(key, entry));
  }

  delete(key: string): Entries<T> {
    return this.tree.has(key) ? changed(this, (draft) => draft.delete(key)) : this;
  }

  insert(key: string, entry: T): Entries<T> {
    return this.set(key, entry);
  }

  keys(): Iterable<string> {
    return this.tree.keys();
  }

  [Symbol.iterator](): Iterator<T> {
    return this.tree.values();
  }

  draft(): EntriesDraft<T> {
    return new SortedDraft(this);
  }
}

class SortedDraft<T> implements EntriesDraft<T> {
  readonly #from: SortedEntries<T>;
  #tree: Tree<string, T> | undefined;

  constructor(from: SortedEntries<T>) {
    this.#from = from;
  }

  get size(): number {
    return (this.#tree ?? this.#from.tree).size;
  }

  get(key: string): T | undefined {
    return (this.#tree ?? this.#from.tree).get(key);
  }

  set(key: string, entry: T): void {
    this.#tree ??= this.#from.tree.clone();
    this.#tree.set(key, entry);
  }

  insert(key: string, entry: T): void {
    this.set(key, entry);
  }

  before(key: string): string | undefined {
    return (this.#tree ?? this.#from.tree).nextLowerKey(key);
  }

  delete(key: string): boolean {
    if (!(this.#tree ?? this.#from.tree).has(key)) return false;
    this.#tree ??= this.#from.tree.clone();
    return this.#tree.delete(key);
  }

  finish(): Entries<T> {
    return this.#tree === undefined ? this.#from : new SortedEntries(this.#tree);
  }
}

/** An entry and where it stands: positions are integers that only order, gaps mean nothing. */
interface Placed<T> {
  readonly entry: T;
  readonly position: number;
}

/** What is added at an end leaves a gap, so that others can go in between. */
const GAP = 2 ** 20;
/** The narrowest range of positions that is numbered anew, and how many it has at the most. */
const WIDTH_MIN = 2 ** 6;
const CROWD_MIN = 12;
/** A range twice as wide may have so many times as many: it is the emptier the wider it is. */
const CROWDING = 1.4;

class UserEntries<T> implements Entries<T> {
  readonly byKey: Tree<string, Placed<T>>;
  readonly byPosition: Tree<number, string>;

  constructor(byKey: Tree<string, Placed<T>>, byPosition: Tree<number, string>) {
    this.byKey = byKey;
    this.byPosition = byPosition;
  }

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): T | undefined {
    return this.byKey.get(key)?.entry;
  }

  has(key: string): boolean {
    return this.byKey.has(key);
  }

  set(key: string, entry: T): Entries<T> {
    return changed(this, (draft) => draft.set(key, entry));
  }

  delete(key: string): Entries<T> {
    return this.byKey.has(key) ? changed(this, (draft) => draft.delete(key)) : this;
  }

  insert(key: string, entry: T, where: "before" | "after", anchor: string | undefined): Entries<T> {
    return changed(this, (draft) => draft.insert(key, entry, where, anchor));
  }

  keys(): Iterable<string> {
    return this.byPosition.values();
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const key of this.byPosition.values()) {
      const placed = this.byKey.get(key);
      if (placed !== undefined) yield placed.entry;
    }
  }

  draft(): EntriesDraft<T> {
    return new UserDraft(this);
  }
}

class UserDraft<T> implements EntriesDraft<T> {
  readonly #from: UserEntries<T>;
  #byKey: Tree<string, Placed<T>>;
  #byPosition: Tree<number, string>;

  constructor(from: UserEntries<T>) {
    this.#from = from;
    this.#byKey = from.byKey;
    this.#byPosition = from.byPosition;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key)?.entry;
  }

  set(key: string, entry: T): void {
    const there = this.#byKey.get(key);
    if (there === undefined) {
      this.insert(key, entry, "after", undefined);
      return;
    }
    this.#own();
    this.#byKey.set(key, { entry, position: there.position });
  }

  delete(key: string): boolean {
    const there = this.#byKey.get(key);
    if (there === undefined) return false;
    this.#own();
    this.#byPosition.delete(there.position);
    return this.#byKey.delete(key);
  }

  insert(key: string, entry: T, where: "before" | "after", anchor: string | undefined): void {
    this.#own();
    if (anchor === key) {
      this.set(key, entry);
      return;
    }
    this.delete(key);
    const position = this.#positionFor(where, anchor) ?? this.#makeRoom(where, anchor);
    this.#byKey.set(key, { entry, position });
    this.#byPosition.set(position, key);
  }

  before(key: string): string | undefined {
    const there = this.#byKey.get(key);
    const lower = there && this.#byPosition.nextLowerPair(there.position);
    return lower?.[1];
  }

  finish(): Entries<T> {
    if (this.#byKey === this.#from.byKey) return this.#from;
    return new UserEntries(this.#byKey, this.#byPosition);
  }

  /** Changes are made on copies: sharing nodes, O(1). */
  #own(): void {
    if (this.#byKey !== this.#from.byKey) return;
    this.#byKey = this.#from.byKey.clone();
    this.#byPosition = this.#from.byPosition.clone();
  }

  /** undefined: there is no number left. */
  #positionFor(where: "before" | "after", anchor: string | undefined): number | undefined {
    const [low, high] = this.#neighbours(where, anchor);
    if (low === undefined && high === undefined) return 0;
    if (low === undefined || high === undefined) {
      const position = low === undefined ? (high ?? 0) - GAP : low + GAP;
      return Number.isSafeInteger(position) ? position : undefined;
    }
    const position = low + Math.floor((high - low) / 2);
    return position === low ? undefined : position;
  }

  /** The positions between which it is to go; undefined: nothing is there. */
  #neighbours(where: "before" | "after", anchor: string | undefined) {
    const all = this.#byPosition;
    const at = anchor === undefined ? undefined : this.#byKey.get(anchor)?.position;
    if (where === "after") {
      return at === undefined ? [all.maxKey(), undefined] : [at, all.nextHigherKey(at)];
    }
    return at === undefined ? [undefined, all.minKey()] : [all.nextLowerKey(at), at];
  }

  /**
   * Numbers anew what is near, in as narrow a range as is not crowded, so that however often
   * something goes to the same place, each time moves but a few on average (of n entries in the
   * order of log² n).
   */
  #makeRoom(where: "before" | "after", anchor: string | undefined): number {
    const all = this.#byPosition;
    const [low, high] = this.#neighbours(where, anchor);
    if (low === undefined || high === undefined) {
      this.#spread(all.minKey() ?? 0, all.maxKey() ?? 0, -GAP * Math.ceil(all.size / 2), GAP);
    } else {
      const start = (width: number): number => Math.floor(low / width) * width;
      let width = WIDTH_MIN;
      let crowd = CROWD_MIN;
      let from = start(width);
      while (all.forRange(from, from + width, false) > crowd) {
        width *= 2;
        crowd *= CROWDING;
        from = start(width);
      }
      const to = from + width - 1;
      this.#spread(from, to, from, Math.floor(width / all.forRange(from, to, true)));
    }
    const position = this.#positionFor(where, anchor);
    assert(position !== undefined, "there is room where some was made");
    return position;
  }

  /** Those from one position to another stand in steps from a new one on. */
  #spread(from: number, to: number, start: number, step: number): void {
    const moved = this.#byPosition.getRange(from, to, true);
    for (const [position] of moved) this.#byPosition.delete(position);
    for (const [i, [, key]] of moved.entries()) {
      const placed = this.#byKey.get(key);
      assert(placed !== undefined, "what has a place is there");
      const position = start + i * step;
      this.#byPosition.set(position, key);
      this.#byKey.set(key, { entry: placed.entry, position });
    }
  }
}

function changed<T>(entries: Entries<T>, change: (draft: EntriesDraft<T>) => void): Entries<T> {
  const draft = entries.draft();
  change(draft);
  return draft.finish();
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byNumber(a: number, b: number): number {
  return a - b;
}
