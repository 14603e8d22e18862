import type { Random } from "../src/base/index.ts";

/**
 * Chance from a seed: "sfc32" of PractRand (Chris Doty-Humphrey), three 32-bit words and a counter.
 * The same seed gives the same run, to the last bit.
 */
export class SeededRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare: number | undefined;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let i = 0; i < 16; i++) this.word();
  }

  /** 32 bits. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.word() & 0xff);
  }

  fraction(): number {
    return ((this.word() >>> 5) * 2 ** 26 + (this.word() >>> 6)) / 2 ** 53;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.fraction());
  }

  /** Normal with mean 0 and standard deviation 1 (polar method of Marsaglia). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.fraction() - 1;
      const y = 2 * this.fraction() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spare = y * scale;
      return x * scale;
    }
  }
}

/** Runs a law for so many seeds; a failure says which, and SEED=… runs that one alone. */
export function forSeeds(count: number, law: (random: SeededRandom, seed: number) => void): void {
  const only = process.env.SEED;
  const seeds =
    only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];
  for (const seed of seeds) {
    try {
      law(new SeededRandom(seed), seed);
    } catch (error) {
      throw new Error(`SEED=${seed}`, { cause: error });
    }
  }
}
