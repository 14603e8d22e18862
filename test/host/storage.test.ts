import * as fs from "node:fs";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StorageError } from "../../src/base/index.ts";
import { atRestKey } from "../../src/host/key-file.ts";
import { systemRandom } from "../../src/host/random.ts";
import { lockState } from "../../src/host/state-lock.ts";
import { type FileCalls, FileStorage } from "../../src/host/storage.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-storage-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array | undefined): string | undefined =>
  read === undefined ? undefined : new TextDecoder().decode(read);

/** The real calls, of which the n-th that changes something fails. */
function failing(n: number): { calls: FileCalls; reached: () => boolean } {
  let left = n;
  const counted = <Name extends keyof FileCalls>(name: Name): FileCalls[Name] => {
    const real = Reflect.get(fs, name) as (...parameters: unknown[]) => unknown;
    const call = (...parameters: unknown[]): unknown => {
      if (--left === 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      return real(...parameters);
    };
    return call as unknown as FileCalls[Name];
  };
  return {
    calls: {
      ...fs,
      openSync: counted("openSync"),
      writeSync: counted("writeSync"),
      fsyncSync: counted("fsyncSync"),
      renameSync: counted("renameSync"),
      unlinkSync: counted("unlinkSync"),
    },
    reached: () => left <= 0,
  };
}

describe("files", () => {
  test("are written, read, appended to and removed, for their owner alone", () => {
    const storage = new FileStorage(join(directory, "deep", "state"));
    expect(storage.read("running")).toBeUndefined();
    storage.write("running", bytes("one"));
    storage.write("running", bytes("two"));
    expect(text(storage.read("running"))).toBe("two");
    storage.append("journal", bytes("a"));
    storage.append("journal", bytes("b"));
    expect(text(storage.read("journal"))).toBe("ab");
    for (const name of ["running", "journal"]) {
      expect(statSync(join(directory, "deep/state", name)).mode & 0o777).toBe(0o600);
    }
    for (const made of ["deep", "deep/state"]) {
      expect(statSync(join(directory, made)).mode & 0o777).toBe(0o700);
    }
    storage.remove("running");
    storage.remove("running");
    expect(storage.read("running")).toBeUndefined();
    expect(readdirSync(join(directory, "deep/state"))).toEqual(["journal"]);
  });

  test.each(["", "..", ".", "a/b", "../x", ".hidden"])("%j is no name", (name) => {
    const storage = new FileStorage(directory);
    expect(() => storage.write(name, bytes("x"))).toThrow("a flat name");
    expect(() => storage.read(name)).toThrow("a flat name");
  });

  // The n-th call fails, for every n until all succeed: what is on disk is the old or the new.
  test.each<[string, (storage: FileStorage) => void, string]>([
    ["write", (storage) => storage.write("file", bytes("a longer one")), "a longer one"],
    ["append", (storage) => storage.append("file", bytes(" and more")), "old and more"],
  ])("a %s that fails leaves nothing half done", (_, act, after) => {
    for (let n = 2; ; n++) {
      new FileStorage(directory).write("file", bytes("old"));
      const { calls, reached } = failing(n);
      const storage = new FileStorage(directory, calls);
      let failure: unknown;
      try {
        act(storage);
      } catch (error) {
        failure = error;
      }
      if (!reached()) {
        expect(failure).toBeUndefined();
        expect(n).toBeGreaterThan(4);
        expect(text(new FileStorage(directory).read("file"))).toBe(after);
        break;
      }
      expect(failure).toBeInstanceOf(StorageError);
      expect(String(failure)).toMatch(/cannot (write|append to) .*file: no space left/);
      expect(["old", after]).toContain(text(new FileStorage(directory).read("file")));
      expect(readdirSync(directory)).toEqual(["file"]);
    }
  });

  test("a directory that cannot be used is said so", () => {
    writeFileSync(join(directory, "file"), "");
    expect(() => new FileStorage("/proc/nowhere/state")).toThrow(/cannot make/);
    expect(() => new FileStorage(join(directory, "file/below"))).toThrow(/cannot make .*below/);
    expect(() => new FileStorage(join(directory, "file"))).toThrow(/cannot read .*file/);
  });
});

describe("the lock on a state directory", () => {
  test("is held by one process, and freed", () => {
    const lock = lockState(directory);
    expect(() => lockState(directory)).toThrow(`in use by another agent (process ${process.pid})`);
    lock.release();
    lockState(directory).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each([
    ["of a process that is gone", "4194305 17\n"],
    ["of an earlier process with the same number", `${process.pid} 1\n`],
    ["that is junk", "junk"],
    ["that is empty", ""],
  ])("%s does not count", (_, mark) => {
    writeFileSync(join(directory, "lock"), mark);
    const lock = lockState(directory);
    expect(() => lockState(directory)).toThrow(StorageError);
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("a lock that cannot be taken", () => {
  test("for want of room says so, and leaves nothing behind", () => {
    symlinkSync("/dev/full", join(directory, `lock.${process.pid}`));
    expect(() => lockState(directory)).toThrow(/^cannot lock .*ENOSPC/);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("because nobody can tell whose it is says so", () => {
    mkdirSync(join(directory, "lock"));
    expect(() => lockState(directory)).toThrow(/^cannot lock .*EISDIR/);
    expect(readdirSync(directory)).toEqual(["lock"]);
  });
});

describe("the at-rest key", () => {
  test("is made once, and a file that is none is an error", () => {
    const storage = new FileStorage(directory);
    const key = atRestKey(storage, systemRandom);
    expect(key).toHaveLength(32);
    expect(atRestKey(storage, systemRandom)).toEqual(key);
    expect(statSync(join(directory, "at-rest-key")).mode & 0o777).toBe(0o600);
    storage.write("at-rest-key", bytes("short"));
    expect(() => atRestKey(storage, systemRandom)).toThrow("5 octets, not 32");
  });
});
