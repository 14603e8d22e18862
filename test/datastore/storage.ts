import { type Storage, StorageError } from "../../src/base/index.ts";

/** A disk in memory that can be told to fail, and whose appends a crash can tear. */
export class MemoryStorage implements Storage {
  readonly files = new Map<string, Uint8Array>();
  /** Calls that change something, until one fails; undefined: never. */
  failsIn: number | undefined;

  read(name: string): Uint8Array | undefined {
    return this.files.get(name);
  }

  write(name: string, bytes: Uint8Array): void {
    this.#mayFail();
    this.files.set(name, bytes);
  }

  append(name: string, bytes: Uint8Array): void {
    this.#mayFail();
    const there = this.files.get(name) ?? new Uint8Array();
    const longer = new Uint8Array(there.length + bytes.length);
    longer.set(there);
    longer.set(bytes, there.length);
    this.files.set(name, longer);
  }

  remove(name: string): void {
    this.#mayFail();
    this.files.delete(name);
  }

  #mayFail(): void {
    if (this.failsIn === undefined) return;
    if (this.failsIn === 0) throw new StorageError("the disk is full");
    this.failsIn--;
  }
}
