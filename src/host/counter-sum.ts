import { dropReasons, type KeyTally, type ServerCounters } from "../ntp/index.ts";

/** What several responders have counted, as one. */
export class CounterSum {
  readonly #read: readonly (() => ServerCounters)[];
  #parts: readonly ServerCounters[] = [];
  #sum: ServerCounters | undefined;

  /** Each of `read` gives the same object while nothing was counted. */
  constructor(read: readonly (() => ServerCounters)[]) {
    this.#read = read;
  }

  /** The same object while nothing was counted. */
  read(): ServerCounters {
    const parts = this.#read.map((read) => read());
    const same = parts.every((part, i) => part === this.#parts[i]);
    if (this.#sum !== undefined && same) return this.#sum;
    this.#parts = parts;
    this.#sum = parts.length === 1 && parts[0] !== undefined ? parts[0] : sumOf(parts);
    return this.#sum;
  }
}

function sumOf(parts: readonly ServerCounters[]): ServerCounters {
  const sum = (of: (part: ServerCounters) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const dropped = dropReasons.map((reason) => [reason, sum((part) => part.dropped[reason])]);
  const ids = new Set(parts.flatMap(({ keys }) => [...keys.keys()]));
  const keyOf = (id: number): KeyTally => ({
    signed: sum(({ keys }) => keys.get(id)?.signed ?? 0),
    verified: sum(({ keys }) => keys.get(id)?.verified ?? 0),
    failed: sum(({ keys }) => keys.get(id)?.failed ?? 0),
  });
  return {
    received: sum(({ received }) => received),
    sent: sum(({ sent }) => sent),
    sendFailed: sum(({ sendFailed }) => sendFailed),
    dropped: Object.fromEntries(dropped),
    keys: new Map([...ids].map((id) => [id, keyOf(id)])),
  };
}
