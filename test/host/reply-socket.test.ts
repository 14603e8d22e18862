import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, assert, beforeEach, describe, expect, test } from "vitest";
import { type Libc, loadLibc } from "../../src/host/libc.ts";
import { PacketBatch } from "../../src/host/packet-batch.ts";
import { ReplySocket } from "../../src/host/reply-socket.ts";
import { openUdp } from "../../src/host/udp-socket.ts";

const libc = loadLibc();

describe.skipIf(libc === undefined)("the socket that replies leave by", () => {
  const calls = libc as Libc;
  let server: number;
  let port: number;
  let outlet: ReplySocket;

  beforeEach(() => {
    const opened = openUdp(calls, { family: 4, port: 0, transmitStamps: false, shared: false });
    if (typeof opened !== "number") throw new Error(opened.code);
    server = opened;
    port = portOf(server);
    outlet = new ReplySocket(calls, server);
  });
  afterEach(() => {
    outlet.close();
    calls.close(server);
  });

  function portOf(fd: number): number {
    const name = new DataView(new ArrayBuffer(16));
    calls.getsockname(fd, name, Int32Array.of(16));
    return name.getUint16(2);
  }

  const home = Uint8Array.of(127, 0, 0, 1);
  const other = Uint8Array.of(127, 0, 0, 2);
  const addressOf = (): readonly number[] => [...new Uint8Array(outlet.address.slice().buffer)];

  test("is the server's own until a reply was told where to leave from", () => {
    outlet.note(1, 1, undefined);
    expect([outlet.fd, addressOf()]).toEqual([server, []]);
    outlet.close();
    outlet = new ReplySocket(calls, server);
    outlet.note(1, 1, home);
    expect(outlet.fd).not.toBe(server);
    expect([portOf(outlet.fd), addressOf()]).toEqual([port, [...home]]);
  });

  test("goes over to the address that most replies leave from, and to no other", () => {
    outlet.note(64, 64, home);
    const first = outlet.fd;
    for (let i = 0; i < 200; i++) outlet.note(64, 30, other);
    expect([outlet.fd, addressOf()]).toEqual([first, [...home]]);
    for (let i = 0; i < 400; i++) outlet.note(64, 40, other);
    expect([portOf(outlet.fd), addressOf()]).toEqual([port, [...other]]);
  });

  test("stays as it is where it cannot be bound", () => {
    outlet.note(1, 1, home);
    const before = outlet.fd;
    outlet.note(10_000, 10_000, Uint8Array.of(192, 0, 2, 1));
    expect([outlet.fd, addressOf()]).toEqual([before, [...home]]);
  });

  test("lets nobody else have the port, and gives it back", async () => {
    outlet.note(1, 1, home);
    const binds = async (reuseAddr: boolean): Promise<string> => {
      const socket = createSocket({ type: "udp4", reuseAddr });
      socket.bind(port, "127.0.0.1");
      const bound = once(socket, "listening").then(() => "bound");
      const said = await bound.catch((error: NodeJS.ErrnoException) => error.code ?? "");
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      return said;
    };
    expect([await binds(false), await binds(true)]).toEqual(["EADDRINUSE", "EADDRINUSE"]);
    outlet.close();
    calls.close(server);
    expect(await binds(false)).toBe("bound");
    server = -1;
  });

  test("keeps for its reader what came in while it was being connected", () => {
    const client = openUdp(calls, { family: 4, port: 0, transmitStamps: false, shared: false });
    assert(typeof client === "number");
    const late: Libc = {
      ...calls,
      connect(fd, address, length) {
        const to = new DataView(new ArrayBuffer(16));
        to.setUint16(0, 2, true);
        to.setUint16(2, port, false);
        new Uint8Array(to.buffer).set(home, 4);
        calls.sendto(client, new Uint8Array(48), 48, 0, to, 16);
        return calls.connect(fd, address, length);
      },
    };
    outlet = new ReplySocket(late, server);
    expect(outlet.note(1, 1, home)).toBe(true);
    const batch = new PacketBatch(calls);
    expect([batch.receive(server), batch.receive(outlet.fd), batch.length(0)]).toEqual([-1, 1, 48]);
    // With all that is asked of a request.
    expect([batch.destination(0), batch.stampSeconds[0]]).not.toContain(undefined);
    expect(batch.interfaces[0]).toBeGreaterThan(0);
    calls.close(client);
  });

  test("gets no request: they come in by the server's", async () => {
    outlet.note(1, 1, home);
    const client = createSocket("udp4");
    await new Promise<void>((resolve) => client.send("asked", port, "127.0.0.1", () => resolve()));
    const batch = new PacketBatch(calls);
    expect([batch.receive(outlet.fd), batch.receive(server)]).toEqual([-1, 1]);
    client.close();
  });
});
