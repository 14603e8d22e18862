import { HEADER_LENGTH } from "./constants.ts";
import { fixedPoint } from "./fixed-point.ts";

/** A header of RFC 5905 section 7.3. Timestamps are the wire's 64 bits, delays seconds. */
export interface Packet {
  readonly leap: number;
  readonly version: number;
  readonly mode: number;
  readonly stratum: number;
  /** log2 s, signed */
  readonly poll: number;
  /** log2 s, signed */
  readonly precision: number;
  readonly rootDelay: number;
  readonly rootDispersion: number;
  readonly referenceId: number;
  readonly referenceTime: bigint;
  readonly originTime: bigint;
  readonly receiveTime: bigint;
  readonly transmitTime: bigint;
}

const fixedOne = 65_536;

/** The header of a datagram; undefined: it is too short for one. */
export function decodePacket(bytes: Uint8Array): Packet | undefined {
  if (bytes.length < HEADER_LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  const first = view.getUint8(0);
  return {
    leap: first >> 6,
    version: (first >> 3) & 7,
    mode: first & 7,
    stratum: view.getUint8(1),
    poll: view.getInt8(2),
    precision: view.getInt8(3),
    rootDelay: view.getUint32(4) / fixedOne,
    rootDispersion: view.getUint32(8) / fixedOne,
    referenceId: view.getUint32(12),
    referenceTime: view.getBigUint64(16),
    originTime: view.getBigUint64(24),
    receiveTime: view.getBigUint64(32),
    transmitTime: view.getBigUint64(40),
  };
}

/** Writes the header into the first 48 octets of `bytes`. */
export function encodePacket(packet: Packet, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  view.setUint8(0, (packet.leap << 6) | (packet.version << 3) | packet.mode);
  view.setUint8(1, packet.stratum);
  view.setInt8(2, packet.poll);
  view.setInt8(3, packet.precision);
  view.setUint32(4, fixedPoint(packet.rootDelay));
  view.setUint32(8, fixedPoint(packet.rootDispersion));
  view.setUint32(12, packet.referenceId);
  view.setBigUint64(16, packet.referenceTime);
  view.setBigUint64(24, packet.originTime);
  view.setBigUint64(32, packet.receiveTime);
  view.setBigUint64(40, packet.transmitTime);
}
