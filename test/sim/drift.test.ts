import { expect, test } from "vitest";
import { config, serverAt } from "./scenario.ts";
import { type Node, World } from "./world.ts";

// An oscillator that gains 30 ppm, and a server that falls silent when it has answered a few times.

/** Such a client with its server; `drift` (s/s) is what an earlier run has found. */
function scene(seed: number, drift: number | undefined): { world: World; client: Node } {
  const world = new World(seed, { delay: 0.002, jitter: 0.0005 });
  const server = world.node({ wiring: { eth0: { segment: "a", addresses: ["10.77.0.1"] } } });
  server.configure(config({ refclockMaster: { stratum: 2 } }));
  const wiring = { eth0: { segment: "a", addresses: ["10.77.0.99"] } };
  const known = drift === undefined ? {} : { drift };
  const client = world.node({ wiring, offset: 0.3, ppm: 30, ...known });
  client.configure(config({ unicast: [serverAt("10.77.0.1", { minpoll: 4, maxpoll: 6 })] }));
  return { world, client };
}

test("a clock whose frequency is known from before is kept right by few samples", () => {
  const errors = [-30e-6, undefined].map((drift) => {
    const { world, client } = scene(71, drift);
    world.run(3);
    world.pass = () => false;
    world.run(3_600);
    return Math.abs(client.error);
  });
  expect(errors[0]).toBeLessThan(0.01);
  expect(errors[1]).toBeGreaterThan(0.05);
});

test("a drift that is wrong by ten deviations is soon found to be", () => {
  const { world, client } = scene(72, -10e-6);
  world.run(600);
  expect(Math.abs(client.error)).toBeLessThan(0.001);
});
