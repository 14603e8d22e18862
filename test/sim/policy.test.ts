import { describe, expect, test } from "vitest";
import {
  type AccessRule,
  defaultPolicy,
  type NtpConfig,
  type PolicyConfig,
} from "../../src/ntp/index.ts";
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
import { type Node, World } from "./world.ts";

// What routers have beyond RFC 9249, and what its access modes give: seen from outside.

const good = key(5, "hmac-sha256", "Hmac-Secret-Pass9");

function server(address: string, type: "server" | "peer" = "server") {
  return serverAt(address, { type, maxpoll: 4 });
}

function policy(more: Partial<PolicyConfig>): Partial<NtpConfig> {
  return { policy: { ...defaultPolicy, ...more } };
}

/** A server of stratum 2, and a host to configure; half a second apart. */
function pair(first: Partial<NtpConfig> = {}) {
  const world = new World(51);
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  const [giver, taker] = [
    world.node({ wiring: wiring(1) }),
    world.node({ wiring: wiring(2), offset: 0.5 }),
  ];
  giver.configure(config({ refclockMaster: { stratum: 2 }, keys: [good], ...first }));
  return { world, giver, taker };
}

describe("RFC 9249's access modes", () => {
  const rule = (mode: AccessRule["mode"]): NtpConfig["accessRules"] => [
    { mode, entries: [{ prefix: "10.77.0.0/16", permit: true }] },
  ];
  for (const [mode, gives, takes] of [
    ["peer", true, true],
    ["server", true, false],
    ["server-only", true, false],
    ["query-only", false, false],
  ] as const) {
    test(`${mode}: time is ${gives ? "" : "not "}given, and ${takes ? "" : "not "}taken`, () => {
      const given = pair({ accessRules: rule(mode) });
      given.taker.configure(config({ unicast: [server("10.77.0.1")] }));
      given.world.run(20);
      expect(given.taker.synchronized).toBe(gives);
      const taken = pair();
      taken.taker.configure(config({ unicast: [server("10.77.0.1")], accessRules: rule(mode) }));
      taken.world.run(20);
      expect(taken.taker.synchronized).toBe(takes);
      expect(taken.taker.state.drops["access-denied"] > 0n).toBe(!takes);
    });
  }

  test("nobody brings up an association who has no peer access", () => {
    const { world, giver, taker } = pair({
      interfaces: [on("eth0", { manycastServers: [group4] })],
    });
    const interfaces = [on("eth0", { manycastClients: [manycastClient()], broadcastClient: true })];
    taker.configure(config({ interfaces, accessRules: rule("server") }));
    neverSynchronized(world, taker, 60);
    expect(taker.state.dynamicSessions).toBe(0);
    expect(giver.synchronized).toBe(true);
  });
});

describe("thresholds", () => {
  /** Runs a pair until it is settled; then true time is what the server believes now. */
  function jump(seconds: number, how: Partial<PolicyConfig>): { world: World; taker: Node } {
    const { world, giver, taker } = pair();
    taker.configure(config({ unicast: [server("10.77.0.1")], ...policy(how) }));
    settlesWithin(world, taker, { seconds: 30 });
    world.pass = (flight) => {
      if (flight.from !== "10.77.0.1") return true;
      const view = new DataView(flight.bytes.buffer);
      for (const at of [32, 40]) view.setUint32(at, view.getUint32(at) + seconds);
      return true;
    };
    world.run(120);
    expect(giver.error).toBeCloseTo(0, 3);
    return { world, taker };
  }

  test("an offset above the panic threshold is refused, told once, and shown", () => {
    const { taker } = jump(2_000, {});
    expect(Math.abs(taker.error)).toBeLessThan(0.01);
    const told = taker.events.filter(({ kind }) => kind === "panic");
    expect(told).toMatchObject([{ threshold: 1_000 }]);
    expect(taker.state.syncState).toBe("spike");
    expect(taker.state.offset).toBeCloseTo(2_000, 0);
  });

  test("40: nor do many small steps lead where one large one may not", () => {
    const { world, taker } = jump(90, { panicThreshold: 100 });
    expect(taker.error).toBeCloseTo(90, 0);
    const before = world.pass;
    world.pass = (flight) => {
      if (flight.from === "10.77.0.1") {
        const view = new DataView(flight.bytes.buffer);
        for (const at of [32, 40]) view.setUint32(at, view.getUint32(at) + 90);
      }
      return before(flight);
    };
    world.run(120);
    expect(taker.error).toBeCloseTo(90, 0);
    expect(taker.events.some(({ kind }) => kind === "panic")).toBe(true);
  });

  test("without one any offset is believed", () => {
    const { taker } = jump(2_000, { panicThreshold: undefined });
    expect(taker.error).toBeCloseTo(2_000, 1);
  });

  test("below the step threshold an offset is worked off", () => {
    const { world, taker } = pair();
    taker.configure(
      config({ unicast: [server("10.77.0.1")], ...policy({ stepThreshold: undefined }) }),
    );
    settlesWithin(world, taker, { seconds: 30 });
    world.pass = (flight) => {
      if (flight.from !== "10.77.0.1") return true;
      const view = new DataView(flight.bytes.buffer);
      for (const at of [32, 40]) view.setBigUint64(at, view.getBigUint64(at) + (1n << 31n));
      return true;
    };
    let last = taker.error;
    for (let i = 0; i < 300; i++) {
      world.run(1);
      expect(Math.abs(taker.error - last)).toBeLessThan(0.006);
      last = taker.error;
    }
    expect(taker.error).toBeCloseTo(0.5, 2);
  });

  test("a source beyond max-distance gives no time", () => {
    const { world, taker } = pair();
    taker.configure(config({ unicast: [server("10.77.0.1")], ...policy({ maxDistance: 0.002 }) }));
    neverSynchronized(world, taker, 60);
  });
});

describe("who is listened to", () => {
  test("nothing is taken in on an interface that is deaf", () => {
    const { world, taker } = pair();
    const unicast = [server("10.77.0.1")];
    taker.configure(config({ unicast, interfaces: [on("eth0", { deaf: true })] }));
    neverSynchronized(world, taker, 30);
    expect(taker.state.drops["interface-disabled"]).toBeGreaterThan(0n);
    taker.configure(config({ unicast, interfaces: [on("eth0")] }));
    settlesWithin(world, taker, { seconds: 60 });
  });

  test("dynamic sessions that are to be signed come up with a key alone", () => {
    for (const keyId of [undefined, 5]) {
      const role = { ttl: 1, minpoll: 3, maxpoll: 3, port: 123, version: 4 };
      const { world, taker } = pair({
        interfaces: [
          on("eth0", { manycastServers: [group4], broadcastServer: { ...role, keyId } }),
        ],
      });
      const manycastClients = [manycastClient({ keyId })];
      const roles = { manycastClients, broadcastClient: true };
      taker.configure(
        config({
          keys: [good],
          interfaces: [on("eth0", roles)],
          ...policy({ dynamicAuthentication: true }),
        }),
      );
      world.run(60);
      expect(taker.synchronized).toBe(keyId !== undefined);
    }
  });

  test("a client that is told RATE keeps away, and keeps its time", () => {
    const discard = { minimumInterval: 1, averageInterval: 6 };
    const { world, giver, taker } = pair(policy({ kissOfDeath: true, discard }));
    taker.configure(config({ unicast: [{ ...server("10.77.0.1"), minpoll: 3, maxpoll: 8 }] }));
    settlesWithin(world, taker, { seconds: 30 });
    world.run(1_000);
    expect(taker.state.associations[0]?.poll).toBeGreaterThanOrEqual(6);
    offsetStaysBelow(world, taker, { limit: 0.001, seconds: 1_000 });
    expect(giver.synchronized).toBe(true);
  });
});
