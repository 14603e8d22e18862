import { describe, expect, test } from "vitest";
import { forSeeds } from "../random.ts";
import { config, offsetStaysBelow, serverAt, settlesWithin } from "./scenario.ts";
import { type Flight, type Node, World } from "./world.ts";

// Servers whose clocks jump: what was learned of our own oscillator is not made wrong by it.

/** Servers of stratum 2, and a client of them that has settled. */
function scene(servers: number, seed = 61): { world: World; client: Node } {
  const world = new World(seed, { delay: 0.002, jitter: 0.0005 });
  const addresses = Array.from({ length: servers }, (_, i) => `10.77.0.${i + 1}`);
  for (const address of addresses) {
    const node = world.node({ wiring: { eth0: { segment: "a", addresses: [address] } } });
    node.configure(config({ refclockMaster: { stratum: 2 } }));
  }
  const wiring = { eth0: { segment: "a", addresses: ["10.77.0.99"] } };
  const client = world.node({ wiring, offset: 0.3, ppm: 30 });
  const unicast = addresses.map((address) => serverAt(address, { minpoll: 4, maxpoll: 6 }));
  client.configure(config({ unicast }));
  settlesWithin(world, client, { seconds: 30 });
  world.run(300);
  return { world, client };
}

/** From now on these servers say that it is so many s later. */
function jump(world: World, seconds: number, from: (flight: Flight) => boolean): void {
  world.pass = (flight) => {
    if (!from(flight)) return true;
    const view = new DataView(flight.bytes.buffer);
    const ahead = BigInt(Math.round(seconds * 2 ** 32));
    for (const at of [32, 40]) view.setBigUint64(at, view.getBigUint64(at) + ahead);
    return true;
  };
}

const everyone = ({ fromPort }: Flight): boolean => fromPort === 123;

describe("a jump of the only server", () => {
  for (const seconds of [-90, -0.4, 0.2, 1, 700]) {
    test(`of ${seconds} s is followed, and leaves the frequency alone`, () => {
      const { world, client } = scene(1);
      const before = client.state.frequency;
      jump(world, seconds, everyone);
      expect(
        world.until(() => Math.abs(client.error - seconds) < 0.002, 200),
        `error ${client.error}`,
      ).toBeDefined();
      const apart = world.until(() => Math.abs(client.error - seconds) > 0.005, 2_000);
      expect(apart).toBeUndefined();
      expect(Math.abs(client.state.frequency - before)).toBeLessThan(2e-6);
    });
  }

  test("for a single packet, or two, is not followed at all", () => {
    const { world, client } = scene(1);
    let wrong = 0;
    jump(world, 5, (flight) => everyone(flight) && ++wrong % 7 < 2);
    offsetStaysBelow(world, client, { limit: 0.002, seconds: 3_000 });
    expect(wrong).toBeGreaterThan(40);
  });
});

test("a jump of one among three is not followed", () => {
  const { world, client } = scene(3);
  jump(world, 40, ({ from }) => from === "10.77.0.1");
  offsetStaysBelow(world, client, { limit: 0.002, seconds: 1_000 });
  const [liar] = client.state.associations;
  expect(liar).toMatchObject({ selected: "falseticker", reach: 255 });
  expect(liar?.offset).toBeCloseTo(40, 2);
});

test("a jump of all is followed, whenever it comes", () => {
  forSeeds(4, (random, seed) => {
    const { world, client } = scene(3, seed);
    world.run(random.fraction() * 200);
    jump(world, 3, everyone);
    expect(world.until(() => Math.abs(client.error - 3) < 0.003, 400)).toBeDefined();
  });
});
