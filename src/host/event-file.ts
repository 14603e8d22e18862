import * as fs from "node:fs";
import { join } from "node:path";
import { type Storage, StorageError } from "../base/index.ts";
import type { EventStore } from "../netconf/index.ts";
import type { FileCalls } from "./storage.ts";

const name = "notifications";

/**
 * The log of notifications in the state directory. Lines are handed to the kernel as they come: the
 * end of the process loses none, and no commit waits for the disk.
 */
export class EventFile implements EventStore {
  readonly #path: string;
  readonly #storage: Storage;
  readonly #calls: FileCalls;
  #file: number | undefined;

  /** `storage`: of the same directory. */
  constructor(stateDirectory: string, storage: Storage, calls: FileCalls = fs) {
    this.#path = join(stateDirectory, name);
    this.#storage = storage;
    this.#calls = calls;
  }

  read(): Uint8Array | undefined {
    return this.#storage.read(name);
  }

  append(bytes: Uint8Array): void {
    try {
      this.#file ??= this.#calls.openSync(this.#path, "a", 0o600);
      this.#appendAll(this.#file, bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StorageError(`cannot append to ${this.#path}: ${reason}`, { cause: error });
    }
  }

  write(bytes: Uint8Array): void {
    this.close();
    this.#storage.write(name, bytes);
  }

  close(): void {
    if (this.#file !== undefined) this.#calls.closeSync(this.#file);
    this.#file = undefined;
  }

  /** All of it or nothing: on a full disk a part may go, and the next line would end up in it. */
  #appendAll(file: number, bytes: Uint8Array): void {
    let done = this.#calls.writeSync(file, bytes);
    if (done === bytes.length) return;
    const before = this.#calls.fstatSync(file).size - done;
    try {
      while (done < bytes.length) done += this.#calls.writeSync(file, bytes, done);
    } catch (error) {
      this.#calls.ftruncateSync(file, before);
      throw error;
    }
  }
}
