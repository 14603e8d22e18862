import { SeededRandom } from "../../test/random.ts";

/** Lengths and numbers at which decoders go wrong. */
const edges = [0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 24, 31, 32, 48, 52, 64, 68, 84, 127, 128, 255];

/** Choices from a seed, and damage. */
export class Chance {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** 0 up to `below`. */
  integer(below: number): number {
    return Math.floor(this.#random.fraction() * below);
  }

  happens(probability: number): boolean {
    return this.#random.fraction() < probability;
  }

  pick<T>(among: readonly T[]): T {
    return among[this.integer(among.length)] as T;
  }

  bytes(length: number): Uint8Array {
    return this.#random.bytes(length);
  }

  /** Up to `most` things made one after the other; few are likelier than many. */
  some<T>(most: number, make: () => T): T[] {
    const count = Math.min(most, Math.floor(this.#random.exponential() * (most / 3 + 1)));
    return Array.from({ length: count }, make);
  }

  join(most: number, make: () => string, separator = ""): string {
    return this.some(most, make).join(separator);
  }

  /** Something in the place of others, in its own right or not. */
  oneOf<T>(...makers: readonly (() => T)[]): T {
    return this.pick(makers)();
  }

  /** Octets with a few of them changed, cut out, doubled or put somewhere else. */
  damaged(bytes: Uint8Array): Uint8Array {
    let damaged = bytes;
    for (let n = 1 + this.integer(4); n > 0; n--) damaged = this.#damagedOnce(damaged);
    return damaged;
  }

  /** The same for text: characters stay whole. */
  damagedText(text: string, tokens: readonly string[]): string {
    let damaged = text;
    for (let n = 1 + this.integer(3); n > 0; n--) {
      const [from, to] = this.#range(damaged.length, 40);
      const middle = damaged.slice(from, to);
      const other = this.oneOf(
        () => "",
        () => middle + middle,
        () => this.pick(tokens),
        () => middle + this.pick(tokens),
        () => String.fromCodePoint(1 + this.integer(this.happens(0.8) ? 0x7f : 0xd7ff)),
        () => damaged.slice(...this.#range(damaged.length, 80)),
      );
      damaged = damaged.slice(0, from) + other + damaged.slice(to);
    }
    return damaged;
  }

  #damagedOnce(bytes: Uint8Array): Uint8Array {
    const [from, to] = this.#range(bytes.length, 16);
    const middle = bytes.subarray(from, to);
    const other = this.oneOf(
      () => middle.map((octet) => octet ^ (1 << this.integer(8))),
      () => new Uint8Array(),
      () => Uint8Array.of(...middle, ...middle),
      () => this.bytes(this.pick(edges)),
      () => middle.map(() => this.pick([0, 1, 0x7f, 0x80, 0xff])),
      () => bytes.subarray(...this.#range(bytes.length, 64)),
    );
    return Uint8Array.of(...bytes.subarray(0, from), ...other, ...bytes.subarray(to));
  }

  #range(length: number, most: number): [number, number] {
    const from = this.integer(length + 1);
    return [from, Math.min(length, from + this.integer(this.happens(0.8) ? most : length))];
  }
}
