import { describe, expect, test } from "vitest";
import type { Algorithm, KeyConfig, ManycastClientConfig } from "../../src/ntp/index.ts";
import {
  config,
  group4,
  group6,
  key,
  manycastClient,
  neverSynchronized,
  on,
  settlesWithin,
} from "./scenario.ts";
import { type Node, World } from "./world.ts";

const good = key(5, "hmac-sha256", "Hmac-Secret-Pass9");

interface Pair {
  readonly world: World;
  readonly server: Node;
  readonly client: Node;
}

interface PairOptions {
  readonly serverKeys?: readonly KeyConfig[];
  readonly clientKeys?: readonly KeyConfig[];
  readonly role?: Partial<ManycastClientConfig>;
  readonly served?: string;
  readonly limit?: number;
  readonly seed?: number;
}

/** A server with time, and a client half a second and 40 ppm wrong, on one segment. */
function pair({
  serverKeys = [good],
  clientKeys = serverKeys,
  role = { keyId: good.id },
  served = group4,
  limit = 100,
  seed = 1,
}: PairOptions = {}): Pair {
  const world = new World(seed);
  const wiring = (n: number) => ({
    eth0: { segment: "a", addresses: [`10.77.0.${n}`, `fd77::${n}`] },
  });
  const server = world.node({ wiring: wiring(1) });
  const client = world.node({ wiring: wiring(2), offset: 0.5, ppm: 40 });
  server.configure(
    config({
      refclockMaster: { stratum: 3 },
      keys: serverKeys,
      interfaces: [on("eth0", { manycastServers: [served] })],
    }),
  );
  client.configure(
    config({
      keys: clientKeys,
      maxDynamicSessions: limit,
      interfaces: [on("eth0", { manycastClients: [manycastClient(role)] })],
    }),
  );
  return { world, server, client };
}

const algorithms: readonly Algorithm[] = [
  "md5",
  "sha-1",
  "hmac-sha256",
  "aes-128-cmac",
  "aes-256-cmac",
];

describe("a manycast client finds its server", () => {
  for (const algorithm of algorithms) {
    for (const address of [group4, group6]) {
      test(`${algorithm} over ${address}`, () => {
        const keys = [key(7, algorithm, "a secret of sixteen and more")];
        const { world, client } = pair({
          serverKeys: keys,
          role: { keyId: 7, address },
          served: address,
        });
        settlesWithin(world, client, { seconds: 20 });
        const [association] = client.state.associations;
        expect(association).toMatchObject({ configured: false, mode: "manycast-client", keyId: 7 });
        expect(association?.address).toBe(address === group4 ? "10.77.0.1" : "fd77::1");
        expect(client.state.systemPeer).toEqual({ address: association?.address, dynamic: true });
        expect(client.state.stratum).toBe(4);
      });
    }
  }

  test("without any key", () => {
    const { world, client } = pair({ serverKeys: [], role: {} });
    settlesWithin(world, client, { seconds: 20 });
  });

  for (const minpoll of [1, 2, 3, 4]) {
    test(`at minpoll ${minpoll} within a few seconds`, () => {
      const { world, client } = pair({ role: { keyId: 5, minpoll, maxpoll: minpoll } });
      settlesWithin(world, client, { seconds: 12, hold: 100 });
    });
  }
});

describe("a manycast client takes time from nobody else", () => {
  const twins: readonly (readonly [string, PairOptions])[] = [
    ["another secret", { clientKeys: [key(5, "hmac-sha256", "Wrong-Secret-Pass9")] }],
    ["another algorithm", { clientKeys: [key(5, "md5", "Hmac-Secret-Pass9")] }],
    [
      "a key that the server does not have",
      { clientKeys: [{ ...good, id: 8 }], role: { keyId: 8 } },
    ],
    [
      "a key that the server does not trust",
      { serverKeys: [{ ...good, trusted: false }], clientKeys: [good] },
    ],
    ["a key that the client does not trust", { clientKeys: [{ ...good, trusted: false }] }],
    ["no room for a session", { limit: 0 }],
    ["another group", { served: "224.0.1.2" }],
  ];
  for (const [name, options] of twins) {
    test(name, () => {
      const { world, client } = pair(options);
      neverSynchronized(world, client, 120);
      expect(client.state.associations).toEqual([]);
      if (options.limit === 0) expect(client.state.dynamicSessionsRefused).toBeGreaterThan(0n);
    });
  }
});
