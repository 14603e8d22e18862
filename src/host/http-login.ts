import { createHash, timingSafeEqual } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./accounts.ts";
import { accountOf, type LoginOptions } from "./login.ts";

/** Hashing costs milliseconds on purpose: who has just been let in is not asked for it again. */
const rememberedMs = 60_000;
const rememberedMax = 64;

interface Remembered {
  /** Of the account, then: another password means another hash. */
  readonly passwordHash: string;
  readonly digest: Buffer;
  readonly until: number;
}

/** HTTP's basic authentication (RFC 7617) with the accounts of SSH. */
export class HttpLogin {
  readonly #options: LoginOptions;
  readonly #remembered = new Map<string, Remembered>();

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /**
   * Who a request from `address` comes from, by its Authorization header; undefined: let nobody
   * in. Guessing is slowed down by address, together with SSH's.
   */
  async account(header: string | undefined, address: string): Promise<Account | undefined> {
    const given = credentials(header);
    if (given === undefined) return undefined;
    const { accounts, guesses, refusalDelayMs } = this.#options;
    const account = accounts(given.user);
    const digest = createHash("sha256").update(`${given.user}\0${given.password}`).digest();
    const known = this.#remembered.get(given.user);
    const isKnown =
      known !== undefined &&
      known.passwordHash === account?.passwordHash &&
      known.until > performance.now() &&
      timingSafeEqual(known.digest, digest);
    if (isKnown) return account;
    const found = await guesses.look(address, given.user, () =>
      accountOf(given.user, given.password, this.#options),
    );
    if (found?.passwordHash === undefined) {
      await delay(refusalDelayMs, undefined, { ref: false });
      return undefined;
    }
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= rememberedMax && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
    const until = performance.now() + rememberedMs;
    this.#remembered.set(given.user, { passwordHash: found.passwordHash, digest, until });
    return found;
  }
}

function credentials(header: string | undefined) {
  const [, token] = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(header ?? "") ?? [];
  if (token === undefined) return undefined;
  const text = Buffer.from(token, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
