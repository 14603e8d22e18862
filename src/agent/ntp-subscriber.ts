import { assert, type Raw, RpcError, refuse } from "../base/index.ts";
import { childOf, type Tree, toObject, treeOf } from "../data/index.ts";
import type { Prepared, Subscriber, TreeChange } from "../datastore/index.ts";
import {
  type Engine,
  type EnginePlan,
  EngineRefusal,
  type NtpConfig,
  type NtpEffect,
  type NtpEvent,
} from "../ntp/index.ts";
import type { DataSchemaNode, Schema } from "../yang/index.ts";
import type { PreparedSockets, SecretSealer } from "./doors.ts";
import type { Effect } from "./effect.ts";
import { type LogLine, logEffect } from "./log.ts";
import { nodePath } from "./node-path.ts";
import { type ReadNtpConfig, type RunningConfig, readNtpConfig } from "./ntp-config.ts";
import { ntpEffects } from "./ntp-effects.ts";
import { type RoleSockets, reasonOf } from "./role-sockets.ts";

/** What the NTP engine is made from: all else in a datastore is none of its business. */
const tops: readonly string[] = ["ietf-ntp:ntp", "ietf-access-control-list:acls"];

const nothing: Prepared = { apply: () => {}, abort: () => {} };

export interface NtpSubscriberOptions {
  readonly schema: Schema;
  readonly engine: Engine;
  readonly sockets: RoleSockets;
  readonly vault: SecretSealer;
}

/**
 * Puts a new running datastore before the engine and the sockets: both are ready, or the commit is
 * refused and neither has changed. Where nothing may be refused, what cannot be is down.
 */
export class NtpSubscriber implements Subscriber {
  readonly #schema: Schema;
  readonly #engine: Engine;
  readonly #sockets: RoleSockets;
  readonly #open: (text: string) => Uint8Array | undefined;
  readonly #tops: readonly DataSchemaNode[];
  #effects: Effect[] = [];
  #events: NtpEvent[] = [];

  constructor({ schema, engine, sockets, vault }: NtpSubscriberOptions) {
    this.#schema = schema;
    this.#engine = engine;
    this.#sockets = sockets;
    this.#open = (text) => vault.open(text);
    this.#tops = schema.dataChildren.filter((node) =>
      tops.includes(`${node.module.name}:${node.name}`),
    );
  }

  /** What applying has asked of the world since the last call. */
  takeEffects(): readonly Effect[] {
    const taken = this.#effects;
    this.#effects = [];
    return taken;
  }

  /** What applying has brought about in the engine since the last call. */
  takeEvents(): readonly NtpEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  /** For a line that comes while nobody takes effects. */
  note(line: LogLine): void {
    this.#effects.push(logEffect(line));
  }

  prepare({ before, after, at, mayRefuse }: TreeChange): Prepared {
    if (this.#tops.every((top) => childOf(before, top) === childOf(after, top))) return nothing;
    if (!mayRefuse) return { ...nothing, apply: () => this.#force(after, at) };
    const read = this.#read(after);
    const plan = this.#plan(read.config, at);
    const sockets = this.#openSockets(plan);
    return {
      apply: () => {
        sockets.commit();
        this.#applied(read, plan, plan.apply(at));
      },
      abort: () => {
        sockets.abort();
        plan.abort();
      },
    };
  }

  #read(after: Tree): ReadNtpConfig {
    const kept = this.#tops.flatMap((top) => childOf(after, top) ?? []);
    const typed = toObject(treeOf(kept), { defaults: true }) as RunningConfig;
    return readNtpConfig(typed, this.#schema, this.#open);
  }

  #plan(config: NtpConfig | undefined, at: Raw): EnginePlan {
    try {
      return this.#engine.prepare(config, at);
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      const path = nodePath(this.#schema, ["ietf-ntp:ntp"]);
      throw refuse("operation-failed", `the NTP engine refuses this: ${error.message}`, { path });
    }
  }

  #openSockets(plan: EnginePlan): PreparedSockets {
    try {
      return this.#sockets.prepare(plan.sockets);
    } catch (error) {
      plan.abort();
      const port = plan.sockets?.port ?? 0;
      const path = nodePath(this.#schema, ["ietf-ntp:ntp", "port"]);
      const message = `NTP cannot be served on UDP port ${port}: ${reasonOf(error)}`;
      throw refuse("operation-failed", message, { path });
    }
  }

  /** Boot and revert: a configuration that cannot be used leaves NTP down, and says so. */
  #force(after: Tree, at: Raw): void {
    let read: ReadNtpConfig = { config: undefined, warnings: [] };
    let plan: EnginePlan;
    try {
      read = this.#read(after);
      plan = this.#plan(read.config, at);
    } catch (error) {
      assert(error instanceof RpcError, reasonOf(error));
      this.#effects.push(logEffect({ kind: "config-unusable", reason: error.message }));
      plan = this.#engine.prepare(undefined, at);
    }
    this.#effects.push(...this.#sockets.settle(plan.sockets, at));
    this.#applied(read, plan, plan.apply(at));
  }

  #applied(read: ReadNtpConfig, plan: EnginePlan, effects: readonly NtpEffect[]): void {
    const { config, warnings } = read;
    this.#events.push(...effects.flatMap((one) => (one.kind === "event" ? [one.event] : [])));
    this.#effects.push(
      ...warnings.map((message) => logEffect({ kind: "config-warning", message })),
      logEffect(
        config === undefined
          ? { kind: "ntp-removed" }
          : { kind: "ntp-configured", port: config.port, groups: plan.sockets?.groups.length ?? 0 },
      ),
      ...effects.map(ntpEffects),
    );
  }
}
