import { Worker } from "node:worker_threads";
import type { PasswordAnswer, PasswordQuestion } from "./password-worker.ts";

/** Above this many waiting, a log-in is refused unlooked-at: it bounds what strangers can queue. */
const pendingMax = 64;

/**
 * Checks passwords in a thread of its own, one after the other: hashing takes milliseconds on
 * purpose, and the loop has a clock to keep.
 */
export class PasswordChecker {
  readonly #failed: (error: Error) => void;
  #worker: Worker | undefined;
  readonly #pending = new Map<number, (matches: boolean) => void>();
  #nextId = 0;

  /** `failed`: the thread has ended by a mistake of ours, and all that it was asked is refused. */
  constructor(failed: (error: Error) => void) {
    this.#failed = failed;
  }

  check(password: string, hash: string): Promise<boolean> {
    if (this.#pending.size >= pendingMax) return Promise.resolve(false);
    const question: PasswordQuestion = { id: this.#nextId++, password, hash };
    return new Promise((resolve) => {
      this.#pending.set(question.id, resolve);
      this.#worker ??= this.#start();
      this.#worker.postMessage(question);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Where all log in by keys there never is a thread. */
  #start(): Worker {
    // Beside this file as built: a thread starts from JavaScript alone.
    const worker = new Worker(new URL("./password-worker.js", import.meta.url));
    worker.unref();
    worker.on("message", ({ id, matches }: PasswordAnswer) => {
      this.#pending.get(id)?.(matches);
      this.#pending.delete(id);
    });
    worker.on("error", this.#failed);
    worker.on("exit", () => {
      // Whoever logs in next gets a new one.
      this.#worker = undefined;
      this.#refuseAll();
    });
    return worker;
  }

  #refuseAll(): void {
    for (const resolve of this.#pending.values()) resolve(false);
    this.#pending.clear();
  }
}
