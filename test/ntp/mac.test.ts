import { createCipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Algorithm } from "../../src/ntp/index.ts";
import { compileKeys } from "../../src/ntp/key-table.ts";
import { MacKey } from "../../src/ntp/mac.ts";
import { forSeeds } from "../random.ts";

const digestLengths: Readonly<Record<Algorithm, number>> = {
  md5: 16,
  "sha-1": 20,
  "hmac-sha256": 32,
  "aes-128-cmac": 16,
  "aes-256-cmac": 16,
};

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

function makeKey(algorithm: Algorithm, secret: Uint8Array, id = 0x01020304): MacKey {
  const digestLength = digestLengths[algorithm];
  return new MacKey({ id, algorithm, secret, digestLength, trusted: true });
}

/** The digest of a message; and what always holds of it. */
function check(algorithm: Algorithm, secret: Uint8Array, message: Uint8Array): string {
  const key = makeKey(algorithm, secret);
  const bytes = new Uint8Array(message.length + key.length);
  bytes.set(message);
  expect(key.sign(bytes, message.length)).toBe(bytes.length);
  expect(key.verifies(bytes, message.length)).toBe(true);
  expect([...bytes.subarray(message.length, message.length + 4)]).toEqual([1, 2, 3, 4]);
  for (let i = 0; i < bytes.length; i++) {
    if (i >= message.length && i < message.length + 4) continue;
    bytes[i] = (bytes[i] ?? 0) ^ 0x40;
    expect(key.verifies(bytes, message.length), `octet ${i} changed`).toBe(false);
    bytes[i] = (bytes[i] ?? 0) ^ 0x40;
  }
  return Buffer.from(bytes.subarray(message.length + 4)).toString("hex");
}

const rfc4493Key = hex("2b7e151628aed2a6abf7158809cf4f3c");
const rfc4493Message = hex(
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
);
const sp80038bKey = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");

describe("vectors", () => {
  const vectors: readonly (readonly [string, Algorithm, Uint8Array, Uint8Array, string])[] = [
    [
      "ntpsec MD5",
      "md5",
      ascii("abcdefgh"),
      ascii("ijklmnopqrstuvwx"),
      "0c0e84cf0bb7a8688e5238dbbc1c3953",
    ],
    [
      "classic SHA-1",
      "sha-1",
      ascii("abcdefgh"),
      ascii("ijklmnopqrstuvwx"),
      "d717e22e1659305fad6ef08864923db64aba9c08",
    ],
    [
      "ntpsec AES-128",
      "aes-128-cmac",
      ascii("0123456789abcdef"),
      ascii("ijklmnopqrstuvwx"),
      "b0a1cfd27f690c43a75d6c55914b1514",
    ],
    [
      "classic AES-128",
      "aes-128-cmac",
      ascii("aes-128-cmac-seq"),
      ascii("abcdefgh0123"),
      "dd35d5f51423d9d6385d2980fe51b96b",
    ],
    [
      "RFC 4493, 0 octets",
      "aes-128-cmac",
      rfc4493Key,
      new Uint8Array(),
      "bb1d6929e95937287fa37d129b756746",
    ],
    [
      "RFC 4493, 16 octets",
      "aes-128-cmac",
      rfc4493Key,
      rfc4493Message.subarray(0, 16),
      "070a16b46b4d4144f79bdd9dd04a287c",
    ],
    [
      "RFC 4493, 40 octets",
      "aes-128-cmac",
      rfc4493Key,
      rfc4493Message.subarray(0, 40),
      "dfa66747de9ae63030ca32611497c827",
    ],
    [
      "RFC 4493, 64 octets",
      "aes-128-cmac",
      rfc4493Key,
      rfc4493Message,
      "51f0bebf7e3b9d92fc49741779363cfe",
    ],
    [
      "SP 800-38B, 0 octets",
      "aes-256-cmac",
      sp80038bKey,
      new Uint8Array(),
      "028962f61b7bf89efc6b551f4667d983",
    ],
    [
      "SP 800-38B, 16 octets",
      "aes-256-cmac",
      sp80038bKey,
      rfc4493Message.subarray(0, 16),
      "28a7023f452e8f82bd4bf28d8c37c35c",
    ],
    [
      "SP 800-38B, 40 octets",
      "aes-256-cmac",
      sp80038bKey,
      rfc4493Message.subarray(0, 40),
      "aaf3d8f1de5640c232f5b169b9c911e6",
    ],
    [
      "SP 800-38B, 64 octets",
      "aes-256-cmac",
      sp80038bKey,
      rfc4493Message,
      "e1992190549f6ed5696a2c056c315410",
    ],
    [
      "RFC 4231 case 1",
      "hmac-sha256",
      new Uint8Array(20).fill(0x0b),
      ascii("Hi There"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      "RFC 4231 case 2",
      "hmac-sha256",
      ascii("Jefe"),
      ascii("what do ya want for nothing?"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      "RFC 4231 case 3",
      "hmac-sha256",
      new Uint8Array(20).fill(0xaa),
      new Uint8Array(50).fill(0xdd),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ],
    [
      "RFC 4231 case 6",
      "hmac-sha256",
      new Uint8Array(131).fill(0xaa),
      ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ];
  for (const [name, algorithm, secret, message, digest] of vectors) {
    test(name, () => expect(check(algorithm, secret, message)).toBe(digest));
  }
});

/** AES-CMAC by the definition of RFC 4493, on the system's cipher. */
function cmac(secret: Uint8Array, message: Uint8Array): Buffer {
  const encrypt = (block: Uint8Array): Buffer => {
    const cipher = createCipheriv(`aes-${secret.length * 8}-ecb`, secret, null);
    return cipher.setAutoPadding(false).update(block);
  };
  const twice = (block: Buffer): Buffer => {
    const value = BigInt(`0x${block.toString("hex")}`) << 1n;
    const reduced = BigInt.asUintN(128, value) ^ (value >> 128n === 1n ? 0x87n : 0n);
    return Buffer.from(reduced.toString(16).padStart(32, "0"), "hex");
  };
  const k1 = twice(encrypt(Buffer.alloc(16)));
  const whole = message.length > 0 && message.length % 16 === 0;
  const padded = whole
    ? Buffer.from(message)
    : Buffer.concat([message, Buffer.of(0x80), Buffer.alloc((31 - (message.length % 16)) % 16)]);
  const key = whole ? k1 : twice(k1);
  const last = padded.length - 16;
  for (let i = 0; i < 16; i++) padded[last + i] = (padded[last + i] ?? 0) ^ (key[i] ?? 0);
  let state = Buffer.alloc(16);
  for (let at = 0; at < padded.length; at += 16) {
    for (let i = 0; i < 16; i++) state[i] = (state[i] ?? 0) ^ (padded[at + i] ?? 0);
    state = Buffer.from(encrypt(state));
  }
  return state;
}

function oracle(algorithm: Algorithm, secret: Uint8Array, message: Uint8Array): string {
  switch (algorithm) {
    case "md5":
      return createHash("md5").update(secret).update(message).digest("hex");
    case "sha-1":
      return createHash("sha1").update(secret).update(message).digest("hex");
    case "hmac-sha256":
      return createHmac("sha256", secret).update(message).digest("hex");
    default:
      return cmac(secret, message).toString("hex");
  }
}

test("digests agree with the system's, whatever the lengths", () => {
  forSeeds(60, (random) => {
    for (const algorithm of Object.keys(digestLengths) as Algorithm[]) {
      const aes = algorithm.startsWith("aes") ? Number(algorithm.slice(4, 7)) / 8 : undefined;
      const secret = random.bytes(aes ?? 1 + Math.floor(random.fraction() * 100));
      const message = random.bytes(Math.floor(random.fraction() * 130));
      const digest = check(algorithm, secret, message);
      expect(digest, algorithm).toBe(oracle(algorithm, secret, message));
    }
  });
});

test("one key serves many packets: nothing of one is left in the next", () => {
  const secret = Uint8Array.from(randomBytes(16));
  for (const algorithm of ["md5", "sha-1", "hmac-sha256", "aes-128-cmac"] as const) {
    const key = makeKey(algorithm, secret);
    const bytes = new Uint8Array(128);
    for (const length of [48, 0, 77, 48, 64]) {
      key.sign(bytes, length);
      const digest = bytes.subarray(length + 4, length + key.length);
      const expected = oracle(algorithm, secret, bytes.subarray(0, length));
      expect(Buffer.from(digest).toString("hex")).toBe(expected);
    }
  }
});

test("a cut digest is the beginning of the whole one", () => {
  const secret = ascii("Hmac-Secret-Pass9");
  const how = { id: 9, algorithm: "hmac-sha256", secret, trusted: true } as const;
  const cut = new MacKey({ ...how, digestLength: 20 });
  const bytes = new Uint8Array(72);
  expect(cut.sign(bytes, 48)).toBe(72);
  const whole = oracle("hmac-sha256", secret, new Uint8Array(48));
  expect(Buffer.from(bytes.subarray(52)).toString("hex")).toBe(whole.slice(0, 40));
  expect(cut.verifies(bytes, 48)).toBe(true);
});

test.each([0, 4, 12, 15, 18, 36])("no key has a digest of %i octets", (digestLength) => {
  const secret = ascii("Hmac-Secret-Pass9");
  const key = { id: 9, algorithm: "hmac-sha256", secret, digestLength, trusted: true } as const;
  const uncounted = (): never => {
    throw new Error("a key that is refused is not counted");
  };
  expect(compileKeys([key], uncounted)).toEqual({
    fault: `key 9: hmac-sha256 makes no digest of ${digestLength} octets`,
  });
});
