import {
  type Arrival,
  CONTROL_HEADER,
  type CompiledSnapshot,
  compileSnapshot,
  type DigesterOf,
  dropReason,
  HEADER_LENGTH,
  kissReason,
  MODE_CONTROL,
  respond,
  type ServerSnapshot,
} from "../ntp/index.ts";
import type { SharedCounters } from "./worker-channel.ts";

/** Answers clients' requests from the newest snapshot, and counts. */
export class Answerer {
  readonly #counters: SharedCounters;
  readonly #now: () => number;
  readonly #digesterOf: DigesterOf | undefined;
  #snapshot: CompiledSnapshot | undefined;

  /** `now` reads the raw clock, ns; MACs are made by `digesterOf` where there is one. */
  constructor(counters: SharedCounters, now: () => number, digesterOf?: DigesterOf) {
    this.#counters = counters;
    this.#now = now;
    this.#digesterOf = digesterOf;
  }

  use(snapshot: ServerSnapshot): void {
    const tally = (id: number) => this.#counters.key(id);
    this.#snapshot = compileSnapshot(snapshot, this.#snapshot, this.#digesterOf, tally);
  }

  /** What is remembered for the interleaved mode; undefined: that is off. */
  get interleaving(): CompiledSnapshot["interleaving"] {
    return this.#snapshot?.interleaving;
  }

  /** Whether a datagram is too short for what it says that it is. */
  isShort(bytes: Uint8Array, length: number): boolean {
    if (length >= HEADER_LENGTH) return false;
    const control = this.#snapshot?.source.policy.controlQueries === true;
    return !control || length < CONTROL_HEADER || ((bytes[0] ?? 0) & 7) !== MODE_CONTROL;
  }

  /** Builds the reply; its length, or 0 for none. */
  answer(request: Uint8Array, length: number, arrival: Arrival, reply: Uint8Array): number {
    this.#counters.received();
    if (this.#snapshot === undefined) {
      this.#counters.dropped("other");
      return 0;
    }
    const replied = respond(this.#snapshot, request, length, arrival, reply, this.#now);
    if (replied > 0) {
      const refused = kissReason(reply);
      if (refused !== undefined) this.#counters.dropped(refused);
      return replied;
    }
    this.#counters.dropped(dropReason(replied));
    return 0;
  }
}
