import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import {
  EngineRefusal,
  type KeyConfig,
  type NameQuery,
  type NtpConfig,
  type UnicastConfig,
} from "../../src/ntp/index.ts";
import { forSeeds, type SeededRandom } from "../random.ts";
import { config, group4, key, manycastClient, on, serverAt, settlesWithin } from "./scenario.ts";
import { type Node, World } from "./world.ts";

const keys = [
  key(1, "md5", "Md5-Secret-Pass9"),
  key(2, "hmac-sha256", "Hmac-Secret-Pass9"),
  key(3, "aes-128-cmac", "Cmac128-Secret-9"),
  key(4, "aes-256-cmac", "Cmac256-Secret-Pass-9-0123456789"),
];

function server(address: string, more: Partial<UnicastConfig> = {}): UnicastConfig {
  return serverAt(address, { maxpoll: 4, ...more });
}

/** Three servers with all roles, and a host to configure. */
function lab(seed: number): { readonly world: World; readonly host: Node } {
  const world = new World(seed);
  for (const n of [1, 2, 3]) {
    const addresses = [`10.77.0.${n}`, `fd77::${n}`];
    const node = world.node({ wiring: { eth0: { segment: "a", addresses } } });
    const interfaces = [on("eth0", { manycastServers: [group4, "ff0e::101"] })];
    node.configure(config({ refclockMaster: { stratum: n }, keys, interfaces }));
  }
  const eth = (name: string, n: number) => [
    name,
    { segment: "a", addresses: [`10.77.${n}.9`, `fd77::${n}:9`] },
  ];
  const wiring = Object.fromEntries([eth("eth0", 5), eth("eth1", 6)]);
  return { world, host: world.node({ wiring, offset: 0.1, ppm: 10 }) };
}

describe("what a commit does not touch goes on", () => {
  test("associations keep their reach and their samples", () => {
    const { world, host } = lab(31);
    const unicast = [server("10.77.0.1"), server("10.77.0.2", { keyId: 2 })];
    host.configure(config({ keys, unicast }));
    settlesWithin(world, host, { seconds: 30 });
    world.run(100);
    const before = host.state.associations;
    const wakeAt = host.engine.wakeAt;
    host.configure(config({ keys, unicast: [...unicast, server("10.77.0.3", { iburst: false })] }));
    expect(host.state.associations.slice(0, 2)).toEqual(before);
    expect(host.synchronized).toBe(true);
    host.configure(config({ keys, unicast, port: 1_123 }));
    expect(host.state.associations).toEqual(before);
    expect(host.engine.wakeAt).toBe(wakeAt);
  });

  test("other poll limits are taken over in place", () => {
    const { world, host } = lab(32);
    host.configure(config({ unicast: [server("10.77.0.1", { minpoll: 6, maxpoll: 10 })] }));
    world.run(700);
    const [before] = host.state.associations;
    host.configure(config({ unicast: [server("10.77.0.1", { minpoll: 3, maxpoll: 3 })] }));
    const [after] = host.state.associations;
    expect(after).toMatchObject({ reach: before?.reach, poll: 3, minpoll: 3, maxpoll: 3 });
    world.run(10);
    expect(host.state.associations[0]?.statistics.sent).toBeGreaterThan(
      before?.statistics.sent ?? 0,
    );
  });

  test("another secret under the same id holds from the next packet on", () => {
    const { world, host } = lab(33);
    const unicast = [server("10.77.0.1", { keyId: 2 })];
    host.configure(config({ keys, unicast }));
    settlesWithin(world, host, { seconds: 30 });
    const rolled = keys.map((one) =>
      one.id === 2 ? key(2, "hmac-sha256", "Rolled-Secret-Pass9") : one,
    );
    host.configure(config({ keys: rolled, unicast }));
    const { reach, statistics } = host.state.associations[0] ?? {};
    expect(reach).toBeGreaterThan(0);
    expect(statistics?.sent).toBeGreaterThan(0);
    world.run(200);
    expect(host.state.associations[0]?.reach).toBe(0);
  });
});

describe("plans", () => {
  test("a plan that is aborted changes nothing", () => {
    const { world, host } = lab(34);
    host.configure(config({ unicast: [server("10.77.0.1")] }));
    world.run(20);
    const before = host.state;
    host.engine.prepare(undefined, host.raw).abort();
    host.engine.prepare(config({ keys, port: 1_123 }), host.raw).abort();
    expect(host.state).toEqual(before);
  });

  const refused: readonly (readonly [string, Partial<NtpConfig>, string])[] = [
    [
      "an AES key of another length",
      { keys: [badKey({ algorithm: "aes-128-cmac" })] },
      "key 7: aes-128-cmac takes a secret of 16 octets, not of 5",
    ],
    [
      "an empty secret",
      { keys: [badKey({ secret: new Uint8Array() })] },
      "key 7: the secret is empty",
    ],
    [
      "a digest longer than there is",
      { keys: [badKey({ digestLength: 20 })] },
      "key 7: md5 makes no digest of 20 octets",
    ],
    ["a group as server", { unicast: [server("224.0.1.1")] }, "224.0.1.1 is no unicast address"],
    [
      "a server as group",
      { interfaces: [on("eth0", { manycastServers: ["10.0.0.1"] })] },
      "10.0.0.1 is no multicast group",
    ],
  ];
  for (const [name, wrong, message] of refused) {
    test(`refused: ${name}`, () => {
      const { host } = lab(35);
      const before = host.state;
      expect(() => host.engine.prepare(config(wrong), host.raw)).toThrow(
        new EngineRefusal(message),
      );
      expect(host.state).toEqual(before);
    });
  }

  function badKey(more: Partial<KeyConfig>): KeyConfig {
    const secret = new TextEncoder().encode("short");
    return { id: 7, algorithm: "md5", secret, digestLength: 16, trusted: true, ...more };
  }
});

// COMMITS=10000 tries more of them.
const seeds = Math.ceil(Number(process.env.COMMITS ?? 400) / 200);

/** However busy the machine is. */
const timeout = seeds * 120_000;

test("whatever is committed, what it does not touch goes on, and nothing leaks or lingers", {
  timeout,
}, () => {
  forSeeds(seeds, (random, seed) => {
    const { world, host } = lab(seed);
    let last: NtpConfig | undefined;
    for (let i = 0; i < 200; i++) {
      const next = random.fraction() < 0.1 ? undefined : anything(random);
      const before = measured(host);
      host.configure(next);
      const after = measured(host);
      for (const address of untouched(last, next)) {
        expect(after.get(address), address).toEqual(before.get(address));
      }
      last = next;
      if (random.fraction() < 0.2) host.plug(random.fraction() < 0.5 ? ["eth0"] : ["eth0", "eth1"]);
      world.run(random.fraction() * 3);
      for (const question of host.questions.splice(0)) answerSomehow(host, question, random);
      world.run(random.fraction() * 3);
      const { associations, rings, dynamicSessions } = host.state;
      const talking = associations.filter(
        ({ mode }) => !mode.endsWith("-server") && mode !== "active",
      );
      expect(host.sockets.size).toBe(talking.length + rings.length);
      expect(dynamicSessions).toBe(associations.filter(({ configured }) => !configured).length);
    }
    host.configure(undefined);
    expect(host.sockets.size).toBe(0);
    expect(host.engine.wakeAt).toBeUndefined();
    expect(host.synchronized).toBe(false);
    host.plug(["eth0", "eth1"]);
    host.configure(config({ unicast: [server("10.77.0.1")] }));
    settlesWithin(world, host, { seconds: 60 });
  });
});

/** What each configured association has heard and measured; its offset follows the clock. */
function measured({ state }: Node): ReadonlyMap<string, unknown> {
  const configured = state.associations.filter((row) => row.configured);
  return new Map(configured.map(({ address, reach, delay }) => [address, { reach, delay }]));
}

/** Addresses of associations that are the same in both, and so is the key that they name. */
function untouched(last: NtpConfig | undefined, next: NtpConfig | undefined): readonly string[] {
  const keyOf = (from: NtpConfig | undefined, id: number | undefined) =>
    from?.keys.find((one) => one.id === id);
  const same = (next?.unicast ?? []).filter((one) => {
    const other = last?.unicast.find(({ address }) => address === one.address);
    const isKeySame = isDeepStrictEqual(keyOf(last, one.keyId), keyOf(next, one.keyId));
    return isDeepStrictEqual(one, other) && isKeySame;
  });
  return same.map(({ address }) => address);
}

/** With what there is, what answers nothing, or nothing; or not at all. */
function answerSomehow(host: Node, question: NameQuery, random: SeededRandom): void {
  if (random.fraction() < 0.2) return;
  const all = ["10.77.0.1", "10.77.0.2", "10.77.0.77", "fd77::3", "fd77::77"];
  host.answer(question, random.fraction() < 0.2 ? [] : all.filter(() => random.fraction() < 0.5));
}

/** A configuration drawn at random. */
function anything(random: SeededRandom): NtpConfig {
  const chance = (p: number): boolean => random.fraction() < p;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.fraction() * list.length)] as T;
  const keyId = () => pick([undefined, 1, 2, 3, 4]);
  const sometimes = <T>(make: () => T): readonly T[] => (chance(0.5) ? [make()] : []);
  const client = (address: string) =>
    manycastClient({
      address,
      keyId: keyId(),
      ttl: pick([1, 3, 8]),
      minpoll: 1,
      maxpoll: pick([1, 3]),
      minclock: pick([1, 3]),
    });
  const role = { ttl: 1, minpoll: 3, maxpoll: 3, port: 123, version: 4 };
  return config({
    port: pick([123, 1_123]),
    authEnabled: chance(0.3),
    ...(chance(0.3) && { refclockMaster: { stratum: pick([3, 8, 16]) } }),
    keys: keys.map((one) => ({ ...one, trusted: chance(0.9) })),
    maxDynamicSessions: pick([0, 1, 2, 100]),
    unicast: ["10.77.0.1", "10.77.0.2", "fd77::3"].flatMap((address) =>
      sometimes(() =>
        server(address, {
          keyId: keyId(),
          type: pick(["server", "peer"]),
          prefer: chance(0.2),
          burst: chance(0.2),
        }),
      ),
    ),
    named: ["a.test", "b.test"].flatMap((name) =>
      sometimes(() => {
        const { address: _address, type: _type, ...asked } = server("", { keyId: keyId() });
        return { name, maxAddresses: pick([1, 3]), family: pick([0, 4, 6] as const), ...asked };
      }),
    ),
    interfaces: ["eth0", "eth1"].map((name) =>
      on(name, {
        manycastClients: [
          ...sometimes(() => client(group4)),
          ...sometimes(() => client("ff0e::101")),
        ],
        manycastServers: sometimes(() => group4),
        multicastClients: sometimes(() => "224.0.1.2"),
        multicastServers: sometimes(() => ({ ...role, keyId: keyId(), address: "224.0.1.2" })),
        ...(chance(0.3) && { broadcastServer: { ...role, keyId: keyId() } }),
        ...(chance(0.3) && { broadcastClient: true }),
      }),
    ),
  });
}
