import type { PathStep } from "../data/index.ts";
import type { DataSchemaNode } from "../yang/index.ts";

/**
 * What locks are held on, as a tree of the steps that lead there: however many nodes they hold,
 * finding the lock that a path comes under takes as many looks as the path has steps.
 */
export class LockedPlaces<Lock> {
  readonly #holders = new Set<Lock>();
  readonly #below = new Map<DataSchemaNode, Map<string | undefined, LockedPlaces<Lock>>>();

  add([step, ...steps]: readonly PathStep[], lock: Lock): void {
    if (step === undefined) {
      this.#holders.add(lock);
      return;
    }
    const places = this.#below.get(step.schema) ?? new Map<string | undefined, this>();
    const place = places.get(step.key) ?? new LockedPlaces<Lock>();
    this.#below.set(step.schema, places.set(step.key, place));
    place.add(steps, lock);
  }

  remove([step, ...steps]: readonly PathStep[], lock: Lock): void {
    if (step === undefined) {
      this.#holders.delete(lock);
      return;
    }
    const places = this.#below.get(step.schema);
    const place = places?.get(step.key);
    if (places === undefined || place === undefined) return;
    place.remove(steps, lock);
    if (place.#holders.size + place.#below.size > 0) return;
    places.delete(step.key);
    if (places.size === 0) this.#below.delete(step.schema);
  }

  /** A lock that counts, on what a path leads to or leads through. */
  onTheWay(path: readonly PathStep[], counts: (lock: Lock) => boolean): Lock | undefined {
    for (const place of this.#along(path)) {
      for (const lock of place.#holders) if (counts(lock)) return lock;
    }
    return undefined;
  }

  /** The same, or on something below what it leads to. */
  touching(path: readonly PathStep[], counts: (lock: Lock) => boolean): Lock | undefined {
    const places = this.#along(path);
    const end = places[path.length];
    const held = this.onTheWay(path, counts);
    return held === undefined && end !== undefined ? end.#within(counts) : held;
  }

  /** From the root on, as far as there are locks below. */
  #along(path: readonly PathStep[]): readonly LockedPlaces<Lock>[] {
    const places: LockedPlaces<Lock>[] = [];
    let next: LockedPlaces<Lock> | undefined = this;
    for (const { schema, key } of path) {
      if (next === undefined) return places;
      places.push(next);
      next = next.#below.get(schema)?.get(key);
    }
    if (next !== undefined) places.push(next);
    return places;
  }

  #within(counts: (lock: Lock) => boolean): Lock | undefined {
    for (const lock of this.#holders) if (counts(lock)) return lock;
    for (const places of this.#below.values()) {
      for (const place of places.values()) {
        const found = place.#within(counts);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}
