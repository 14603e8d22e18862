import type { Raw } from "../base/index.ts";
import { gaveNoTime, type Surroundings, signedPacket } from "./association.ts";
import { authenticate, type Refusal } from "./authenticate.ts";
import type { ManycastClientConfig } from "./config.ts";
import { MAXSTRAT, MODE_CLIENT, MODE_SERVER } from "./constants.ts";
import { type OwnHeader, randomNonce } from "./exchange.ts";
import type { InDatagram, OutDatagram, SocketId } from "./io.ts";
import { decodePacket, type Packet } from "./packet.ts";
import { after } from "./poll.ts";
import type { RingState } from "./state.ts";
import { fold } from "./time.ts";
import { macStart } from "./trailer.ts";

/** A reply to a solicitation: from a server to be polled from now on, or of no use. */
export type Answer = { readonly kind: "server"; readonly version: number } | Refusal;

/**
 * The expanding ring of one manycast client (RFC 5905 section 3.1): each poll asks the group one
 * hop further out, until enough servers have answered or the limit is reached. Then the interval
 * doubles from one solicitation to the next, up to 2^beacon s, and the search begins anew.
 */
export class Ring {
  readonly interface: string;
  readonly socket: SocketId;
  config: ManycastClientConfig;
  /** Raw time of the next solicitation. */
  next: Raw;
  #ttl = 0;
  /** log2 s until the next solicitation. */
  #interval: number;
  #nonce: bigint | undefined;
  #solicitations = 0n;
  #answers = 0n;

  constructor(
    how: {
      readonly interface: string;
      readonly socket: SocketId;
      readonly config: ManycastClientConfig;
    },
    at: Raw,
  ) {
    this.interface = how.interface;
    this.socket = how.socket;
    this.config = how.config;
    this.#interval = how.config.minpoll;
    this.next = at;
  }

  /** Takes new limits over; the search begins anew. */
  reconfigure(config: ManycastClientConfig, at: Raw): void {
    this.config = config;
    this.#restart();
    const latest = after(at, 2 ** config.minpoll);
    if (this.next > latest) this.next = latest;
  }

  /** `servers` is how many of those that have answered are with us now. */
  solicit(at: Raw, servers: number, surroundings: Surroundings): OutDatagram {
    const { config } = this;
    this.#advance(servers);
    this.next = after(at, 2 ** this.#interval);
    this.#solicitations++;
    this.#nonce = randomNonce(surroundings.random);
    const own = surroundings.own();
    const packet = solicitation(config.version, this.#interval, own, this.#nonce);
    return {
      kind: "send",
      socket: this.socket,
      to: config.address,
      port: config.port,
      interface: this.interface,
      ttl: this.#ttl,
      bytes: signedPacket(packet, config.keyId, surroundings.keys),
      token: surroundings.nextToken(),
    };
  }

  /**
   * Only an answer to the last solicitation counts, and only one that the role's own key signed.
   */
  receive({ bytes }: InDatagram, surroundings: Surroundings): Answer {
    const answer = this.#judge(bytes, surroundings);
    if (answer.kind === "server") this.#answers++;
    return answer;
  }

  state(survivors: number): RingState {
    return {
      interface: this.interface,
      group: this.config.address,
      ttl: this.#ttl,
      solicitations: this.#solicitations,
      answers: this.#answers,
      survivors,
      interval: this.#interval,
    };
  }

  #advance(servers: number): void {
    const { ttl, minclock, minpoll, beacon } = this.config;
    const widest = Math.max(beacon, minpoll);
    const satisfied = this.#ttl > 0 && (servers >= minclock || this.#ttl >= ttl);
    if (!satisfied) {
      this.#ttl++;
      this.#interval = minpoll;
    } else if (this.#interval < widest) {
      this.#interval++;
    } else {
      this.#restart();
      this.#ttl++;
    }
  }

  #restart(): void {
    this.#ttl = 0;
    this.#interval = this.config.minpoll;
  }

  #judge(bytes: Uint8Array, surroundings: Surroundings): Answer {
    const packet = decodePacket(bytes);
    if (packet === undefined) return { kind: "dropped", reason: "malformed" };
    if (packet.mode !== MODE_SERVER) return { kind: "dropped", reason: "mode" };
    if (packet.version < 1 || packet.version > 4) return { kind: "dropped", reason: "version" };
    const bogus = this.#nonce === undefined || packet.originTime !== this.#nonce;
    if (bogus) return { kind: "dropped", reason: "bogus-origin" };
    const macAt = macStart(bytes, bytes.length, packet.version, surroundings.keys);
    if (macAt < 0 && this.config.keyId === undefined)
      return { kind: "dropped", reason: "malformed" };
    if (this.config.keyId === undefined && surroundings.dynamicAuthentication) {
      return { kind: "dropped", reason: "authentication-required" };
    }
    const refusal = authenticate(bytes, macAt, this.config.keyId, surroundings);
    if (refusal !== undefined) return refusal;
    if (gaveNoTime(packet, surroundings)) return { kind: "dropped", reason: "unsynchronized" };
    return { kind: "server", version: packet.version };
  }
}

/**
 * The server's rule reads stratum and reference id, so they are the real ones; the transmit time is
 * a nonce, so that an answer proves that the solicitation was seen.
 */
function solicitation(version: number, poll: number, own: OwnHeader, nonce: bigint): Packet {
  return {
    ...own,
    version,
    mode: MODE_CLIENT,
    stratum: own.stratum >= MAXSTRAT ? 0 : own.stratum,
    poll,
    referenceTime: fold(own.referenceTime),
    originTime: 0n,
    receiveTime: 0n,
    transmitTime: nonce,
  };
}
