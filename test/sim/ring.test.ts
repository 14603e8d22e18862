import { describe, expect, test } from "vitest";
import type { ManycastClientConfig } from "../../src/ntp/index.ts";
import { config, group4, key, manycastClient, on } from "./scenario.ts";
import { type Node, World } from "./world.ts";

interface Solicitation {
  readonly at: number;
  readonly ttl: number;
  readonly bytes: Uint8Array;
}

/** A lone client with a role, and what it sends to the group. */
function lone(role: Partial<ManycastClientConfig>): {
  readonly world: World;
  readonly client: Node;
  readonly sent: readonly Solicitation[];
} {
  const world = new World(3);
  const sent: Solicitation[] = [];
  world.tap = ({ to, bytes, ttl }) => {
    if (to === group4) sent.push({ at: Math.round(world.now), ttl, bytes });
  };
  const wiring = { eth0: { segment: "a", addresses: ["10.77.0.2"] } };
  const client = world.node({ wiring });
  client.configure(
    config({ interfaces: [on("eth0", { manycastClients: [manycastClient(role)] })] }),
  );
  return { world, client, sent };
}

describe("the expanding ring", () => {
  test("one hop more each poll to the limit, then the interval doubles, then it begins anew", () => {
    const { world, client, sent } = lone({ ttl: 4, minpoll: 1, maxpoll: 1, beacon: 4 });
    world.run(55);
    expect(sent.map(({ ttl }) => ttl)).toEqual([1, 2, 3, 4, 4, 4, 4, 1, 2, 3, 4, 4, 4]);
    expect(sent.map(({ at }) => at)).toEqual([0, 2, 4, 6, 8, 12, 20, 36, 38, 40, 42, 44, 48]);
    expect(client.state.rings).toEqual([
      {
        interface: "eth0",
        group: group4,
        ttl: 4,
        solicitations: 13n,
        answers: 0n,
        survivors: 0,
        interval: 3,
      },
    ]);
  });

  test("a limit of 1 stays 1", () => {
    const { world, sent } = lone({ ttl: 1, minpoll: 1, maxpoll: 1, beacon: 1 });
    world.run(15);
    expect(new Set(sent.map(({ ttl }) => ttl))).toEqual(new Set([1]));
    expect(sent).toHaveLength(8);
  });

  test("every solicitation has a nonce of its own, and the client's real stratum", () => {
    const { world, sent } = lone({ minpoll: 1, maxpoll: 1 });
    world.run(20);
    const nonces = sent.map(({ bytes }) => String(bytes.slice(40, 48)));
    expect(new Set(nonces).size).toBe(sent.length);
    for (const { bytes } of sent) {
      expect(bytes).toHaveLength(48);
      expect(bytes[0]).toBe((3 << 6) | (4 << 3) | 3);
      expect(bytes[1]).toBe(0);
    }
  });

  test("servers beyond routers are found when the ring reaches them, and it stops growing", () => {
    const world = new World(4, { hops: (a, b) => Math.abs(a.charCodeAt(0) - b.charCodeAt(0)) });
    const ttls: number[] = [];
    world.tap = ({ to, ttl }) => {
      if (to === group4) ttls.push(ttl);
    };
    for (const segment of ["a", "c", "c", "d"]) {
      const address = `10.77.1.${world.nodes.length + 1}`;
      const server = world.node({ wiring: { eth0: { segment, addresses: [address] } } });
      server.configure(
        config({
          refclockMaster: { stratum: 2 },
          interfaces: [on("eth0", { manycastServers: [group4] })],
        }),
      );
    }
    const client = world.node({ wiring: { eth0: { segment: "a", addresses: ["10.77.0.2"] } } });
    const role = manycastClient({ minpoll: 1, maxpoll: 1, ttl: 32, beacon: 6 });
    client.configure(config({ interfaces: [on("eth0", { manycastClients: [role] })] }));
    world.run(40);
    expect(Math.max(...ttls)).toBe(3);
    expect(client.state.associations.map(({ address }) => address).sort()).toEqual([
      "10.77.1.1",
      "10.77.1.2",
      "10.77.1.3",
    ]);
    expect(client.state.rings[0]?.survivors).toBe(3);
  });
});

describe("sessions", () => {
  const good = key(5, "hmac-sha256", "Hmac-Secret-Pass9");

  function crowd(servers: number, limit: number, role: Partial<ManycastClientConfig> = {}) {
    const world = new World(5);
    for (let n = 1; n <= servers; n++) addServer(world, n);
    const client = world.node({ wiring: { eth0: { segment: "a", addresses: ["10.77.0.2"] } } });
    const configured = (maxDynamicSessions: number) =>
      config({
        keys: [good],
        maxDynamicSessions,
        interfaces: [
          on("eth0", {
            manycastClients: [
              manycastClient({ keyId: 5, minpoll: 1, maxpoll: 1, beacon: 1, ...role }),
            ],
          }),
        ],
      });
    client.configure(configured(limit));
    return { world, client, configured };
  }

  function addServer(world: World, n: number): Node {
    const address = `10.77.1.${n}`;
    const server = world.node({ wiring: { eth0: { segment: "a", addresses: [address] } } });
    server.configure(
      config({
        keys: [good],
        refclockMaster: { stratum: 2 },
        interfaces: [on("eth0", { manycastServers: [group4] })],
      }),
    );
    return server;
  }

  for (const limit of [0, 1, 2, 3]) {
    test(`a limit of ${limit} admits ${limit} of three`, () => {
      const { world, client } = crowd(3, limit);
      world.run(30);
      expect(client.state.dynamicSessions).toBe(limit);
      expect(client.state.associations).toHaveLength(limit);
      expect(client.state.dynamicSessionsRefused > 0n).toBe(limit < 3);
    });
  }

  test("lowering the limit ends none and admits no more", () => {
    const { world, client, configured } = crowd(3, 100);
    world.run(20);
    const before = client.state.associations.map(({ address }) => address);
    expect(before).toHaveLength(3);
    const reach = client.state.associations.map((one) => one.reach);
    client.configure(configured(1));
    expect(client.state.associations.map((one) => one.reach)).toEqual(reach);
    addServer(world, 9);
    world.run(30);
    expect(client.state.associations.map(({ address }) => address)).toEqual(before);
    expect(client.state.dynamicSessionsRefused).toBeGreaterThan(0n);
  });

  test("maxclock bounds what one ring keeps, and is no refusal", () => {
    const { world, client } = crowd(6, 100, { maxclock: 4, minclock: 4 });
    world.run(30);
    expect(client.state.dynamicSessions).toBe(4);
    expect(client.state.dynamicSessionsRefused).toBe(0n);
  });

  test("a server that falls silent is given up, and makes room", () => {
    const { world, client } = crowd(2, 1, { minclock: 1 });
    world.run(20);
    const [first] = client.state.associations;
    expect(client.state.dynamicSessions).toBe(1);
    world.pass = ({ from }) => from !== first?.address;
    world.run(60);
    const [second] = client.state.associations;
    expect(client.state.dynamicSessions).toBe(1);
    expect(second?.address).not.toBe(first?.address);
    expect(client.synchronized).toBe(true);
    const down = client.events.filter((event) => event.kind === "association-down");
    expect(down).toMatchObject([{ address: first?.address }]);
  });

  test("the role's end is the end of its sessions, its sockets and its time", () => {
    const { world, client } = crowd(2, 10);
    world.run(20);
    expect(client.synchronized).toBe(true);
    client.configure(config());
    expect(client.state.associations).toEqual([]);
    expect(client.sockets.size).toBe(0);
    expect(client.synchronized).toBe(false);
    expect(client.engine.wakeAt).toBeUndefined();
  });

  test("an interface that goes takes them along, and brings them back", () => {
    const { world, client } = crowd(2, 10);
    world.run(20);
    client.plug([]);
    expect(client.state.associations).toEqual([]);
    expect(client.sockets.size).toBe(0);
    client.plug(["eth0"]);
    world.run(20);
    expect(client.state.dynamicSessions).toBe(2);
    expect(client.synchronized).toBe(true);
  });
});
