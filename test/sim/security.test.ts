import { expect, test } from "vitest";
import { defaultPolicy, type NtpConfig, type UnicastConfig } from "../../src/ntp/index.ts";
import {
  config,
  group4,
  key,
  manycastClient,
  neverSynchronized,
  offsetStaysBelow,
  on,
  serverAt,
  settlesWithin,
} from "./scenario.ts";
import { type Flight, type Node, World } from "./world.ts";

// Attacks on clients that other daemons have fallen to, by the numbers of the list that
// test/ntp/security.test.ts is about; what is forged in replies is in forgery.test.ts.

const good = key(5, "hmac-sha256", "Hmac-Secret-Pass9");

function unicast(more: Partial<UnicastConfig> = {}): UnicastConfig {
  return serverAt("10.77.0.1", more);
}

interface Scene {
  readonly world: World;
  readonly server: Node;
  readonly client: Node;
}

function scene(client: Partial<NtpConfig> = { unicast: [unicast()] }, epoch?: bigint): Scene {
  const world = new World(91, epoch === undefined ? {} : { epoch });
  const wiring = (n: number) => ({
    eth0: { segment: "a", addresses: [`10.77.0.${n}`, `fd77::${n}`] },
  });
  const server = world.node({ wiring: wiring(1) });
  const node = world.node({ wiring: wiring(2), offset: -0.3, ppm: -20 });
  const interfaces = [on("eth0", { manycastServers: [group4] })];
  server.configure(config({ refclockMaster: { stratum: 2 }, keys: [good], interfaces }));
  node.configure(config({ keys: [good], ...client }));
  return { world, server, client: node };
}

function changed(flight: Flight, change: (bytes: Uint8Array) => void): Flight {
  const bytes = flight.bytes.slice();
  change(bytes);
  return { ...flight, bytes };
}

/** All that the server says comes changed. */
function changeReplies(
  { world }: Scene,
  change: (bytes: Uint8Array, flight: Flight) => void,
): void {
  world.pass = (flight) => {
    if (flight.from === "10.77.0.1") change(flight.bytes, flight);
    return true;
  };
}

test("19: a crypto-NAK is heard by nobody, with a key or without", () => {
  for (const keyId of [undefined, 5]) {
    const all = scene({ unicast: [unicast({ keyId })] });
    settlesWithin(all.world, all.client, { seconds: 30 });
    const { client, world } = all;
    world.pass = (flight) => {
      // The genuine origin, so that it would be taken if it could be.
      const nak = new Uint8Array(52);
      nak.set(flight.bytes.subarray(0, 48));
      if (flight.from === "10.77.0.1") client.receive({ ...flight, bytes: nak }, "eth0");
      return true;
    };
    world.run(200);
    expect(client.state.associations[0]).toMatchObject({ reach: 255, keyId });
    expect(client.synchronized).toBe(true);
  }
});

test("25: requests come from ports of their own, with a nonce for a time", () => {
  const all = scene({ unicast: [unicast(), unicast({ address: "10.77.0.8" })] });
  const requests: Flight[] = [];
  all.world.tap = (flight) => {
    if (flight.from === "10.77.0.2") requests.push(flight);
  };
  all.world.run(400);
  const nonces = requests.map(({ bytes }) => new DataView(bytes.buffer).getBigUint64(40));
  expect(new Set(nonces).size).toBe(nonces.length);
  expect(nonces.length).toBeGreaterThan(60);
  // Half of the bits of what nobody can guess differ from one to the next.
  const differing = nonces.slice(1).map((one, i) => {
    const bits = (one ^ (nonces[i] ?? 0n)).toString(2).replaceAll("0", "");
    return bits.length;
  });
  const mean = differing.reduce((a, b) => a + b, 0) / differing.length;
  expect(Math.abs(mean - 32)).toBeLessThan(2);
  expect(new Set(requests.map(({ fromPort }) => fromPort)).size).toBe(2);
  expect(requests.some(({ fromPort }) => fromPort === 123)).toBe(false);
  // And they say nothing else: no stratum, no reference, no times.
  for (const { bytes } of requests) {
    expect(bytes.subarray(4, 40).every((octet) => octet === 0)).toBe(true);
    expect(bytes[1]).toBe(0);
  }
});

test("26: nothing of a reply that fails a test is to be seen afterwards", () => {
  const all = scene();
  settlesWithin(all.world, all.client, { seconds: 30 });
  const [before] = all.client.state.associations;
  changeReplies(all, (bytes) => {
    bytes[0] = 0x64;
    bytes.set([9, 9, 9, 9], 12);
    bytes[24] = (bytes[24] ?? 0) ^ 1;
  });
  all.world.run(30);
  const { stratum, referenceId } = before ?? {};
  expect(all.client.state.associations[0]).toMatchObject({ stratum, referenceId, leap: 0 });
  expect(all.client.state.leap).toBe(0);
});

test("27: a reply that answers in the interleaved way is no answer", () => {
  const all = scene();
  settlesWithin(all.world, all.client, { seconds: 30 });
  let last = new Uint8Array(8);
  changeReplies(all, (bytes) => {
    const received = bytes.slice(32, 40);
    bytes.set(last, 24);
    last = received;
  });
  const before = all.client.state.drops["bogus-origin"];
  all.world.run(120);
  expect(all.client.state.associations[0]?.reach).toBe(0);
  expect(all.client.state.drops["bogus-origin"]).toBeGreaterThan(before + 5n);
});

test("27: a server whose interleaved mode is on is asked in the basic mode, and answers so", () => {
  const all = scene();
  const policy = { ...defaultPolicy, interleaved: true };
  all.server.configure(config({ refclockMaster: { stratum: 2 }, keys: [good], policy }));
  let replies = 0;
  const requests: bigint[] = [];
  const sent = new Set<bigint>();
  all.world.tap = ({ from, bytes }) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (from === "10.77.0.2") {
      requests.push(view.getBigUint64(24));
      sent.add(view.getBigUint64(40));
    } else {
      replies++;
      expect(sent.has(view.getBigUint64(24)), "the origin is the request's transmit time").toBe(
        true,
      );
    }
  };
  settlesWithin(all.world, all.client, { seconds: 30 });
  all.world.run(300);
  expect(replies).toBeGreaterThan(30);
  expect(new Set(requests)).toEqual(new Set([0n]));
  expect(all.client.state.drops["bogus-origin"]).toBe(0n);
});

test("30: what our own servers answer is never too much", () => {
  const discard = { minimumInterval: 8, averageInterval: 8 };
  const policy = { ...defaultPolicy, discard, kissOfDeath: true };
  const all = scene({ unicast: [unicast()], policy });
  settlesWithin(all.world, all.client, { seconds: 30 });
  offsetStaysBelow(all.world, all.client, { limit: 0.005, seconds: 300 });
  expect(all.client.state.associations[0]?.reach).toBe(255);
  expect(all.client.state.drops["rate-limited"]).toBe(0n);
});

/** Every solicitation is answered from so many addresses, in the genuine server's words. */
function flood({ world, client }: Scene, addresses: number): void {
  world.pass = (flight) => {
    if (flight.from !== "10.77.0.1" || flight.port === 123) return true;
    for (let n = 1; n <= addresses; n++) {
      world.inject(client, "eth0", { ...flight, from: `10.77.${1 + (n >> 7)}.${1 + (n & 127)}` });
    }
    return true;
  };
}

test("32: a flood of answers brings up as many sessions as are allowed, and never more", () => {
  for (const maxDynamicSessions of [0, 1, 7]) {
    const manycastClients = [manycastClient({ maxclock: 50, minclock: 50 })];
    const all = scene({ maxDynamicSessions, interfaces: [on("eth0", { manycastClients })] });
    flood(all, 200);
    all.world.run(30);
    expect(all.client.state.dynamicSessions).toBe(maxDynamicSessions);
    expect(all.client.sockets.size).toBe(maxDynamicSessions + 1);
    expect(all.client.state.dynamicSessionsRefused).toBeGreaterThan(0n);
  }
});

test("33: one association for each address, however often it answers", () => {
  const manycastClients = [manycastClient(), manycastClient({ address: "224.0.1.9" })];
  const all = scene({ interfaces: [on("eth0", { manycastClients })] });
  all.world.pass = (flight) => {
    if (flight.from === "10.77.0.1") {
      for (let i = 0; i < 5; i++) all.world.inject(all.client, "eth0", flight);
    }
    return true;
  };
  all.world.run(60);
  expect(all.client.state.associations).toMatchObject([{ address: "10.77.0.1" }]);
  expect(all.client.state.dynamicSessions).toBe(1);
});

test("35: an answer to an earlier solicitation comes too late", () => {
  const manycastClients = [manycastClient({ minpoll: 1, maxpoll: 1, beacon: 1 })];
  const all = scene({ interfaces: [on("eth0", { manycastClients })] });
  const { world, client } = all;
  world.pass = (flight) => {
    if (flight.from !== "10.77.0.1") return true;
    world.at(world.now + 5, () => client.receive(flight, "eth0"));
    return false;
  };
  world.run(60);
  expect(client.state.associations).toEqual([]);
  expect(client.state.drops["bogus-origin"]).toBeGreaterThan(10n);
});

test("41: a client goes through the end of an era, and so does its server", () => {
  const all = scene({ unicast: [unicast()] }, ((1n << 32n) - 120n) << 32n);
  settlesWithin(all.world, all.client, { seconds: 30 });
  offsetStaysBelow(all.world, all.client, { limit: 0.002, seconds: 300 });
  expect(all.client.state.associations[0]?.reach).toBe(255);
  expect(all.client.state.history).toHaveLength(2);
  expect(all.client.state.rootDispersion).toBeLessThan(0.1);
});

test("42: a server that takes its time from us is none, over IPv4 and over IPv6", () => {
  for (const [address, referenceId] of [
    ["10.77.0.1", [10, 77, 0, 2]],
    // The first octets of the MD5 of fd77::2, in the order of RFC 5905.
    ["fd77::1", undefined],
  ] as const) {
    const all = scene({ unicast: [unicast({ address })] });
    const own = all.client.snapshot?.source.ownReferenceIds.at(-1) ?? 0;
    const id = referenceId ?? [24, 16, 8, 0].map((shift) => (own >>> shift) & 255);
    all.world.pass = (flight) => {
      if (flight.from === address) {
        flight.bytes.set(id, 12);
        flight.bytes[1] = 3;
      }
      return true;
    };
    neverSynchronized(all.world, all.client, 60);
    expect(all.client.state.associations[0]?.reach).toBeGreaterThan(0);
  }
});

test("43: nobody on the network is a clock of this host", () => {
  const all = scene({ refclockMaster: { stratum: 5 }, unicast: [unicast()] });
  const { world, client } = all;
  world.run(30);
  world.pass = (flight) => {
    if (flight.from !== "10.77.0.1") return true;
    for (const from of ["127.127.1.0", "127.127.1.1", "127.0.0.1"]) {
      client.receive(
        changed({ ...flight, from }, (bytes) => bytes.set([1], 1)),
        "eth0",
      );
      client.receive(
        { ...changed(flight, (bytes) => bytes.set([0x24], 0)), from, port: 123 },
        "eth0",
      );
    }
    return false;
  };
  world.run(100);
  expect(client.state.stratum).toBe(5);
  expect(client.state.associations).toHaveLength(1);
  expect(client.state.associations[0]?.reach).toBe(0);
});
