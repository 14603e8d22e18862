import { RpcError } from "../base/index.ts";
import type { Element } from "../xml/index.ts";

const elementsMax = 5_000_000;

/**
 * What edits have put into the candidate since it was last like running. Nobody may fill memory by
 * edits that are never committed: message after message, each within what a message may be.
 */
export class CandidateSize {
  readonly #most: number;
  #elements = 0;

  constructor(most: number = elementsMax) {
    this.#most = most;
  }

  /** How many there would be with an edit; throws RpcError where they are too many. */
  with(config: readonly Element[]): number {
    const elements = this.#elements + countOf(config);
    if (elements <= this.#most) return elements;
    const message =
      `the candidate has taken ${this.#elements} elements since it was like running, and ` +
      `takes ${this.#most} at most: commit them, or discard them`;
    throw new RpcError({ type: "application", tag: "resource-denied", message });
  }

  /** An edit was carried out: what with() gave for it; 0: the candidate was replaced. */
  set(elements: number): void {
    this.#elements = elements;
  }
}

function countOf(elements: readonly Element[]): number {
  let count = 0;
  const rest = [...elements];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    count++;
    for (const child of one.children) rest.push(child);
  }
  return count;
}
