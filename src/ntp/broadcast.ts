import type { Raw } from "../base/index.ts";
import { type Surroundings, signedPacket } from "./association.ts";
import type { BroadcastServerConfig } from "./config.ts";
import { LEAP_UNKNOWN, MODE_BROADCAST } from "./constants.ts";
import { type Address, type OutDatagram, serverSocket } from "./io.ts";
import { after } from "./poll.ts";
import type { AssociationState } from "./state.ts";
import { fold, noTime } from "./time.ts";
import { Traffic } from "./traffic.ts";

/** The broadcast server of an interface: all hosts on its link. */
export const limitedBroadcast: Address = "255.255.255.255";

/** A broadcast or multicast server with the interface that it is on. */
export interface SenderRole {
  readonly interface: string;
  readonly mode: "broadcast-server" | "multicast-server";
  readonly address: Address;
  readonly config: BroadcastServerConfig;
}

/** Sends the time to all, unasked, as long as there is time to send (RFC 5905 section 3). */
export class Sender {
  readonly role: SenderRole;
  readonly traffic: Traffic;
  /** Raw time of the next packet. */
  next: Raw;

  constructor(role: SenderRole, surroundings: Surroundings, at: Raw) {
    this.role = role;
    this.traffic = new Traffic(surroundings.now(at));
    this.next = at;
  }

  /** Its packet is due; none without time. */
  send(at: Raw, surroundings: Surroundings): OutDatagram | undefined {
    const { address, config, interface: name } = this.role;
    this.next = after(at, 2 ** config.minpoll);
    const own = surroundings.own();
    if (own.leap === LEAP_UNKNOWN || own.stratum >= 16) return undefined;
    this.traffic.sent++;
    const packet = {
      ...own,
      version: config.version,
      mode: MODE_BROADCAST,
      poll: config.minpoll,
      referenceTime: fold(own.referenceTime),
      originTime: 0n,
      receiveTime: 0n,
      transmitTime: fold(surroundings.now(at)),
    };
    return {
      kind: "send",
      socket: serverSocket,
      to: address,
      port: config.port,
      interface: name,
      ttl: config.ttl,
      bytes: signedPacket(packet, config.keyId, surroundings.keys),
      token: surroundings.nextToken(),
    };
  }

  /** As an association that only speaks. */
  state({
    leap,
    precision,
    stratum,
    referenceId,
    referenceTime,
  }: ReturnType<Surroundings["own"]>): AssociationState {
    const { config, mode, address, interface: name } = this.role;
    return {
      address,
      mode,
      configured: true,
      leap,
      precision,
      stratum,
      referenceId,
      keyId: config.keyId,
      prefer: false,
      interface: name,
      burst: false,
      iburst: false,
      interleaved: false,
      reach: 0,
      unreach: 0,
      poll: config.minpoll,
      minpoll: config.minpoll,
      maxpoll: config.maxpoll,
      port: config.port,
      version: config.version,
      offset: 0,
      delay: 0,
      dispersion: 0,
      jitter: 0,
      rootDelay: 0,
      rootDispersion: 0,
      referenceTime,
      originTime: noTime,
      receiveTime: noTime,
      transmitTime: noTime,
      inputTime: noTime,
      now: undefined,
      selected: "rejected",
      rejection: undefined,
      statistics: this.traffic.statistics,
      reachHistory: "",
      lastDrop: undefined,
      samples: [],
    };
  }
}
