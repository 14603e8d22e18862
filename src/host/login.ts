import { setTimeout as delay } from "node:timers/promises";
import type { AuthContext, AuthenticationType, PublicKeyAuthContext } from "ssh2";
import { type Account, type Accounts, publicKey } from "./accounts.ts";
import type { Guesses } from "./guesses.ts";

export interface LoginOptions {
  readonly accounts: Accounts;
  /** Slow on purpose, and off the loop. */
  readonly checkPassword: (password: string, hash: string) => Promise<boolean>;
  /**
   * The first refusal of a connection waits so long, each further one twice as long as the last.
   */
  readonly refusalDelayMs: number;
  /** Who has guessed wrong, from any connection. */
  readonly guesses: Guesses;
}

export type LoginOutcome =
  /** Who it is: for the caller to accept, once it is ready for what follows at once. */
  | { readonly kind: "accepted"; readonly account: Account; readonly method: string }
  /** A step on the way: the question what methods there are, or whether a key would do. */
  | { readonly kind: "undecided" }
  | { readonly kind: "refused"; readonly user: string; readonly method: string };

const methods: AuthenticationType[] = ["publickey", "password", "keyboard-interactive"];
const refusalDelayMaxMs = 4_000;
const passwordLengthMax = 1_024;
/** Takes as long to refuse as a password of somebody who exists: no password matches it. */
export const nobodysHash = `$6$nobody$${".".repeat(86)}`;

/** The log-in of one connection, one authentication request after the other. */
export class Login {
  readonly #options: LoginOptions;
  readonly #address: string;
  refusals = 0;

  constructor(options: LoginOptions, address: string) {
    this.#options = options;
    this.#address = address;
  }

  /** Answers one request, unless it is to be accepted. */
  async answer(context: AuthContext): Promise<LoginOutcome> {
    switch (context.method) {
      case "publickey":
        return this.#key(context);
      case "password":
        return this.#password(context, context.password);
      case "keyboard-interactive":
        return this.#password(context, await ask(context));
      default:
        // "none" asks what methods there are (RFC 4252 section 5.2).
        context.reject(methods);
        return { kind: "undecided" };
    }
  }

  async #password(context: AuthContext, password: string | undefined): Promise<LoginOutcome> {
    const { guesses } = this.#options;
    const { username, method } = context;
    let began = performance.now();
    const account = await guesses.look(this.#address, username, () => {
      began = performance.now();
      return accountOf(username, password, this.#options);
    });
    return account === undefined
      ? this.#refuse(context, began)
      : { kind: "accepted", account, method };
  }

  async #key(context: PublicKeyAuthContext): Promise<LoginOutcome> {
    const account = this.#options.accounts(context.username);
    const data = context.key.data;
    const known = account?.authorizedKeys.some((key) => Buffer.compare(key.data, data) === 0);
    // Without a named hash an RSA signature is made over SHA-1.
    const weak = context.key.algo === "ssh-rsa" && context.hashAlgo === undefined;
    const key = publicKey(context.key.algo, data);
    if (account === undefined || known !== true || weak || key === undefined) {
      // Clients try what keys they have, one after the other: that costs them no delay.
      context.reject(methods);
      return { kind: "undecided" };
    }
    const { signature, blob } = context;
    if (signature === undefined || blob === undefined) {
      context.accept();
      return { kind: "undecided" };
    }
    const valid = key.verify(blob, signature, context.hashAlgo);
    if (valid !== true) {
      this.#options.guesses.refused(this.#address, context.username);
      return this.#refuse(context, performance.now());
    }
    return { kind: "accepted", account, method: context.method };
  }

  /** So long after it began that what was looked at, and how long that took, does not show. */
  async #refuse(context: AuthContext, began: number): Promise<LoginOutcome> {
    const wait = Math.min(this.#options.refusalDelayMs * 2 ** this.refusals, refusalDelayMaxMs);
    this.refusals++;
    const left = Math.max(0, wait - (performance.now() - began));
    await delay(left, undefined, { ref: false });
    context.reject(methods);
    return { kind: "refused", user: context.username, method: context.method };
  }
}

/**
 * Whose name and password these are; undefined: nobody's. It takes as long whether there is such a
 * user or not.
 */
export async function accountOf(
  user: string,
  password: string | undefined,
  { accounts, checkPassword }: Pick<LoginOptions, "accounts" | "checkPassword">,
): Promise<Account | undefined> {
  const account = accounts(user);
  const hash = account?.passwordHash;
  const usable = password !== undefined && password.length <= passwordLengthMax;
  const tried = usable ? password : "";
  const matches = await checkPassword(tried, hash ?? nobodysHash);
  return usable && matches && hash !== undefined ? account : undefined;
}

/** Asks for the password as RFC 4256 does; undefined: the client gave something else, or up. */
function ask(context: Extract<AuthContext, { method: "keyboard-interactive" }>) {
  return new Promise<string | undefined>((resolve) => {
    context.prompt([{ prompt: "Password: ", echo: false }], (answers: unknown) => {
      const [answer]: unknown[] = Array.isArray(answers) ? answers : [];
      resolve(typeof answer === "string" ? answer : undefined);
    });
  });
}
