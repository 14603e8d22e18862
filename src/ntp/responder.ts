import { accessOf } from "./access.ts";
import { isMulticast, sameOctets } from "./address.ts";
import { HEADER_LENGTH, MODE_CLIENT, MODE_SERVER, PHI } from "./constants.ts";
import { type Dropped, dropped } from "./drop.ts";
import { fixedPoint } from "./fixed-point.ts";
import type { MacKey } from "./mac.ts";
import type { CompiledSnapshot } from "./snapshot.ts";
import { keyIdAt, macStart } from "./trailer.ts";

/** How a request came in. One object may serve for all of them: nothing is kept. */
export interface Arrival {
  /** Raw time, ns. A number and not a bigint, which would have to be allocated. */
  raw: number;
  /** The sender's address, 4 or 16 octets, and its port. */
  from: Uint8Array;
  fromPort: number;
  /** The address that was asked, a group's or one of ours; undefined: the host cannot see it. */
  to: Uint8Array | undefined;
  /** The interface that it came in on; undefined: the host cannot see it. */
  interface: string | undefined;
}

const malformed = dropped("malformed");
const wrongVersion = dropped("version");
const wrongMode = dropped("mode");
const untrustedKey = dropped("untrusted-key");
const badMac = dropped("bad-mac");
const accessDenied = dropped("access-denied");
const unsynchronized = dropped("unsynchronized");
const tooHighStratum = dropped("stratum");
const loop = dropped("loop");
const notManycast = dropped("not-manycast");
const notServing = dropped("other");
const rateLimited = dropped("rate-limited");
const serverDisabled = dropped("server-disabled");
const interfaceDisabled = dropped("interface-disabled");

/** Kiss codes that a server sends, as reference ids (RFC 5905 section 7.4). */
const RATE = 0x52415445;
const DENY = 0x44454e59;

const fraction = 2 ** 32;

/**
 * Answers a client's request (mode 3) into `reply`: the number of octets, never more than the
 * request has; negative if there is no answer, and then `dropReason` says why. `transmitRaw` is
 * called as late as possible for the raw time (ns) at which the reply leaves. Nothing is allocated.
 */
export function respond(
  snapshot: CompiledSnapshot,
  request: Uint8Array,
  length: number,
  arrival: Arrival,
  reply: Uint8Array,
  transmitRaw: () => number,
): number | Dropped {
  if (!snapshot.serving) return notServing;
  if (length < HEADER_LENGTH) return malformed;
  const first = request[0] ?? 0;
  const version = (first >> 3) & 7;
  if (version < 1 || version > 4) return wrongVersion;
  if ((first & 7) !== MODE_CLIENT) return wrongMode;
  if (arrival.fromPort === 0 || !isHost(arrival.from)) return malformed;
  if (snapshot.deaf.length > 0 && isDeaf(snapshot, arrival.interface)) return interfaceDisabled;
  if (!(arrival.from.length === 4 ? snapshot.answers4 : snapshot.answers16)) return serverDisabled;
  const macAt = macStart(request, length, version, snapshot.keys);
  if (macAt < 0) return macAt;
  const allowed = accessOf(snapshot.access, arrival.from);
  const denied = allowed === "none" || allowed === "query-only";
  const group = arrival.to !== undefined && isMulticast(arrival.to) ? arrival.to : undefined;
  // Who asked a group has not asked us: a refusal would tell of us.
  if (denied && (group !== undefined || !snapshot.kissOfDeath)) return accessDenied;
  if (group !== undefined) {
    const refusal = solicited(snapshot, request, group, arrival.interface);
    if (refusal < 0) return refusal;
  }
  let key: MacKey | undefined;
  if (macAt < length) {
    key = snapshot.keys.get(keyIdAt(request, macAt));
    if (key === undefined) return badMac;
    if (!key.trusted) return untrustedKey;
    if (!key.verifies(request, macAt)) return badMac;
  }
  const { limiter } = snapshot;
  const limited = !denied && limiter?.admits(arrival.from, arrival.raw) === false;
  if (denied || limited) {
    const reason = denied ? accessDenied : rateLimited;
    const told = snapshot.kissOfDeath && group === undefined && version === 4;
    if (!told || limiter?.kisses(arrival.from, arrival.raw) !== true) return reason;
  }
  const left = writeReply(snapshot, request, version, arrival.raw, reply, transmitRaw);
  const { interleaving } = snapshot;
  if (denied || limited) {
    writeKiss(snapshot, denied ? DENY : RATE, reply);
    interleaving?.skip();
  } else interleaving?.apply(request, arrival.from, reply, left);
  return key === undefined ? HEADER_LENGTH : key.sign(reply, HEADER_LENGTH);
}

/** Why a reply is none but tells of a refusal; undefined: it gives time, or has none to give. */
export function kissReason(reply: Uint8Array): "access-denied" | "rate-limited" | undefined {
  if (reply[1] !== 0) return undefined;
  const code = keyIdAt(reply, 12);
  if (code === DENY) return "access-denied";
  return code === RATE ? "rate-limited" : undefined;
}

/** RFC 5905 section 7.4: leap 3, stratum 0 and the code; nothing else in it counts but the poll. */
function writeKiss({ source }: CompiledSnapshot, code: number, reply: Uint8Array): void {
  reply[0] = (reply[0] ?? 0) | 0xc0;
  reply[1] = 0;
  put32(reply, 12, code);
  const poll = ((reply[2] ?? 0) << 24) >> 24;
  const { discard } = source.policy;
  if (discard !== undefined) reply[2] = Math.max(poll, discard.averageInterval);
}

/** Whether an address can be a host's: no group, nobody's and not everybody's. */
function isHost(from: Uint8Array): boolean {
  const first = from[0] ?? 0;
  if (from.length === 4) return first > 0 && first < 0xe0;
  return first !== 0xff && (first !== 0 || from.some((octet) => octet !== 0));
}

function isDeaf({ deaf }: CompiledSnapshot, on: string | undefined): boolean {
  return on !== undefined && deaf.includes(on);
}

/** The rules for what was sent to a group (RFC 5905 section 3.1): 0, or why there is no answer. */
function solicited(
  snapshot: CompiledSnapshot,
  request: Uint8Array,
  group: Uint8Array,
  on: string | undefined,
): number {
  if (!isConfigured(snapshot, group, on)) return notManycast;
  if (!snapshot.synchronized) return unsynchronized;
  // A client that has no time yet says stratum 0 (or 16): everybody's is better.
  const stratum = request[1] === 0 ? 16 : (request[1] ?? 0);
  if (snapshot.stratum > stratum) return tooHighStratum;
  return snapshot.ownReferenceIds.includes(keyIdAt(request, 12)) ? loop : 0;
}

function isConfigured(
  { groups }: CompiledSnapshot,
  group: Uint8Array,
  on: string | undefined,
): boolean {
  for (const one of groups) {
    if ((on === undefined || one.interface === on) && sameOctets(one.octets, group)) return true;
  }
  return false;
}

/** A reply in the basic mode; the raw time (ns) that it gives as the one at which it leaves. */
function writeReply(
  snapshot: CompiledSnapshot,
  request: Uint8Array,
  version: number,
  receivedRaw: number,
  reply: Uint8Array,
  transmitRaw: () => number,
): number {
  reply[0] = (snapshot.leap << 6) | (version << 3) | MODE_SERVER;
  reply[1] = snapshot.stratum;
  reply[2] = request[2] ?? 0;
  reply[3] = snapshot.precision;
  put32(reply, 4, snapshot.rootDelay);
  const age = Math.max(0, receivedRaw - snapshot.baseRaw) * 1e-9;
  put32(reply, 8, fixedPoint(snapshot.rootDispersion + age * PHI));
  put32(reply, 12, snapshot.referenceId);
  put32(reply, 16, snapshot.referenceSeconds);
  put32(reply, 20, snapshot.referenceFraction);
  for (let i = 0; i < 8; i++) reply[24 + i] = request[40 + i] ?? 0;
  putTime(reply, 32, snapshot, receivedRaw);
  // Never the same time: an interleaved reply could not be told from a basic one.
  const left = Math.max(receivedRaw + 1, transmitRaw());
  putTime(reply, 40, snapshot, left);
  return left;
}

/** Cooked time at a raw time, as 64 bits. */
function putTime(reply: Uint8Array, at: number, snapshot: CompiledSnapshot, raw: number): void {
  const elapsed = raw - snapshot.baseRaw;
  const slewed = Math.min(Math.max(elapsed, 0), snapshot.slewEnd) * snapshot.slew;
  const total = snapshot.baseRest + elapsed * snapshot.rate + slewed;
  const whole = Math.floor(total);
  put32(reply, at, snapshot.baseSeconds + whole);
  put32(reply, at + 4, Math.floor((total - whole) * fraction));
}

function put32(reply: Uint8Array, at: number, value: number): void {
  reply[at] = value >>> 24;
  reply[at + 1] = value >>> 16;
  reply[at + 2] = value >>> 8;
  reply[at + 3] = value;
}
