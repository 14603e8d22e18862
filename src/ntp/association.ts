import type { Random, Raw } from "../base/index.ts";
import { ClockFilter } from "./clock-filter.ts";
import {
  HEADER_LENGTH,
  LEAP_UNKNOWN,
  MAXDIST,
  MAXSTRAT,
  MODE_CLIENT,
  MODE_SERVER,
  UNREACH,
} from "./constants.ts";
import { dropReason } from "./drop.ts";
import type { Address, DropReason, InDatagram, OutDatagram, SocketId } from "./io.ts";
import { decodePacket, encodePacket, type Packet } from "./packet.ts";
import { PollControl } from "./poll.ts";
import type { Sample } from "./sample.ts";
import type { AssociationMode } from "./state.ts";
import { difference, type Timestamp, unfold } from "./time.ts";
import { Traffic } from "./traffic.ts";
import { type Keys, keyIdAt, macStart } from "./trailer.ts";

/** What an association is to do. */
export interface AssociationSettings {
  readonly address: Address;
  readonly port: number;
  readonly version: number;
  readonly keyId: number | undefined;
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly burst: boolean;
  readonly iburst: boolean;
  readonly prefer: boolean;
  /** Interface that its packets leave by; undefined: the route decides. */
  readonly interface: string | undefined;
}

/** What an association may lean on. */
export interface Surroundings {
  readonly random: Random;
  readonly keys: Keys;
  readonly authEnabled: boolean;
  readonly precision: number;
  /** Raw time as s since the engine's start. */
  seconds(at: Raw): number;
  /** The time that a clock would show at a raw time that had not been touched since the start. */
  undisciplined(at: Raw): Timestamp;
  now(at: Raw): Timestamp;
  nextToken(): number;
}

/** What became of a datagram: a sample to use, a reply that gives no time, or a drop. */
export type Received =
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "heard" }
  | { readonly kind: "dropped"; readonly reason: DropReason; readonly keyId?: number }
  | { readonly kind: "denied" };

/** A request that is under way. */
interface Pending {
  readonly nonce: bigint;
  readonly token: number;
  sentAt: Raw;
}

const kissCodes = { RATE: 0x52415445, DENY: 0x44454e59, RSTR: 0x52535452 } as const;
const dataMinimizedPrecision = 32;
const nothing = 0n as Timestamp;

/** A client's association with one server (RFC 5905 sections 8 and 13). */
export class Association {
  readonly mode: AssociationMode;
  readonly configured: boolean;
  readonly socket: SocketId;
  readonly filter = new ClockFilter();
  readonly poll: PollControl;
  readonly traffic: Traffic;
  /** It began with a burst. */
  readonly quick: boolean;
  settings: AssociationSettings;
  /** The last eight polls, the newest the lowest bit: 1 if it was answered with time. */
  reach = 0;
  /** Polls since the last answer that gave time. */
  unreach = 0;
  /** The last packet that gave time; undefined: there was none. */
  last: Packet | undefined;
  /** When, as the packet has it, and as our clock had it then. */
  times = { origin: nothing, receive: nothing, transmit: nothing, input: nothing };
  heardAt: Raw | undefined;
  usedAt: Raw | undefined;
  /** A kiss-o'-death has told us to go away. */
  denied = false;
  #pending: Pending | undefined;
  #lastTransmitTime = 0n;

  constructor(
    how: {
      readonly mode: AssociationMode;
      readonly configured: boolean;
      readonly socket: SocketId;
      readonly settings: AssociationSettings;
      /** More packets at the start, so that the clock is set soon. */
      readonly quick: boolean;
    },
    surroundings: Surroundings,
    at: Raw,
  ) {
    this.mode = how.mode;
    this.configured = how.configured;
    this.socket = how.socket;
    this.settings = how.settings;
    this.quick = how.quick;
    this.poll = new PollControl(how.settings, how.quick, at);
    this.traffic = new Traffic(surroundings.now(at));
  }

  /** Its poll is due: a request, signed if there is a key. */
  request(at: Raw, surroundings: Surroundings): OutDatagram {
    this.reach = (this.reach << 1) & 0xff;
    this.unreach++;
    const { settings } = this;
    const nonce = randomNonce(surroundings.random);
    const token = surroundings.nextToken();
    this.#pending = { nonce, token, sentAt: at };
    this.poll.sent(at, this.unreach, surroundings.random);
    this.traffic.sent++;
    const key = settings.keyId === undefined ? undefined : surroundings.keys.get(settings.keyId);
    const bytes = new Uint8Array(HEADER_LENGTH + (key?.length ?? 0));
    encodePacket(minimizedRequest(settings.version, this.poll.exponent, nonce), bytes);
    key?.sign(bytes, HEADER_LENGTH);
    return {
      kind: "send",
      socket: this.socket,
      to: settings.address,
      port: settings.port,
      interface: settings.interface,
      ttl: undefined,
      bytes,
      token,
    };
  }

  /** The request with that token left at a moment that is known better now. */
  transmitted(token: number, at: Raw): void {
    if (this.#pending?.token === token) this.#pending.sentAt = at;
  }

  receive(datagram: InDatagram, surroundings: Surroundings): Received {
    this.traffic.received++;
    const outcome = this.#judge(datagram, surroundings);
    if (outcome.kind === "dropped") this.traffic.dropped++;
    return outcome;
  }

  #judge({ bytes, received }: InDatagram, surroundings: Surroundings): Received {
    const packet = decodePacket(bytes);
    if (packet === undefined) return drop("malformed");
    if (packet.mode !== MODE_SERVER) return drop("mode");
    if (packet.version !== this.settings.version) return drop("version");
    const macAt = macStart(bytes, bytes.length, packet.version, surroundings.keys);
    if (macAt < 0 && this.settings.keyId === undefined) return drop("malformed");
    // RFC 5905 section 8: the tests of the packet, by their numbers.
    const duplicate = packet.transmitTime === this.#lastTransmitTime; // test 1
    const bogus = packet.originTime === 0n || packet.originTime !== this.#pending?.nonce; // test 2
    if (bogus) return drop(duplicate ? "duplicate" : "bogus-origin");
    const refusal = authenticate(bytes, macAt, this.settings.keyId, surroundings); // tests 4, 5
    if (refusal !== undefined) return refusal;
    const pending = this.#pending;
    if (pending === undefined) return drop("bogus-origin");
    // Nobody but who saw the request can have sent this: it is used up, one reply for each.
    this.#pending = undefined;
    this.#lastTransmitTime = packet.transmitTime;
    this.heardAt = received;
    if (packet.stratum === 0) return this.#kissed(packet);
    const invalid = packet.receiveTime === 0n || packet.transmitTime === 0n; // test 3
    const unsynchronized = packet.leap === LEAP_UNKNOWN || packet.stratum >= MAXSTRAT; // test 6
    const distant = packet.rootDelay / 2 + packet.rootDispersion >= MAXDIST; // test 7
    if (invalid) return drop("malformed");
    if (unsynchronized || distant) return drop("unsynchronized");
    return this.#measure(packet, pending.sentAt, received, surroundings);
  }

  /** RFC 5905 section 7.4. It is not forged: it has our nonce, and our key's MAC if we have one. */
  #kissed(packet: Packet): Received {
    const { referenceId } = packet;
    if (referenceId === kissCodes.RATE) {
      this.poll.slowDown(packet.poll);
      return { kind: "heard" };
    }
    if (referenceId === kissCodes.DENY || referenceId === kissCodes.RSTR) {
      this.denied = true;
      this.poll.giveUp();
      // Without a key anybody on the path could say so: then only silence confirms it.
      return this.settings.keyId === undefined ? { kind: "heard" } : { kind: "denied" };
    }
    return drop("unsynchronized");
  }

  #measure(packet: Packet, sent: Raw, received: Raw, surroundings: Surroundings): Received {
    const t1 = surroundings.undisciplined(sent);
    const t4 = surroundings.undisciplined(received);
    const t2 = unfold(packet.receiveTime, t4);
    const t3 = unfold(packet.transmitTime, t4);
    const served = difference(t3, t2);
    const delay = difference(t4, t1) - served;
    // The server has not answered before it was asked, and not after we heard of it.
    if (served < 0 || delay < -(2 ** packet.precision)) return drop("other");
    this.last = packet;
    this.times = {
      origin: surroundings.now(sent),
      receive: t2,
      transmit: t3,
      input: surroundings.now(received),
    };
    this.usedAt = received;
    this.reach |= 1;
    this.unreach = 0;
    const sample: Sample = {
      time: (surroundings.seconds(sent) + surroundings.seconds(received)) / 2,
      offset: (difference(t2, t1) + difference(t3, t4)) / 2,
      delay: Math.max(delay, 2 ** surroundings.precision),
      dispersion: 2 ** packet.precision + 2 ** surroundings.precision,
    };
    this.filter.add(sample);
    this.poll.answered();
    return { kind: "sample", sample };
  }

  /** A dynamic association that nobody answers any more. */
  get deserted(): boolean {
    return this.unreach > UNREACH || (this.denied && this.reach === 0);
  }
}

/** RFC 5905 section 7.3 and its appendix: the MAC is the one that the configured key makes. */
export function authenticate(
  bytes: Uint8Array,
  macAt: number,
  keyId: number | undefined,
  { keys, authEnabled }: Pick<Surroundings, "keys" | "authEnabled">,
): Received | undefined {
  if (keyId === undefined) return authEnabled ? drop("authentication-required") : undefined;
  if (macAt < 0) return drop(dropReason(macAt), keyId);
  if (macAt === bytes.length) return drop("authentication-required", keyId);
  const key = keys.get(keyId);
  if (key === undefined || keyIdAt(bytes, macAt) !== keyId) return drop("unknown-key", keyId);
  if (!key.trusted) return drop("untrusted-key", keyId);
  return key.verifies(bytes, macAt) ? undefined : drop("bad-mac", keyId);
}

function drop(reason: DropReason, keyId?: number): Received {
  return keyId === undefined ? { kind: "dropped", reason } : { kind: "dropped", reason, keyId };
}

/** 64 bits that nobody can guess, in place of the transmit time; never 0. */
export function randomNonce(random: Random): bigint {
  const bytes = random.bytes(8);
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) | 1n;
}

/** Data minimization: a request says nothing about us that its answer does not need. */
function minimizedRequest(version: number, poll: number, nonce: bigint): Packet {
  return {
    leap: 0,
    version,
    mode: MODE_CLIENT,
    stratum: 0,
    poll,
    precision: dataMinimizedPrecision,
    rootDelay: 0,
    rootDispersion: 0,
    referenceId: 0,
    referenceTime: 0n,
    originTime: 0n,
    receiveTime: 0n,
    transmitTime: nonce,
  };
}
