/**
 * The one door to the disk: synchronous, names are flat (no separators). `write` is atomic and
 * durable
 * when it returns (temporary file, fsync, rename, fsync of the folder); `append` is durable when it
 * returns and may be torn by a crash. Both throw StorageError, and then nothing was changed.
 */
export interface Storage {
  read(name: string): Uint8Array | undefined;
  write(name: string, bytes: Uint8Array): void;
  append(name: string, bytes: Uint8Array): void;
  remove(name: string): void;
}

export class StorageError extends Error {}
