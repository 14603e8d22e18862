import { Worker } from "node:worker_threads";
import type { PasswordAnswer, PasswordQuestion } from "./password-worker.ts";

/** Above this many waiting, a log-in is refused unlooked-at: it bounds what strangers can queue. */
const pendingMax = 64;

/**
 * Checks passwords in a thread of its own, one after the other: hashing takes milliseconds on
 * purpose, and the loop has a clock to keep.
 */
export class PasswordChecker {
  readonly #worker: Worker;
  readonly #pending = new Map<number, (matches: boolean) => void>();
  #nextId = 0;

  constructor() {
    // Beside this file, whether as source or as built.
    const file = new URL(import.meta.url.replace(/passwords(?=\.[jt]s$)/, "password-worker"));
    this.#worker = new Worker(file);
    this.#worker.unref();
    this.#worker.on("message", ({ id, matches }: PasswordAnswer) => {
      this.#pending.get(id)?.(matches);
      this.#pending.delete(id);
    });
    this.#worker.on("error", () => this.#refuseAll());
  }

  check(password: string, hash: string): Promise<boolean> {
    if (this.#pending.size >= pendingMax) return Promise.resolve(false);
    const question: PasswordQuestion = { id: this.#nextId++, password, hash };
    return new Promise((resolve) => {
      this.#pending.set(question.id, resolve);
      this.#worker.postMessage(question);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#refuseAll();
  }

  #refuseAll(): void {
    for (const resolve of this.#pending.values()) resolve(false);
    this.#pending.clear();
  }
}
