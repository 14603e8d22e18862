import { expect, test } from "vitest";
import type { Raw } from "../../src/base/index.ts";
import {
  type Arrival,
  type CompiledSnapshot,
  compileSnapshot,
  defaultPolicy,
  respond,
  type ServerSnapshot,
  type Timestamp,
} from "../../src/ntp/index.ts";
import { decodePacket, encodePacket, type Packet } from "../../src/ntp/packet.ts";
import { forSeeds } from "../random.ts";
import { octets, plainSnapshot } from "./serving.ts";

// The server's half of the interleaved mode, RFC 9769 section 2.

const base = (3_900_000_000n << 32n) as Timestamp;
const baseRaw = 5_000_000_000n as Raw;
const policy = { ...defaultPolicy, interleaved: true };
/** ns from the moment a request comes to the moment at which its reply is taken to leave. */
const takes = 10_000;

const snapshot: ServerSnapshot = { ...plainSnapshot(base, baseRaw), policy, seed: 77 };

const nonces = { receiveTime: 0x1111_2222_3333_4444n, transmitTime: 0x5555_6666_7777_8888n };

interface Server {
  compiled: CompiledSnapshot;
  ask(fields?: Partial<Packet>, how?: { from?: string; seconds?: number }): Packet;
}

function serverOf(more: Partial<ServerSnapshot> = {}): Server {
  const server: Server = {
    compiled: compileSnapshot({ ...snapshot, ...more }),
    ask: (fields = {}, { from = "10.77.1.1", seconds = 1 } = {}) => {
      const request = new Uint8Array(48);
      encodePacket({ ...blank, ...nonces, ...fields }, request);
      const raw = Number(baseRaw) + seconds * 1e9;
      const arrival: Arrival = {
        raw,
        from: octets(from),
        fromPort: 9,
        to: undefined,
        interface: "lo",
      };
      const reply = new Uint8Array(48);
      expect(respond(server.compiled, request, 48, arrival, reply, () => raw + takes)).toBe(48);
      return decodePacket(reply) ?? blank;
    },
  };
  return server;
}

const blank: Packet = {
  leap: 0,
  version: 4,
  mode: 3,
  stratum: 0,
  poll: 6,
  precision: 32,
  rootDelay: 0,
  rootDispersion: 0,
  referenceId: 0,
  referenceTime: 0n,
  originTime: 0n,
  receiveTime: 0n,
  transmitTime: 0n,
};

const isBasic = (reply: Packet): boolean => reply.originTime === nonces.transmitTime;
const isInterleaved = (reply: Packet): boolean => reply.originTime === nonces.receiveTime;

test("a request that names a reply is told when that reply left", () => {
  const server = serverOf();
  const first = server.ask();
  expect(isBasic(first)).toBe(true);
  const second = server.ask({ originTime: first.receiveTime }, { seconds: 65 });
  expect(isInterleaved(second)).toBe(true);
  expect(second.transmitTime).toBe(first.transmitTime);
  expect(Number(second.receiveTime - first.receiveTime) / 2 ** 32).toBeCloseTo(64, 8);
  const third = server.ask({ originTime: second.receiveTime }, { seconds: 129 });
  expect(isInterleaved(third)).toBe(true);
  expect(Number(third.transmitTime - second.receiveTime) / 2 ** 32).toBeCloseTo(takes * 1e-9, 8);
});

test("a reply is named once, by its own address, and only by its receive timestamp", () => {
  const server = serverOf();
  const first = server.ask();
  const { receiveTime } = first;
  expect(isBasic(server.ask({ originTime: receiveTime }, { from: "10.77.1.2" }))).toBe(true);
  expect(isBasic(server.ask({ originTime: first.transmitTime }))).toBe(true);
  expect(isBasic(server.ask({ originTime: receiveTime + 0x1000n }))).toBe(true);
  const same = { receiveTime: nonces.transmitTime };
  expect(isBasic(server.ask({ ...same, originTime: receiveTime }))).toBe(true);
  expect(isInterleaved(server.ask({ originTime: receiveTime }))).toBe(true);
  expect(isBasic(server.ask({ originTime: receiveTime }))).toBe(true);
});

test("what was named is forgotten at once, though there is room for it", () => {
  const server = serverOf();
  const { receiveTime } = server.ask();
  expect(isInterleaved(server.ask({ originTime: receiveTime }))).toBe(true);
  expect(isBasic(server.ask({ originTime: receiveTime }))).toBe(true);
});

/** So many that some lie where any given one does. */
const crowd = Array.from({ length: 4_000 }, (_, i) => `10.79.${i >> 8}.${i & 255}`);

test("of thousands of others none can name a reply, wherever they are remembered", () => {
  const server = serverOf();
  const { receiveTime } = server.ask();
  const told = crowd.filter((from) =>
    isInterleaved(server.ask({ originTime: receiveTime }, { from })),
  );
  expect(told).toEqual([]);
  expect(isInterleaved(server.ask({ originTime: receiveTime }))).toBe(true);
});

test("floods from a few addresses leave those their places who are remembered beside them", () => {
  const server = serverOf();
  const replies = crowd.map((from) => server.ask({}, { from }));
  for (let i = 0; i < 1_000; i++) {
    server.ask({}, { from: `10.80.0.${i % 20}`, seconds: 2 + i * 1e-6 });
  }
  const told = crowd.filter((from, i) =>
    isInterleaved(server.ask({ originTime: replies[i]?.receiveTime ?? 0n }, { from, seconds: 3 })),
  );
  expect(told.length).toBeGreaterThan(crowd.length - 20);
});

test("off, it is the basic mode whatever is asked, and what was known is forgotten", () => {
  const server = serverOf();
  const first = server.ask();
  const off = { ...snapshot, policy: defaultPolicy };
  server.compiled = compileSnapshot(off, server.compiled);
  expect(isBasic(server.ask({ originTime: first.receiveTime }))).toBe(true);
  server.compiled = compileSnapshot(snapshot, server.compiled);
  expect(isBasic(server.ask({ originTime: first.receiveTime }))).toBe(true);
});

test("a newer snapshot goes on with what is remembered, and a step makes no error of it", () => {
  const server = serverOf();
  const first = server.ask();
  const stepped = { ...snapshot, base: (base + (100n << 32n)) as Timestamp };
  server.compiled = compileSnapshot(stepped, server.compiled);
  const second = server.ask({ originTime: first.receiveTime });
  expect(isInterleaved(second)).toBe(true);
  expect(second.transmitTime).toBe(first.transmitTime);
});

test("the kernel's stamp is told in place of the sender's, and none that cannot be is", () => {
  for (const [late, told] of [
    [25_000, 25_000],
    [0, 0],
    [-1, 0],
    [2e9, 0],
  ] as const) {
    const server = serverOf();
    const first = server.ask();
    const second = server.ask({ originTime: first.receiveTime }, { seconds: 2 });
    const { interleaving } = server.compiled;
    const { wanted = -1, wantedAt = 0 } = interleaving ?? {};
    expect(wanted).toBeGreaterThanOrEqual(0);
    interleaving?.stamped(wanted, wantedAt + 5, wantedAt + 7);
    interleaving?.stamped(wanted, wantedAt, wantedAt + late);
    const third = server.ask({ originTime: second.receiveTime }, { seconds: 3 });
    const served = Number(third.transmitTime - second.receiveTime) / 2 ** 32;
    expect(served).toBeCloseTo((takes + told) * 1e-9, 8);
    expect(third.transmitTime & 1n).toBe(0n);
  }
});

test("a stamp over the end of a second, or of an era, carries", () => {
  const late = ((1n << 64n) - (1n << 32n) - 8_000n) as Timestamp;
  const server = serverOf({ base: late });
  const first = server.ask({}, { seconds: 0 });
  const second = server.ask({ originTime: first.receiveTime }, { seconds: 1 - 1e-5 });
  const { interleaving } = server.compiled;
  const { wanted = -1, wantedAt = 0 } = interleaving ?? {};
  interleaving?.stamped(wanted, wantedAt, wantedAt + 500_000);
  const third = server.ask({ originTime: second.receiveTime }, { seconds: 2 });
  const served = BigInt.asUintN(64, third.transmitTime - second.receiveTime);
  expect(Number(served) / 2 ** 32).toBeCloseTo(510e-6, 8);
});

test("only who is about to interleave is worth a stamp, and no kiss is", () => {
  const server = serverOf();
  const first = server.ask();
  expect(server.compiled.interleaving?.wanted).toBe(-1);
  // A client of the basic mode may have our transmit timestamp as origin.
  server.ask({ originTime: first.transmitTime });
  expect(server.compiled.interleaving?.wanted).toBe(-1);
  server.ask({ originTime: first.receiveTime });
  expect(server.compiled.interleaving?.wanted).toBeGreaterThanOrEqual(0);
  const nobody = [{ mode: "query-only" as const, entries: [] }];
  const kissing = { ...snapshot, accessRules: nobody, policy: { ...policy, kissOfDeath: true } };
  server.compiled = compileSnapshot(kissing, server.compiled);
  const kiss = server.ask({ originTime: first.receiveTime });
  expect([kiss.stratum, isBasic(kiss)]).toEqual([0, true]);
  expect(server.compiled.interleaving?.wanted).toBe(-1);
});

test("a flood from one address does not make the server forget the others", () => {
  const server = serverOf();
  const quiet = Array.from({ length: 200 }, (_, i) => `10.78.0.${i + 1}`);
  const replies = quiet.map((from) => server.ask({}, { from }));
  for (let i = 0; i < 500; i++) server.ask({}, { seconds: 2 + i * 1e-6 });
  const told = quiet.filter((from, i) =>
    isInterleaved(server.ask({ originTime: replies[i]?.receiveTime ?? 0n }, { from, seconds: 3 })),
  );
  expect(told.length).toBeGreaterThanOrEqual(198);
});

test("an interleaved reply has the transmit time of the reply that was named, whatever is asked", () => {
  forSeeds(5, (random) => {
    const server = serverOf({ seed: Math.floor(random.fraction() * 2 ** 32) });
    const known = new Map<string, Packet>();
    let interleaved = 0;
    let seconds = 1;
    for (let i = 0; i < 300; i++) {
      // At times many requests come in one nanosecond.
      if (random.fraction() < 0.3) seconds += random.fraction() * 1e-6;
      const from = `10.77.2.${1 + Math.floor(random.fraction() * 3)}`;
      const names = [...known.keys()].filter((key) => key.startsWith(`${from} `)).slice(-6);
      const key = names[Math.floor(random.fraction() * names.length)] ?? "";
      const named = known.get(key);
      const reply = server.ask({ originTime: named?.receiveTime ?? 0n }, { from, seconds });
      expect(reply.receiveTime).not.toBe(reply.transmitTime);
      const name = `${from} ${reply.receiveTime}`;
      const forgotten = isInterleaved(reply) && known.delete(key);
      if (forgotten) {
        interleaved++;
        // All requests take equally long.
        const served = Number(reply.transmitTime - (named?.receiveTime ?? 0n)) / 2 ** 32;
        expect(Math.abs(served - takes * 1e-9)).toBeLessThan(1e-7);
      } else expect(isBasic(reply)).toBe(true);
      expect(known.has(name), "receive timestamps are unique").toBe(false);
      known.set(name, reply);
    }
    expect(interleaved).toBeGreaterThan(50);
  });
});
