import { describe, expect, test } from "vitest";
import type { InterfaceConfig, NtpConfig, UnicastConfig } from "../../src/ntp/index.ts";
import {
  config,
  key,
  neverSynchronized,
  offsetStaysBelow,
  on,
  serverAt,
  settlesWithin,
} from "./scenario.ts";
import { type Node, World } from "./world.ts";

const good = key(5, "aes-128-cmac", "a secret of ours");
const wrong = key(5, "aes-128-cmac", "another secret !");

function peer(address: string, more: Partial<UnicastConfig> = {}): UnicastConfig {
  return serverAt(address, { type: "peer", iburst: false, maxpoll: 4, ...more });
}

function host(world: World, n: number, more: { offset?: number; ppm?: number } = {}): Node {
  const addresses = [`10.77.0.${n}`, `fd77::${n}`];
  return world.node({ wiring: { eth0: { segment: "a", addresses } }, ...more });
}

const master: Partial<NtpConfig> = { refclockMaster: { stratum: 2 } };

describe("symmetric peers", () => {
  for (const address of ["10.77.0.1", "fd77::1"]) {
    test(`the one without time takes it from the other, ${address}`, () => {
      const world = new World(21);
      const [a, b] = [host(world, 1), host(world, 2, { offset: 0.2, ppm: 30 })];
      const back = address.includes(":") ? "fd77::2" : "10.77.0.2";
      a.configure(config({ ...master, unicast: [peer(back)] }));
      b.configure(config({ unicast: [peer(address)] }));
      settlesWithin(world, b, { seconds: 120, hold: 300 });
      expect(b.state.associations).toMatchObject([{ mode: "active", address, configured: true }]);
      expect(b.state.stratum).toBe(3);
      expect(a.state.stratum).toBe(2);
      expect(Math.abs(a.error)).toBeLessThan(1e-6);
    });
  }

  test("with a key on both sides", () => {
    const world = new World(22);
    const [a, b] = [host(world, 1), host(world, 2, { offset: 0.2 })];
    a.configure(config({ ...master, keys: [good], unicast: [peer("10.77.0.2", { keyId: 5 })] }));
    b.configure(config({ keys: [good], unicast: [peer("10.77.0.1", { keyId: 5 })] }));
    settlesWithin(world, b, { seconds: 120 });
  });

  test("never with another secret", () => {
    const world = new World(22);
    const [a, b] = [host(world, 1), host(world, 2, { offset: 0.2 })];
    a.configure(config({ ...master, keys: [good], unicast: [peer("10.77.0.2", { keyId: 5 })] }));
    b.configure(config({ keys: [wrong], unicast: [peer("10.77.0.1", { keyId: 5 })] }));
    neverSynchronized(world, b, 200);
  });

  test("20, 21: what answers nothing, or answers once more, is none", () => {
    const world = new World(24);
    const [a, b] = [host(world, 1), host(world, 2, { offset: 0.2 })];
    a.configure(config({ ...master, unicast: [peer("10.77.0.2")] }));
    b.configure(config({ unicast: [peer("10.77.0.1")] }));
    settlesWithin(world, b, { seconds: 120 });
    // A copy that comes after what it is of is told by its transmit time, any other by its origin.
    const dropped = (): number => {
      const { "bogus-origin": bogus, duplicate } = b.state.drops;
      return Number(bogus + duplicate);
    };
    const before = dropped();
    let [stale, again] = [0, 0];
    world.tap = (flight) => {
      if (flight.from !== "10.77.0.1") return;
      const changed = (octet: number, by: number): Uint8Array => {
        const bytes = flight.bytes.slice();
        bytes[octet] = (bytes[octet] ?? 0) ^ by;
        return bytes;
      };
      // Its origin is no packet of b's; then the same answer, as if sent a moment later.
      world.inject(b, "eth0", { ...flight, bytes: changed(30, 8) });
      stale++;
      world.inject(b, "eth0", { ...flight, bytes: changed(46, 1) });
      again++;
    };
    world.run(100);
    expect(stale).toBeGreaterThan(5);
    expect(dropped() - before).toBeGreaterThan(stale + again - 3);
    expect(Math.abs(b.error)).toBeLessThan(0.005);
  });

  test("20: who answers only what was not asked is not reached", () => {
    const world = new World(25);
    const [a, b] = [host(world, 1), host(world, 2, { offset: 0.2 })];
    a.configure(config({ ...master, unicast: [peer("10.77.0.2")] }));
    b.configure(config({ unicast: [peer("10.77.0.1")] }));
    settlesWithin(world, b, { seconds: 120 });
    world.pass = (flight) => {
      if (flight.from !== "10.77.0.1") return true;
      const bytes = flight.bytes.slice();
      bytes[30] = (bytes[30] ?? 0) ^ 8;
      world.inject(b, "eth0", { ...flight, bytes });
      return false;
    };
    world.run(300);
    expect(b.state.associations[0]?.reach).toBe(0);
    expect(b.synchronized).toBe(false);
  });

  test("a peer that is not configured is taken in with a trusted key, as passive", () => {
    const world = new World(23);
    const [a, b] = [host(world, 1, { offset: 0.1 }), host(world, 2)];
    a.configure(config({ keys: [good], unicast: [peer("10.77.0.2", { keyId: 5 })] }));
    b.configure(config({ ...master, keys: [good] }));
    settlesWithin(world, a, { seconds: 200 });
    expect(b.state.associations).toMatchObject([{ mode: "passive", configured: false }]);
    expect(b.state.dynamicSessions).toBe(1);
  });

  for (const [name, keys, keyId] of [
    ["without a key", [good], undefined],
    ["with another secret", [wrong], 5],
    ["with a key that is not trusted", [{ ...good, trusted: false }], 5],
  ] as const) {
    test(`38: nor is one taken in ${name}`, () => {
      const world = new World(24);
      const [a, b] = [host(world, 1), host(world, 2)];
      a.configure(config({ keys: [good], unicast: [peer("10.77.0.2", { keyId })] }));
      b.configure(config({ ...master, keys }));
      neverSynchronized(world, a, 100);
      expect(b.state.associations).toEqual([]);
    });
  }

  test("two peers without time do not synchronize each other", () => {
    const world = new World(25);
    const [a, b] = [host(world, 1), host(world, 2, { offset: 1 })];
    a.configure(config({ unicast: [peer("10.77.0.2")] }));
    b.configure(config({ unicast: [peer("10.77.0.1")] }));
    neverSynchronized(world, b, 200);
    expect(a.synchronized).toBe(false);
  });
});

describe("broadcast and multicast", () => {
  const role = { ttl: 1, minpoll: 4, maxpoll: 4, port: 123, version: 4 };
  const kinds: readonly (readonly [
    string,
    (keyId: number | undefined) => Partial<InterfaceConfig>,
    Partial<InterfaceConfig>,
  ])[] = [
    ["broadcast", (keyId) => ({ broadcastServer: { ...role, keyId } }), { broadcastClient: true }],
    [
      "multicast",
      (keyId) => ({ multicastServers: [{ ...role, keyId, address: "224.0.1.1" }] }),
      { multicastClients: ["224.0.1.1"] },
    ],
    [
      "multicast",
      (keyId) => ({ multicastServers: [{ ...role, keyId, address: "ff02::101" }] }),
      { multicastClients: ["ff02::101"] },
    ],
  ];

  function scene(
    speaks: Partial<InterfaceConfig>,
    listens: Partial<InterfaceConfig>,
    client: Partial<NtpConfig> = {},
  ) {
    const world = new World(26);
    const [server, listener] = [host(world, 1), host(world, 2, { offset: -0.4, ppm: 50 })];
    server.configure(config({ ...master, keys: [good], interfaces: [on("eth0", speaks)] }));
    listener.configure(config({ keys: [good], interfaces: [on("eth0", listens)], ...client }));
    return { world, server, listener };
  }

  for (const [name, speaks, listens] of kinds) {
    test(`${name}: polled until the delay is known, then listened to`, () => {
      const { world, listener } = scene(speaks(5), listens, { authEnabled: true });
      settlesWithin(world, listener, { seconds: 100 });
      const [before] = listener.state.associations;
      expect(before).toMatchObject({ mode: `${name}-client`, configured: false, keyId: 5 });
      offsetStaysBelow(world, listener, { limit: 0.001, seconds: 600 });
      const [after] = listener.state.associations;
      expect(after?.statistics.sent).toBeLessThanOrEqual(6);
      expect(after?.reach).toBe(255);
    });

    test(`${name}: nothing is taken that nobody signed, if that is asked for`, () => {
      const { world, listener } = scene(speaks(undefined), listens, { authEnabled: true });
      neverSynchronized(world, listener, 200);
      expect(listener.state.drops["authentication-required"]).toBeGreaterThan(0n);
    });

    test(`${name}: nothing is taken under another secret`, () => {
      const { world, listener } = scene(speaks(5), listens, { keys: [wrong] });
      neverSynchronized(world, listener, 200);
      expect(listener.state.associations).toEqual([]);
    });

    test(`${name}: nobody listens who is not told to`, () => {
      const { world, listener } = scene(speaks(5), { multicastClients: ["224.0.1.9"] });
      neverSynchronized(world, listener, 200);
    });
  }

  test("a server without time sends none", () => {
    const { world, server, listener } = scene(...parts("broadcast"));
    server.configure(config({ interfaces: [on("eth0", parts("broadcast")[0])] }));
    neverSynchronized(world, listener, 100);
    expect(server.state.associations).toMatchObject([
      { mode: "broadcast-server", address: "255.255.255.255", statistics: { sent: 0 } },
    ]);
  });

  test("a repeated packet is none", () => {
    const { world, listener } = scene(...parts("broadcast"));
    world.run(100);
    const copies: Parameters<World["inject"]>[2][] = [];
    world.tap = (flight) => {
      if (flight.to === "255.255.255.255") copies.push(flight);
    };
    world.run(60);
    world.tap = undefined;
    world.run(1);
    const before = listener.state.drops.duplicate;
    for (const flight of copies) world.inject(listener, "eth0", flight);
    world.run(1);
    expect(listener.state.drops.duplicate - before).toBe(BigInt(copies.length));
    expect(Math.abs(listener.error)).toBeLessThan(0.001);
  });

  function parts(name: string): [Partial<InterfaceConfig>, Partial<InterfaceConfig>] {
    const kind = kinds.find(([one]) => one === name);
    if (kind === undefined) throw new Error(name);
    return [kind[1](undefined), kind[2]];
  }
});
