/** What the datastores should do, told once more with plain Maps and no cleverness. */
export type Config = ReadonlyMap<string, string>;
export type Name = "running" | "candidate";

interface Pending {
  readonly before: Config;
  readonly deadline: number;
  readonly persist: string | undefined;
  readonly owner: number;
}

const same = (a: Config, b: Config): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
const isValid = (config: Config): boolean => [...config.values()].every((value) => value !== "bad");

/** Methods answer with the error-tag, or undefined for ok. */
export class Model {
  running: Config = new Map();
  candidate: Config = new Map();
  readonly #locks = new Map<Name, number>();
  #pending: Pending | undefined;
  #now = 0;

  edit(target: Name, key: string, value: string | undefined, test: boolean, session: number) {
    if (this.#isOthers(target, session)) return "in-use";
    const next = new Map(target === "running" ? this.running : this.candidate);
    if (value === undefined) next.delete(key);
    else next.set(key, value);
    if ((test || target === "running") && !isValid(next)) return "operation-failed";
    if (target === "candidate") this.candidate = next;
    else this.#run(next);
    return undefined;
  }

  commit(
    confirmed: { timeout: number; persist?: string } | undefined,
    persistId: string | undefined,
    session: number,
  ) {
    if (this.#isOthers("running", session) || this.#isOthers("candidate", session)) return "in-use";
    const refusal = this.#admit(persistId, session);
    if (refusal !== undefined) return refusal;
    if (!isValid(this.candidate)) return "operation-failed";
    const before = this.#pending?.before ?? this.running;
    this.running = this.candidate;
    const persist = confirmed?.persist ?? this.#pending?.persist;
    this.#pending = confirmed && {
      before,
      deadline: this.#now + confirmed.timeout,
      persist,
      owner: session,
    };
    return undefined;
  }

  cancel(persistId: string | undefined, session: number) {
    const refusal = this.#admit(persistId, session);
    if (refusal !== undefined) return refusal;
    if (this.#pending === undefined) return "operation-failed";
    if (this.#isOthers("running", session)) return "in-use";
    this.#revert(this.#pending);
    return undefined;
  }

  discard(session: number) {
    if (this.#isOthers("candidate", session)) return "in-use";
    this.candidate = this.running;
    return undefined;
  }

  lock(name: Name, session: number) {
    if (this.#locks.has(name)) return "lock-denied";
    const isPending = this.#pending !== undefined && this.#pending.owner !== session;
    if (name === "running" && isPending) return "lock-denied";
    if (name === "candidate" && !same(this.candidate, this.running)) return "lock-denied";
    this.#locks.set(name, session);
    return undefined;
  }

  unlock(name: Name, session: number) {
    if (this.#locks.get(name) !== session) return "operation-failed";
    this.#locks.delete(name);
    if (name === "candidate") this.candidate = this.running;
    return undefined;
  }

  close(session: number) {
    for (const [name, holder] of [...this.#locks])
      if (holder === session) this.unlock(name, session);
    if (this.#pending?.owner !== session) return undefined;
    if (this.#pending.persist === undefined) this.#revert(this.#pending);
    else this.#pending = { ...this.#pending, owner: 0 };
    return undefined;
  }

  wait(seconds: number) {
    this.#now += seconds;
    if (this.#pending && this.#now >= this.#pending.deadline) this.#revert(this.#pending);
    return undefined;
  }

  restart() {
    this.running = this.#pending?.before ?? this.running;
    this.candidate = this.running;
    this.#pending = undefined;
    this.#locks.clear();
    return undefined;
  }

  get isModified(): boolean {
    return !same(this.candidate, this.running);
  }

  #isOthers(name: Name, session: number): boolean {
    const holder = this.#locks.get(name);
    return holder !== undefined && holder !== session;
  }

  #admit(persistId: string | undefined, session: number) {
    if (persistId !== undefined && persistId !== this.#pending?.persist) return "invalid-value";
    if (this.#pending === undefined || persistId !== undefined) return undefined;
    const isOwn = this.#pending.persist === undefined && this.#pending.owner === session;
    return isOwn ? undefined : "operation-failed";
  }

  #run(next: Config) {
    if (same(this.candidate, this.running)) this.candidate = next;
    this.running = next;
  }

  #revert({ before }: Pending) {
    this.#pending = undefined;
    this.#run(before);
  }
}
