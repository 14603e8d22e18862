import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { Raw } from "../../src/base/index.ts";
import {
  type Arrival,
  compileSnapshot,
  defaultPolicy,
  dropReason,
  Engine,
  respond,
  type ServerSnapshot,
  type Timestamp,
} from "../../src/ntp/index.ts";
import { MacKey } from "../../src/ntp/mac.ts";
import { fold, unfold } from "../../src/ntp/time.ts";
import { SeededRandom } from "../random.ts";
import { config, key } from "../sim/scenario.ts";
import { octets, plainSnapshot, signedWith } from "./serving.ts";

// Attacks that other daemons have fallen to, by the numbers of a list of 45. Here are those that
// can be put to a server or to a part of the engine; those that take a client are in
// test/sim/security.test.ts and forgery.test.ts, and others stand beside what they are about. The
// last test here holds that each number has its test.

const now = (3_900_000_000n << 32n) as Timestamp;
const keys = [
  key(1, "md5", "Md5-Secret-Pass9"),
  key(2, "hmac-sha256", "Hmac-Secret-Pass9"),
  key(7, "md5", "7octets"),
  ...[28, 36].map((id) => key(id, "hmac-sha256", "Hmac-Secret-Pass9")),
];
const snapshot: ServerSnapshot = {
  ...plainSnapshot(now, 0n as Raw),
  keys,
  manycast: [{ interface: "eth0", group: "224.0.1.1" }],
};

/** A request of version 4 with a nonce; the first octet may be another. */
function request(first = 0x23, tail: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(48 + tail.length);
  bytes[0] = first;
  bytes.set([9, 8, 7, 6, 5, 4, 3, 2], 40);
  bytes.set(tail, 48);
  return bytes;
}

function signed(id: number, bytes = request()): Uint8Array {
  return signedWith(keys, id, bytes);
}

/** The reply, or why there is none; never is it longer than the request. */
function ask(
  bytes: Uint8Array,
  arrival: Partial<Arrival> = {},
  more: Partial<ServerSnapshot> = {},
): Uint8Array | string {
  const reply = new Uint8Array(2_048);
  const usual = { raw: 1e9, from: octets("192.0.2.1"), fromPort: 4_000, to: octets("192.0.2.2") };
  const all: Arrival = { ...usual, interface: "eth0", ...arrival };
  const compiled = compileSnapshot({ ...snapshot, ...more });
  const length = respond(compiled, bytes, bytes.length, all, reply, () => all.raw);
  if (length < 0) return dropReason(length);
  expect(length, "5: amplification").toBeLessThanOrEqual(bytes.length);
  return reply.slice(0, length);
}

test("1: lengths below 48, or that are no multiple of 4", () => {
  for (let length = 0; length < 48; length++) {
    expect(ask(request().slice(0, length))).toBe("malformed");
  }
  for (const more of [1, 2, 3, 5]) {
    expect(ask(request(0x23, new Array<number>(more).fill(0)))).toBe("malformed");
  }
});

test("2: source port 0", () => {
  expect(ask(request(), { fromPort: 0 })).toBe("malformed");
});

test("3: versions 0 and 5 to 7; the others are answered in their own", () => {
  for (let version = 0; version < 8; version++) {
    const reply = ask(request((version << 3) | 3));
    if (version >= 1 && version <= 4) expect((reply[0] as number) >> 3).toBe(version);
    else expect(reply).toBe("version");
  }
});

test("6: senders that are nobody, everybody or a group", () => {
  for (const from of ["0.0.0.0", "255.255.255.255", "224.0.1.1", "240.0.0.1", "::", "ff02::1"]) {
    expect(ask(request(), { from: octets(from) }), from).toBe("malformed");
  }
});

test("7: extension fields of length 0, too short, too long, or out of step", () => {
  const field = (length: number, whole: number): readonly number[] => [
    ...[0x20, 5, length >> 8, length & 255],
    ...new Array<number>(whole - 4).fill(0),
  ];
  for (const [length, whole] of [
    ...[[0, 28] as const, [4, 28] as const, [12, 28] as const, [16, 16] as const],
    ...[[26, 28] as const, [64, 28] as const, [0xffff, 28] as const, [24, 24] as const],
  ]) {
    expect(typeof ask(request(0x23, field(length, whole))), `${length} ${whole}`).toBe("string");
  }
  expect(ask(request(0x23, field(28, 28)))).toHaveLength(48);
  expect(ask(request(0x23, [...field(16, 16), ...field(28, 28)]))).toHaveLength(48);
});

test("8: trailers of any length but those of the keys that there are", () => {
  for (let length = 1; length < 80; length++) {
    const tail = [0, 0, 0, 1, ...new Array<number>(length).fill(0)].slice(0, length);
    expect(typeof ask(request(0x23, tail)), String(length)).toBe("string");
  }
});

test("9: a long MAC whose key id could be an extension field's length", () => {
  for (const id of [28, 36]) {
    expect(ask(signed(id)), String(id)).toHaveLength(84);
    const bad = signed(id);
    bad[83] = (bad[83] ?? 0) ^ 1;
    expect(ask(bad)).toBe("bad-mac");
  }
});

test("10: key id 0, and a key id alone", () => {
  expect(ask(request(0x23, new Array<number>(20).fill(0)))).toBe("unknown-key");
  expect(ask(request(0x23, [0, 0, 0, 1]))).toBe("malformed");
  expect(ask(request(0x23, [0, 0, 0, 0]))).toBe("malformed");
});

test("15: comparing a digest takes as many looks, wherever it differs", () => {
  const material = { ...key(1, "md5", "Md5-Secret-Pass9") };
  const looks = [undefined, 0, 7, 15].map((wrong) => {
    let count = 0;
    const out = new Proxy(new Uint8Array(16), {
      get: (target, name) => {
        if (/^\d+$/.test(String(name))) count++;
        return Reflect.get(target, name, target);
      },
    });
    const mac = new MacKey(material, () => ({ out, run: () => undefined }));
    const bytes = new Uint8Array(68);
    if (wrong !== undefined) bytes[52 + wrong] = 1;
    expect(mac.verifies(bytes, 48)).toBe(wrong === undefined);
    return count;
  });
  expect(new Set(looks).size).toBe(1);
});

test("16: keys and digests do not end at an octet of zeros", () => {
  const digest = (secret: readonly number[]): string => {
    const all = new Uint8Array(68);
    const material = { ...key(1, "md5", "x"), secret: Uint8Array.from(secret) };
    new MacKey(material).sign(all, 48);
    return String(all.subarray(52));
  };
  expect(digest([1, 0, 2])).not.toBe(digest([1, 0, 3]));
  expect(digest([0, 1])).not.toBe(digest([0, 2]));
});

test("17: what is appended to an MD5 message without its key changes nothing", () => {
  // What MD5 pads key and header with is known: so is the digest of both, that, and more.
  const extended = (id: number, more: number): Uint8Array => {
    const secret = keys.find((one) => one.id === id)?.secret ?? new Uint8Array();
    const length = secret.length + 48;
    const padding = new Uint8Array((length % 64 < 56 ? 64 : 128) - (length % 64));
    padding[0] = 0x80;
    new DataView(padding.buffer).setUint32(padding.length - 8, length * 8, true);
    const body = Buffer.concat([request(), padding, new Uint8Array(more)]);
    const mac = createHash("md5").update(secret).update(body).digest();
    return Uint8Array.from(Buffer.concat([body, Uint8Array.of(0, 0, 0, id), mac]));
  };
  for (const more of [0, 4, 12, 28, 64]) expect(typeof ask(extended(1, more))).toBe("string");
  // A key of seven octets makes a field of the padding: it is passed over, and that is all.
  const reply = ask(extended(7, 247)) as Uint8Array;
  expect(reply.slice(0, 48)).toEqual((ask(signed(7)) as Uint8Array).slice(0, 48));
});

test("36: solicitations that are not answered", () => {
  const group = { to: octets("224.0.1.1") };
  const of = (stratum: number, referenceId: readonly number[] = []): Uint8Array => {
    const bytes = request();
    bytes[1] = stratum;
    bytes.set(referenceId, 12);
    return bytes;
  };
  const bad = signed(2).map((octet, i) => octet ^ (i === 60 ? 1 : 0));
  const nobody = [{ mode: "query-only" as const, entries: [] }];
  expect(ask(of(0), group)).toHaveLength(48);
  expect(ask(of(0), group, { leap: 3, stratum: 16 })).toBe("unsynchronized");
  expect(ask(of(2), group)).toBe("stratum");
  expect(ask(of(4, [10, 0, 0, 1]), group, { ownReferenceIds: [0x0a000001] })).toBe("loop");
  expect(ask(of(0), group, { accessRules: nobody })).toBe("access-denied");
  expect(ask(bad, group)).toBe("bad-mac");
  expect(ask(of(0), { ...group, interface: "eth1" })).toBe("not-manycast");
  expect(ask(of(0), { to: octets("224.0.1.2") })).toBe("not-manycast");
});

test("37: a request to a manycast server that serves nobody else", () => {
  const server = { ipv4: false, ipv6: false };
  const policy = { ...defaultPolicy, server };
  expect(ask(request(), {}, { policy })).toBe("server-disabled");
});

test("41: eras: what is said of a moment is said of the nearest one", () => {
  const era = 1n << 64n;
  for (const moment of [era - 5n, era, era + 7n, 2n * era - 1n, 3n * era + (1n << 40n)]) {
    for (const apart of [-(1n << 62n), -1n, 0n, 1n, 1n << 62n]) {
      const near = (moment + apart) as Timestamp;
      expect(unfold(fold(moment as Timestamp), near)).toBe(moment);
    }
  }
});

test("44: datagrams of any kind, from anywhere, never throw and bring up nothing", () => {
  const random = new SeededRandom(9);
  const engine = new Engine({
    random,
    precision: -20,
    clock: { at: 0n as Raw, now, frequencyError: 0 },
  });
  const interfaces = [{ name: "eth0", index: 1, up: true, addresses: ["192.0.2.2"] }];
  engine.interfaces(interfaces, 0n as Raw);
  const on = { name: "eth0", multicastServers: [], manycastServers: [], manycastClients: [] };
  const roles = { ...on, multicastClients: ["224.0.1.1"], broadcastClient: true };
  const policy = { ...defaultPolicy, dynamicAuthentication: true };
  engine.prepare(config({ keys, interfaces: [roles], policy }), 0n as Raw).apply(0n as Raw);
  for (let i = 0; i < 10_000; i++) {
    const bytes = random.bytes(Math.floor(random.fraction() * 120));
    if (random.fraction() < 0.8 && bytes.length > 0) bytes[0] = 0x20 | ((bytes[0] ?? 0) & 7);
    const from = random.bytes(4).join(".");
    const to = random.fraction() < 0.5 ? "224.0.1.1" : "192.0.2.2";
    const at = BigInt(i) as Raw;
    const how = { socket: i % 3, bytes, from, fromPort: 123, to, interface: "eth0" };
    expect(engine.received({ ...how, received: at }, at)).toEqual(expect.any(Array));
  }
  expect(engine.state(10_000n as Raw)).toMatchObject({ dynamicSessions: 0, associations: [] });
});

test("every number of the list has its test", () => {
  const found = new Set<number>();
  for (const folder of ["ntp", "sim", "agent"]) {
    const path = resolve(import.meta.dirname, "..", folder);
    for (const file of readdirSync(path)) {
      const text = readFileSync(resolve(path, file), "utf8");
      for (const [, numbers = ""] of text.matchAll(/["`](\d+(?:, \d+)*): /g)) {
        for (const number of numbers.split(", ")) found.add(Number(number));
      }
    }
  }
  const all = Array.from({ length: 45 }, (_, i) => i + 1);
  expect(all.filter((number) => !found.has(number))).toEqual([]);
});
