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
}
