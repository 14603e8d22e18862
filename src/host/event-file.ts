import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Storage, StorageError } from "../base/index.ts";
import type { EventStore } from "../netconf/index.ts";

const name = "notifications";

/**
 * The log of notifications in the state directory. Lines are handed to the kernel as they come: the
 * end of the process loses none, and no commit waits for the disk.
 */
export class EventFile implements EventStore {
  readonly #path: string;
  readonly #storage: Storage;
  #file: number | undefined;

  /** `storage`: of the same directory. */
  constructor(stateDirectory: string, storage: Storage) {
    this.#path = join(stateDirectory, name);
    this.#storage = storage;
  }

  read(): Uint8Array | undefined {
    return this.#storage.read(name);
  }

  append(bytes: Uint8Array): void {
    try {
      this.#file ??= openSync(this.#path, "a", 0o600);
      writeSync(this.#file, bytes);
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
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
