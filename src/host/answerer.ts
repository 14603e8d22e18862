import type { GroupMembership, ServerSnapshot } from "../ntp/index.ts";
import type { SharedCounters } from "./worker-channel.ts";

/** A client's request as it came in. */
export interface Request {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly from: Uint8Array;
  /** Raw time, ns. */
  readonly arrived: number;
  /** The group that it was sent to, if to one. */
  readonly group: GroupMembership | undefined;
}

/** Answers clients' requests from the newest snapshot. */
export class Answerer {
  readonly #counters: SharedCounters;
  readonly #now: () => number;
  #snapshot: ServerSnapshot | undefined;

  constructor(counters: SharedCounters, now: () => number) {
    this.#counters = counters;
    this.#now = now;
  }

  use(snapshot: ServerSnapshot): void {
    this.#snapshot = snapshot;
  }

  /** Builds the reply; its length, or 0 for none. */
  answer(request: Request, reply: Uint8Array): number {
    this.#counters.received();
    if (this.#snapshot?.serving !== true) return 0;
    reply.set(request.bytes.subarray(0, 48));
    void this.#now();
    return 48;
  }
}
