import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StorageError } from "../../src/base/index.ts";
import { UrlFiles, urlFolder } from "../../src/host/url-files.ts";

let state = "";
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "ntpconfd-url-"));
  writeFileSync(join(state, "startup"), "the agent's own");
});
afterEach(() => rmSync(state, { recursive: true }));

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

test("files are written, read, listed and removed, for their owner alone", () => {
  const files = new UrlFiles(urlFolder(state));
  expect(files.read("a.xml")).toBeUndefined();
  files.write("a.xml", octets("one"));
  files.write("a.xml", octets("two"));
  expect(new UrlFiles(urlFolder(state)).read("a.xml")).toEqual(octets("two"));
  expect(statSync(join(urlFolder(state), "a.xml")).mode & 0o777).toBe(0o600);
  expect(statSync(urlFolder(state)).mode & 0o777).toBe(0o700);
  expect(files.names()).toEqual(["a.xml"]);
  files.remove("a.xml");
  files.remove("a.xml");
  expect(files.names()).toEqual([]);
});

test("links, folders and pipes are refused, and what they lead to is left alone", () => {
  const files = new UrlFiles(urlFolder(state));
  const path = (name: string): string => join(urlFolder(state), name);
  symlinkSync(join(state, "startup"), path("link"));
  symlinkSync(join(state, "nowhere"), path("dangling"));
  mkdirSync(path("folder"));
  execFileSync("mkfifo", [path("pipe")]);
  for (const name of ["link", "dangling", "folder", "pipe"]) {
    expect(() => files.read(name), name).toThrow(StorageError);
    expect(() => files.write(name, octets("x")), name).toThrow(StorageError);
    expect(() => files.remove(name), name).toThrow(StorageError);
  }
  expect(readFileSync(join(state, "startup"), "utf8")).toBe("the agent's own");
  expect(files.names()).toEqual([]);
});

test("there is an end to files", () => {
  const files = new UrlFiles(urlFolder(state));
  for (let i = 0; i < 1_000; i++) writeFileSync(join(urlFolder(state), `f${i}`), "");
  expect(() => files.write("one-more", octets("x"))).toThrow("delete one");
  files.write("f7", octets("x"));
  files.remove("f8");
  files.write("one-more", octets("x"));
});
