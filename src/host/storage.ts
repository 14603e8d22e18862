import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { assert, type Storage, StorageError } from "../base/index.ts";

/** The calls that the storage makes: a test hands in ones that fail. */
export type FileCalls = Pick<
  typeof fs,
  | "closeSync"
  | "fstatSync"
  | "fsyncSync"
  | "ftruncateSync"
  | "mkdirSync"
  | "openSync"
  | "readFileSync"
  | "renameSync"
  | "unlinkSync"
  | "writeSync"
>;

const privateFile = 0o600;
const privateDirectory = 0o700;
const temporarySuffix = ".new";

/**
 * Files in one directory, readable by their owner alone. What `write` replaced is there whole, old
 * or new, whenever the machine stops.
 */
export class FileStorage implements Storage {
  readonly #directory: string;
  readonly #calls: FileCalls;

  /** Makes the directory if it is not there; throws StorageError if it cannot be used. */
  constructor(directory: string, calls: FileCalls = fs) {
    this.#directory = directory;
    this.#calls = calls;
    this.#attempt("make", directory, () => this.#make(resolve(directory)));
    this.#attempt("read", directory, () => calls.closeSync(calls.openSync(`${directory}/.`, "r")));
  }

  read(name: string): Uint8Array | undefined {
    const path = this.#path(name);
    try {
      return new Uint8Array(this.#calls.readFileSync(path));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw fault("read", path, error);
    }
  }

  write(name: string, bytes: Uint8Array): void {
    const path = this.#path(name);
    const temporary = path + temporarySuffix;
    this.#attempt("write", path, () => {
      try {
        this.#withFile(temporary, "w", (file) => {
          this.#writeAll(file, bytes);
          this.#calls.fsyncSync(file);
        });
        this.#calls.renameSync(temporary, path);
      } catch (error) {
        this.#discard(temporary);
        throw error;
      }
      // The new file is in place by now. Should the directory not take the sync, a crash could
      // still bring the old file back: both are whole.
      this.#syncDirectory();
    });
  }

  append(name: string, bytes: Uint8Array): void {
    const path = this.#path(name);
    this.#attempt("append to", path, () => {
      this.#withFile(path, "a", (file) => {
        const before = this.#calls.fstatSync(file).size;
        try {
          this.#writeAll(file, bytes);
          this.#calls.fsyncSync(file);
        } catch (error) {
          this.#calls.ftruncateSync(file, before);
          throw error;
        }
        if (before === 0) this.#syncDirectory();
      });
    });
  }

  remove(name: string): void {
    const path = this.#path(name);
    this.#attempt("remove", path, () => {
      try {
        this.#calls.unlinkSync(path);
      } catch (error) {
        if (codeOf(error) === "ENOENT") return;
        throw error;
      }
      this.#syncDirectory();
    });
  }

  /** Not mkdir's own recursion: where the kernel makes no directories, that does not end. */
  #make(directory: string): void {
    try {
      this.#calls.mkdirSync(directory, { mode: privateDirectory });
    } catch (error) {
      const code = codeOf(error);
      if (code === "EEXIST") return;
      if (code !== "ENOENT" || dirname(directory) === directory) throw error;
      this.#make(dirname(directory));
      this.#calls.mkdirSync(directory, { mode: privateDirectory });
    }
  }

  #path(name: string): string {
    assert(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name), `a flat name: ${name}`);
    return join(this.#directory, name);
  }

  #withFile(path: string, flags: string, use: (file: number) => void): void {
    const file = this.#calls.openSync(path, flags, privateFile);
    try {
      use(file);
    } finally {
      this.#calls.closeSync(file);
    }
  }

  #writeAll(file: number, bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      written += this.#calls.writeSync(file, bytes, written, bytes.length - written);
    }
  }

  #syncDirectory(): void {
    this.#withFile(this.#directory, "r", (file) => this.#calls.fsyncSync(file));
  }

  #discard(path: string): void {
    try {
      this.#calls.unlinkSync(path);
    } catch {
      // It may never have been made, and the next write takes its place anyway.
    }
  }

  #attempt(what: string, path: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      throw fault(what, path, error);
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function fault(what: string, path: string, error: unknown): StorageError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StorageError(`cannot ${what} ${path}: ${reason}`, { cause: error });
}
