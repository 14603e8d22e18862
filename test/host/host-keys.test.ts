import ssh2 from "ssh2";
import { expect, test } from "vitest";
import type { Storage } from "../../src/base/index.ts";
import { fingerprint, hostKeys, publicHostKeys } from "../../src/host/index.ts";

function emptyStorage(): Storage {
  const files = new Map<string, Uint8Array>();
  return {
    read: (name) => files.get(name),
    write: (name, bytes) => void files.set(name, bytes),
    append: () => undefined,
    remove: (name) => void files.delete(name),
  };
}

const never = (told: string): void => expect.unreachable(`said again: ${told}`);

test("every first start makes host keys that can be read, and keeps them", () => {
  // One in some two hundred that ssh2 makes could not.
  for (let i = 0; i < 500; i += 1) {
    const storage = emptyStorage();
    const announced: string[] = [];
    const made = hostKeys(storage, (one) => announced.push(one));
    for (const key of made) expect(ssh2.utils.parseKey(key)).not.toBeInstanceOf(Error);
    expect(announced).toEqual(publicHostKeys(storage).map(fingerprint));
    expect(hostKeys(storage, never)).toEqual(made);
  }
});
