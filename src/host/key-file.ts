import { KeyVault, sealedAnew, vaultKeyLength } from "../agent/index.ts";
import { type Random, type Storage, StorageError } from "../base/index.ts";
import { rewriteStored } from "../datastore/index.ts";

const name = "at-rest-key";
/** The key before, as long as something may still be sealed under it. */
const formerName = "at-rest-key.old";

/** The agent's at-rest key: made on first use, and kept in the state directory. */
export function atRestKey(storage: Storage, random: Random): Uint8Array {
  const kept = keyIn(storage, name);
  if (kept !== undefined) return kept;
  const made = random.bytes(vaultKeyLength);
  storage.write(name, made);
  return made;
}

/** What opens all that this state directory has sealed. */
export function atRestVault(storage: Storage, random: Random): KeyVault {
  return new KeyVault(atRestKey(storage, random), random, keyIn(storage, formerName));
}

/** What opens all that a state directory has sealed, and makes no key where there is none. */
export function keptVault(storage: Storage, random: Random): KeyVault | undefined {
  const key = keyIn(storage, name);
  return key && new KeyVault(key, random, keyIn(storage, formerName));
}

/**
 * Makes a new at-rest key and seals under it all that is stored; the names of the files. What was
 * interrupted before is finished first, so whenever the machine stops, everything opens.
 */
export function rotateKey(storage: Storage, random: Random, others: OtherFiles): readonly string[] {
  if (keyIn(storage, formerName) !== undefined) finishRotation(storage, random, others);
  storage.write(formerName, atRestKey(storage, random));
  storage.write(name, random.bytes(vaultKeyLength));
  return finishRotation(storage, random, others);
}

/** Files beside what the datastores have stored. */
export interface OtherFiles {
  names(): readonly string[];
  read(name: string): Uint8Array | undefined;
  write(name: string, bytes: Uint8Array): void;
}

function finishRotation(storage: Storage, random: Random, others: OtherFiles): readonly string[] {
  const vault = atRestVault(storage, random);
  const files = rewriteStored(storage, (text) => sealedAnew(text, vault, vault));
  for (const file of others.names()) {
    const text = new TextDecoder().decode(others.read(file));
    const anew = sealedAnew(text, vault, vault);
    if (anew !== text) others.write(file, new TextEncoder().encode(anew));
  }
  storage.remove(formerName);
  return files;
}

function keyIn(storage: Storage, file: string): Uint8Array | undefined {
  const kept = storage.read(file);
  if (kept !== undefined && kept.length !== vaultKeyLength) {
    throw new StorageError(
      `the file ${file} holds ${kept.length} octets, not ${vaultKeyLength}: not a key`,
    );
  }
  return kept;
}
