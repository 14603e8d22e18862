import { describe, expect, test } from "vitest";
import type { Raw } from "../../src/base/index.ts";
import {
  type Arrival,
  compileSnapshot,
  defaultPolicy,
  dropReason,
  type PolicyConfig,
  respond,
  type ServerSnapshot,
  type Timestamp,
} from "../../src/ntp/index.ts";
import { MacKey } from "../../src/ntp/mac.ts";
import { decodePacket, encodePacket, type Packet } from "../../src/ntp/packet.ts";
import { forSeeds } from "../random.ts";
import { key } from "../sim/scenario.ts";
import { octets, plainSnapshot, signedWith } from "./serving.ts";

const base = ((3_900_000_000n << 32n) + 0x4000_0000n) as Timestamp;
const baseRaw = 5_000_000_000n as Raw;

const keys = [
  key(1, "md5", "Md5-Secret-Pass9"),
  key(2, "hmac-sha256", "Hmac-Secret-Pass9"),
  key(3, "aes-128-cmac", "Cmac128-Secret-9"),
  key(9, "md5", "Untrusted-Pass-9", false),
  ...Array.from({ length: 21 }, (_, i) => key(16 + i, "hmac-sha256", "Hmac-Secret-Pass9")),
];

const snapshot: ServerSnapshot = {
  ...plainSnapshot(base, baseRaw),
  rootDelay: 0.001,
  rootDispersion: 0.002,
  referenceId: 0x0a4d0063,
  referenceTime: (base - (8n << 32n)) as Timestamp,
  frequency: 1e-5,
  keys,
  manycast: [{ interface: "eth0", group: "224.0.1.1" }],
  ownReferenceIds: [0x0a4d0015],
};

function packet(more: Partial<Packet> = {}): Packet {
  return {
    leap: 0,
    version: 4,
    mode: 3,
    stratum: 0,
    poll: 6,
    precision: -20,
    rootDelay: 0,
    rootDispersion: 0,
    referenceId: 0,
    referenceTime: 0n,
    originTime: 0n,
    receiveTime: 0n,
    transmitTime: 0xfedc_ba98_7654_3210n,
    ...more,
  };
}

function request(more: Partial<Packet> = {}, ...tail: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(48 + tail.length);
  encodePacket(packet(more), bytes);
  bytes.set(tail, 48);
  return bytes;
}

function signed(id: number, bytes = request()): Uint8Array {
  return signedWith(keys, id, bytes);
}

const asked: Arrival = {
  raw: Number(baseRaw) + 1_500_000_000,
  from: octets("10.77.1.1"),
  fromPort: 40_000,
  to: octets("10.77.0.21"),
  interface: "eth0",
};

/** The reply, or why there is none; and what holds of every answer. */
function ask(
  bytes: Uint8Array,
  arrival: Partial<Arrival> = {},
  more: Partial<ServerSnapshot> = {},
): Uint8Array | string {
  const reply = new Uint8Array(1_024).fill(0xee);
  const before = bytes.slice();
  const all = { ...asked, ...arrival };
  const compiled = compileSnapshot({ ...snapshot, ...more });
  const length = respond(compiled, bytes, bytes.length, all, reply, () => all.raw + 10_000);
  expect(bytes, "the request is not written to").toEqual(before);
  if (length <= 0) return dropReason(length);
  expect(length).toBeLessThanOrEqual(bytes.length);
  expect(reply[length]).toBe(0xee);
  return reply.slice(0, length);
}

function answer(...how: Parameters<typeof ask>): Packet {
  const reply = ask(...how);
  expect(reply).toBeInstanceOf(Uint8Array);
  const decoded = decodePacket(reply as Uint8Array);
  if (decoded === undefined) throw new Error("short");
  return decoded;
}

test("a reply says what RFC 5905 wants of a server", () => {
  const reply = answer(request({ poll: 9 }));
  expect(reply).toMatchObject({
    leap: 0,
    version: 4,
    mode: 4,
    stratum: 3,
    poll: 9,
    precision: -20,
    referenceId: 0x0a4d0063,
    referenceTime: base - (8n << 32n),
    originTime: packet().transmitTime,
  });
  expect(reply.rootDelay).toBeCloseTo(0.001, 4);
  expect(reply.rootDispersion).toBeCloseTo(0.002 + 1.5 * 15e-6, 4);
  const since = (time: bigint): number => Number(time - base) / 2 ** 32;
  expect(since(reply.receiveTime)).toBeCloseTo(1.5 * (1 + 1e-5), 9);
  expect(since(reply.transmitTime)).toBeCloseTo(1.500_01 * (1 + 1e-5), 9);
});

test("a slew counts up to its end and no further", () => {
  const slewing = { slew: 1e-3, slewUntil: (baseRaw + 1_000_000_000n) as Raw, frequency: 0 };
  const at = (seconds: number): number =>
    Number(
      answer(request(), { raw: Number(baseRaw) + seconds * 1e9 }, slewing).receiveTime - base,
    ) /
    2 ** 32;
  expect(at(0.5)).toBeCloseTo(0.5005, 8);
  expect(at(1)).toBeCloseTo(1.001, 8);
  expect(at(3)).toBeCloseTo(3.001, 8);
});

test("the era of 2036 rolls on the wire alone", () => {
  const late = ((1n << 64n) - (1n << 32n)) as Timestamp;
  const reply = answer(request(), {}, { base: late, frequency: 0 });
  expect(reply.receiveTime).toBe(1n << 31n);
});

test("a server without time says so: leap 3, stratum 0", () => {
  const reply = answer(request(), {}, { leap: 3, stratum: 16, referenceId: 0x494e4954 });
  expect(reply).toMatchObject({ leap: 3, stratum: 0, mode: 4 });
});

describe("which requests are answered", () => {
  const cases: readonly (readonly [string, Uint8Array, string | 48])[] = [
    ...[0, 1, 47].map((n) => [`length ${n}`, request().slice(0, n), "malformed"] as const),
    ...[49, 50, 51, 52].map(
      (n) => [`length ${n}`, request({}, ...new Uint8Array(n - 48)), "malformed"] as const,
    ),
    ...[1, 2, 3, 4].map((version) => [`version ${version}`, request({ version }), 48] as const),
    ...[0, 5, 6, 7].map(
      (version) => [`version ${version}`, request({ version }), "version"] as const,
    ),
    ...[0, 1, 2, 4, 5, 6, 7].map((mode) => [`mode ${mode}`, request({ mode }), "mode"] as const),
    ["unknown extension field", request({}, 0x20, 0x05, 0, 28, ...new Uint8Array(24)), 48],
    [
      "extension field of length 0",
      request({}, 0x20, 0x05, 0, 0, ...new Uint8Array(24)),
      "malformed",
    ],
    [
      "extension field beyond the end",
      request({}, 0x20, 0x05, 0, 64, ...new Uint8Array(24)),
      "malformed",
    ],
    [
      "extension field of 16 octets, alone",
      request({}, 0x20, 0x05, 0, 16, ...new Uint8Array(12)),
      "malformed",
    ],
    [
      "extension field in version 3",
      request({ version: 3 }, 0x20, 5, 0, 28, ...new Uint8Array(24)),
      "malformed",
    ],
    ["unknown key, MD5", request({}, 0, 0, 0, 77, ...new Uint8Array(16)), "unknown-key"],
    ["unknown key, HMAC", request({}, 0, 0, 0, 77, ...new Uint8Array(32)), "unknown-key"],
    ["untrusted key", signed(9), "untrusted-key"],
    [
      "changed digest",
      signed(2).map((octet, i, all) => octet ^ (i === all.length - 1 ? 1 : 0)),
      "bad-mac",
    ],
    ["changed packet", signed(2).map((octet, i) => octet ^ (i === 2 ? 1 : 0)), "bad-mac"],
    ["MD5 under a CMAC key's id", signed(1).map((octet, i) => (i === 51 ? 3 : octet)), "bad-mac"],
  ];
  for (const [name, bytes, expected] of cases) {
    test(name, () => {
      const reply = ask(bytes);
      expect(typeof reply === "string" ? reply : reply.length).toBe(expected);
      if (typeof reply !== "string") expect(answer(bytes).version).toBe(((bytes[0] ?? 0) >> 3) & 7);
    });
  }

  test("nothing at all without /ntp", () => {
    expect(ask(request(), {}, { serving: false })).toBe("other");
  });

  test("nobody who cannot be answered", () => {
    expect(ask(request(), { fromPort: 0 })).toBe("malformed");
    expect(ask(request(), { from: octets("224.0.1.1") })).toBe("malformed");
  });
});

describe("signed requests are answered under the same key", () => {
  for (const id of keys.filter((one) => one.trusted).map((one) => one.id)) {
    test(`key ${id}`, () => {
      const bytes = signed(id);
      const reply = ask(bytes) as Uint8Array;
      expect(reply.length).toBe(bytes.length);
      const material = keys.find((one) => one.id === id);
      expect(material && new MacKey(material).verifies(reply, 48)).toBe(true);
      for (let cut = 4; cut < bytes.length - 48; cut += 4) {
        expect(typeof ask(bytes.slice(0, bytes.length - cut)), `${cut} cut`).toBe("string");
      }
    });
  }

  test("behind an extension field, which the MAC covers", () => {
    const field = request({}, 0x20, 0x05, 0, 16, ...new Uint8Array(12));
    expect((ask(signed(3, field)) as Uint8Array).length).toBe(48 + 20);
    const changed = signed(3, field);
    changed[60] = 1;
    expect(ask(changed)).toBe("bad-mac");
  });
});

describe("a solicitation of a group", () => {
  const group = { to: octets("224.0.1.1") };
  const cases: readonly (readonly [
    string,
    Partial<Packet>,
    Partial<Arrival>,
    Partial<ServerSnapshot>,
    string,
  ])[] = [
    ["of a client without time", {}, group, {}, "answered"],
    ["of stratum 16", { stratum: 16 }, group, {}, "answered"],
    ["of our own stratum", { stratum: 3 }, group, {}, "answered"],
    ["of a better stratum", { stratum: 2 }, group, {}, "stratum"],
    ["of a client that has us", { stratum: 4, referenceId: 0x0a4d0015 }, group, {}, "loop"],
    ["on another interface", {}, { ...group, interface: "eth1" }, {}, "not-manycast"],
    ["to another group", {}, { to: octets("224.0.1.2") }, {}, "not-manycast"],
    ["while we have no time", {}, group, { leap: 3, stratum: 16 }, "unsynchronized"],
  ];
  for (const [name, fields, arrival, more, expected] of cases) {
    test(name, () => {
      const reply = ask(request(fields), arrival, more);
      expect(typeof reply === "string" ? reply : "answered").toBe(expected);
    });
  }
});

describe("access rules", () => {
  const rule = (mode: "peer" | "server" | "server-only" | "query-only", ...entries: string[]) => ({
    mode,
    entries: entries.map((text) => ({ prefix: text.slice(1), permit: text[0] === "+" })),
  });
  const cases = [
    ["+10.77.1.0/24", "server", "answered"],
    ["+10.77.1.1/32", "server-only", "answered"],
    ["+10.77.0.0/23", "peer", "answered"],
    ["+10.77.2.0/23", "peer", "access-denied"],
    ["+0.0.0.0/0", "query-only", "access-denied"],
    ["+fd77::/64", "server", "access-denied"],
  ] as const;
  for (const [prefix, mode, expected] of cases) {
    test(`${mode} ${prefix}`, () => {
      const reply = ask(request(), {}, { accessRules: [rule(mode, prefix)] });
      expect(typeof reply === "string" ? reply : "answered").toBe(expected);
    });
  }

  test("a denial in one rule leaves the next to say", () => {
    const accessRules = [
      rule("peer", "-10.77.1.1/32", "+0.0.0.0/0"),
      rule("server", "+10.77.1.1/32"),
    ];
    expect(ask(request(), {}, { accessRules })).toBeInstanceOf(Uint8Array);
  });

  test("IPv6 prefixes that end within an octet", () => {
    const accessRules = [rule("server", "+fd77:0:0:8000::/49")];
    const from = (text: string) => ask(request(), { from: octets(text) }, { accessRules });
    expect(from("fd77:0:0:1::1")).toBe("access-denied");
    expect(from("fd77:0:0:8001::1")).toBeInstanceOf(Uint8Array);
  });
});

describe("who is refused", () => {
  const kissing = (more: Partial<PolicyConfig>): Partial<ServerSnapshot> => ({
    policy: { ...defaultPolicy, kissOfDeath: true, ...more },
  });
  const nobody = { accessRules: [{ mode: "query-only" as const, entries: [] }] };
  const code = (reply: Uint8Array | string): string =>
    typeof reply === "string" ? reply : String.fromCharCode(...reply.subarray(12, 16));

  test("is told DENY if kisses are sent, signed with the key that he signed with", () => {
    expect(ask(request(), {}, nobody)).toBe("access-denied");
    const plain = ask(request(), {}, { ...nobody, ...kissing({}) }) as Uint8Array;
    expect(code(plain)).toBe("DENY");
    expect(decodePacket(plain)).toMatchObject({
      leap: 3,
      mode: 4,
      stratum: 0,
      originTime: packet().transmitTime,
    });
    const bytes = ask(signed(2), {}, { ...nobody, ...kissing({}) }) as Uint8Array;
    expect(bytes).toHaveLength(84);
    expect(new MacKey(key(2, "hmac-sha256", "Hmac-Secret-Pass9")).verifies(bytes, 48)).toBe(true);
  });

  test("hears nothing over version 3, from a group, or with a bad MAC", () => {
    const all = { ...nobody, ...kissing({}) };
    expect(ask(request({ version: 3 }), {}, all)).toBe("access-denied");
    expect(ask(request(), { to: octets("224.0.1.1") }, all)).toBe("access-denied");
    const bad = signed(2).map((octet, i) => octet ^ (i === 60 ? 1 : 0));
    expect(ask(bad, {}, all)).toBe("bad-mac");
  });

  test("is told RATE with the interval to keep, once, and dropped after that", () => {
    const discard = { minimumInterval: 1, averageInterval: 7 };
    const compiled = compileSnapshot({ ...snapshot, ...kissing({ discard }) });
    const reply = new Uint8Array(1_024);
    const replies = Array.from({ length: 60 }, (_, i) => {
      const arrival = { ...asked, raw: asked.raw + i * 1_000 };
      // A newer snapshot knows what the older one has seen.
      const now = compileSnapshot({ ...snapshot, ...kissing({ discard }), stratum: 4 }, compiled);
      const length = respond(now, request(), 48, arrival, reply, () => arrival.raw);
      return length < 0 ? dropReason(length) : code(reply.slice(0, length));
    });
    const rates = replies.filter((one) => one === "RATE");
    expect(rates).toHaveLength(1);
    expect(replies.filter((one) => one === "rate-limited").length).toBeGreaterThan(25);
    expect(replies[0]).toBe("\nM\0c");
    const told = answer(request({ poll: -128 }), {}, { ...nobody, ...kissing({ discard }) });
    expect(told.poll).toBe(7);
  });

  test("as a family or an interface is not served", () => {
    const server = { ipv4: false, ipv6: true };
    const more = { policy: { ...defaultPolicy, server } };
    expect(ask(request(), {}, more)).toBe("server-disabled");
    expect(ask(request(), { to: octets("224.0.1.1") }, more)).toBe("server-disabled");
    expect(ask(request(), { from: octets("fd77::1") }, more)).toBeInstanceOf(Uint8Array);
    expect(ask(request(), {}, { deaf: ["eth0"] })).toBe("interface-disabled");
    expect(ask(request(), { interface: "eth1" }, { deaf: ["eth0"] })).toBeInstanceOf(Uint8Array);
  });
});

test("junk is never answered with more than it is long, and never throws", () => {
  const compiled = compileSnapshot(snapshot);
  const reply = new Uint8Array(2_048);
  forSeeds(2_000, (random) => {
    const bytes = random.bytes(Math.floor(random.fraction() * 140));
    if (random.fraction() < 0.7 && bytes.length > 0) bytes[0] = 0x23;
    if (random.fraction() < 0.5 && bytes.length > 51)
      bytes.set([0, 0, 0, 1 + ((bytes[51] ?? 0) % 40)], 48);
    const to = random.fraction() < 0.3 ? octets("224.0.1.1") : asked.to;
    const length = respond(compiled, bytes, bytes.length, { ...asked, to }, reply, () => asked.raw);
    expect(length).toBeLessThanOrEqual(bytes.length);
  });
});
