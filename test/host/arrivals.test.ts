import { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Arrivals } from "../../src/host/arrivals.ts";

// Who is counted together, without a network that has the addresses.

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

function from(address: string): Socket {
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: address });
  sockets.push(socket);
  return socket;
}

function counted(): { readonly arrivals: Arrivals; admits(address: string): boolean } {
  const limits = { loginTimeoutMs: 60_000, unauthenticatedMax: 3 };
  const arrivals = new Arrivals(limits, () => undefined);
  return { arrivals, admits: (address) => arrivals.admit(from(address)) !== undefined };
}

test.each([
  ["one IPv4 address", ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"], "192.0.2.2"],
  [
    "one IPv6 network of 64 bits",
    ["2001:db8::1", "2001:db8:0:0:9::", "2001:db8::7:0:0:8", "2001:db8::ffff:1"],
    "2001:db8:0:1::1",
  ],
])("%s alone does not keep all others out", (_, same, other) => {
  const { admits } = counted();
  expect(same.map(admits)).toEqual([true, true, true, false]);
  expect(admits(other)).toBe(true);
});

test("whoever has gone, or logged in, makes room for one more, once", async () => {
  const { arrivals, admits } = counted();
  const [first, second] = [from("2001:db8::1"), from("2001:db8::2")];
  const loggedIn = arrivals.admit(first);
  arrivals.admit(second);
  expect([admits("2001:db8::3"), admits("2001:db8::4")]).toEqual([true, false]);
  loggedIn?.loggedIn();
  expect([admits("2001:db8::5"), admits("2001:db8::6")]).toEqual([true, false]);
  for (const socket of [first, second]) {
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.destroy();
    await closed;
  }
  expect([admits("2001:db8::7"), admits("2001:db8::8")]).toEqual([true, false]);
});
