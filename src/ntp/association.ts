import type { Random, Raw } from "../base/index.ts";
import { authenticate, type Refusal, type Trust } from "./authenticate.ts";
import { ClockFilter } from "./clock-filter.ts";
import {
  HEADER_LENGTH,
  LEAP_UNKNOWN,
  MAXSTRAT,
  MODE_ACTIVE,
  MODE_PASSIVE,
  PHI,
  UNREACH,
} from "./constants.ts";
import { Continuity } from "./continuity.ts";
import {
  ClientExchange,
  type Exchange,
  type Exchanged,
  type OwnHeader,
  SymmetricExchange,
} from "./exchange.ts";
import type { Address, DropReason, InDatagram, OutDatagram, SocketId } from "./io.ts";
import { decodePacket, encodePacket, type Packet } from "./packet.ts";
import { PollControl } from "./poll.ts";
import type { Sample } from "./sample.ts";
import type { AssociationMode, AssociationState } from "./state.ts";
import { difference, noTime, type Timestamp, unfold } from "./time.ts";
import { Traffic } from "./traffic.ts";
import { type Keys, macStart } from "./trailer.ts";

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
  /** The interleaved mode is asked for; a peer is not. */
  readonly interleaved?: boolean;
  /** Interface that its packets leave by; undefined: the route decides. */
  readonly interface: string | undefined;
}

/** What an association may lean on. */
export interface Surroundings extends Trust {
  readonly random: Random;
  readonly precision: number;
  /** Raw time as s since the engine's start. */
  seconds(at: Raw): number;
  /** The time that a clock would show at a raw time that had not been touched since the start. */
  undisciplined(at: Raw): Timestamp;
  now(at: Raw): Timestamp;
  /** s/s that true time gains on raw time, as far as is known. */
  frequency(): number;
  own(): OwnHeader;
  nextToken(): number;
  /** A leap second is close. */
  isLeaping(at: Raw): boolean;
  /** It says what our own responder has just said. */
  isOurselves(packet: Packet): boolean;
  /** What comes up by itself is to be signed. */
  readonly dynamicAuthentication: boolean;
  /** s: the largest root distance of a source that gives time. */
  readonly maxDistance: number;
}

/** What became of a datagram: a sample to use, a reply that gives no time, or a drop. */
export type Received =
  /** `anew`: what was known of the source before these samples no longer holds. */
  | { readonly kind: "sample"; readonly samples: readonly Sample[]; readonly anew: boolean }
  | { readonly kind: "heard" }
  | Refusal
  | { readonly kind: "denied" };

const kissCodes = { RATE: 0x52415445, DENY: 0x44454e59, RSTR: 0x52535452 } as const;
/** Samples of a server that is only listened to, before its delay is known. */
const volley = 4;
const reachHistoryMax = 64;

/** An association with one server or peer (RFC 5905 sections 8, 9 and 13). */
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
  /** Of the last polls, the oldest first: "1" if it was answered with time, else "0". */
  reachHistory = "";
  /** The last packet that was not used. */
  lastDrop: AssociationState["lastDrop"];
  /** Polls since the last answer that gave time. */
  unreach = 0;
  /** The last packet that gave time; undefined: there was none. */
  last: Packet | undefined;
  /** When, as the packet has it, and as our clock had it then. */
  times = { origin: noTime, receive: noTime, transmit: noTime, input: noTime };
  heardAt: Raw | undefined;
  usedAt: Raw | undefined;
  /** The last packet that gave time was in the interleaved mode. */
  interleaved = false;
  /** A kiss-o'-death has told us to go away. */
  denied = false;
  readonly #exchange: Exchange;
  readonly #continuity = new Continuity();
  /** What a server that is only listened to is away; undefined: it is not known yet. */
  #path: { readonly delay: number; readonly dispersion: number } | undefined;
  #token = 0;
  #lastBroadcast: Timestamp | undefined;

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
    this.#exchange = exchangeOf(how.mode);
    this.poll = new PollControl(how.settings, how.quick, at);
    this.traffic = new Traffic(surroundings.now(at));
  }

  /** A server that sends to all is polled only until its delay is known. */
  get listening(): boolean {
    const broadcast = this.mode === "broadcast-client" || this.mode === "multicast-client";
    return broadcast && this.filter.count >= volley;
  }

  /** Its poll is due: a packet, signed if there is a key; none where all is done by listening. */
  request(at: Raw, surroundings: Surroundings): OutDatagram | undefined {
    this.reach = (this.reach << 1) & 0xff;
    this.reachHistory = `${this.reachHistory}0`.slice(-reachHistoryMax);
    this.unreach++;
    this.poll.sent(at, this.unreach, surroundings.random);
    if (this.listening) return undefined;
    const { settings } = this;
    this.#token = surroundings.nextToken();
    this.traffic.sent++;
    const packet = this.#exchange.compose({
      at,
      version: settings.version,
      poll: this.poll.exponent,
      random: surroundings.random,
      own: surroundings.own(),
      interleaved: settings.interleaved ?? false,
      now: (raw) => surroundings.now(raw),
    });
    return {
      kind: "send",
      socket: this.socket,
      to: settings.address,
      port: settings.port,
      interface: settings.interface,
      ttl: undefined,
      bytes: signedPacket(packet, settings.keyId, surroundings.keys),
      token: this.#token,
    };
  }

  /** The request with that token left at a moment that is known better now. */
  transmitted(token: number, at: Raw): void {
    if (this.#token === token) this.#exchange.left(at);
  }

  /** A datagram from there was not looked at. */
  refuse(reason: DropReason, received: Raw, surroundings: Surroundings): void {
    this.traffic.received++;
    this.#dropped(reason, received, surroundings);
  }

  receive(datagram: InDatagram, surroundings: Surroundings): Received {
    this.traffic.received++;
    const outcome = this.#judge(datagram, surroundings);
    if (outcome.kind !== "dropped") return outcome;
    this.traffic.dropped++;
    this.lastDrop = { time: surroundings.now(datagram.received), reason: outcome.reason };
    return outcome;
  }

  /** What the server sent to all, unasked, and is no forgery: the delay is the known one. */
  hear(packet: Packet, received: Raw, surroundings: Surroundings): Received {
    this.traffic.received++;
    this.heardAt = received;
    const transmit = unfold(packet.transmitTime, surroundings.undisciplined(received));
    // Nothing else tells a repeated packet from a new one.
    const repeated = this.#lastBroadcast !== undefined && transmit <= this.#lastBroadcast;
    if (repeated) return this.#dropped("duplicate", received, surroundings);
    if (gaveNoTime(packet, surroundings)) {
      return this.#dropped("unsynchronized", received, surroundings);
    }
    this.#lastBroadcast = transmit;
    const time = surroundings.seconds(received);
    const volley = this.listening ? this.filter.state(time, surroundings.frequency()) : undefined;
    if (volley !== undefined) {
      this.#path ??= {
        delay: volley.best.delay,
        dispersion: volley.best.dispersion + volley.jitter,
      };
    }
    if (this.#path === undefined || surroundings.isLeaping(received)) return { kind: "heard" };
    const offset =
      difference(transmit, surroundings.undisciplined(received)) + this.#path.delay / 2;
    const sample = { time, offset, ...this.#path };
    const none = noTime;
    const input = surroundings.now(received);
    this.#use(packet, received, { origin: none, receive: none, transmit, input });
    return this.#sampled(sample);
  }

  #judge({ bytes, received }: InDatagram, surroundings: Surroundings): Received {
    const packet = decodePacket(bytes);
    if (packet === undefined) return drop("malformed");
    if (!this.#exchange.answers.includes(packet.mode)) return drop("mode");
    if (packet.version !== this.settings.version) return drop("version");
    const macAt = macStart(bytes, bytes.length, packet.version, surroundings.keys);
    if (macAt < 0 && this.settings.keyId === undefined) return drop("malformed");
    // RFC 5905 section 8: the tests of the packet, by their numbers.
    const unasked = this.#exchange.refusal(packet); // tests 1 and 2
    if (unasked !== undefined) return drop(unasked);
    const refusal = authenticate(bytes, macAt, this.settings.keyId, surroundings); // tests 4, 5
    if (refusal !== undefined) return refusal;
    const invalid = packet.receiveTime === 0n || packet.transmitTime === 0n; // test 3
    const ours = surroundings.isOurselves(packet);
    const timeless = invalid || ours || gaveNoTime(packet, surroundings); // tests 6 and 7
    const { undisciplined } = surroundings;
    const arrived = { at: received, givesTime: packet.stratum > 0 && !timeless, undisciplined };
    const taken = this.#exchange.take(packet, arrived);
    if (taken === "heard") return { kind: "heard" };
    if (typeof taken === "string") return drop(taken);
    this.heardAt = received;
    if (packet.stratum === 0) return this.#kissed(packet);
    if (invalid) return drop("malformed");
    if (ours) return drop("loop");
    if (timeless) return drop("unsynchronized");
    this.interleaved = taken.interleaved;
    if (taken.exchanged !== undefined) {
      return this.#measure(packet, taken.exchanged, received, surroundings);
    }
    this.#use(packet, received, this.times);
    this.poll.answered();
    return { kind: "heard" };
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

  /** `exchanged`: what the packet completes, not this exchange where it is interleaved. */
  #measure(
    packet: Packet,
    exchanged: Exchanged,
    received: Raw,
    surroundings: Surroundings,
  ): Received {
    const { sentAt, receivedAt, t1, t4 } = exchanged;
    const t2 = unfold(exchanged.receiveTime, t4);
    const t3 = unfold(exchanged.transmitTime, t4);
    // Around a leap second one of us may have gone through it, and the other not.
    if (surroundings.isLeaping(received)) return { kind: "heard" };
    const served = difference(t3, t2);
    // Between peers a poll interval may lie between, in which the oscillator's error shows.
    const delay = difference(t4, t1) * (1 + surroundings.frequency()) - served;
    // The server has not answered before it was asked, and not after we heard of it.
    const tolerance = 2 ** packet.precision + PHI * served;
    if (served < 0 || delay < -tolerance) return drop("other");
    const origin = surroundings.now(sentAt);
    const input = surroundings.now(receivedAt);
    this.#use(packet, received, { origin, receive: t2, transmit: t3, input });
    const sample: Sample = {
      time: (surroundings.seconds(sentAt) + surroundings.seconds(receivedAt)) / 2,
      offset: (difference(t2, t1) + difference(t3, t4)) / 2,
      delay: Math.max(delay, 2 ** surroundings.precision),
      dispersion: 2 ** packet.precision + 2 ** surroundings.precision,
    };
    this.poll.answered();
    return this.#sampled(sample);
  }

  #sampled(sample: Sample): Received {
    const verdict = this.#continuity.judge(sample);
    if (verdict.kind === "held") {
      // Whether it has jumped is to be known soon.
      this.poll.suggest(0);
      return { kind: "heard" };
    }
    const anew = verdict.kind === "jumped";
    if (anew) this.filter.clear();
    const samples = anew ? verdict.samples : [sample];
    for (const one of samples) this.filter.add(one);
    return { kind: "sample", samples, anew };
  }

  #use(packet: Packet, received: Raw, times: Association["times"]): void {
    this.last = packet;
    this.times = times;
    this.usedAt = received;
    this.reach |= 1;
    this.reachHistory = `${this.reachHistory.slice(0, -1)}1`;
    this.unreach = 0;
  }

  #dropped(reason: DropReason, received: Raw, surroundings: Surroundings): Received {
    this.traffic.dropped++;
    this.lastDrop = { time: surroundings.now(received), reason };
    return drop(reason);
  }

  /** A dynamic association that nobody answers any more. */
  get deserted(): boolean {
    return this.unreach > UNREACH || (this.denied && this.reach === 0);
  }
}

/** RFC 5905 section 8, tests 6 and 7: whoever sent this has no time to give. */
export function gaveNoTime(
  { leap, stratum, precision, rootDelay, rootDispersion }: Packet,
  { maxDistance }: Pick<Surroundings, "maxDistance">,
): boolean {
  const unsynchronized = leap === LEAP_UNKNOWN || stratum === 0 || stratum >= MAXSTRAT; // test 6
  // Test 7; a clock that cannot be read well is as good as far away.
  const distant = rootDelay / 2 + rootDispersion + 2 ** precision >= maxDistance;
  return unsynchronized || distant;
}

/** A packet's octets, with the MAC that a key makes if there is one. */
export function signedPacket(packet: Packet, keyId: number | undefined, keys: Keys): Uint8Array {
  const key = keyId === undefined ? undefined : keys.get(keyId);
  const bytes = new Uint8Array(HEADER_LENGTH + (key?.length ?? 0));
  encodePacket(packet, bytes);
  key?.sign(bytes, HEADER_LENGTH);
  return bytes;
}

function exchangeOf(mode: AssociationMode): Exchange {
  if (mode === "active") return new SymmetricExchange(MODE_ACTIVE);
  if (mode === "passive") return new SymmetricExchange(MODE_PASSIVE);
  return new ClientExchange();
}

function drop(reason: DropReason): Refusal {
  return { kind: "dropped", reason };
}
