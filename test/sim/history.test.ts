import { describe, expect, test } from "vitest";
import type { NtpConfig, UnicastConfig } from "../../src/ntp/index.ts";
import { config, group4, key, on, serverAt, settlesWithin } from "./scenario.ts";
import { type Node, World } from "./world.ts";

const good = key(5, "hmac-sha256", "Hmac-Secret-Pass9");
const wrong = key(5, "hmac-sha256", "Another-Secret-9!");

function server(n: number, more: Partial<UnicastConfig> = {}): UnicastConfig {
  return serverAt(`10.77.0.${n}`, more);
}

/** Two servers of the strata 2 and 4, and a client of whom it is told to ask. */
function scene(client: Partial<NtpConfig>): { world: World; servers: Node[]; client: Node } {
  const world = new World(71);
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  const servers = [2, 4].map((stratum, i) => {
    const node = world.node({ wiring: wiring(i + 1) });
    node.configure(config({ refclockMaster: { stratum }, keys: [good] }));
    return node;
  });
  const node = world.node({ wiring: wiring(9), offset: 0.5 });
  node.configure(config({ keys: [good], ...client }));
  return { world, servers, client: node };
}

const told = ({ state }: Node): readonly string[] =>
  state.history.map(({ kind, reason }) => `${kind}: ${reason}`);

describe("what the clock has followed, and why no longer", () => {
  test("a server that answers, and then is silent", () => {
    const { world, client } = scene({ unicast: [server(1)] });
    settlesWithin(world, client, { seconds: 30 });
    expect(told(client).slice(-2)).toEqual([
      "synchronized: synchronized to 10.77.0.1",
      expect.stringMatching(/^stepped: the clock was 0\.\d+ s ahead, and was set$/),
    ]);
    expect(client.state.history.at(-2)).toMatchObject({ source: "10.77.0.1", stratum: 3 });
    world.pass = () => false;
    world.run(120);
    expect(told(client)[0]).toBe("unsynchronized: 10.77.0.1 does not answer any more");
    expect(client.state.history[0]).toMatchObject({ source: undefined, stratum: 16 });
    expect(client.events.at(-1)).toMatchObject({
      kind: "clock-state",
      reason: "10.77.0.1 does not answer any more",
    });
    expect(client.state.associations[0]?.reachHistory).toMatch(/^1+0{8,}$/);
  });

  test("a server whose key is no longer right", () => {
    const { world, client, servers } = scene({ unicast: [server(1, { keyId: 5 })] });
    settlesWithin(world, client, { seconds: 30 });
    const before = client.state.keys.get(5);
    expect(before).toMatchObject({ failed: 0 });
    expect(before?.verified).toBeGreaterThan(3);
    expect(before?.signed).toBeGreaterThanOrEqual(before?.verified ?? 0);
    servers[0]?.configure(config({ refclockMaster: { stratum: 2 }, keys: [wrong] }));
    client.configure(
      config({ keys: [{ ...good, trusted: false }], unicast: [server(1, { keyId: 5 })] }),
    );
    servers[0]?.configure(config({ refclockMaster: { stratum: 2 }, keys: [good] }));
    world.run(120);
    expect(told(client)[0]).toBe(
      "unsynchronized: 10.77.0.1 gives no time any more; " +
        "its last packet was dropped: untrusted-key",
    );
    expect(client.state.associations[0]?.lastDrop?.reason).toBe("untrusted-key");
    expect(client.state.lastDrops[0]).toMatchObject({ reason: "untrusted-key" });
  });

  test("a server that is no longer configured; NTP that is not", () => {
    const { world, client } = scene({ unicast: [server(1)] });
    settlesWithin(world, client, { seconds: 30 });
    client.configure(config());
    expect(told(client)[0]).toBe("unsynchronized: 10.77.0.1 is no longer a source");
    client.configure(config({ unicast: [server(1)] }));
    world.run(60);
    client.configure(undefined);
    expect(told(client)[0]).toBe("unsynchronized: NTP is no longer configured");
  });

  test("another server, and another stratum of the same", () => {
    const { world, client, servers } = scene({ unicast: [server(2)] });
    settlesWithin(world, client, { seconds: 30 });
    servers[1]?.configure(config({ refclockMaster: { stratum: 6 } }));
    world.run(30);
    expect(told(client)[0]).toBe(
      "stratum-changed: 10.77.0.2 has changed its stratum: 5 became 7 here",
    );
    client.configure(config({ unicast: [server(1), server(2)] }));
    world.run(60);
    expect(told(client)[0]).toBe("source-changed: 10.77.0.1 is better than 10.77.0.2 now");
  });

  test("is kept for 64 changes", () => {
    const { world, client } = scene({ unicast: [server(1)] });
    for (let i = 0; i < 40; i++) {
      client.configure(config({ unicast: [server(1)] }));
      world.run(12);
      client.configure(config());
    }
    expect(client.state.history).toHaveLength(64);
    const times = client.state.history.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => (a < b ? 1 : -1)));
  });
});

test("a source shows its last eight samples, brought to now", () => {
  const { world, client } = scene({ unicast: [server(1)] });
  settlesWithin(world, client, { seconds: 30 });
  world.run(100);
  const [one] = client.state.associations;
  expect(one?.samples).toHaveLength(8);
  for (const sample of one?.samples ?? []) expect(Math.abs(sample.offset)).toBeLessThan(0.001);
  const ages = one?.samples.map(({ age }) => age) ?? [];
  expect(ages).toEqual(ages.toSorted((a, b) => a - b));
});

test("all counts are set back together, those of keys too", () => {
  const { world, client } = scene({ unicast: [server(1, { keyId: 5 })] });
  world.run(60);
  client.engine.resetStatistics("all", client.raw);
  expect(client.state.keys.get(5)).toEqual({ signed: 0, verified: 0, failed: 0 });
  expect(client.state.lastDrops).toEqual([]);
  world.run(60);
  expect(client.state.keys.get(5)?.verified).toBeGreaterThan(3);
  client.configure(config());
  expect(client.state.keys.size).toBe(0);
});

test("counts of one that only speaks are set back, alone and with all others", () => {
  const { world, client } = scene({ refclockMaster: { stratum: 2 } });
  const sends = { keyId: undefined, ttl: 1, minpoll: 1, maxpoll: 1, port: 123, version: 4 };
  const multicastServers = [{ ...sends, address: group4 }];
  const interfaces = [on("eth0", { broadcastServer: sends, multicastServers })];
  client.configure(config({ refclockMaster: { stratum: 2 }, interfaces }));
  const sent = (): readonly number[] =>
    client.state.associations.map(({ statistics }) => statistics.sent);
  world.run(10);
  expect(sent()).toEqual([5, 5]);
  const [first] = client.state.associations;
  client.engine.resetStatistics(first ?? "all", client.raw);
  expect(sent()).toEqual([0, 5]);
  client.engine.resetStatistics("all", client.raw);
  expect(sent()).toEqual([0, 0]);
});
