import { execFile } from "node:child_process";
import { AF_UNIX, SOCK_CLOEXEC, SOCK_DGRAM } from "./abi.ts";
import type { Libc } from "./libc.ts";
import type { Log } from "./log.ts";

/** Whoever started this process and wants to hear of it: systemd, or nobody. */
export interface ServiceManager {
  /** Sessions are accepted. From here on the event loop says that it lives, if that is asked. */
  ready(): void;
  /** The end has begun; nothing is said after it. */
  stopping(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Speaks sd_notify's protocol to the socket that NOTIFY_SOCKET names, and feeds the watchdog twice
 * in each WATCHDOG_USEC. Node has no datagram sockets on paths: the C library has, and where that
 * cannot be called the program systemd-notify is.
 */
export function serviceManager(
  environment: Environment,
  libc: Libc | undefined,
  log: Log,
): ServiceManager {
  const { NOTIFY_SOCKET: path } = environment;
  if (path === undefined || path === "")
    return { ready: () => undefined, stopping: () => undefined };
  const notify = libc === undefined ? byProgram(log) : bySocket(libc, path, log);
  let watchdog: NodeJS.Timeout | undefined;
  return {
    ready() {
      notify("READY=1");
      const period = watchdogMs(environment);
      if (period !== undefined) watchdog = setInterval(notify, period, "WATCHDOG=1").unref();
    },
    stopping() {
      clearInterval(watchdog);
      notify("STOPPING=1");
    },
  };
}

/** Half of what the watchdog waits; undefined: there is none, or not for this process. */
function watchdogMs({ WATCHDOG_USEC: time, WATCHDOG_PID: pid }: Environment): number | undefined {
  const microseconds = Number(time);
  if (!(microseconds > 0) || (pid !== undefined && Number(pid) !== process.pid)) return undefined;
  return Math.max(microseconds / 2_000, 1);
}

type Notify = (line: string) => void;

function bySocket(libc: Libc, path: string, log: Log): Notify {
  const address = unixAddress(path);
  return (line) => {
    const bytes = new TextEncoder().encode(line);
    const socket = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const sent = libc.sendto(socket, bytes, bytes.length, 0, address, address.length);
    if (sent < 0) log("warn", "the service manager is not reached", { reason: libc.errorName() });
    libc.close(socket);
  };
}

/** struct sockaddr_un; an @ at the start is a name that is in no directory. */
function unixAddress(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  if (path.startsWith("@")) name[0] = 0;
  return Uint8Array.of(AF_UNIX, 0, ...name);
}

function byProgram(log: Log): Notify {
  return (line) => {
    execFile("systemd-notify", [line], (error) => {
      const reason = error?.message;
      if (reason !== undefined) log("warn", "the service manager is not reached", { reason });
    });
  };
}
