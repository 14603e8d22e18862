import { describe, expect, test } from "vitest";
import { config, serverAt } from "./scenario.ts";
import { type Node, World } from "./world.ts";

/** 2026-12-31T23:54:00Z as NTP time: the world begins six minutes before the year's end. */
const epoch = BigInt(Date.UTC(2026, 11, 31, 23, 54) / 1_000 + 2_208_988_800) << 32n;
const untilEnd = 6 * 60;

interface Scene {
  readonly world: World;
  readonly client: Node;
  /** NTP time of the client, in s after the world's epoch. */
  readonly clock: () => number;
}

/**
 * Servers of which the first `announcing` announce a leap second and go through it, as all of the
 * world does: true time is what the others say, but for the second.
 */
function scene(leap: 1 | 2, announcing: number, servers = 3): Scene {
  const world = new World(101, { epoch });
  const addresses = Array.from({ length: servers }, (_, i) => `10.77.0.${i + 1}`);
  for (const address of addresses) {
    const node = world.node({ wiring: { eth0: { segment: "a", addresses: [address] } } });
    node.configure(config({ refclockMaster: { stratum: 2 } }));
  }
  const moment = leap === 1 ? untilEnd : untilEnd - 1;
  world.pass = (flight) => {
    const n = addresses.indexOf(flight.from);
    if (n < 0 || n >= announcing) return true;
    const view = new DataView(flight.bytes.buffer);
    if (world.now < moment) flight.bytes[0] = ((flight.bytes[0] ?? 0) & 0x3f) | (leap << 6);
    const moved = world.now < moment ? 0 : leap === 1 ? -1 : 1;
    for (const at of [32, 40]) view.setUint32(at, view.getUint32(at) + moved);
    return true;
  };
  const wiring = { eth0: { segment: "a", addresses: ["10.77.0.99", "10.78.0.1"] } };
  const client = world.node({ wiring, offset: 0.2, ppm: 20 });
  const unicast = addresses.map((address) => serverAt(address, { minpoll: 4, maxpoll: 5 }));
  client.configure(config({ unicast }));
  const clock = (): number => Number(client.engine.now(client.raw) - epoch) / 2 ** 32;
  return { world, client, clock };
}

for (const [name, leap, moved] of [
  ["inserted", 1, -1],
  ["left out", 2, 1],
] as const) {
  describe(`a leap second that is ${name}`, () => {
    const moment = leap === 1 ? untilEnd : untilEnd - 1;

    test("is announced, gone through to the millisecond, and leaves no trace", () => {
      const { world, client, clock } = scene(leap, 3);
      world.run(60);
      expect(client.state.leap).toBe(leap);
      expect(client.snapshot?.leap).toBe(leap);
      world.run(moment - 60 - 0.002);
      expect(clock()).toBeCloseTo(world.now, 2);
      world.run(0.004);
      expect(clock()).toBeCloseTo(world.now + moved, 2);
      expect(client.snapshot?.leap).toBe(0);
      expect(client.state.leap).toBe(0);
      expect(client.state.history[0]).toMatchObject({
        kind: "leap-second",
        reason: `a leap second was ${name}`,
      });
      const { frequency } = client.state;
      for (let i = 0; i < 60; i++) {
        world.run(5);
        expect(Math.abs(clock() - world.now - moved)).toBeLessThan(0.001);
        expect(client.state.leap).toBe(0);
      }
      expect(Math.abs(client.state.frequency - frequency)).toBeLessThan(1e-6);
      const kinds = client.state.history.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "stepped")).toHaveLength(1);
      expect(client.synchronized).toBe(true);
      expect(client.state.associations.map(({ reach }) => reach)).toEqual([255, 255, 255]);
    });

    test("is none where one of three announces it", () => {
      const { world, client, clock } = scene(leap, 1);
      world.run(60);
      expect(client.state.leap).toBe(0);
      world.run(moment);
      expect(Math.abs(clock() - world.now)).toBeLessThan(0.001);
    });
  });
}

test("one that nobody announced is a jump like any other, and is followed", () => {
  const { world, client, clock } = scene(1, 3);
  const hidden = world.pass;
  world.pass = (flight) => {
    const goes = hidden(flight);
    flight.bytes[0] = (flight.bytes[0] ?? 0) & 0x3f;
    return goes;
  };
  world.run(60);
  expect(client.state.leap).toBe(0);
  world.run(untilEnd + 200);
  expect(Math.abs(clock() - world.now + 1)).toBeLessThan(0.002);
});

test("with the last source that announced it, it is no longer expected", () => {
  const { world, client, clock } = scene(1, 3);
  world.run(60);
  client.configure(config());
  expect(client.state.leap).toBe(3);
  world.run(untilEnd);
  expect(Math.abs(clock() - world.now)).toBeLessThan(0.01);
});
