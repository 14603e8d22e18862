import { describe, expect, test } from "vitest";
import type { DropReason, NtpConfig, UnicastConfig } from "../../src/ntp/index.ts";
import { MacKey } from "../../src/ntp/mac.ts";
import {
  config,
  group4,
  key,
  manycastClient,
  neverSynchronized,
  on,
  serverAt,
  settlesWithin,
} from "./scenario.ts";
import { type Flight, type Node, World } from "./world.ts";

// What a stranger on the network can do to a client: nothing. The numbers are those of the list of
// attacks that other daemons have fallen to.

const good = key(5, "hmac-sha256", "Hmac-Secret-Pass9");
const other = key(6, "hmac-sha256", "Another-Secret-Pass9");

function unicast(more: Partial<UnicastConfig> = {}): UnicastConfig {
  return serverAt("10.77.0.1", { keyId: 5, ...more });
}

interface Scene {
  readonly world: World;
  readonly server: Node;
  readonly client: Node;
}

function scene(client: Partial<NtpConfig> = {}, peer: Partial<UnicastConfig> = {}): Scene {
  const world = new World(11);
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  const server = world.node({ wiring: wiring(1) });
  const node = world.node({ wiring: wiring(2), offset: -0.3, ppm: -20 });
  const keys = [good, other];
  server.configure(config({ refclockMaster: { stratum: 2 }, keys }));
  node.configure(config({ keys, unicast: [unicast(peer)], ...client }));
  return { world, server, client: node };
}

/** The same datagram with other octets, signed again if there is a key. */
function forge(flight: Flight, change: (bytes: Uint8Array) => void, sign?: typeof good): Flight {
  const bytes = new Uint8Array(48 + (sign === undefined ? 0 : 4 + sign.digestLength));
  bytes.set(flight.bytes.subarray(0, 48));
  change(bytes);
  if (sign !== undefined) new MacKey(sign).sign(bytes, 48);
  return { ...flight, bytes };
}

/** Replaces what the server says; nothing of its own comes through. */
function replaceReplies({ world, client }: Scene, forged: (flight: Flight) => Flight): void {
  world.pass = (flight) => {
    if (flight.from !== "10.77.0.1") return true;
    world.inject(client, "eth0", forged(flight));
    return false;
  };
}

const nothing = (): void => {};

describe("replies that give no time to an association with a key", () => {
  const forgeries: readonly (readonly [string, DropReason, (flight: Flight) => Flight])[] = [
    ["11: no MAC at all", "authentication-required", (f) => forge(f, nothing)],
    ["12: the MAC of another trusted key", "unknown-key", (f) => forge(f, nothing, other)],
    [
      "13: another algorithm under the id",
      "unknown-key",
      (f) => forge(f, nothing, key(5, "md5", "Hmac-Secret-Pass9")),
    ],
    [
      "a changed digest",
      "bad-mac",
      (f) => ({ ...f, bytes: f.bytes.map((o, i) => (i === 83 ? o ^ 1 : o)) }),
    ],
    [
      "a changed header",
      "bad-mac",
      (f) => ({ ...f, bytes: f.bytes.map((o, i) => (i === 40 ? o ^ 1 : o)) }),
    ],
    ["a cut digest", "malformed", (f) => ({ ...f, bytes: f.bytes.slice(0, 76) })],
    ["20: another origin", "bogus-origin", (f) => forge(f, (b) => b.set([9], 24), good)],
    ["20: no origin", "bogus-origin", (f) => forge(f, (b) => b.fill(0, 24, 32), good)],
    ["23: no receive time", "malformed", (f) => forge(f, (b) => b.fill(0, 32, 40), good)],
    ["23: no transmit time", "malformed", (f) => forge(f, (b) => b.fill(0, 40, 48), good)],
    ["24: from another address", "bogus-origin", (f) => ({ ...f, from: "10.77.0.9" })],
    ["24: from another port", "bogus-origin", (f) => ({ ...f, fromPort: 124 })],
    ["39: leap 3", "unsynchronized", (f) => forge(f, (b) => b.set([0xe4], 0), good)],
    ["39: stratum 16", "unsynchronized", (f) => forge(f, (b) => b.set([16], 1), good)],
    ["39: stratum 0", "unsynchronized", (f) => forge(f, (b) => b.set([0], 1), good)],
    [
      "39: a root distance of minutes",
      "unsynchronized",
      (f) => forge(f, (b) => b.set([0, 99], 8), good),
    ],
    [
      "39: transmitted before it was received",
      "other",
      (f) => forge(f, (b) => b.copyWithin(40, 16, 24), good),
    ],
    ["another version", "version", (f) => forge(f, (b) => b.set([0x1c], 0), good)],
    ["another mode", "mode", (f) => forge(f, (b) => b.set([0x25], 0), good)],
  ];
  for (const [name, reason, forged] of forgeries) {
    test(name, () => {
      const all = scene();
      replaceReplies(all, forged);
      neverSynchronized(all.world, all.client, 60);
      expect(all.client.state.drops[reason]).toBeGreaterThan(0n);
      const [association] = all.client.state.associations;
      // 26: nothing of what was refused is to be seen.
      expect(association).toMatchObject({ reach: 0, stratum: 16, referenceId: 0, delay: 0 });
    });
  }

  test("but a signed reply does", () => {
    const all = scene();
    replaceReplies(all, (flight) => forge(flight, nothing, good));
    settlesWithin(all.world, all.client, { seconds: 30 });
  });
});

describe("an association that has time keeps it", () => {
  test("18, 22: whatever is thrown at it beside the real replies", () => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    all.world.pass = (flight) => {
      if (flight.from === "10.77.0.1") {
        // Before the real one, so that it would be taken if it could be.
        for (const bytes of [
          forge(flight, (b) => b.set([1, 2, 3], 41)).bytes,
          forge(flight, (b) => b.set([1, 2, 3], 41), other).bytes,
          flight.bytes.slice(0, 48),
          flight.bytes.slice(0, 52),
          new Uint8Array(3),
        ]) {
          const { client } = all;
          client.receive({ ...flight, bytes }, "eth0");
        }
      }
      return true;
    };
    const { client, world } = all;
    for (let i = 0; i < 60; i++) {
      world.run(1);
      expect(Math.abs(client.error)).toBeLessThan(0.005);
    }
    expect(client.state.associations[0]?.reach).toBe(255);
  });

  test("21: replies that are repeated count once", () => {
    const all = scene();
    let copies = 0;
    all.world.pass = (flight) => {
      if (flight.from === "10.77.0.1") {
        copies++;
        all.world.inject(all.client, "eth0", flight);
      }
      return true;
    };
    settlesWithin(all.world, all.client, { seconds: 40 });
    const { drops } = all.client.state;
    expect(Number(drops.duplicate + drops["bogus-origin"])).toBeGreaterThanOrEqual(copies - 1);
  });

  test("14: a key that is no longer trusted verifies nothing from the next packet on", () => {
    const all = scene();
    settlesWithin(all.world, all.client, { seconds: 30 });
    const keys = [{ ...good, trusted: false }];
    all.client.configure(config({ keys, unicast: [unicast()] }));
    const before = all.client.state.associations[0]?.reach ?? 0;
    expect(before).toBeGreaterThan(0);
    all.world.run(100);
    expect(all.client.state.associations[0]?.reach).toBe(0);
    expect(all.client.synchronized).toBe(false);
    expect(all.client.state.drops["untrusted-key"]).toBeGreaterThan(0n);
  });
});

test("25: no request says when it left, and no two say the same", () => {
  const { world, server } = scene({}, { keyId: undefined });
  const seen = new Set<bigint>();
  let requests = 0;
  world.tap = ({ to, bytes }) => {
    if (to !== "10.77.0.1") return;
    requests++;
    const transmitTime = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(40);
    seen.add(transmitTime);
    const seconds = Number(transmitTime >> 32n) - Number(world.truth >> 32n);
    expect(Math.abs(seconds)).toBeGreaterThan(100);
  };
  world.run(200);
  expect(server.synchronized).toBe(true);
  expect(requests).toBeGreaterThan(10);
  expect(seen.size).toBe(requests);
});

describe("the kiss of death", () => {
  const kiss = (code: string) => (flight: Flight, sign?: typeof good) =>
    forge(
      flight,
      (bytes) => {
        bytes[0] = 0xe4;
        bytes[1] = 0;
        bytes[2] = 0xff;
        bytes.set(new TextEncoder().encode(code), 12);
      },
      sign,
    );

  for (const code of ["RATE", "DENY", "RSTR"]) {
    test(`28: ${code} without a MAC does nothing to an association with a key`, () => {
      const all = scene({}, { maxpoll: 6 });
      settlesWithin(all.world, all.client, { seconds: 30 });
      const { client, world } = all;
      world.tap = (flight) => {
        if (flight.from === "10.77.0.1") client.receive(kiss(code)(flight), "eth0");
      };
      world.run(200);
      expect(client.state.associations[0]?.reach).toBe(255);
      expect(client.synchronized).toBe(true);
      expect(Math.abs(client.error)).toBeLessThan(0.005);
    });
  }

  test("28, 29: a signed RATE slows down, within the limits", () => {
    const all = scene({}, { maxpoll: 6 });
    settlesWithin(all.world, all.client, { seconds: 30 });
    replaceReplies(all, (flight) => kiss("RATE")(flight, good));
    all.world.run(300);
    expect(all.client.state.associations[0]?.poll).toBe(6);
  });

  test("28: an unsigned DENY alone ends no dynamic session", () => {
    const interfaces = [on("eth0", { manycastClients: [manycastClient()] })];
    const all = scene({ unicast: [], interfaces });
    const serving = [on("eth0", { manycastServers: [group4] })];
    all.server.configure(config({ refclockMaster: { stratum: 2 }, interfaces: serving }));
    settlesWithin(all.world, all.client, { seconds: 30 });
    let denials = 0;
    all.world.pass = (flight) => {
      if (flight.from !== "10.77.0.1" || denials > 0) return true;
      denials++;
      all.world.inject(all.client, "eth0", kiss("DENY")(flight));
      return false;
    };
    all.world.until(() => denials > 0, 40);
    all.world.run(1);
    expect(all.client.state.associations).toHaveLength(1);
  });

  test("a signed DENY ends a dynamic session", () => {
    const all = scene({
      unicast: [],
      interfaces: [on("eth0", { manycastClients: [manycastClient({ keyId: 5 })] })],
    });
    const interfaces = [on("eth0", { manycastServers: [group4] })];
    all.server.configure(config({ refclockMaster: { stratum: 2 }, keys: [good], interfaces }));
    settlesWithin(all.world, all.client, { seconds: 30 });
    const port = [...all.client.sockets.keys()];
    replaceReplies(all, (flight) => kiss("DENY")(flight, good));
    all.world.run(20);
    expect(all.client.state.associations).toEqual([]);
    expect(all.client.sockets.size).toBeLessThan(port.length);
  });
});

test("auth-enabled refuses time from an association without a key", () => {
  const all = scene({ authEnabled: true }, { keyId: undefined });
  neverSynchronized(all.world, all.client, 60);
  expect(all.client.state.drops["authentication-required"]).toBeGreaterThan(0n);
});

test("34: a manycast client whose key one server has cannot be crowded out by another key", () => {
  const world = new World(12);
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  const client = world.node({ wiring: wiring(2) });
  const role = manycastClient({ keyId: 5 });
  client.configure(
    config({ keys: [good, other], interfaces: [on("eth0", { manycastClients: [role] })] }),
  );
  world.tap = (flight) => {
    if (flight.to !== group4) return;
    // A holder of the other trusted key answers from a hundred addresses.
    for (let n = 1; n <= 100; n++) {
      const back = {
        ...flight,
        from: `10.77.9.${n}`,
        to: flight.from,
        port: flight.fromPort,
        fromPort: 123,
      };
      const reply = forge(
        back,
        (bytes) => {
          bytes[0] = 0x24;
          bytes[1] = 2;
          bytes.copyWithin(24, 40, 48);
        },
        other,
      );
      world.inject(client, "eth0", reply);
    }
  };
  world.run(60);
  expect(client.state.dynamicSessions).toBe(0);
  expect(client.state.drops["unknown-key"]).toBeGreaterThan(100n);
});
