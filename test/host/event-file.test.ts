import * as fs from "node:fs";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StorageError } from "../../src/base/index.ts";
import { EventFile } from "../../src/host/event-file.ts";
import { FileStorage } from "../../src/host/storage.ts";

let state = "";
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "ntpconfd-events-"));
});
afterEach(() => rmSync(state, { recursive: true }));

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

test("lines are on disk as they come, and go on behind what was written anew", () => {
  const file = new EventFile(state, new FileStorage(state));
  const path = join(state, "notifications");
  expect(file.read()).toBeUndefined();
  file.append(octets("a\n"));
  file.append(octets("b\n"));
  expect(readFileSync(path, "utf8")).toBe("a\nb\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  file.write(octets("head\n"));
  file.append(octets("c\n"));
  file.close();
  file.append(octets("d\n"));
  expect(new EventFile(state, new FileStorage(state)).read()).toEqual(octets("head\nc\nd\n"));
});

test("a disk that takes nothing is a StorageError", () => {
  const storage = new FileStorage(state);
  const file = new EventFile(join(state, "nowhere"), storage);
  expect(() => file.append(octets("a\n"))).toThrow(StorageError);
});

test("of a line that the disk takes in part nothing stays, and the next one is whole", () => {
  const storage = new FileStorage(state);
  let room = Number.POSITIVE_INFINITY;
  const writeSync = ((file: number, bytes: Uint8Array, at?: number) => {
    const from = at ?? 0;
    if (room === 0) throw new Error("ENOSPC: no space left on device, write");
    const count = Math.min(room, bytes.length - from);
    room -= count;
    return fs.writeSync(file, bytes, from, count);
  }) as typeof fs.writeSync;
  const file = new EventFile(state, storage, { ...fs, writeSync });
  file.append(octets("one\n"));
  room = 2;
  expect(() => file.append(octets("two\n"))).toThrow(StorageError);
  room = Number.POSITIVE_INFINITY;
  file.append(octets("three\n"));
  expect(new TextDecoder().decode(file.read())).toBe("one\nthree\n");
  file.close();
});
