import type { MessagePort } from "node:worker_threads";
import {
  type DropReason,
  dropReasons,
  type InDatagram,
  type KeyTally,
  type ServerCounters,
  type ServerSnapshot,
} from "../ntp/index.ts";
import type { Precedence } from "./precedence.ts";

/** What the I/O thread is started with. */
export interface WorkerStart {
  readonly port: MessagePort;
  /** Descriptors that both threads use: the system's tables are shared, JavaScript's are not. */
  readonly epoll: number;
  readonly wake: number;
  /** Raw routing socket that hears of changes of interfaces; -1: none. */
  readonly routes: number;
  /** Of several threads that share a port one leads: it takes what is sent to all of them. */
  readonly leads: boolean;
  readonly counters: SharedArrayBuffer;
  /** Int32s at the places of `tally`. */
  readonly tallies: SharedArrayBuffer;
}

/** Counted up by one thread for the other to see; they wrap around. */
export const tally = {
  /** Datagrams handed to the main thread. */
  handed: 0,
  /** Those of them that it took. */
  taken: 1,
  /** Descriptors that the I/O thread has closed as it was told. */
  closed: 2,
} as const;

/** To the I/O thread. After it, the wake descriptor is written to. */
export type ToWorker =
  | { readonly kind: "close"; readonly fd: number }
  | { readonly kind: "snapshot"; readonly snapshot: ServerSnapshot }
  | { readonly kind: "interfaces"; readonly names: ReadonlyMap<number, string> }
  | { readonly kind: "stop" };

export type FromWorker =
  | { readonly kind: "scheduled"; readonly precedence: Precedence }
  | { readonly kind: "datagrams"; readonly datagrams: readonly InDatagram[] }
  | { readonly kind: "interfaces-changed" };

/** Datagrams under way to the main thread: above this many, further ones are dropped. */
export const handedMax = 1_024;

const fixed = 3;
/** Keys whose use is counted one by one; an id and three counts each. */
const keySlots = 256;
const keySlotSize = 4;
const keysAt = fixed + dropReasons.length;

/** The responder's counters, in memory that both threads see: one writes, the other reads. */
export class SharedCounters {
  readonly memory: SharedArrayBuffer;
  readonly #values: Float64Array;
  /** What was read last, and the values that it was made of. */
  readonly #before: Float64Array;
  #last: ServerCounters | undefined;

  constructor(memory = new SharedArrayBuffer((keysAt + keySlots * keySlotSize) * 8)) {
    this.memory = memory;
    this.#values = new Float64Array(memory);
    this.#before = new Float64Array(this.#values.length);
  }

  received(): void {
    this.#add(0, 1);
  }

  sent(count: number, failed: number): void {
    this.#add(1, count);
    this.#add(2, failed);
  }

  dropped(reason: DropReason): void {
    this.#add(fixed + dropReasons.indexOf(reason), 1);
  }

  /** Where the use of a key is counted. Beyond so many keys it is counted for nobody. */
  key(id: number): KeyTally {
    for (let at = keysAt; at < this.#values.length; at += keySlotSize) {
      if (this.#values[at] !== id && this.#values[at] !== 0) continue;
      this.#values[at] = id;
      return new SharedTally(this.#values, at);
    }
    return { signed: 0, verified: 0, failed: 0 };
  }

  /** The same object while nothing was counted. */
  read(): ServerCounters {
    const differs = this.#take();
    if (this.#last !== undefined && !differs) return this.#last;
    const [received = 0, sent = 0, sendFailed = 0, ...dropped] = this.#before;
    const byReason = dropReasons.map((reason, i) => [reason, dropped[i] ?? 0]);
    const keys = new Map<number, KeyTally>();
    for (let at = keysAt; (this.#before[at] ?? 0) !== 0; at += keySlotSize) {
      const [id = 0, signed = 0, verified = 0, failed = 0] = this.#before.subarray(at, at + 4);
      keys.set(id, { signed, verified, failed });
    }
    this.#last = { received, sent, sendFailed, dropped: Object.fromEntries(byReason), keys };
    return this.#last;
  }

  /** True if anything is not what it was when it was taken before. */
  #take(): boolean {
    let differs = false;
    for (let i = 0; i < this.#before.length; i++) {
      const value = this.#values[i] ?? 0;
      if (value === this.#before[i]) continue;
      this.#before[i] = value;
      differs = true;
    }
    return differs;
  }

  #add(index: number, count: number): void {
    this.#values[index] = (this.#values[index] ?? 0) + count;
  }
}

/** One key's counts in the shared memory. */
class SharedTally implements KeyTally {
  readonly #values: Float64Array;
  readonly #at: number;

  constructor(values: Float64Array, at: number) {
    this.#values = values;
    this.#at = at;
  }

  get signed(): number {
    return this.#values[this.#at + 1] ?? 0;
  }

  set signed(count: number) {
    this.#values[this.#at + 1] = count;
  }

  get verified(): number {
    return this.#values[this.#at + 2] ?? 0;
  }

  set verified(count: number) {
    this.#values[this.#at + 2] = count;
  }

  get failed(): number {
    return this.#values[this.#at + 3] ?? 0;
  }

  set failed(count: number) {
    this.#values[this.#at + 3] = count;
  }
}
