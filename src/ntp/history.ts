import type { Address } from "./io.ts";
import type { SyncChange } from "./state.ts";
import type { SystemVariables } from "./system.ts";

const changesMax = 64;

/** What is looked at for changes. */
type Seen = Pick<SystemVariables, "synchronized" | "stratum"> & {
  readonly source: Address | undefined;
};

/** The last changes of what the clock follows, newest first. */
export class SyncHistory {
  #changes: readonly SyncChange[] = [];
  #seen: Seen = { synchronized: false, stratum: 16, source: undefined };

  get changes(): readonly SyncChange[] {
    return this.#changes;
  }

  /** Holds what is against what was: the change, if there is one. `why` says why it was lost. */
  look(
    now: Seen,
    at: Pick<SyncChange, "time" | "offset">,
    why: () => string,
  ): SyncChange | undefined {
    const before = this.#seen;
    this.#seen = now;
    const { synchronized, stratum, source } = now;
    const name = source ?? "the local clock";
    if (synchronized !== before.synchronized) {
      const reason = synchronized ? `synchronized to ${name}` : why();
      return this.add({ ...at, kind: synchronized ? "synchronized" : "unsynchronized", reason });
    }
    if (synchronized && source !== before.source) {
      const was = before.source ?? "the local clock";
      return this.add({
        ...at,
        kind: "source-changed",
        reason: `${name} is better than ${was} now`,
      });
    }
    if (synchronized && stratum !== before.stratum) {
      const reason = `${name} has changed its stratum: ${before.stratum} became ${stratum} here`;
      return this.add({ ...at, kind: "stratum-changed", reason });
    }
    return undefined;
  }

  add(change: Omit<SyncChange, "source" | "stratum">): SyncChange {
    const { source, stratum } = this.#seen;
    const whole = { ...change, source, stratum };
    this.#changes = [whole, ...this.#changes.slice(0, changesMax - 1)];
    return whole;
  }
}
