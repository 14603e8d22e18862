// What ssh2 has inside, and is not asked for by its types: its version is pinned.

import { randomFillSync } from "node:crypto";
import type { Socket } from "node:net";
import type ssh2 from "ssh2";

/**
 * What users may sign their log-in with, for the extension server-sig-algs (RFC 8308 section 3.1):
 * nothing over SHA-1.
 */
const signatures = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** SSH_MSG_EXT_INFO, RFC 8308 section 2.3. */
const extensionInfo = 7;

/** What of ssh2's protocol machine is needed. */
interface ProtocolMachine {
  _onHandshakeComplete: (...negotiated: unknown[]) => void;
  _kex?: KeyExchange;
  _identRaw: Buffer;
  _remoteIdentRaw: Buffer;
  channelClose(recipient: number): void;
  readonly _decipher: Readonly<Record<string, unknown>>;
  readonly _cipher: {
    allocPacket(octets: number): Buffer;
    encrypt(packet: Uint8Array): void;
  };
  readonly _packetRW: {
    readonly write: {
      readonly allocStart: number;
      alloc(octets: number): Uint8Array;
      finalize(packet: Uint8Array): Uint8Array;
    };
  };
}

/** By which numbers a channel goes. */
interface ChannelEnds {
  readonly incoming: { readonly id: number };
  readonly outgoing: { readonly id: number };
}

/** Of a key exchange, what is asked for after it. */
interface KeyExchange {
  readonly sessionID: Uint8Array;
  readonly negotiated: Negotiated;
  remoteExtInfoEnabled?: boolean;
}

/** For each direction; only the compression is asked for later than the exchange. */
interface Negotiated {
  readonly cs: { readonly compress: string };
  readonly sc: { readonly compress: string; readonly cipher?: string };
}

const uncompressed: Negotiated = { cs: { compress: "none" }, sc: { compress: "none" } };

/** The socket that a connection is on. */
export function socketOf(connection: ssh2.Connection): Socket {
  return (connection as unknown as { readonly _sock: Socket })._sock;
}

/**
 * RFC 4254 section 5.3: a channel that the client closes is closed by us as well. ssh2 does that,
 * and lets go of it, only where something was asked for on it.
 */
export function dismiss(connection: ssh2.Connection, session: ssh2.Session): void {
  const { _chanInfo: ends } = session as unknown as { readonly _chanInfo: ChannelEnds };
  const { _protocol: machine, _chanMgr: channels } = connection as unknown as {
    readonly _protocol: ProtocolMachine;
    readonly _chanMgr: { remove(id: number): void };
  };
  machine.channelClose(ends.outgoing.id);
  channels.remove(ends.incoming.id);
}

/**
 * Hands a socket over to a server. What ssh2 keeps for as long as the connection lasts is cut from
 * no slab of 8 KiB that would stay with it.
 */
export function inject(server: ssh2.Server, socket: Socket): void {
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  try {
    server.injectSocket(socket);
  } finally {
    Buffer.poolSize = poolSize;
  }
}

/**
 * Makes a connection right and small. To be called before anything but the version has come on it.
 *
 * Tells the client which signatures there are, in place of ssh2, whose own list runs two names
 * together (rsa-sha2-512 is then not to be had) and names two that are refused here.
 *
 * Lets go, after each key exchange, of what only that needed: the private half of our ephemeral
 * key, the shared secret, and the slabs that a few octets keep.
 *
 * With AES-GCM has `packets` make the packets, which takes a tenth off the time of a small read.
 */
export function tend(connection: ssh2.Connection, packets: GcmPackets): void {
  const { _protocol: machine } = connection as unknown as { _protocol: ProtocolMachine };
  machine._remoteIdentRaw = unpooled(machine._remoteIdentRaw);
  const complete = machine._onHandshakeComplete;
  machine._onHandshakeComplete = (...negotiated) => {
    const exchange = machine._kex;
    // Only where the client asks for it, and only after the first key exchange.
    if (exchange?.remoteExtInfoEnabled === true) {
      exchange.remoteExtInfoEnabled = false;
      send(machine, announcement());
    }
    complete(...negotiated);
    if (exchange !== undefined) {
      const isGcm = exchange.negotiated.sc.cipher?.endsWith("-gcm@openssh.com") === true;
      if (isGcm) machine._cipher.allocPacket = packets.like(machine._cipher.allocPacket(0));
      machine._kex = remainder(exchange);
    }
    shrink(machine._decipher);
  };
}

/**
 * The next key exchange makes a new one of it; until then ssh2 gives it nothing to parse. The names
 * of what was agreed on are parts of the client's long lists, and would keep those.
 */
function remainder({ sessionID, negotiated: { cs, sc } }: KeyExchange): KeyExchange {
  const isPlain = cs.compress === "none" && sc.compress === "none";
  return { sessionID, negotiated: isPlain ? uncompressed : { cs, sc } };
}

/** Octets of chance drawn at once: to draw them for one packet takes longer than to seal it. */
const drawnOctets = 4096;
const blockOctets = 16;
const tagOctets = 16;
const paddingMin = 4;

/** Makes a packet with its length and its padding, for a payload of so many octets from 5 on. */
type Allocate = (payload: number) => Buffer;

/** Packets for AES-GCM (RFC 5647 section 7), of all connections. */
export class GcmPackets {
  readonly #random = Buffer.alloc(drawnOctets);
  #used = drawnOctets;
  readonly #tagged: Allocate = (payload) => this.#allocate(payload, tagOctets);
  readonly #bare: Allocate = (payload) => this.#allocate(payload, 0);

  /**
   * As the cipher's own are: where ssh2 was built with its native part, packets have room for the
   * tag; without it, the tag is written by itself.
   */
  like(packet: Buffer): Allocate {
    const room = packet.length - 4 - packet.readUInt32BE();
    return room === 0 ? this.#bare : this.#tagged;
  }

  #allocate(payload: number, room: number): Buffer {
    // The length is not enciphered, so that it does not count.
    const content = 1 + payload;
    const short = blockOctets - (content % blockOctets);
    const padding = short < paddingMin ? short + blockOctets : short;
    const packet = Buffer.allocUnsafe(4 + content + padding + room);
    packet.writeUInt32BE(content + padding);
    packet[4] = padding;
    this.#draw(packet.subarray(4 + content, 4 + content + padding));
    return packet;
  }

  /** No octet is given twice. */
  #draw(into: Uint8Array): void {
    if (this.#used + into.length > drawnOctets) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    into.set(this.#random.subarray(this.#used, this.#used + into.length));
    this.#used += into.length;
  }
}

/** A decipher that has deciphered nothing yet: its buffers are its own afterwards. */
function shrink(decipher: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(decipher)) {
    if (Buffer.isBuffer(value)) Reflect.set(decipher, name, unpooled(value));
  }
}

function unpooled(octets: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(octets.length);
  octets.copy(own);
  return own;
}

function send({ _cipher, _packetRW: { write } }: ProtocolMachine, payload: Uint8Array): void {
  const packet = write.alloc(payload.length);
  packet.set(payload, write.allocStart);
  _cipher.encrypt(write.finalize(packet));
}

function announcement(): Uint8Array {
  const count = Buffer.of(0, 0, 0, 1);
  const parts = [text("server-sig-algs"), text(signatures.join(","))];
  return Buffer.concat([Buffer.of(extensionInfo), count, ...parts]);
}

/** A string of SSH: its length and its octets. */
function text(value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, Buffer.from(value)]);
}
