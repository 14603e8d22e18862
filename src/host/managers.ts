import type { Server } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Storage } from "../base/index.ts";
import { Arrivals } from "./arrivals.ts";
import { Calls, type CallsOptions } from "./calls.ts";
import { hostKeys } from "./host-keys.ts";
import type { Libc } from "./libc.ts";
import { Listeners, type ListenersOptions } from "./listeners.ts";
import type { LoginOptions } from "./login.ts";
import { SshServer } from "./ssh.ts";
import type { ShellHost } from "./ssh-shell.ts";
import { starting } from "./start-error.ts";
import { type ListenAddress, listenLater } from "./tcp-listener.ts";
import { TlsServer } from "./tls.ts";
import { boundSilence } from "./user-timeout.ts";
import { type WireHandlers, WireSessions } from "./wire-sessions.ts";

export interface ManagersOptions
  extends Pick<CallsOptions, "progress" | "ended">,
    Pick<ListenersOptions, "failed">,
    LoginOptions {
  /** Over TLS: a connection was ended for the certificate that it showed, or for want of one. */
  readonly certificateRefused: (isRevoked: boolean) => void;
  readonly storage: Storage;
  readonly libc: Libc | undefined;
  readonly handlers: WireHandlers;
  readonly shells: ShellHost;
}

/** Until /server says otherwise. */
const loginTimeoutMs = 30_000;
const unauthenticatedMax = 64;
const farewellMs = 50;

/** All the ways by which managers reach this process, and by which it reaches them. */
export class Managers {
  readonly sessions: WireSessions;
  /** Those that are data. */
  readonly listeners: Listeners;
  readonly calls: Calls;
  readonly #arrivals: Arrivals;
  readonly #ssh: SshServer;
  /** Those of the command line. */
  readonly #servers: Server[] = [];
  readonly #log: WireHandlers["log"];

  constructor(options: ManagersOptions) {
    const { storage, libc, handlers, progress, ended, failed } = options;
    const { accounts, checkPassword, refusalDelayMs, guesses } = options;
    this.#log = handlers.log;
    this.sessions = new WireSessions(handlers);
    this.#arrivals = new Arrivals(
      { loginTimeoutMs, unauthenticatedMax },
      handlers.log,
      libc && boundSilence(libc),
    );
    const shared = { arrivals: this.#arrivals, sessions: this.sessions };
    this.#ssh = new SshServer({
      hostKeys: starting("cannot use the SSH host keys", () =>
        hostKeys(storage, (fingerprint) =>
          handlers.log("info", "SSH host key made", { fingerprint }),
        ),
      ),
      ...{ accounts, checkPassword, refusalDelayMs, guesses },
      shells: options.shells,
      ...shared,
    });
    const tls = new TlsServer(this.#arrivals, this.sessions, options.certificateRefused);
    const ways = { libc, ssh: this.#ssh, tls };
    this.listeners = new Listeners({ ...ways, arrivals: this.#arrivals, failed });
    this.calls = new Calls({ ...ways, progress, ended });
  }

  /** NETCONF over SSH, as the command line has it; gives the address with the port in use. */
  async listen(asked: ListenAddress): Promise<ListenAddress> {
    const listen = () => listenLater(asked, (socket) => this.#ssh.serve(socket));
    // What is data must not keep an agent from starting.
    const { server, address } = await listen().catch((error: Error & { code?: string }) => {
      if (error.code === "EADDRINUSE" && this.listeners.giveWay(asked.port)) return listen();
      throw error;
    });
    server.on("error", (error) => this.#log("error", error.message, {}));
    this.#servers.push(server);
    return address;
  }

  /** Accepts nothing more, and ends what there is. */
  async close(): Promise<void> {
    for (const server of this.#servers) server.close();
    this.listeners.close();
    this.sessions.endAll();
    // A turn for what the channels still have to say.
    await pause(this.#arrivals.connections > 0 ? farewellMs : 0);
    this.#arrivals.destroyAll();
    this.calls.close();
  }
}
