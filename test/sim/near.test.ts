import { expect, test } from "vitest";
import { SeededRandom } from "../random.ts";
import { config, key, serverAt } from "./scenario.ts";
import { World } from "./world.ts";

const good = key(3, "aes-128-cmac", "a secret of ours");

function unicast(address: string, type: "server" | "peer" = "server", keyId?: number) {
  return serverAt(address, { type, keyId, minpoll: 1, maxpoll: 1 });
}

test("servers some microseconds away leave no variance below nothing", () => {
  // One seed of those in which rounding did: then the root dispersion was no number.
  const seed = 31;
  const random = new SeededRandom(seed);
  const world = new World(seed, { delay: 0.000_05, jitter: 0.000_03 });
  for (const n of [1, 2]) {
    const addresses = [`10.77.0.${n}`, `fd77::${n}`];
    const node = world.node({ wiring: { eth0: { segment: "a", addresses } } });
    const peers = n === 1 ? [unicast("fd77::9", "peer", 3)] : [];
    node.configure(config({ refclockMaster: { stratum: 5 }, keys: [good], unicast: peers }));
  }
  const offset = random.fraction() < 0.3 ? 0 : random.fraction() * 0.000_1;
  const wiring = { eth0: { segment: "a", addresses: ["10.77.0.9", "fd77::9"] } };
  const client = world.node({ wiring, offset, ppm: random.fraction() * 5 });
  const all = ["10.77.0.1", "fd77::1", "10.77.0.2", "fd77::2"].map((one) => unicast(one));
  const run = (times: number): void => {
    for (let i = 0; i < times; i++) {
      world.run(random.fraction());
      expect(client.state.rootDispersion).toBeGreaterThanOrEqual(0);
      expect(client.snapshot?.source.rootDispersion).toBeGreaterThanOrEqual(0);
    }
  };
  client.configure(config({ keys: [good], unicast: all.slice(0, 2) }));
  run(10);
  client.configure(config({ keys: [good], unicast: all }));
  run(30);
});
