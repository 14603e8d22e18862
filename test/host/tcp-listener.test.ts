import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { loadLibc } from "../../src/host/libc.ts";
import { ListenError, listenLater, TcpListener } from "../../src/host/tcp-listener.ts";

const libc = loadLibc();
const closing: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of closing.splice(0)) one.close();
});

/** A port that nobody has: as free as the next moment leaves it. */
async function freePort(host = "127.0.0.1"): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function greeted(host: string, port: number): Promise<string> {
  const socket = connect(port, host);
  return String((await once(socket, "data"))[0]);
}

const greet = (socket: Socket): void => void socket.end("hello");
const fail = (error: Error): void => {
  throw error;
};

describe.skipIf(libc === undefined)("a listener that is bound at once", () => {
  test.each(["127.0.0.1", "::1", "0.0.0.0", "::"])("%s accepts once it is to", async (host) => {
    const port = await freePort(host);
    const listener = TcpListener.open({ host, port }, libc);
    closing.push(listener);
    const to = host.replace(/^0.0.0.0$/, "127.0.0.1").replace(/^::$/, "::1");
    const greeting = greeted(to, port);
    listener.serve(greet, fail);
    expect(await greeting).toBe("hello");
  });

  test("all of IPv4 and all of IPv6 are two things", async () => {
    const port = await freePort();
    const both = ["0.0.0.0", "::"].map((host) => TcpListener.open({ host, port }, libc));
    closing.push(...both);
  });

  test.each<[string, string, (port: number) => number, RegExp]>([
    ["taken", "127.0.0.1", (port) => port, /^cannot listen on TCP port \d+ of 127.0.0.1: it is in/],
    ["not ours", "192.0.2.1", (port) => port, /the machine has no such address \(EADDRNOTAVAIL\)$/],
    ["in no zone", "fe80::1%nowhere", (port) => port, /^cannot listen on TCP port .* \(E[A-Z]+\)$/],
  ])("what is %s is refused with the reason", async (_, host, portOf, words) => {
    const taken = await listenLater({ host: "127.0.0.1", port: 0 }, greet);
    closing.push(taken.server);
    const open = () => TcpListener.open({ host, port: portOf(taken.address.port) }, libc);
    expect(open).toThrow(ListenError);
    expect(open).toThrow(words);
  });

  test("one that is not wanted after all leaves the port free", async () => {
    const port = await freePort();
    TcpListener.open({ host: "127.0.0.1", port }, libc).close();
    const again = TcpListener.open({ host: "127.0.0.1", port }, libc);
    again.serve(greet, fail);
    again.close();
    TcpListener.open({ host: "127.0.0.1", port }, libc).close();
  });
});

test("of the command line, all of IPv4 and all of IPv6 are two things as well", async () => {
  const four = await listenLater({ host: "0.0.0.0", port: 0 }, greet);
  closing.push(four.server);
  const six = await listenLater({ host: "::", port: four.address.port }, greet);
  closing.push(six.server);
  expect(await greeted("::1", four.address.port)).toBe("hello");
});

test("without the C library the reason comes later", async () => {
  const taken = await listenLater({ host: "127.0.0.1", port: 0 }, greet);
  closing.push(taken.server);
  const listener = TcpListener.open({ host: "127.0.0.1", port: taken.address.port }, undefined);
  const error = await new Promise((resolve) => listener.serve(greet, resolve));
  expect(error).toBeInstanceOf(ListenError);
  expect(String(error)).toContain("it is in use already (EADDRINUSE)");
});
