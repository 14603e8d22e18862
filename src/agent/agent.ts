import { type Raw, unreachable } from "../base/index.ts";
import { childOf, toObject, treeOf } from "../data/index.ts";
import type { Datastores } from "../datastore/index.ts";
import type { EffectiveIetfSystem } from "../generated/ietf-system.ts";
import type { NetconfServer } from "../netconf/index.ts";
import type { Engine, NetworkInterface, NtpEffect, NtpEvent } from "../ntp/index.ts";
import type { Schema } from "../yang/index.ts";
import type { CallHome } from "./call-home.ts";
import type { AgentLoop, LoginUser } from "./doors.ts";
import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import { logEffect } from "./log.ts";
import { topNode } from "./node-path.ts";
import { ntpEffects } from "./ntp-effects.ts";
import type { NtpNotifications } from "./ntp-notifications.ts";
import type { NtpSubscriber } from "./ntp-subscriber.ts";
import type { Operational } from "./operational.ts";
import type { RoleSockets } from "./role-sockets.ts";
import type { ServerEffect, ServerNotifications } from "./server-event.ts";
import type { ServerSubscriber } from "./server-subscriber.ts";
import { loginUser } from "./system-state.ts";

/** What the agent holds together: each made by createAgent. */
export interface AgentParts {
  readonly schema: Schema;
  readonly datastores: Datastores;
  readonly netconf: NetconfServer;
  readonly engine: Engine;
  readonly subscriber: NtpSubscriber;
  readonly server: ServerSubscriber;
  readonly callHome: CallHome;
  readonly sockets: RoleSockets;
  readonly operational: Operational;
  readonly notifications: NtpNotifications;
  readonly serverNotifications: ServerNotifications;
  readonly interfaces: readonly NetworkInterface[];
}

/** The one loop: what happens goes in, what is to be done comes out. */
export class Agent implements AgentLoop {
  readonly #parts: AgentParts;

  constructor(parts: AgentParts) {
    this.#parts = parts;
  }

  /** Once, before the first event: what booting the datastores has asked of the world. */
  start(at: Raw): readonly Effect[] {
    const { engine, interfaces, netconf, subscriber, server } = this.#parts;
    this.#limit();
    // The log of events begins with the start, whatever booting has found before.
    const begun = netconf.started(at);
    const booted = [
      ...subscriber.takeEffects(),
      ...this.#server(server.takeEffects(), at),
      ...begun,
    ];
    const told = this.#ntp(engine.interfaces(interfaces, at), at);
    return [logEffect({ kind: "started", interfaces: interfaces.length }), ...booted, ...told];
  }

  handle(event: Event): readonly Effect[] {
    const effects = this.#handle(event);
    const { subscriber, server } = this.#parts;
    this.#limit();
    const told = this.#tell(subscriber.takeEvents(), event.at) ?? [];
    // What a commit put to the engine comes before the reply that tells of it.
    const ways = this.#server(server.takeEffects(), event.at);
    return [...subscriber.takeEffects(), ...ways, ...effects, ...told];
  }

  /** As many sessions as running has it, once it has something else. */
  #limit(): void {
    const { server, netconf } = this.#parts;
    const limits = server.takeLimits();
    if (limits !== undefined) netconf.setLimits(limits);
  }

  /** When the next timer event is due. */
  get wakeAt(): Raw | undefined {
    const { datastores, netconf, engine, sockets, server, callHome } = this.#parts;
    return earliest(
      ...[datastores.wakeAt, netconf.wakeAt, engine.wakeAt],
      ...[sockets.wakeAt, server.wakeAt, callHome.wakeAt],
    );
  }

  /** For the login of users other than the recovery user. */
  user(name: string): LoginUser | undefined {
    const { schema, datastores } = this.#parts;
    const top = topNode(schema, "ietf-system:system");
    const system = top && childOf(datastores.read("running"), top);
    if (system === undefined) return undefined;
    const typed = toObject(treeOf([system]), { defaults: true }) as EffectiveIetfSystem;
    return loginUser(typed, name);
  }

  #handle(event: Event): readonly Effect[] {
    const { netconf, engine, server, callHome } = this.#parts;
    switch (event.kind) {
      case "timer":
        return this.#timer(event.at);
      case "session-opened":
        return netconf.opened(event.channel, event.peer, event.at);
      case "session-bytes":
        return netconf.received(event.channel, event.bytes, event.at);
      case "session-drained":
        return netconf.drained(event.channel, event.at);
      case "session-closed":
        return netconf.closed(event.channel, event.at);
      case "datagram":
        return this.#ntp(engine.received(event.datagram, event.at), event.at);
      case "name-resolved":
        return this.#ntp(engine.resolved(event.answer, event.at), event.at);
      case "transmitted":
        engine.transmitted(event.transmitted);
        return [];
      case "interfaces":
        return this.#interfaces(event.interfaces, event.at);
      case "server-counters":
        engine.counters(event.counters);
        return [];
      case "call-progress":
        return this.#server(callHome.progress(event.call, event.to, event.at), event.at);
      case "call-ended":
        return this.#server(callHome.ended(event.call, event.reason, event.at), event.at);
      case "listener-failed":
        return this.#server(server.listenerFailed(event.name, event.reason, event.at), event.at);
      case "certificate-refused":
        server.certificateRefused(event.isRevoked);
        return [];
      case "shutdown":
        return [];
      default:
        return unreachable(event);
    }
  }

  #timer(at: Raw): readonly Effect[] {
    const { datastores, netconf, engine, sockets, server, callHome } = this.#parts;
    if (isDue(datastores.wakeAt, at)) datastores.timer(at);
    return [
      ...(isDue(netconf.wakeAt, at) ? netconf.timer(at) : []),
      ...(isDue(engine.wakeAt, at) ? this.#ntp(engine.timer(at), at) : []),
      ...sockets.timer(at),
      ...this.#server(server.timer(at), at),
      ...callHome.timer(at),
    ];
  }

  #interfaces(list: readonly NetworkInterface[], at: Raw): readonly Effect[] {
    const { engine, sockets, operational } = this.#parts;
    operational.setInterfaces(list);
    const told = this.#ntp(engine.interfaces(list, at), at);
    return [...sockets.interfacesChanged(list, at), ...told];
  }

  #ntp(effects: readonly NtpEffect[], at: Raw): readonly Effect[] {
    return effects.flatMap((effect) => {
      if (effect.kind !== "event") return [effect];
      const told = this.#tell([effect.event], at);
      // What strangers bring about fills no log either: it is told once in so long.
      const silent = isStrangers(effect.event) && told === undefined;
      return silent ? [] : [ntpEffects(effect), ...(told ?? [])];
    });
  }

  /** What happens to listeners and calls is logged, and told to whoever is subscribed. */
  #server(effects: readonly ServerEffect[], at: Raw): readonly Effect[] {
    const { netconf, serverNotifications } = this.#parts;
    return effects.flatMap((effect) => {
      if (effect.kind !== "server-event") return [effect];
      const tree = serverNotifications.tree(effect.event);
      const told = tree === undefined ? [] : netconf.notify(tree, at);
      return [logEffect(effect), ...told];
    });
  }

  /** What happens in the engine is told to whoever is subscribed; undefined: none of it is. */
  #tell(events: readonly NtpEvent[], at: Raw): readonly Effect[] | undefined {
    const { netconf, notifications } = this.#parts;
    const trees = events.flatMap((event) => notifications.tree(event, at) ?? []);
    return trees.length === 0 ? undefined : trees.flatMap((tree) => netconf.notify(tree, at));
  }
}

function isStrangers({ kind }: NtpEvent): boolean {
  return kind === "authentication-failure" || kind === "session-limit";
}

function isDue(wakeAt: Raw | undefined, at: Raw): boolean {
  return wakeAt !== undefined && wakeAt <= at;
}

function earliest(...times: readonly (Raw | undefined)[]): Raw | undefined {
  return times.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined);
}
