import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";

const NTP_UNIX_SECONDS = 2_208_988_800;
const LEAP_UNKNOWN = 3;

/** What one SNTP exchange tells of the clock at the other end. */
export interface SntpAnswer {
  readonly synchronized: boolean;
  readonly stratum: number;
  /** s: positive if the clock that was asked is ahead of this machine's. */
  readonly offset: number;
  /** s: there and back. */
  readonly delay: number;
}

/**
 * Asks a server for the time as a stranger would (RFC 5905 section 14); undefined without an
 * answer in time.
 */
export function querySntp(
  address: string,
  port: number,
  timeoutMs = 1_000,
): Promise<SntpAnswer | undefined> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const request = new Uint8Array(48);
  request[0] = (4 << 3) | 3;
  request.set(randomBytes(8), 40);
  return new Promise((resolve) => {
    const finish = (answer: SntpAnswer | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    let sent = 0;
    socket.on("error", () => finish(undefined));
    socket.on("message", (reply) => {
      const answer = readAnswer(request, reply, sent, wallSeconds());
      if (answer !== undefined) finish(answer);
    });
    sent = wallSeconds();
    socket.send(request, port, address);
  });
}

function readAnswer(
  request: Uint8Array,
  reply: Uint8Array,
  t1: number,
  t4: number,
): SntpAnswer | undefined {
  if (reply.length < 48) return undefined;
  const view = new DataView(reply.buffer, reply.byteOffset, reply.length);
  const echoed = reply.subarray(24, 32).every((octet, i) => octet === request[40 + i]);
  if (!echoed || ((reply[0] ?? 0) & 7) !== 4) return undefined;
  const t2 = unixSeconds(view, 32);
  const t3 = unixSeconds(view, 40);
  const stratum = reply[1] ?? 0;
  return {
    synchronized: (reply[0] ?? 0) >> 6 !== LEAP_UNKNOWN && stratum > 0 && stratum < 16,
    stratum,
    offset: (t2 - t1 + (t3 - t4)) / 2,
    delay: t4 - t1 - (t3 - t2),
  };
}

function unixSeconds(view: DataView, at: number): number {
  return view.getUint32(at) - NTP_UNIX_SECONDS + view.getUint32(at + 4) / 2 ** 32;
}

function wallSeconds(): number {
  return (performance.timeOrigin + performance.now()) / 1_000;
}
