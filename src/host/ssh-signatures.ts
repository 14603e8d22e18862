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

/** What of ssh2's protocol machine is needed; its version is pinned. */
interface ProtocolMachine {
  _onHandshakeComplete: (...negotiated: unknown[]) => void;
  readonly _kex?: { remoteExtInfoEnabled?: boolean };
  readonly _cipher: { encrypt(packet: Uint8Array): void };
  readonly _packetRW: {
    readonly write: {
      readonly allocStart: number;
      alloc(octets: number): Uint8Array;
      finalize(packet: Uint8Array): Uint8Array;
    };
  };
}

/**
 * Tells the client which signatures there are, in place of ssh2, whose own list runs two names
 * together (rsa-sha2-512 is then not to be had) and names two that are refused here. To be called
 * before anything has come on the connection.
 */
export function announceSignatures(connection: ssh2.Connection): void {
  const { _protocol: machine } = connection as unknown as { _protocol: ProtocolMachine };
  const complete = machine._onHandshakeComplete;
  machine._onHandshakeComplete = (...negotiated) => {
    // Only where the client asks for it, and only after the first key exchange.
    if (machine._kex?.remoteExtInfoEnabled === true) {
      machine._kex.remoteExtInfoEnabled = false;
      send(machine, announcement());
    }
    machine._onHandshakeComplete = complete;
    complete(...negotiated);
  };
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
