/** A configuration: entries by name. */
export type Config = ReadonlyMap<string, string>;
export type Name = "running" | "candidate" | "startup";

interface Pending {
  readonly before: Config;
  readonly deadline: number;
  readonly persist: string | undefined;
  readonly owner: number;
}

/** What was refused: the error-tag, and who holds what was asked for. */
export interface Refusal {
  readonly tag: string;
  readonly holder?: number;
}

type Answer = Refusal | undefined;

const same = (a: Config, b: Config): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
const invalid = (config: Config): Answer =>
  [...config.values()].includes("bad") ? { tag: "data-missing" } : undefined;

/**
 * What the datastores of an agent should do (RFC 6241), told once more with plain Maps. `events`
 * are the notifications due, in order.
 */
export class DatastoresModel {
  readonly events: string[] = [];
  running: Config = new Map();
  candidate: Config = new Map();
  startup: Config = new Map();
  #editor = 0;
  #now = 0;
  #pending: Pending | undefined;
  readonly #locks = new Map<Name, number>();
  readonly #hasStartup: boolean;

  constructor(hasStartup: boolean) {
    this.#hasStartup = hasStartup;
  }

  edit(target: Name, key: string, value: string | undefined, test: boolean, by: number): Answer {
    if (this.#isOthers(target, by)) return { tag: "in-use" };
    const next = new Map(this[target]);
    if (value === undefined) next.delete(key);
    else next.set(key, value);
    const fault = test || target === "running" ? invalid(next) : undefined;
    if (fault === undefined) this.#put(target, next, by);
    return fault;
  }

  copy(source: Name, target: Name, by: number): Answer {
    if (source === target) return { tag: "invalid-value" };
    if (this.#isOthers(target, by)) return { tag: "in-use" };
    const next = this[source];
    const fault = target === "candidate" ? undefined : invalid(next);
    if (fault === undefined) this.#put(target, next, by);
    return fault;
  }

  removeStartup(by: number): Answer {
    if (this.#isOthers("startup", by)) return { tag: "in-use" };
    this.#put("startup", new Map(), by);
    return undefined;
  }

  validate(source: Name): Answer {
    return invalid(this[source]);
  }

  commit(
    confirmed: { readonly timeout: number; readonly persist?: string } | undefined,
    persistId: string | undefined,
    by: number,
  ): Answer {
    if (this.#isOthers("running", by) || this.#isOthers("candidate", by)) return { tag: "in-use" };
    const refusal = this.#admit(persistId, by) ?? invalid(this.candidate);
    if (refusal !== undefined) return refusal;
    const pending = this.#pending;
    const before = pending?.before ?? this.running;
    this.#run(this.candidate);
    const persist = confirmed?.persist ?? pending?.persist;
    this.#pending = confirmed && {
      before,
      deadline: this.#now + confirmed.timeout,
      persist,
      owner: by,
    };
    if (confirmed !== undefined) this.events.push(pending === undefined ? "start" : "extend");
    else if (pending !== undefined) this.events.push("complete");
    return undefined;
  }

  cancel(persistId: string | undefined, by: number): Answer {
    const refusal = this.#admit(persistId, by);
    if (refusal !== undefined) return refusal;
    if (this.#pending === undefined) return { tag: "operation-failed" };
    if (this.#isOthers("running", by)) return { tag: "in-use" };
    this.#revert(this.#pending, "cancel");
    return undefined;
  }

  discard(by: number): Answer {
    if (this.#isOthers("candidate", by)) return { tag: "in-use" };
    this.#discard();
    return undefined;
  }

  lock(name: Name, by: number): Answer {
    const holder = this.#locks.get(name);
    if (holder !== undefined) return { tag: "lock-denied", holder };
    const pending = this.#pending;
    if (name === "running" && pending !== undefined && pending.owner !== by) {
      return { tag: "lock-denied", holder: pending.owner };
    }
    if (name === "candidate" && !same(this.candidate, this.running)) {
      return { tag: "lock-denied", holder: this.#editor };
    }
    this.#locks.set(name, by);
    return undefined;
  }

  unlock(name: Name, by: number): Answer {
    if (this.#locks.get(name) !== by) return { tag: "operation-failed" };
    this.#locks.delete(name);
    if (name === "candidate") this.#discard();
    return undefined;
  }

  /** However it ends: closed, killed, or its connection lost. */
  close(session: number): Answer {
    for (const [name, holder] of [...this.#locks]) {
      if (holder === session) this.unlock(name, session);
    }
    if (this.#editor === session) this.#editor = 0;
    const pending = this.#pending;
    if (pending?.owner !== session) return undefined;
    if (pending.persist === undefined) this.#revert(pending, "cancel");
    else this.#pending = { ...pending, owner: 0 };
    return undefined;
  }

  wait(seconds: number): void {
    this.#now += seconds;
    const pending = this.#pending;
    if (pending && this.#now >= pending.deadline) this.#revert(pending, "timeout");
  }

  restart(): void {
    const kept = this.#pending?.before ?? this.running;
    this.running = this.#hasStartup ? this.startup : kept;
    if (this.#hasStartup === false) this.startup = kept;
    this.#pending = undefined;
    this.#locks.clear();
    this.#discard();
    this.events.length = 0;
  }

  #put(target: Name, next: Config, by: number): void {
    if (target === "running") this.#run(next);
    else if (target === "candidate") [this.candidate, this.#editor] = [next, by];
    else {
      if (!same(this.startup, next)) this.events.push("startup");
      this.startup = next;
    }
  }

  /** A candidate that nobody changed goes along. */
  #run(next: Config): void {
    if (!same(this.running, next)) this.events.push("running");
    if (same(this.candidate, this.running)) this.candidate = next;
    this.running = next;
  }

  #revert({ before }: Pending, kind: string): void {
    this.#pending = undefined;
    this.#run(before);
    this.events.push(kind);
  }

  #discard(): void {
    this.candidate = this.running;
    this.#editor = 0;
  }

  #isOthers(name: Name, session: number): boolean {
    const holder = this.#locks.get(name);
    return holder !== undefined && holder !== session;
  }

  #admit(persistId: string | undefined, by: number): Answer {
    const pending = this.#pending;
    if (persistId !== undefined && persistId !== pending?.persist) return { tag: "invalid-value" };
    if (pending === undefined || persistId !== undefined) return undefined;
    const isOwn = pending.persist === undefined && pending.owner === by;
    return isOwn ? undefined : { tag: "operation-failed" };
  }
}
