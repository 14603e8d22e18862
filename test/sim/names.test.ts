// Servers that are known by name: what the engine makes of answers that come late, not at all, or
// are others than before.

import { describe, expect, test } from "vitest";
import type { NamedServerConfig, NameQuery } from "../../src/ntp/index.ts";
import { config, settlesWithin } from "./scenario.ts";
import { type Node, World } from "./world.ts";

function named(name: string, more: Partial<NamedServerConfig> = {}): NamedServerConfig {
  return {
    name,
    maxAddresses: 1,
    family: 0,
    keyId: undefined,
    prefer: false,
    burst: false,
    iburst: true,
    source: undefined,
    minpoll: 4,
    maxpoll: 4,
    port: 123,
    version: 4,
    ...more,
  };
}

interface Cast {
  readonly world: World;
  readonly client: Node;
  /** The last octets of servers that do not answer. */
  readonly dead: Set<string>;
}

/** Servers 10.0.0.1 to 10.0.0.4, with IPv6 too, and a client that is wrong. */
function cast(seed: number): Cast {
  const world = new World(seed);
  for (const n of [1, 2, 3, 4]) {
    const addresses = [`10.0.0.${n}`, `fd00::${n}`];
    const server = world.node({ wiring: { eth0: { segment: "a", addresses } } });
    server.configure(config({ refclockMaster: { stratum: 2 } }));
  }
  const wiring = { eth0: { segment: "a", addresses: ["10.0.0.9", "fd00::9"] } };
  const client = world.node({ wiring, offset: 0.2, ppm: 20 });
  const dead = new Set<string>();
  world.pass = ({ from }) => !dead.has(from);
  return { world, client, dead };
}

function last(client: Node): NameQuery {
  const question = client.questions.at(-1);
  if (question === undefined) throw new Error("nothing was asked");
  return question;
}

const inUse = ({ state }: Node): readonly string[] =>
  state.associations.map(({ address }) => address);

describe("a server by name", () => {
  test("is asked for at once, and gives time once its address has come, however late", () => {
    const { world, client } = cast(1);
    client.configure(config({ named: [named("ntp.test", { family: 4 })] }));
    expect(client.questions).toMatchObject([{ name: "ntp.test", family: 4 }]);
    world.run(59);
    expect(inUse(client)).toEqual([]);
    client.answer(last(client), ["10.0.0.1", "10.0.0.2"]);
    settlesWithin(world, client, { seconds: 60 });
    expect(inUse(client)).toEqual(["10.0.0.1"]);
    expect(client.state.associations).toMatchObject([{ mode: "client", configured: true }]);
    expect(client.state.names).toMatchObject([
      { name: "ntp.test", addresses: ["10.0.0.1"], lastFailure: undefined },
    ]);
    // As long as it answers, nobody is asked again.
    world.run(3_000);
    expect(client.questions).toHaveLength(1);
  });

  test("that cannot be found is looked for ever more rarely, told of once, and then used", () => {
    const { world, client } = cast(2);
    client.configure(config({ named: [named("ntp.test")] }));
    const times: number[] = [];
    for (let n = 1; n <= 14; n++) {
      expect(client.questions).toHaveLength(n);
      client.answer(last(client), [], "no such name");
      const took = world.until(() => client.questions.length > n, 5_000);
      times.push(took ?? Number.NaN);
    }
    const least = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3_600, 3_600, 3_600];
    for (const [i, seconds] of least.entries()) {
      expect(times[i], `wait ${i}`).toBeGreaterThanOrEqual(seconds);
      expect(times[i], `wait ${i}`).toBeLessThan(1.25 * seconds + 0.5);
    }
    expect(client.events.filter(({ kind }) => kind === "warning")).toMatchObject([
      { message: "the server ntp.test cannot be found, and is looked for again: no such name" },
    ]);
    client.answer(last(client), ["10.0.0.2"]);
    settlesWithin(world, client, { seconds: 60 });
    expect(client.state.names).toMatchObject([
      { addresses: ["10.0.0.2"], lastFailure: { reason: "no such name" } },
    ]);
  });

  test("about which nobody ever answers is asked for again", () => {
    const { world, client } = cast(3);
    client.configure(config({ named: [named("ntp.test")] }));
    const first = last(client);
    world.run(65);
    expect(client.questions).toHaveLength(2);
    expect(client.state.names[0]?.lastFailure?.reason).toBe("no answer within 60 s");
    client.answer(first, ["10.0.0.1"]);
    expect(inUse(client)).toEqual([]);
  });

  test("is looked for at once when the network is another one", () => {
    const { world, client } = cast(4);
    client.configure(config({ named: [named("ntp.test")] }));
    for (let n = 0; n < 8; n++) {
      client.answer(last(client), [], "no network");
      world.until(() => client.questions.length > n + 1, 1_000);
    }
    client.answer(last(client), [], "no network");
    const { length } = client.questions;
    client.plug([]);
    client.plug(["eth0"]);
    world.run(0.5);
    expect(client.questions).toHaveLength(length + 1);
  });

  test("has another address when the one that it had has fallen silent", () => {
    const { world, client, dead } = cast(5);
    client.configure(config({ named: [named("ntp.test")] }));
    client.answer(last(client), ["10.0.0.1"]);
    settlesWithin(world, client, { seconds: 60 });
    dead.add("10.0.0.1");
    const took = world.until(() => client.questions.length === 2, 600);
    expect(took).toBeDefined();
    const [before] = client.state.associations;
    // The same answer leaves all as it was, and the next question waits longer.
    client.answer(last(client), ["10.0.0.1"]);
    expect(client.state.associations[0]).toEqual(before);
    const again = world.until(() => client.questions.length === 3, 600);
    expect(again).toBeGreaterThan(64);
    client.answer(last(client), ["10.0.0.3"]);
    expect(inUse(client)).toEqual(["10.0.0.3"]);
    expect(client.events.at(-1)).toEqual({
      kind: "association-down",
      address: "10.0.0.1",
      reason: "it did not answer, and ntp.test has another address",
    });
    expect([...client.sockets]).toHaveLength(1);
    settlesWithin(world, client, { seconds: 60 });
  });

  test("of a pool keeps those that answer, whatever the pool says now", () => {
    const { world, client, dead } = cast(6);
    client.configure(config({ named: [named("pool.test", { maxAddresses: 2 })] }));
    client.answer(last(client), ["10.0.0.1", "10.0.0.2"]);
    settlesWithin(world, client, { seconds: 60 });
    const kept = client.engine.state(client.raw).associations[0]?.reachHistory.length ?? 0;
    dead.add("10.0.0.2");
    world.until(() => client.questions.length === 2, 600);
    client.answer(last(client), ["10.0.0.2", "10.0.0.3", "10.0.0.4"]);
    expect(inUse(client)).toEqual(["10.0.0.1", "10.0.0.3"]);
    expect(client.state.associations[0]?.reachHistory.length).toBeGreaterThan(kept);
  });

  test("that is taken away while its answer is under way leaves nothing behind", () => {
    const { world, client } = cast(7);
    client.configure(config({ named: [named("ntp.test")] }));
    const first = last(client);
    client.configure(config());
    client.answer(first, ["10.0.0.1"]);
    expect(client.state).toMatchObject({ associations: [], names: [] });
    expect(client.engine.wakeAt).toBeUndefined();
    // And where it is back, the old answer is not taken for the new one.
    client.configure(config({ named: [named("ntp.test")] }));
    client.answer(first, ["10.0.0.1"]);
    expect(inUse(client)).toEqual([]);
    client.answer(last(client), ["10.0.0.2"]);
    expect(inUse(client)).toEqual(["10.0.0.2"]);
    client.configure(undefined);
    world.run(10);
    expect([...client.sockets]).toEqual([]);
  });

  test("goes on as it is through commits that do not touch it, and changes of its limits", () => {
    const { world, client } = cast(8);
    client.configure(config({ named: [named("ntp.test")] }));
    client.answer(last(client), ["10.0.0.1", "10.0.0.2"]);
    settlesWithin(world, client, { seconds: 60 });
    const before = client.state.associations[0];
    client.configure(config({ named: [named("ntp.test", { maxpoll: 6 })], maxDynamicSessions: 3 }));
    expect(client.state.associations[0]).toEqual({ ...before, maxpoll: 6 });
    expect(client.questions).toHaveLength(1);
    // More addresses, or others, are asked for; until then those that fit stay.
    client.configure(config({ named: [named("ntp.test", { maxAddresses: 2 })] }));
    expect(client.questions).toHaveLength(2);
    expect(inUse(client)).toEqual(["10.0.0.1"]);
    client.answer(last(client), ["10.0.0.2", "10.0.0.1"]);
    expect(inUse(client)).toEqual(["10.0.0.1", "10.0.0.2"]);
    client.configure(config({ named: [named("ntp.test", { family: 6 })] }));
    expect(inUse(client)).toEqual([]);
    client.answer(last(client), ["10.0.0.1", "fd00::0:3"]);
    expect(inUse(client)).toEqual(["fd00::3"]);
  });

  test("is one server with another name, or an address, that leads to the same place", () => {
    const { client } = cast(9);
    const { name: _name, maxAddresses: _max, family: _family, ...how } = named("a");
    const unicast = [{ ...how, type: "server" as const, address: "10.0.0.1" }];
    const two = [named("a.test", { maxAddresses: 2 }), named("b.test", { maxAddresses: 2 })];
    client.configure(config({ unicast, named: two }));
    const [a, b] = client.questions;
    if (a === undefined || b === undefined) throw new Error("two questions");
    client.answer(a, ["10.0.0.1", "10.0.0.2"]);
    client.answer(b, ["10.0.0.2", "10.0.0.3"]);
    expect(inUse(client)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    // The address is no longer configured: the name takes it over as it is.
    const [before] = client.state.associations;
    client.configure(config({ named: two }));
    expect(client.state.associations).toContainEqual(before);
    expect([...client.sockets]).toHaveLength(3);
  });

  test.each([
    [0, ["224.0.1.1", "0.0.0.0", "::", "nonsense"], "none of its addresses can be a server's"],
    [6, ["10.0.0.1"], "none of its addresses is a server's over IPv6"],
    [0, [], "it has no address"],
  ] as const)("of family %i with the addresses %j is not found", (family, addresses, reason) => {
    const { client } = cast(10);
    client.configure(config({ named: [named("ntp.test", { family })] }));
    client.answer(last(client), addresses);
    expect(inUse(client)).toEqual([]);
    expect(client.state.names[0]?.lastFailure).toMatchObject({ reason });
  });
});
