import { getPriority } from "node:os";
import {
  CLOCK_THREAD_CPUTIME_ID,
  SCHED_FIFO,
  SCHED_FLAG_RESET_ON_FORK,
  SCHED_OTHER,
  schedSetattr,
  scheduling,
} from "./abi.ts";
import type { Libc } from "./libc.ts";

/**
 * What a thread has before others, the best first: "real-time" (SCHED_FIFO 1) goes before all that
 * has no such priority; "nice" (-10) and "slice" wake up sooner; "unchanged": whoever started the
 * process has chosen another policy than the usual one, or the system refuses all of it.
 */
export type Precedence = "real-time" | "nice" | "slice" | "unchanged";

type Calls = Pick<Libc, "syscall" | "sched_getscheduler" | "clock_gettime">;

interface Terms {
  readonly policy: number;
  readonly nice: number;
  readonly priority: number;
}

/** The least that there is: nothing but the kernel's own threads has to wait. */
const realTimePriority = 1;
const niceWanted = -10;
/**
 * ns that the thread asks for at a time, instead of some milliseconds. From Linux 6.12 on, whoever
 * asks for less is run sooner, for which no right is needed; before, it says nothing.
 */
const sliceNs = 100_000n;
const windowNs = 100e6;
/** The part of a window that a thread with precedence may spend on a processor. */
const shareMax = 0.5;
/** ns for which it goes without, once it has spent more. */
const penaltyNs = 1e9;

/**
 * Precedence for the calling thread, which has little to do but has to do it at once. It is given
 * back while there is much to do: no flood of packets keeps a processor from all others.
 */
export class ThreadPrecedence {
  /** What the system granted at the start. */
  readonly granted: Precedence;
  readonly #calls: Calls;
  readonly #words = new Int32Array(4);
  readonly #usual: Terms;
  readonly #best: Terms | undefined;
  /** Raw time at which the window began, and CPU time spent until then; ns. */
  #since = -Infinity;
  #spent = 0;
  /** Raw ns at which it was given back; undefined: it is held. */
  #givenBack: number | undefined;

  constructor(calls: Calls) {
    this.#calls = calls;
    this.#usual = { policy: SCHED_OTHER, nice: getPriority(), priority: 0 };
    const [granted, best] = this.#obtain();
    this.granted = granted;
    this.#best = best;
  }

  /** Between two pieces of work, at a raw time (ns): looks at what the last ones have taken. */
  review(raw: number): void {
    const elapsed = raw - this.#since;
    if (this.#best === undefined || elapsed < windowNs) return;
    const spent = this.#cpuTime();
    const share = (spent - this.#spent) / elapsed;
    this.#since = raw;
    this.#spent = spent;
    if (share > shareMax) {
      if (this.#givenBack === undefined) this.#set(this.#usual);
      this.#givenBack = raw;
    } else if (this.#givenBack !== undefined && raw - this.#givenBack >= penaltyNs) {
      if (this.#set(this.#best)) this.#givenBack = undefined;
    }
  }

  /** The second value: what can be given back. */
  #obtain(): readonly [Precedence, Terms | undefined] {
    const policy = this.#calls.sched_getscheduler(0);
    if (policy !== SCHED_OTHER) return ["unchanged", undefined];
    const realTime = { policy: SCHED_FIFO, nice: 0, priority: realTimePriority };
    if (this.#set(realTime)) return ["real-time", realTime];
    const nice = { ...this.#usual, nice: niceWanted };
    if (this.#usual.nice > niceWanted && this.#set(nice)) return ["nice", nice];
    return [this.#set(this.#usual) ? "slice" : "unchanged", undefined];
  }

  #set({ policy, nice, priority }: Terms): boolean {
    const attributes = new DataView(new ArrayBuffer(scheduling.size));
    attributes.setUint32(0, scheduling.size, true);
    attributes.setUint32(scheduling.policy, policy, true);
    attributes.setBigUint64(scheduling.flags, BigInt(SCHED_FLAG_RESET_ON_FORK), true);
    attributes.setInt32(scheduling.nice, nice, true);
    attributes.setUint32(scheduling.priority, priority, true);
    const slice = policy === SCHED_OTHER ? sliceNs : 0n;
    attributes.setBigUint64(scheduling.runtime, slice, true);
    const call = process.arch === "x64" ? schedSetattr.x64 : schedSetattr.others;
    return this.#calls.syscall(call, 0, attributes, 0) === 0;
  }

  #cpuTime(): number {
    this.#calls.clock_gettime(CLOCK_THREAD_CPUTIME_ID, this.#words);
    return (this.#words[0] ?? 0) * 1e9 + (this.#words[2] ?? 0);
  }
}
