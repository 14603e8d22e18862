import { networkOf } from "./ip-address.ts";

/** What one address, or one IPv6 network of 64 bits, has got wrong. */
interface Guesser {
  refusals: number;
  /** When its next password is looked at. */
  nextAt: number;
  lastAt: number;
}

interface GuessLimits {
  /** Refusals that cost an address nothing but the wait for each. */
  readonly free: number;
  /** Between two passwords of an address that has used them up: doubled each time, up to `most`. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** Above this wait a password is refused unlooked-at. */
  readonly queueMs: number;
  readonly forgetMs: number;
  /** Addresses that are remembered: beyond it the one that was quiet longest is forgotten. */
  readonly addresses: number;
}

export const guessLimits: GuessLimits = {
  free: 5,
  firstMs: 1_000,
  mostMs: 8_000,
  queueMs: 20_000,
  forgetMs: 15 * 60_000,
  addresses: 4_096,
};

/**
 * Slows down who guesses passwords, by address: over how many connections they come, one after the
 * other or at once, SSH or HTTP, makes no difference. There is one for the process.
 */
export class Guesses {
  readonly #limits: GuessLimits;
  readonly #now: () => number;
  /** The one that was quiet longest first. */
  readonly #guessers = new Map<string, Guesser>();

  constructor(limits: GuessLimits = guessLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#guessers.size;
  }

  /** ms until a password from there is looked at; undefined: it is refused as it is. */
  wait(address: string): number | undefined {
    const { free, firstMs, mostMs, queueMs } = this.#limits;
    const guesser = this.#recent(address);
    if (guesser === undefined || guesser.refusals < free) return 0;
    const now = this.#now();
    const at = Math.max(now, guesser.nextAt);
    if (at - now > queueMs) return undefined;
    guesser.nextAt = at + Math.min(firstMs * 2 ** (guesser.refusals - free), mostMs);
    return at - now;
  }

  refused(address: string): void {
    const key = networkOf(address);
    const now = this.#now();
    const guesser = this.#recent(address) ?? { refusals: 0, nextAt: now, lastAt: now };
    guesser.refusals++;
    guesser.lastAt = now;
    this.#guessers.delete(key);
    this.#guessers.set(key, guesser);
    const [oldest] = this.#guessers.keys();
    if (this.#guessers.size > this.#limits.addresses && oldest !== undefined) {
      this.#guessers.delete(oldest);
    }
  }

  accepted(address: string): void {
    this.#guessers.delete(networkOf(address));
  }

  #recent(address: string): Guesser | undefined {
    const guesser = this.#guessers.get(networkOf(address));
    const isOld = guesser !== undefined && this.#now() - guesser.lastAt > this.#limits.forgetMs;
    return isOld ? undefined : guesser;
  }
}
