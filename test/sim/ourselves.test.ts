import { expect, test } from "vitest";
import { type NtpConfig, serverSocket } from "../../src/ntp/index.ts";
import { config, neverSynchronized, on, serverAt, settlesWithin } from "./scenario.ts";
import { type Node, World } from "./world.ts";

// Nobody takes time from himself: not by an address of his own, not by one that only leads back to
// him, and not by a server that has it from him. What is refused says why.

function host(world: World, n: number, more: { readonly offset?: number } = {}): Node {
  const eth0 = { segment: "a", addresses: [`10.77.0.${n}`, `fd77::${n}`] };
  const lo = { segment: `lo${n}`, addresses: ["127.0.0.1", "::1"] };
  return world.node({ wiring: { eth0, lo }, ...more });
}

const master = { refclockMaster: { stratum: 5 } };

/** What one host sends to `outside` comes back to itself, as through a translator of addresses. */
function hairpin(world: World, node: Node, outside: string): void {
  world.pass = (flight) => {
    const { to, from } = flight;
    if (to === outside) world.inject(node, "eth0", { ...flight, from: outside, to: "10.77.0.1" });
    return to !== outside && from !== outside;
  };
}

test.each(["10.77.0.1", "fd77::1", "127.0.0.9", "127.255.1.2", "::1", "198.51.100.9"])(
  "a host without another source does not follow itself at %s",
  (address) => {
    const world = new World(95);
    const node = host(world, 1);
    hairpin(world, node, address);
    const interfaces = [on("eth0")];
    node.configure(config({ ...master, unicast: [serverAt(address)], interfaces }));
    world.run(120);
    expect(node.state.stratum).toBe(5);
    expect(node.state.systemPeer).toBeUndefined();
    expect(node.state.associations).toMatchObject([
      { address, reach: 0, lastDrop: { reason: "loop" }, rejection: "unreachable" },
    ]);
    expect(node.state.drops.loop).toBeGreaterThan(5n);
  },
);

test("one that has lost its source does not live on on its own word", () => {
  const world = new World(96);
  const [source, node] = [host(world, 2), host(world, 1, { offset: 0.1 })];
  source.configure(config(master));
  const outside = "198.51.100.9";
  hairpin(world, node, outside);
  node.configure(config({ unicast: [serverAt("10.77.0.2"), serverAt(outside)] }));
  settlesWithin(world, node, { seconds: 40 });
  const [, echo] = node.state.associations;
  expect(echo).toMatchObject({ address: outside, selected: "rejected" });
  expect(echo?.lastDrop?.reason).toBe("loop");
  source.configure(undefined);
  world.run(100);
  neverSynchronized(world, node, 60);
});

test("another daemon on this host, on a port of its own, is a source like any other", () => {
  const world = new World(97);
  const [node, other] = [host(world, 1, { offset: 0.1 }), host(world, 2)];
  other.configure(config({ ...master, port: 11_123 }));
  world.pass = (flight) => {
    if (flight.to !== "127.0.0.1") return true;
    const there = flight.port === 11_123 ? other : node;
    world.inject(there, "lo", { ...flight, from: "127.0.0.1" });
    return false;
  };
  node.configure(config({ unicast: [serverAt("127.0.0.1", { port: 11_123 })] }));
  settlesWithin(world, node, { seconds: 40 });
  world.run(60);
  expect(node.state.associations[0]).toMatchObject({ selected: "system-peer", reach: 255 });
  expect(node.state.associations[0]?.rejection).toBeUndefined();
});

test("a server that has its time from this host is no source, and it is said why", () => {
  const world = new World(98);
  const [a, b] = [host(world, 1), host(world, 2, { offset: 0.1 })];
  const mutual = (other: string): Partial<NtpConfig> => ({ unicast: [serverAt(other)] });
  a.configure(config({ ...master, ...mutual("10.77.0.2") }));
  b.configure(config(mutual("10.77.0.1")));
  settlesWithin(world, b, { seconds: 40 });
  world.run(60);
  expect(b.state.associations[0]).toMatchObject({ selected: "system-peer" });
  // It answers, and is there: but it is not to be followed.
  const [seen] = a.state.associations;
  expect(seen).toMatchObject({ selected: "rejected", rejection: "loop" });
  expect(seen?.reach).toBeGreaterThan(0);
  expect(a.state.stratum).toBe(5);
  expect(a.sockets.has(serverSocket)).toBe(false);
});
