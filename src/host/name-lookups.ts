import { lookup } from "node:dns/promises";
import type { NameAnswer, NameQuery } from "../ntp/index.ts";
import type { NamesDoor } from "./host-loop.ts";

/** The addresses of a name, in the order in which they are to be tried; or it rejects. */
export type Lookup = (name: string, family: 0 | 4 | 6) => Promise<readonly string[]>;

interface Question {
  readonly query: NameQuery;
  readonly timer: NodeJS.Timeout;
}

/**
 * At once, at most: each keeps one of the four threads that Node has for such work, and nothing can
 * take it back before the system's resolver has given up.
 */
const lookupsMax = 2;
const waitMaxMs = 10_000;

/** By the system's own rules (hosts file, resolver, RFC 6724), off the event loop. */
export async function lookupAll(name: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, family, order: "verbatim" });
  return found.map(({ address }) => address);
}

/** Looks names up: a few at once, and each question is answered once, and soon. */
export class NameLookups implements NamesDoor {
  readonly #lookup: Lookup;
  readonly #answered: (answer: NameAnswer) => void;
  readonly #waitMs: number;
  /** Questions that are not answered; those not yet begun come in `#waiting` too. */
  readonly #open = new Set<Question>();
  readonly #waiting: Question[] = [];
  #running = 0;

  /** `waitMs`: a question that has no answer by then has failed. */
  constructor(look: Lookup, answered: (answer: NameAnswer) => void, waitMs = waitMaxMs) {
    this.#lookup = look;
    this.#answered = answered;
    this.#waitMs = waitMs;
  }

  resolve(query: NameQuery): void {
    const slow = (): void => this.#answer(question, [], `no answer within ${this.#waitMs / 1e3} s`);
    const question: Question = { query, timer: setTimeout(slow, this.#waitMs) };
    this.#open.add(question);
    this.#waiting.push(question);
    this.#begin();
  }

  /** Nobody is answered any more. */
  close(): void {
    for (const { timer } of this.#open) clearTimeout(timer);
    this.#open.clear();
    this.#waiting.length = 0;
  }

  #begin(): void {
    while (this.#running < lookupsMax) {
      const question = this.#waiting.shift();
      if (question === undefined) return;
      if (this.#open.has(question)) void this.#run(question);
    }
  }

  async #run(question: Question): Promise<void> {
    const { name, family } = question.query;
    this.#running++;
    try {
      this.#answer(question, await this.#lookup(name, family), undefined);
    } catch (error) {
      this.#answer(question, [], error instanceof Error ? error.message : String(error));
    }
    this.#running--;
    this.#begin();
  }

  #answer(question: Question, addresses: readonly string[], failure: string | undefined): void {
    if (!this.#open.delete(question)) return;
    clearTimeout(question.timer);
    const { query, name } = question.query;
    this.#answered({ query, name, addresses, failure });
  }
}
