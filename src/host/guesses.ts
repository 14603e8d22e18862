import { setTimeout as delay } from "node:timers/promises";
import { networkOf } from "./ip-address.ts";

/** What one address, or one IPv6 network of 64 bits, or a user known there, has got wrong. */
interface Guesser {
  refusals: number;
  /** When its next password is looked at. */
  nextAt: number;
  lastAt: number;
}

/** The passwords of one guesser that are looked at, and who waits for one of them to be done. */
interface Looks {
  underWay: number;
  readonly waiting: (() => void)[];
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
 * other or at once, SSH or HTTP, makes no difference. Who has got in from an address is judged
 * there by what is refused in his own name from then on: to get in as oneself buys no guesses at
 * others, and what others get wrong does not hold him up. There is one for the process.
 */
export class Guesses {
  readonly #limits: GuessLimits;
  readonly #now: () => number;
  /** The one that was quiet longest first. */
  readonly #guessers = new Map<string, Guesser>();
  readonly #looks = new Map<string, Looks>();

  constructor(limits: GuessLimits = guessLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** How many addresses, and users who are known at one, are remembered. */
  get size(): number {
    return this.#guessers.size;
  }

  /**
   * What `check` gives, as soon as a password for `user` from there may be looked at; undefined: it
   * is wrong, or refused unlooked-at. Of an address no more are looked at at once than it has
   * refusals left that cost it nothing: a burst gets no more guesses than it would get in turn.
   */
  async look<T>(
    address: string,
    user: string,
    check: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    let key = this.#keyOf(address, user);
    for (let others = this.#inTheWay(key); others !== undefined; others = this.#inTheWay(key)) {
      const { waiting } = others;
      await new Promise<void>((resolve) => waiting.push(resolve));
      key = this.#keyOf(address, user);
    }
    const wait = this.wait(address, user);
    if (wait === undefined) {
      this.refused(address, user);
      return undefined;
    }
    const looks = this.#looks.get(key) ?? { underWay: 0, waiting: [] };
    this.#looks.set(key, looks);
    looks.underWay++;
    try {
      await delay(wait, undefined, { ref: false });
      const found = await check();
      if (found === undefined) this.refused(address, user);
      else this.#accepted(address, user);
      return found;
    } finally {
      looks.underWay--;
      if (looks.underWay === 0) this.#looks.delete(key);
      for (const resume of looks.waiting.splice(0)) resume();
    }
  }

  /** ms until a password from there is looked at; undefined: it is refused as it is. */
  wait(address: string, user = ""): number | undefined {
    const { free, firstMs, mostMs, queueMs } = this.#limits;
    const guesser = this.#recent(this.#keyOf(address, user));
    if (guesser === undefined || guesser.refusals < free) return 0;
    const now = this.#now();
    const at = Math.max(now, guesser.nextAt);
    if (at - now > queueMs) return undefined;
    guesser.nextAt = at + Math.min(firstMs * 2 ** (guesser.refusals - free), mostMs);
    return at - now;
  }

  refused(address: string, user = ""): void {
    const key = this.#keyOf(address, user);
    const now = this.#now();
    const guesser = this.#recent(key) ?? { refusals: 0, nextAt: now, lastAt: now };
    guesser.refusals++;
    guesser.lastAt = now;
    this.#remember(key, guesser);
  }

  #accepted(address: string, user: string): void {
    const now = this.#now();
    this.#remember(knownKey(address, user), { refusals: 0, nextAt: now, lastAt: now });
  }

  #remember(key: string, guesser: Guesser): void {
    this.#guessers.delete(key);
    this.#guessers.set(key, guesser);
    const [oldest] = this.#guessers.keys();
    if (this.#guessers.size > this.#limits.addresses && oldest !== undefined) {
      this.#guessers.delete(oldest);
    }
  }

  /** The looks that one more has to wait for. Who has no refusals left waits for time alone. */
  #inTheWay(key: string): Looks | undefined {
    const left = this.#limits.free - (this.#recent(key)?.refusals ?? 0);
    const looks = this.#looks.get(key);
    return looks !== undefined && left > 0 && looks.underWay >= left ? looks : undefined;
  }

  #keyOf(address: string, user: string): string {
    const known = knownKey(address, user);
    return this.#guessers.has(known) ? known : networkOf(address);
  }

  #recent(key: string): Guesser | undefined {
    const guesser = this.#guessers.get(key);
    const isOld = guesser !== undefined && this.#now() - guesser.lastAt > this.#limits.forgetMs;
    return isOld ? undefined : guesser;
  }
}

function knownKey(address: string, user: string): string {
  return `${networkOf(address)} ${user}`;
}
