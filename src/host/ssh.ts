import { createServer, type Server as NetServer, type Socket } from "node:net";
import ssh2 from "ssh2";
import type { ChannelId, LogLevel, Peer } from "../agent/index.ts";
import { Guesses, type GuessLimits } from "./guesses.ts";
import { Login, type LoginOptions, type LoginOutcome } from "./login.ts";
import { type SessionHandlers, SshSession } from "./ssh-session.ts";
import { onShell, type ShellHost, ShellSession } from "./ssh-shell.ts";

/** Where the sessions' events go. */
export interface SshHandlers {
  opened(channel: ChannelId, peer: Peer): void;
  received(channel: ChannelId, bytes: Uint8Array): void;
  drained(channel: ChannelId): void;
  closed(channel: ChannelId): void;
  log(level: LogLevel, message: string, fields: Readonly<Record<string, string | number>>): void;
}

export interface SshOptions extends Omit<LoginOptions, "guesses"> {
  /** How guessing is slowed down; the usual where it is left out. */
  readonly guessLimits?: GuessLimits;
  /** Private keys in OpenSSH's form. */
  readonly hostKeys: readonly string[];
  /** How long a connection may take to log in. */
  readonly loginTimeoutMs: number;
  /**
   * Connections of one address that are not logged in: above this, further ones are dropped. Of
   * all addresses together there are at most twice as many.
   */
  readonly unauthenticatedMax: number;
  /** undefined: there are no shells to be had. */
  readonly shells?: ShellHost;
  /** Bounds how long a peer that is gone may owe an acknowledgement. */
  readonly boundSilence?: (socket: Socket) => void;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const refusalsMax = 6;
const channelsMax = 64;
/** A connection without a session is ended after so long. */
const idleMs = 30_000;
/** SSH's own keep-alive would end clients that read nothing while they wait for their user. */
const neverMs = 2 ** 31 - 1;
/** TCP asks a silent peer for a sign of life after so long; libuv gives it ten seconds more. */
const silenceMs = 30_000;

/** Nothing that is known to be weak: no SHA-1, no CBC, no RSA signatures over SHA-1. */
const algorithms: ssh2.Algorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group14-sha256",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
  ],
  hmac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
  ],
  compress: ["none"],
};

/** NETCONF over SSH (RFC 6242): listens, lets users in, and hands out their sessions. */
export class SshServer {
  readonly #options: SshOptions;
  readonly #guesses: Guesses;
  readonly #handlers: SshHandlers;
  readonly #listeners: NetServer[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<Socket>();
  readonly #sessions = new Map<ChannelId, SshSession | ShellSession>();
  #nextChannel = 1;

  constructor(options: SshOptions, handlers: SshHandlers) {
    this.#options = options;
    this.#guesses = new Guesses(options.guessLimits);
    this.#handlers = handlers;
  }

  /** Listens; gives the address with the port in use, or rejects with what the system said. */
  async listen(address: ListenAddress): Promise<ListenAddress> {
    const listener = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(address.port, address.host, resolve);
    });
    listener.on("error", (error) => this.#handlers.log("error", error.message, {}));
    this.#listeners.push(listener);
    return { host: address.host, port: portOf(listener.address()) };
  }

  write(channel: ChannelId, bytes: Uint8Array): void {
    this.#sessions.get(channel)?.write(bytes);
  }

  /** Ends a session once what was written to it has gone out; no event follows. */
  end(channel: ChannelId): void {
    this.#sessions.get(channel)?.end();
    this.#sessions.delete(channel);
  }

  /** Accepts nothing more, and ends what there is. */
  async close(): Promise<void> {
    const ended = this.#listeners.map(
      (listener) => new Promise<void>((resolve) => listener.close(() => resolve())),
    );
    for (const channel of [...this.#sessions.keys()]) this.end(channel);
    // A turn for what the channels still have to say.
    await new Promise((resolve) => setTimeout(resolve, this.#sockets.size > 0 ? 50 : 0));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(ended);
  }

  #accept(socket: Socket): void {
    const host = hostOf(socket);
    const { unauthenticatedMax } = this.#options;
    const own = [...this.#waiting].filter((other) => hostOf(other) === host).length;
    // One address alone does not keep all others out.
    if (own >= unauthenticatedMax || this.#waiting.size >= 2 * unauthenticatedMax) {
      const message = "too many connections are logging in: one is dropped";
      this.#handlers.log("warn", message, { host });
      socket.destroy();
      return;
    }
    socket.setKeepAlive(true, silenceMs);
    this.#options.boundSilence?.(socket);
    this.#sockets.add(socket);
    this.#waiting.add(socket);
    const timer = setTimeout(() => socket.destroy(), this.#options.loginTimeoutMs);
    socket.once("close", () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
      this.#waiting.delete(socket);
    });
    const loggedIn = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    };
    // A protocol machine for this socket alone: so it is known whose connection it reports.
    const machine = new ssh2.Server({
      hostKeys: [...this.#options.hostKeys],
      algorithms,
      ident: "ntpconfd",
      keepaliveInterval: neverMs,
    });
    machine.on("connection", (connection) => this.#serve(connection, socket, loggedIn));
    machine.injectSocket(socket);
  }

  #serve(connection: ssh2.Connection, socket: Socket, loggedIn: () => void): void {
    const host = hostOf(socket);
    const login = new Login({ ...this.#options, guesses: this.#guesses }, host);
    let peer: Peer | undefined;
    connection.on("error", (error) => {
      this.#handlers.log("debug", `ssh: ${error.message}`, { host });
    });
    connection.on("authentication", async (context) => {
      const outcome = await login.answer(context);
      this.#logOutcome(outcome, host);
      if (outcome.kind === "accepted") {
        const { name, recovery } = outcome.account;
        peer = { user: name, recovery, host, transport: "netconf-ssh" };
        context.accept();
      }
      if (login.refusals >= refusalsMax) socket.destroy();
    });
    connection.on("ready", () => {
      loggedIn();
      if (peer === undefined) socket.destroy();
      else this.#serveSessions(connection, socket, peer);
    });
  }

  #serveSessions(connection: ssh2.Connection, socket: Socket, peer: Peer): void {
    const open = new Set<ChannelId>();
    const idle = setTimeout(() => connection.end(), idleMs);
    socket.once("close", () => {
      clearTimeout(idle);
      this.#handlers.log("info", "connection closed", { user: peer.user, host: peer.host });
      for (const channel of open) this.#sessions.get(channel)?.lost();
    });
    connection.on("session", (accept, reject) => {
      if (open.size >= channelsMax) {
        reject();
        return;
      }
      const session = accept();
      const channelFor = (stream: ssh2.ServerChannel): ChannelId => {
        const channel = this.#nextChannel++;
        open.add(channel);
        clearTimeout(idle);
        stream.once("close", () => {
          open.delete(channel);
          if (open.size === 0) idle.refresh();
        });
        return channel;
      };
      // All else is refused for want of a listener.
      session.once("subsystem", (acceptSubsystem, rejectSubsystem, info) => {
        if (info.name !== "netconf") {
          rejectSubsystem();
          return;
        }
        const stream = acceptSubsystem();
        const channel = channelFor(stream);
        this.#open(channel, peer, new SshSession(stream, this.#handlersOf(channel)));
      });
      const { shells } = this.#options;
      if (shells === undefined) return;
      onShell(session, (stream, request) => {
        const channel = channelFor(stream);
        const shell = new ShellSession(stream, shells, request, this.#handlersOf(channel));
        this.#open(channel, peer, shell);
        return shell;
      });
    });
  }

  #open(channel: ChannelId, peer: Peer, session: SshSession | ShellSession): void {
    this.#sessions.set(channel, session);
    this.#handlers.opened(channel, peer);
  }

  #handlersOf(channel: ChannelId): SessionHandlers {
    return {
      received: (bytes) => this.#handlers.received(channel, bytes),
      drained: () => this.#handlers.drained(channel),
      closed: () => {
        this.#sessions.delete(channel);
        this.#handlers.closed(channel);
      },
    };
  }

  #logOutcome(outcome: LoginOutcome, host: string): void {
    if (outcome.kind === "accepted") {
      const { account, method } = outcome;
      this.#handlers.log("info", "logged in", { user: account.name, method, host });
    } else if (outcome.kind === "refused") {
      const { user, method } = outcome;
      this.#handlers.log("warn", "log-in refused", { user, method, host });
    }
  }
}

function portOf(address: ReturnType<NetServer["address"]>): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

function hostOf(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}
