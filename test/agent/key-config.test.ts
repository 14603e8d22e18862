import { describe, expect, test } from "vitest";
import { readKey } from "../../src/agent/key-config.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const pairs = (octets: number): string =>
  Array.from({ length: octets }, (_, i) => (i + 1).toString(16).padStart(2, "0")).join(":");
const open = (text: string): Uint8Array | undefined =>
  text.startsWith("sealed:") ? utf8(text.slice(7)) : undefined;

type Entry = Parameters<typeof readKey>[0];

function entry(algorithm: string, key: object, more: object = {}): Entry {
  return { keyid: 5, algorithm, key, ...more } as Entry;
}

describe("a key that can be used", () => {
  const sixteen = "Cmac128-Secret-9";
  test.each([
    ["ietf-ntp:md5", { keystring: "Pass-word9" }, "md5", utf8("Pass-word9"), 16],
    ["ietf-ntp:sha-1", { keystring: "Pass-word9" }, "sha-1", utf8("Pass-word9"), 20],
    ["ntpconfd-ntp:hmac-sha256", { keystring: "é" }, "hmac-sha256", hex("c3a9"), 32],
    ["ntpconfd-ntp:aes-128-cmac", { keystring: sixteen }, "aes-128-cmac", utf8(sixteen), 16],
    ["ietf-ntp:aes-cmac", { keystring: "abc" }, "aes-128-cmac", utf8(`abc${"\0".repeat(13)}`), 16],
    [
      "ntpconfd-ntp:aes-256-cmac",
      { keystring: "abc" },
      "aes-256-cmac",
      utf8(`abc${"\0".repeat(29)}`),
      16,
    ],
    [
      "ietf-ntp:aes-cmac",
      { "hexadecimal-string": pairs(16) },
      "aes-128-cmac",
      hex(pairs(16).replaceAll(":", "")),
      16,
    ],
    [
      "ntpconfd-ntp:aes-256-cmac",
      { "hexadecimal-string": pairs(32) },
      "aes-256-cmac",
      hex(pairs(32).replaceAll(":", "")),
      16,
    ],
    ["ietf-ntp:md5", { "hexadecimal-string": "00:ff" }, "md5", hex("00ff"), 16],
    [
      "ntpconfd-ntp:hmac-sha256",
      { "ntpconfd-ntp:cipher-string": "sealed:x" },
      "hmac-sha256",
      utf8("x"),
      32,
    ],
    [
      "ietf-ntp:aes-cmac",
      { "ntpconfd-ntp:cipher-string": "sealed:x" },
      "aes-128-cmac",
      utf8(`x${"\0".repeat(15)}`),
      16,
    ],
  ])("%s %j", (algorithm, key, name, secret, digestLength) => {
    const read = { id: 5, algorithm: name, secret, digestLength };
    expect(readKey(entry(algorithm, key), open)).toEqual({ ...read, trusted: false });
    expect(readKey(entry(algorithm, key, { istrusted: true }), open)).toEqual({
      ...read,
      trusted: true,
    });
  });

  test.each([16, 20, 32])("HMAC-SHA256 cut to %i octets", (length) => {
    const given = entry(
      "ntpconfd-ntp:hmac-sha256",
      { keystring: "x" },
      {
        "ntpconfd-ntp:digest-length": length,
      },
    );
    expect(readKey(given, open)).toMatchObject({ digestLength: length });
  });
});

describe("a key that cannot be used says why, and where", () => {
  const digest = (length: number): object => ({ "ntpconfd-ntp:digest-length": length });
  test.each([
    [
      "ietf-ntp:hmac-sha-1",
      { keystring: "x" },
      {},
      ["algorithm"],
      /no algorithm ietf-ntp:hmac-sha-1/,
    ],
    [undefined, { keystring: "x" }, {}, ["algorithm"], /no algorithm \(none\)/],
    ["ietf-ntp:md5", {}, {}, ["key"], /no secret/],
    ["ietf-ntp:md5", { keystring: "" }, {}, ["key", "keystring"], /empty/],
    ["ietf-ntp:md5", { "hexadecimal-string": "" }, {}, ["key", "hexadecimal-string"], /empty/],
    [
      "ietf-ntp:aes-cmac",
      { keystring: "é".repeat(9) },
      {},
      ["key", "keystring"],
      /at most 16 octets, not 18/,
    ],
    [
      "ntpconfd-ntp:aes-256-cmac",
      { keystring: "x".repeat(33) },
      {},
      ["key", "keystring"],
      /at most 32 octets, not 33/,
    ],
    [
      "ietf-ntp:aes-cmac",
      { "hexadecimal-string": pairs(15) },
      {},
      ["key", "hexadecimal-string"],
      /exactly 16 octets, not 15/,
    ],
    [
      "ntpconfd-ntp:aes-256-cmac",
      { "hexadecimal-string": pairs(16) },
      {},
      ["key", "hexadecimal-string"],
      /exactly 32 octets, not 16/,
    ],
    [
      "ietf-ntp:md5",
      { "ntpconfd-ntp:cipher-string": "no" },
      {},
      ["key", "ntpconfd-ntp:cipher-string"],
      /does not open/,
    ],
    [
      "ietf-ntp:aes-cmac",
      { "ntpconfd-ntp:cipher-string": `sealed:${"x".repeat(17)}` },
      {},
      ["key", "ntpconfd-ntp:cipher-string"],
      /at most 16 octets, not 17/,
    ],
    [
      "ietf-ntp:md5",
      { keystring: "x" },
      digest(20),
      ["ntpconfd-ntp:digest-length"],
      /16 octets, fewer than 20/,
    ],
    [
      "ietf-ntp:sha-1",
      { keystring: "x" },
      digest(32),
      ["ntpconfd-ntp:digest-length"],
      /20 octets, fewer than 32/,
    ],
    [
      "ntpconfd-ntp:aes-256-cmac",
      { keystring: "x" },
      digest(32),
      ["ntpconfd-ntp:digest-length"],
      /16 octets, fewer than 32/,
    ],
  ])("%s %j %j", (algorithm, key, more, leaf, message) => {
    const fault = readKey(entry(algorithm as string, key, more), open);
    expect(fault).toEqual({ leaf, message: expect.stringMatching(message) });
    expect(fault).toMatchObject({ message: expect.stringMatching(/key 5/) });
  });
});
