import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AF_UNIX, MSG_DONTWAIT, SOCK_DGRAM, vector } from "../../src/host/abi.ts";
import { type Libc, loadLibc } from "../../src/host/libc.ts";
import { serviceManager } from "../../src/host/service-manager.ts";

// What systemd would hear (sd_notify(3)), on a socket of our own.

const libc = loadLibc();
const quiet = (): void => undefined;

/** Takes datagrams at a path, or at a name that is in no directory; gives what has come so far. */
function listener(calls: Libc, path: string): { heard: () => readonly string[]; close(): void } {
  const socket = calls.socket(AF_UNIX, SOCK_DGRAM, 0);
  const name = new TextEncoder().encode(path);
  if (path.startsWith("@")) name[0] = 0;
  const address = Uint8Array.of(AF_UNIX, 0, ...name);
  expect(calls.bind(socket, address, address.length)).toBe(0);
  const { buffer, address: base } = calls.arena(512);
  const view = new DataView(buffer);
  // A msghdr at 0, its one iovec at 64, what it takes at 128.
  view.setBigUint64(16, base + 64n, true);
  view.setBigUint64(24, 1n, true);
  view.setBigUint64(64 + vector.base, base + 128n, true);
  view.setBigUint64(64 + vector.length, 256n, true);
  const lines: string[] = [];
  return {
    heard() {
      for (;;) {
        const length = calls.recvmsg(socket, new Uint8Array(buffer), MSG_DONTWAIT);
        if (length < 0) return lines;
        lines.push(new TextDecoder().decode(new Uint8Array(buffer, 128, length)));
      }
    },
    close: () => void calls.close(socket),
  };
}

describe.skipIf(libc === undefined)("the service manager", () => {
  const directory = mkdtempSync(join(tmpdir(), "ntpconfd-notify-"));
  const calls = libc as Libc;

  afterEach(() => {
    vi.useRealTimers();
    rmSync(directory, { recursive: true, force: true });
  });

  test.each([join(directory, "socket"), `@ntpconfd-test-${process.pid}`])("hears at %s", (path) => {
    vi.useFakeTimers();
    const { heard, close } = listener(calls, path);
    const environment = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "2000000" };
    const manager = serviceManager(environment, calls, quiet);
    expect(heard()).toEqual([]);
    manager.ready();
    expect(heard()).toEqual(["READY=1"]);
    vi.advanceTimersByTime(2_500);
    expect(heard()).toEqual(["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
    manager.stopping();
    vi.advanceTimersByTime(10_000);
    expect(heard().slice(3)).toEqual(["STOPPING=1"]);
    close();
  });

  test("another process's watchdog is not fed; a socket that is gone is told of", () => {
    vi.useFakeTimers();
    const told: string[] = [];
    const path = join(directory, "nobody");
    const environment = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "2000000", WATCHDOG_PID: "1" };
    const manager = serviceManager(environment, calls, (_, message) => void told.push(message));
    manager.ready();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual(["the service manager is not reached"]);
  });

  test("without NOTIFY_SOCKET there is nobody to talk to", () => {
    const manager = serviceManager({}, undefined, quiet);
    expect(() => manager.ready()).not.toThrow();
    expect(() => manager.stopping()).not.toThrow();
  });
});
