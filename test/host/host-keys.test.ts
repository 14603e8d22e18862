import ssh2 from "ssh2";
import { expect, test } from "vitest";
import type { Storage } from "../../src/base/index.ts";
import { hostKeys } from "../../src/host/index.ts";

function emptyStorage(): Storage {
  const files = new Map<string, Uint8Array>();
  return {
    read: (name) => files.get(name),
    write: (name, bytes) => void files.set(name, bytes),
    append: () => undefined,
    remove: (name) => void files.delete(name),
  };
}

test("every first start makes host keys that can be read, and keeps them", () => {
  // One in some two hundred that ssh2 makes could not.
  for (let i = 0; i < 500; i += 1) {
    const storage = emptyStorage();
    const made = hostKeys(storage);
    for (const key of made) expect(ssh2.utils.parseKey(key)).not.toBeInstanceOf(Error);
    expect(hostKeys(storage)).toEqual(made);
  }
});
