import { expect, test } from "vitest";
import { ntpOperational } from "../../src/agent/ntp-state.ts";
import { SeededRandom } from "../random.ts";
import { config, serverAt } from "./scenario.ts";
import { World } from "./world.ts";

test("39: whatever a server says of itself, what is shown and served is a number in its range", () => {
  const random = new SeededRandom(7);
  const world = new World(7);
  const wiring = (n: number) => ({ eth0: { segment: "a", addresses: [`10.77.0.${n}`] } });
  world.node({ wiring: wiring(1) }).configure(config({ refclockMaster: { stratum: 2 } }));
  const client = world.node({ wiring: wiring(2), offset: 0.2 });
  client.configure(config({ unicast: [serverAt("10.77.0.1", { minpoll: 1, maxpoll: 1 })] }));
  world.pass = ({ from, bytes }) => {
    if (from !== "10.77.0.1" || random.fraction() < 0.3) return true;
    // Stratum, poll, precision, root delay and dispersion, reference id and time; then the times.
    const end = random.fraction() < 0.8 ? 24 : 48;
    for (let i = 1; i < end; i++) {
      const isOrigin = i >= 24 && i < 32;
      if (!isOrigin && random.fraction() < 0.3) bytes[i] = Math.floor(random.fraction() * 256);
    }
    return true;
  };
  for (let i = 0; i < 300; i++) {
    world.run(2);
    const shown = JSON.stringify(ntpOperational(client.state), (_, value) => {
      if (typeof value === "bigint") return String(value);
      return value instanceof Map ? [...value.values()] : value;
    });
    expect(shown).not.toMatch(/NaN|Infinity|\d[eE][+-]/);
    const source = client.snapshot?.source;
    expect(source?.rootDispersion).toBeGreaterThanOrEqual(0);
    expect(source?.rootDelay).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(client.error)).toBe(true);
  }
});
