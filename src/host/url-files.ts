import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Storage, StorageError } from "../base/index.ts";
import { FileStorage } from "./storage.ts";

/** The files that there may be: a manager who may copy must not fill the disk one by one. */
const filesMax = 1_000;
/** Octets: as much as one message may have. */
const sizeMax = 128 * 1024 * 1024;

/** Where the files of :url lie, below the state directory. */
export function urlFolder(stateDirectory: string): string {
  return join(stateDirectory, "url");
}

/**
 * The files that a manager reaches by URLs: plain files of one folder and nothing else. What is a
 * link, a folder or a pipe there is refused, not followed.
 */
export class UrlFiles implements Storage {
  readonly #folder: string;
  readonly #files: FileStorage;

  /** Makes the folder if it is not there; throws StorageError if it cannot be used. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#files = new FileStorage(folder);
  }

  read(name: string): Uint8Array | undefined {
    return this.#isThere(name) ? this.#files.read(name) : undefined;
  }

  write(name: string, bytes: Uint8Array): void {
    if (!this.#isThere(name) && this.names().length >= filesMax) {
      throw new StorageError(`there are ${filesMax} files already: delete one that is not needed`);
    }
    this.#files.write(name, bytes);
  }

  append(name: string, bytes: Uint8Array): void {
    if (this.#isThere(name)) this.#files.append(name, bytes);
    else this.write(name, bytes);
  }

  remove(name: string): void {
    if (this.#isThere(name)) this.#files.remove(name);
  }

  /** All plain files that there are. */
  names(): readonly string[] {
    const found = readdirSync(this.#folder, { withFileTypes: true });
    return found.filter((entry) => entry.isFile() && !entry.name.startsWith(".")).map(nameOf);
  }

  /** Throws StorageError for what is there and no plain file. */
  #isThere(name: string): boolean {
    const found = lstatSync(join(this.#folder, name), { throwIfNoEntry: false });
    if (found === undefined) return false;
    if (found.isSymbolicLink()) throw new StorageError("it is a symbolic link, and not followed");
    if (!found.isFile()) throw new StorageError("it is no file");
    if (found.size <= sizeMax) return true;
    throw new StorageError(`it has ${found.size} octets, more than the ${sizeMax} that may be`);
  }
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
