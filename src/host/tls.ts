import { constants, X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import {
  createServer,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type Server,
  type TLSSocket,
} from "node:tls";
import type { CertToName, Peer } from "../agent/index.ts";
import type { Arrival, Arrivals } from "./arrivals.ts";
import { fingerprintOf, nameOfCertificate } from "./cert-to-name.ts";
import type { ConnectionTerms } from "./ssh.ts";
import type { UsableIdentity } from "./tls-identity.ts";
import { WireSession } from "./wire-session.ts";
import type { WireSessions } from "./wire-sessions.ts";

/** What connections over TLS are held against. */
export interface TlsSettings {
  readonly identities: ReadonlyMap<string, UsableIdentity>;
  /** In PEM. */
  readonly trustAnchors: readonly string[];
  /** In PEM. With one of them, each authority above a certificate must have one. */
  readonly revocationLists: readonly string[];
  readonly certToName: readonly CertToName[];
  readonly minimumVersion: "TLSv1.2" | "TLSv1.3";
}

/** A connection on which the handshake is under way. */
interface Waiting {
  readonly arrival: Arrival;
  readonly terms: ConnectionTerms;
}

/** RFC 9325 section 4.2: ephemeral keys and authenticated encryption, and nothing else. */
const ciphers = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
].join(":");

const nothing: TlsSettings = {
  identities: new Map(),
  trustAnchors: [],
  revocationLists: [],
  certToName: [],
  minimumVersion: "TLSv1.2",
};

/**
 * NETCONF over TLS (RFC 7589): whoever comes shows a certificate that a trust anchor vouches for,
 * and cert-to-name says whose it is. What changes is for connections from then on.
 */
export class TlsServer {
  readonly #arrivals: Arrivals;
  readonly #sessions: WireSessions;
  readonly #certificateRefused: (isRevoked: boolean) => void;
  #settings = nothing;
  /** One for each identity; none of them listens. */
  #servers: ReadonlyMap<string, Server> = new Map();
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    arrivals: Arrivals,
    sessions: WireSessions,
    certificateRefused: (isRevoked: boolean) => void,
  ) {
    this.#arrivals = arrivals;
    this.#sessions = sessions;
    this.#certificateRefused = certificateRefused;
  }

  configure(settings: TlsSettings): void {
    const { identities } = settings;
    this.#settings = settings;
    this.#servers = new Map(
      [...identities].map(([name, identity]) => [name, this.#server(identity, settings)]),
    );
  }

  /** Takes a connection over: we are the TLS server on it, whoever made it (RFC 8071). */
  serve(socket: Socket, identity: string, terms: ConnectionTerms = {}): void {
    const arrival = this.#arrivals.admit(socket);
    if (arrival === undefined) return;
    const server = this.#servers.get(identity);
    const key = keyOf(socket);
    if (server === undefined || key === undefined) {
      socket.destroy();
      return;
    }
    // Who has said all he will may still be owed replies.
    socket.allowHalfOpen = true;
    this.#waiting.set(key, { arrival, terms });
    socket.once("close", () => this.#waiting.delete(key));
    server.emit("connection", socket);
  }

  #server({ cert, key }: UsableIdentity, settings: TlsSettings): Server {
    const server = createServer({
      cert,
      key,
      ca: [...settings.trustAnchors],
      crl: [...settings.revocationLists],
      minVersion: settings.minimumVersion,
      ciphers,
      honorCipherOrder: true,
      requestCert: true,
      // Refused by ourselves: then the log has the reason.
      rejectUnauthorized: false,
      // A session that is taken up again would not be held against new trust anchors.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    });
    server.on("secureConnection", (socket) => this.#connected(socket));
    server.on("tlsClientError", (error, socket) => {
      const host = this.#take(socket)?.arrival.host ?? "";
      this.#sessions.log("info", "a TLS handshake failed", { host, reason: error.message });
    });
    return server;
  }

  #connected(socket: TLSSocket): void {
    socket.on("error", () => socket.destroy());
    const waiting = this.#take(socket);
    if (waiting === undefined) {
      socket.destroy();
      return;
    }
    const { arrival, terms } = waiting;
    const { host } = arrival;
    const name = this.#nameOf(socket, host);
    if (name === undefined) {
      socket.destroy();
      return;
    }
    arrival.loggedIn();
    terms.loggedIn?.();
    const { idleTimeout } = terms;
    const idle = idleTimeout === undefined ? {} : { idleTimeout };
    // Certificates are data: they never make anybody the recovery user, who is none.
    const peer: Peer = { user: name, recovery: false, host, transport: "netconf-tls", ...idle };
    this.#sessions.log("info", "logged in", { user: name, method: "certificate", host });
    socket.once("close", () => {
      this.#sessions.log("info", "connection closed", { user: name, host });
    });
    this.#sessions.open(
      peer,
      (handlers) => new WireSession(socket, () => void socket.end(), handlers),
    );
  }

  /** RFC 7589 section 7: undefined where there is no name, and the log says why. */
  #nameOf(socket: TLSSocket, host: string): string | undefined {
    const chain = chainOf(socket);
    const [own] = chain;
    if (own === undefined) {
      this.#refused({ host, reason: "the peer shows no certificate" });
      return undefined;
    }
    const fingerprint = fingerprintOf(own);
    if (!socket.authorized) {
      this.#refused({ host, fingerprint, reason: String(socket.authorizationError) });
      return undefined;
    }
    const name = nameOfCertificate(chain, this.#settings.certToName);
    if (name !== undefined) return name;
    const reason = isWhole(chain) ? "no cert-to-name entry makes a name of it" : hidden;
    this.#refused({ host, fingerprint, reason });
    return undefined;
  }

  #refused(fields: Readonly<Record<string, string>>): void {
    this.#sessions.log("warn", "a certificate is refused", fields);
    this.#certificateRefused(fields.reason === "CERT_REVOKED");
  }

  #take(socket: TLSSocket): Waiting | undefined {
    const key = keyOf(socket);
    const waiting = key === undefined ? undefined : this.#waiting.get(key);
    if (key !== undefined) this.#waiting.delete(key);
    return waiting;
  }
}

/** nodejs/node issue 65579, of 24.21.0 and 26.8: what should be told is dropped before we ask. */
const hidden = `Node ${process.version} does not tell who signed it: other versions of Node do`;

/** Who is authorized has a chain up to an authority that has signed itself. */
function isWhole(chain: readonly Uint8Array[]): boolean {
  const last = chain.at(-1);
  if (last === undefined) return false;
  const certificate = new X509Certificate(last);
  return certificate.checkIssued(certificate);
}

/** A connection by its two ends; undefined: it is closed. */
function keyOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined;
  return JSON.stringify([localAddress, localPort, remoteAddress, remotePort]);
}

/**
 * The peer's certificate, and those above it up to the trust anchor. Node goes by the names alone
 * where it puts them together: each must have signed the one below, or the chain ends.
 */
function chainOf(socket: TLSSocket): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  let below: X509Certificate | undefined;
  let next: PeerCertificate | DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw !== undefined) {
    const certificate = new X509Certificate(next.raw);
    if (below !== undefined && !below.verify(certificate.publicKey)) break;
    chain.push(next.raw);
    below = certificate;
    const above: DetailedPeerCertificate | undefined =
      "issuerCertificate" in next ? next.issuerCertificate : undefined;
    next = above === next ? undefined : above;
  }
  return chain;
}
