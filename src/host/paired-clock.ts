import type { Libc } from "./libc.ts";

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC_RAW = 4;
const second = 1e9;
/** A stamp that seems older than so many ns, or of the future, was made before a step. */
const oldest = 10e9;

/**
 * The raw clock as ns in a number, beside CLOCK_REALTIME at the same moment: what turns the
 * kernel's stamps into raw time. A number is exact to 2 ns for half a year from the machine's
 * start, and costs no allocation, as a bigint would.
 */
export class PairedClock {
  readonly #libc: Libc;
  /** struct timespec, by its address: to find that of a view for each call costs as much again. */
  readonly #words: Int32Array;
  readonly #address: number;
  #raw = 0;
  #realSeconds = 0;
  #realNanoseconds = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
    const arena = libc.arena(16);
    this.#words = new Int32Array(arena.buffer);
    this.#address = Number(arena.address);
    this.read();
  }

  /** Reads both clocks: once for a batch. */
  read(): void {
    const before = this.now();
    this.#libc.clock_gettime(CLOCK_REALTIME, this.#address);
    this.#realSeconds = this.#seconds();
    this.#realNanoseconds = this.#words[2] ?? 0;
    this.#raw = (before + this.now()) / 2;
  }

  now(): number {
    this.#libc.clock_gettime(CLOCK_MONOTONIC_RAW, this.#address);
    return this.#seconds() * second + (this.#words[2] ?? 0);
  }

  /** Raw time of a stamp of CLOCK_REALTIME; of an unknown one (-1 s), the time of `read`. */
  rawOf(seconds: number, nanoseconds: number): number {
    const age = (this.#realSeconds - seconds) * second + this.#realNanoseconds - nanoseconds;
    return age >= 0 && age < oldest ? this.#raw - age : this.#raw;
  }

  #seconds(): number {
    return ((this.#words[0] ?? 0) >>> 0) + (this.#words[1] ?? 0) * 2 ** 32;
  }
}
