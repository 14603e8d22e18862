import { type DropReason, dropReasons } from "./io.ts";
import type { NtpStatistics } from "./state.ts";
import type { Timestamp } from "./time.ts";

/** Packets counted since a moment, as RFC 9249's statistics are. */
export class Traffic {
  #discontinuity: Timestamp;
  sent = 0;
  sentFailed = 0;
  received = 0;
  dropped = 0;

  constructor(discontinuity: Timestamp) {
    this.#discontinuity = discontinuity;
  }

  reset(discontinuity: Timestamp): void {
    this.#discontinuity = discontinuity;
    this.sent = 0;
    this.sentFailed = 0;
    this.received = 0;
    this.dropped = 0;
  }

  get statistics(): NtpStatistics {
    return {
      discontinuity: this.#discontinuity,
      sent: this.sent,
      sentFailed: this.sentFailed,
      received: this.received,
      dropped: this.dropped,
    };
  }
}

/** How often each reason made a datagram go unused or unanswered. */
export class DropCounts {
  readonly #counts = new Map<DropReason, number>();

  add(reason: DropReason, count = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  of(reason: DropReason): number {
    return this.#counts.get(reason) ?? 0;
  }

  clear(): void {
    this.#counts.clear();
  }

  toRecord(): Readonly<Record<DropReason, bigint>> {
    const entries = dropReasons.map((reason) => [reason, BigInt(this.of(reason))]);
    return Object.fromEntries(entries);
  }
}
