import type { Raw } from "../base/index.ts";
import type { Element } from "../xml/index.ts";
import type { XPathAllowance } from "../yang/index.ts";
import { protocolError } from "./reply.ts";

interface Account extends XPathAllowance {
  /** What had come in by then is in it. */
  at: Raw;
}

/** What is spent comes back within so many seconds. */
const REFILL_SECONDS = 10;
/** Of the whole: a filter that costs no more goes on, whatever others of its user have spent. */
const SMALL = 1 / 10_000;

/**
 * What filters may cost each user, over all his sessions. Whoever else wants something waits while
 * one is evaluated: how much one evaluation costs is bounded, but there can be a thousand of them.
 * There is one for the filters of subscriptions and one for those of requests.
 */
export class FilterWork {
  /** What a user may spend at once, in nodes that filters look at. */
  readonly #most: number;
  readonly #accounts = new Map<string, Account>();

  constructor(most: number) {
    this.#most = most;
  }

  /** What one evaluation for a user may take at this moment, from what he has left. */
  of(user: string, at: Raw): XPathAllowance {
    const account = this.#account(user, at);
    account.left = Math.max(account.left, this.#most * SMALL);
    return account;
  }

  #account(user: string, at: Raw): Account {
    const known = this.#accounts.get(user);
    if (known !== undefined) {
      this.#refill(known, at);
      return known;
    }
    // Who has all of it needs no account.
    for (const [name, account] of this.#accounts) {
      this.#refill(account, at);
      if (account.left >= this.#most) this.#accounts.delete(name);
    }
    const account = { left: this.#most, at };
    this.#accounts.set(user, account);
    return account;
  }

  #refill(account: Account, at: Raw): void {
    const seconds = Number(at - account.at) / 1e9;
    account.left = Math.min(this.#most, account.left + (seconds * this.#most) / REFILL_SECONDS);
    account.at = at;
  }
}

/** What to do about a filter that came to more than is left to it. */
export const workAdvice =
  "it costs more than is left at the moment to the filters of this user: ask again in ten " +
  "seconds, or for less, by the keys of what is wanted";

/** Looking at a node takes a subtree filter a tenth of the time that it takes XPath. */
const SUBTREE_WEIGHT = 0.1;

/** Takes the work of a subtree filter: nodes and elements that it looks at. Throws RpcError. */
export function spend(allowance: XPathAllowance | undefined, nodes: number): void {
  if (allowance === undefined) return;
  allowance.left -= nodes * SUBTREE_WEIGHT;
  if (allowance.left < 0) throw protocolError("resource-denied", `the filter: ${workAdvice}`);
}

/** How many elements a filter has. */
export function sizeOf(elements: readonly Element[]): number {
  let size = elements.length;
  for (const { children } of elements) size += sizeOf(children);
  return size;
}
