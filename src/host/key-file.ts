import { vaultKeyLength } from "../agent/index.ts";
import { type Random, type Storage, StorageError } from "../base/index.ts";

const name = "at-rest-key";

/** The agent's at-rest key: made on first use, and kept in the state directory. */
export function atRestKey(storage: Storage, random: Random): Uint8Array {
  const kept = storage.read(name);
  if (kept === undefined) {
    const made = random.bytes(vaultKeyLength);
    storage.write(name, made);
    return made;
  }
  if (kept.length !== vaultKeyLength) {
    throw new StorageError(
      `the file ${name} holds ${kept.length} octets, not ${vaultKeyLength}: not a key`,
    );
  }
  return kept;
}
