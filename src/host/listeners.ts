import type { Socket } from "node:net";
import type { ListenerPlan, ServerDoor, ServerPlan } from "../agent/index.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Libc } from "./libc.ts";
import { type SshServer, sshAlgorithms } from "./ssh.ts";
import { ListenError, TcpListener } from "./tcp-listener.ts";
import type { TlsServer, TlsSettings } from "./tls.ts";
import { type ReadTls, readTls } from "./tls-plan.ts";

export interface ListenersOptions {
  readonly libc: Libc | undefined;
  readonly ssh: SshServer;
  readonly tls: TlsServer;
  readonly arrivals: Arrivals;
  /** A listener that was thought to be up is down. */
  readonly failed: (name: string, reason: string) => void;
}

type PreparedServer = ReturnType<ServerDoor["prepare"]>;

/** A port that is bound, and what is spoken on it at the moment. */
interface Bound {
  readonly listener: TcpListener;
  plan: ListenerPlan;
}

/**
 * The listeners that are data, and what is spoken on them. A port that stays where it was is not
 * closed in between, and what was accepted is never touched.
 */
export class Listeners implements ServerDoor {
  readonly #options: ListenersOptions;
  /** By address and port. */
  #bound = new Map<string, Bound>();

  constructor(options: ListenersOptions) {
    this.#options = options;
  }

  prepare(plan: ServerPlan): PreparedServer {
    const tls = readTls(plan);
    const { warnings, identities, trustAnchors, revocationLists } = tls;
    const next = new Map<string, Bound>();
    const faults = [...tls.faults];
    const opened: TcpListener[] = [];
    const aside: Bound[] = [];
    for (const one of plan.listeners) {
      const key = keyOf(one);
      const fault = (reason: string): void => {
        faults.push({ part: "listener", name: one.name, reason });
      };
      if (next.has(key)) {
        fault(`the listener ${next.get(key)?.plan.name} has this address and port`);
      } else if (one.transport.kind === "tls" && !isUsable(one.transport.identity, tls)) {
        fault(`its identity ${one.transport.identity} cannot be used`);
      } else {
        const listener = this.#bound.get(key)?.listener ?? this.#open(one, plan, aside, fault);
        if (listener === undefined) continue;
        if (this.#bound.get(key)?.listener !== listener) opened.push(listener);
        next.set(key, { listener, plan: one });
      }
    }
    return {
      ...{ faults, warnings, identities, trustAnchors, revocationLists },
      commit: () => this.#commit(plan, tls.settings, next),
      abort: () => {
        for (const listener of opened) listener.close();
        for (const { plan: stays } of aside) this.#reopen(stays);
      },
    };
  }

  /** The command line wants this port: those that are data leave it. False: there are none. */
  giveWay(port: number): boolean {
    const leaving = [...this.#bound].filter(([, { plan }]) => plan.port === port);
    for (const [key, { listener, plan }] of leaving) {
      listener.close();
      this.#bound.delete(key);
      this.#options.failed(plan.name, `the command line has TCP port ${port}`);
    }
    return leaving.length > 0;
  }

  close(): void {
    for (const { listener } of this.#bound.values()) listener.close();
    this.#bound.clear();
  }

  #open(
    one: ListenerPlan,
    plan: ServerPlan,
    aside: Bound[],
    fault: (reason: string) => void,
  ): TcpListener | undefined {
    const address = { host: one.address, port: one.port };
    try {
      return TcpListener.open(address, this.#options.libc);
    } catch (error) {
      const stepped = isTaken(error) ? this.#stepAside(one.port, plan) : [];
      if (stepped.length === 0) {
        fault(reasonOf(error));
        return undefined;
      }
      aside.push(...stepped);
      return this.#open(one, plan, aside, fault);
    }
  }

  /** Our own of the same port that are to go, as 0.0.0.0 before 127.0.0.1: they go at once. */
  #stepAside(port: number, plan: ServerPlan): readonly Bound[] {
    const wanted = new Set(plan.listeners.map(keyOf));
    const stepping = [...this.#bound].filter(
      ([key, bound]) => bound.plan.port === port && !wanted.has(key),
    );
    return stepping.map(([key, bound]) => {
      bound.listener.close();
      this.#bound.delete(key);
      return bound;
    });
  }

  /** After a commit that was not to be. Somebody may have been faster: then it is down. */
  #reopen(plan: ListenerPlan): void {
    try {
      const address = { host: plan.address, port: plan.port };
      const bound = { listener: TcpListener.open(address, this.#options.libc), plan };
      this.#bound.set(keyOf(plan), bound);
      this.#serve(bound);
    } catch (error) {
      this.#options.failed(plan.name, reasonOf(error));
    }
  }

  #commit(plan: ServerPlan, settings: TlsSettings, next: Map<string, Bound>): void {
    const { ssh, tls, arrivals } = this.#options;
    const { keyExchange, encryption, mac, hostKey } = plan.sshAlgorithms;
    ssh.algorithms = {
      keyExchange: keyExchange.length > 0 ? keyExchange : sshAlgorithms.keyExchange,
      encryption: encryption.length > 0 ? encryption : sshAlgorithms.encryption,
      mac: mac.length > 0 ? mac : sshAlgorithms.mac,
      hostKey: hostKey.length > 0 ? hostKey : sshAlgorithms.hostKey,
    };
    tls.configure(settings);
    const { unauthenticatedMax, loginTimeout } = plan;
    arrivals.limits = { unauthenticatedMax, loginTimeoutMs: loginTimeout * 1_000 };
    const before = this.#bound;
    this.#bound = next;
    for (const [key, { listener }] of before) if (!next.has(key)) listener.close();
    for (const [key, bound] of next) {
      if (before.get(key)?.listener !== bound.listener) this.#serve(bound);
    }
  }

  #serve({ listener, plan }: Bound): void {
    const key = keyOf(plan);
    listener.serve(
      (socket) => this.#accept(key, socket),
      (error) => {
        const bound = this.#bound.get(key);
        if (bound?.listener !== listener) return;
        listener.close();
        this.#bound.delete(key);
        this.#options.failed(bound.plan.name, error.message);
      },
    );
  }

  #accept(key: string, socket: Socket): void {
    const transport = this.#bound.get(key)?.plan.transport;
    const { ssh, tls } = this.#options;
    if (transport === undefined) socket.destroy();
    else if (transport.kind === "ssh") ssh.serve(socket);
    else tls.serve(socket, transport.identity);
  }
}

function keyOf({ address, port }: ListenerPlan): string {
  return `${address} ${port}`;
}

function isTaken(error: unknown): boolean {
  return error instanceof ListenError && error.code === "EADDRINUSE";
}

function isUsable(identity: string, { settings }: ReadTls): boolean {
  return settings.identities.has(identity);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
