import { type DropReason, dropReasons, type ServerCounters } from "./io.ts";
import type { KeyTally } from "./mac.ts";
import type { LastDrop, NtpState, NtpStatistics } from "./state.ts";
import type { Timestamp } from "./time.ts";
import { DropCounts, Traffic } from "./traffic.ts";

/** Drops that are remembered one by one. */
const lastDropsMax = 16;
const nothing: KeyTally = { signed: 0, verified: 0, failed: 0 };

/** All that is counted: what the engine saw itself, and what the responder tells that it did. */
export class Counts {
  readonly #traffic: Traffic;
  readonly #drops = new DropCounts();
  readonly #keys = new Map<number, KeyTally>();
  #configured: ReadonlySet<number> = new Set();
  #lastDrops: readonly LastDrop[] = [];
  #server: ServerCounters | undefined;
  #serverAtReset: ServerCounters | undefined;

  constructor(now: Timestamp) {
    this.#traffic = new Traffic(now);
  }

  received(): void {
    this.#traffic.received++;
  }

  sent(count: number): void {
    this.#traffic.sent += count;
  }

  dropped(drop: LastDrop): void {
    this.#traffic.dropped++;
    this.#drops.add(drop.reason);
    this.#lastDrops = [drop, ...this.#lastDrops.slice(0, lastDropsMax - 1)];
  }

  /** Where the engine's use of a key is counted, whatever becomes of the key. */
  key(id: number): KeyTally {
    const known = this.#keys.get(id) ?? { ...nothing };
    this.#keys.set(id, known);
    return known;
  }

  /** These are configured now; all others are forgotten. */
  keep(ids: ReadonlySet<number>): void {
    for (const id of this.#keys.keys()) if (!ids.has(id)) this.#keys.delete(id);
    this.#configured = ids;
  }

  /** What the responder has counted since it started. */
  responder(counters: ServerCounters): void {
    this.#server = counters;
  }

  reset(now: Timestamp): void {
    this.#traffic.reset(now);
    this.#drops.clear();
    this.#lastDrops = [];
    for (const tally of this.#keys.values()) Object.assign(tally, nothing);
    this.#serverAtReset = this.#server;
  }

  get state(): Pick<NtpState, "statistics" | "drops" | "lastDrops" | "keys"> {
    const keys = [...this.#configured].map((id) => [id, this.#keyTally(id)] as const);
    return {
      statistics: this.#statistics(),
      drops: this.#dropRecord(),
      lastDrops: this.#lastDrops,
      keys: new Map(keys),
    };
  }

  #keyTally(id: number): KeyTally {
    const own = this.#keys.get(id) ?? nothing;
    const now = this.#server?.keys.get(id) ?? nothing;
    const before = this.#serverAtReset?.keys.get(id) ?? nothing;
    return {
      signed: own.signed + now.signed - before.signed,
      verified: own.verified + now.verified - before.verified,
      failed: own.failed + now.failed - before.failed,
    };
  }

  #statistics(): NtpStatistics {
    const own = this.#traffic.statistics;
    const [now, before] = [this.#server, this.#serverAtReset];
    if (now === undefined) return own;
    return {
      ...own,
      sent: own.sent + now.sent - (before?.sent ?? 0),
      sentFailed: own.sentFailed + now.sendFailed - (before?.sendFailed ?? 0),
      received: own.received + now.received - (before?.received ?? 0),
      dropped: own.dropped + totalDropped(now) - (before === undefined ? 0 : totalDropped(before)),
    };
  }

  #dropRecord(): Readonly<Record<DropReason, bigint>> {
    const entries = dropReasons.map((reason) => {
      const served = this.#server?.dropped[reason] ?? 0;
      const before = this.#serverAtReset?.dropped[reason] ?? 0;
      return [reason, BigInt(this.#drops.of(reason) + served - before)];
    });
    return Object.fromEntries(entries);
  }
}

function totalDropped({ dropped }: ServerCounters): number {
  return dropReasons.reduce((sum, reason) => sum + dropped[reason], 0);
}
