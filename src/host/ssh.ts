import type { Socket } from "node:net";
import ssh2 from "ssh2";
import type { ChannelId, Peer } from "../agent/index.ts";
import { assert } from "../base/index.ts";
import type { Arrival, Arrivals } from "./arrivals.ts";
import { Login, type LoginOptions, type LoginOutcome } from "./login.ts";
import { dismiss, GcmPackets, inject, socketOf, tend } from "./ssh-machine.ts";
import { onShell, type ShellHost, ShellSession } from "./ssh-shell.ts";
import { type HostedSession, type SessionHandlers, WireSession } from "./wire-session.ts";
import type { WireSessions } from "./wire-sessions.ts";

export interface SshOptions extends LoginOptions {
  /** A connection without a session is ended after so long; the usual where it is left out. */
  readonly idleMs?: number;
  /** Private keys in OpenSSH's form. */
  readonly hostKeys: readonly string[];
  /** undefined: there are no shells to be had. */
  readonly shells?: ShellHost;
  readonly arrivals: Arrivals;
  readonly sessions: WireSessions;
}

/** The algorithms on offer, the best first. */
interface SshAlgorithms {
  readonly keyExchange: readonly string[];
  readonly encryption: readonly string[];
  readonly mac: readonly string[];
  readonly hostKey: readonly string[];
}

/** How a connection came to be, where that makes a difference. */
export interface ConnectionTerms {
  /** For a connection that we made: what its sessions carry, and who waits for the log-in. */
  readonly idleTimeout?: number;
  readonly loggedIn?: () => void;
}

/** Protocol machines for connections are made by it. */
interface Machine {
  readonly algorithms: SshAlgorithms;
  readonly server: ssh2.Server;
}

interface Arrived {
  readonly arrival: Arrival;
  readonly terms: ConnectionTerms;
}

const refusalsMax = 6;
const channelsMax = 64;
const usualIdleMs = 30_000;
/** SSH's own keep-alive would end clients that read nothing while they wait for their user. */
const neverMs = 2 ** 31 - 1;

/** Nothing that is known to be weak: no SHA-1, no CBC, no RSA signatures over SHA-1. */
export const sshAlgorithms: SshAlgorithms = {
  keyExchange: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group14-sha256",
  ],
  encryption: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
  ],
  mac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
  ],
  hostKey: ["ssh-ed25519", "ecdsa-sha2-nistp256"],
};

/** RFC 4253 section 4.2: lines before the version are for people. */
const tooMany = "ntpconfd: too many connections are logging in; try again later\r\n";

/** NETCONF over SSH (RFC 6242): lets users in on connections, and hands out their sessions. */
export class SshServer {
  /** For connections from now on. */
  algorithms: SshAlgorithms = sshAlgorithms;
  readonly #options: SshOptions;
  /** By kind. */
  readonly #hostKeys: ReadonlyMap<string, string>;
  /** Of the connections from now on. */
  #machine: Machine | undefined;
  readonly #packets = new GcmPackets();
  /** What is known of a connection that has not told its version yet. */
  readonly #arrived = new WeakMap<Socket, Arrived>();

  constructor(options: SshOptions) {
    this.#options = options;
    this.#hostKeys = new Map(
      options.hostKeys.map((text) => {
        const key = ssh2.utils.parseKey(text);
        assert(!(key instanceof Error), "a host key has been read once before");
        return [key.type, text];
      }),
    );
  }

  /** Takes a connection over: we are the SSH server on it, whoever made it (RFC 8071). */
  serve(socket: Socket, terms: ConnectionTerms = {}): void {
    const arrival = this.#options.arrivals.admit(socket, tooMany);
    if (arrival === undefined) return;
    if (this.#machine?.algorithms !== this.algorithms) this.#machine = this.#newMachine();
    this.#arrived.set(socket, { arrival, terms });
    inject(this.#machine.server, socket);
  }

  /** One for all connections, until other algorithms are configured: what it holds is much. */
  #newMachine(): Machine {
    const { algorithms } = this;
    const { keyExchange, encryption, mac, hostKey } = algorithms;
    const server = new ssh2.Server({
      // What kinds are offered, and in which order, ssh2 takes from these alone.
      hostKeys: hostKey.flatMap((kind) => this.#hostKeys.get(kind) ?? []),
      algorithms: {
        kex: keyExchange,
        cipher: encryption,
        hmac: mac,
        compress: ["none"],
      } as unknown as ssh2.Algorithms,
      ident: "ntpconfd",
      keepaliveInterval: neverMs,
    });
    server.on("connection", (connection) => {
      const socket = socketOf(connection);
      const arrived = this.#arrived.get(socket);
      assert(arrived !== undefined, "each socket of a machine has been given to it here");
      this.#arrived.delete(socket);
      tend(connection, this.#packets);
      this.#serve(connection, socket, arrived.arrival, arrived.terms);
    });
    return { algorithms, server };
  }

  #serve(
    connection: ssh2.Connection,
    socket: Socket,
    { host, loggedIn }: Arrival,
    terms: ConnectionTerms,
  ): void {
    const { sessions } = this.#options;
    const login = new Login(this.#options, host);
    let peer: Peer | undefined;
    connection.on("error", (error) => {
      sessions.log("debug", `ssh: ${error.message}`, { host });
    });
    connection.on("authentication", async (context) => {
      const outcome = await login.answer(context);
      this.#logOutcome(outcome, host);
      if (outcome.kind === "accepted") {
        const { name, recovery } = outcome.account;
        const { idleTimeout } = terms;
        const idle = idleTimeout === undefined ? {} : { idleTimeout };
        peer = { user: name, recovery, host, transport: "netconf-ssh", ...idle };
        context.accept();
      }
      if (login.refusals >= refusalsMax) socket.destroy();
    });
    connection.on("ready", () => {
      loggedIn();
      if (peer === undefined) {
        socket.destroy();
        return;
      }
      terms.loggedIn?.();
      this.#serveSessions(connection, socket, peer);
    });
  }

  #serveSessions(connection: ssh2.Connection, socket: Socket, peer: Peer): void {
    const { sessions, shells, idleMs = usualIdleMs } = this.#options;
    /** What is open, and as which session; undefined: not yet one. */
    const open = new Map<ssh2.ServerChannel, ChannelId | undefined>();
    /** Channels on which nothing was asked for yet. */
    const unused = new Set<ssh2.Session>();
    const rest = (): NodeJS.Timeout => setTimeout(() => connection.end(), idleMs);
    let idle = rest();
    socket.once("close", () => {
      clearTimeout(idle);
      sessions.log("info", "connection closed", { user: peer.user, host: peer.host });
      for (const channel of open.values()) if (channel !== undefined) sessions.lost(channel);
    });
    const start = <S extends HostedSession>(
      session: ssh2.Session,
      stream: ssh2.ServerChannel,
      make: (handlers: SessionHandlers) => S,
    ): S => {
      unused.delete(session);
      // RFC 4254 section 6.5: one of them for each channel.
      for (const name of ["subsystem", "shell", "exec"]) session.removeAllListeners(name);
      open.set(stream, undefined);
      clearTimeout(idle);
      stream.once("close", () => {
        open.delete(stream);
        if (open.size === 0 && !socket.destroyed) idle = rest();
      });
      const { channel, session: hosted } = sessions.open(peer, make);
      if (open.has(stream)) open.set(stream, channel);
      return hosted;
    };
    connection.on("session", (accept, reject) => {
      if (open.size + unused.size >= channelsMax) {
        reject();
        return;
      }
      const session = accept();
      unused.add(session);
      session.once("close", () => {
        if (unused.delete(session)) dismiss(connection, session);
      });
      // All else is refused for want of a listener.
      session.once("subsystem", (acceptSubsystem, rejectSubsystem, info) => {
        if (info.name !== "netconf") {
          rejectSubsystem();
          return;
        }
        const stream = acceptSubsystem();
        const hangUp = (refusal?: string): void => hangUpChannel(stream, refusal);
        start(session, stream, (handlers) => new WireSession(stream, hangUp, handlers));
        session.removeAllListeners();
      });
      if (shells === undefined) return;
      onShell(session, (stream, request) =>
        start(session, stream, (handlers) => new ShellSession(stream, shells, request, handlers)),
      );
    });
  }

  #logOutcome(outcome: LoginOutcome, host: string): void {
    const { log } = this.#options.sessions;
    if (outcome.kind === "accepted") {
      const { account, method } = outcome;
      log("info", "logged in", { user: account.name, method, host });
    } else if (outcome.kind === "refused") {
      const { user, method } = outcome;
      log("warn", "log-in refused", { user, method, host });
    }
  }
}

/** OpenSSH takes a channel that ends without a status for one that failed: a refusal is one. */
function hangUpChannel(stream: ssh2.ServerChannel, refusal: string | undefined): void {
  if (refusal !== undefined) stream.stderr.write(`ntpconfd: ${refusal}\r\n`);
  stream.exit(refusal === undefined ? 0 : 1);
  stream.end();
}
