import { assert, type Raw, RpcError, type RpcFault } from "../base/index.ts";
import { childOf, type Tree, toObject, treeOf } from "../data/index.ts";
import type { Prepared, Subscriber, TreeChange } from "../datastore/index.ts";
import type { EffectiveNtpconfdServer } from "../generated/ntpconfd-server.ts";
import type { DataSchemaNode, Schema } from "../yang/index.ts";
import type { CallHome } from "./call-home.ts";
import type { SecretSealer } from "./doors.ts";
import { logEffect } from "./log.ts";
import { type NamedStep, nodePath, topNode } from "./node-path.ts";
import { readServerConfig, type ServerConfig, type SessionLimits } from "./server-config.ts";
import type { ServerEffect } from "./server-event.ts";
import type { PreparedServer, ServerDoor, ServerFault, ServerPlan } from "./server-plan.ts";

const top = "ntpconfd-server:server";
const nothing: Prepared = { apply: () => {}, abort: () => {} };
/** ns between two tries to open what would not open. */
const retryAfter = 5_000_000_000n;

export interface ServerSubscriberOptions {
  readonly schema: Schema;
  readonly door: ServerDoor;
  readonly callHome: CallHome;
  readonly vault: SecretSealer;
}

/** Connections over TLS that were ended for their certificate. */
export interface CertificateCounts {
  readonly refused: number;
  /** Of these, for a certificate that is on a revocation list. */
  readonly revoked: number;
}

/** What is in use, as far as it could be. */
interface InUse {
  readonly plan: ServerPlan;
  readonly faults: readonly ServerFault[];
  readonly identities: PreparedServer["identities"];
  readonly trustAnchors: PreparedServer["trustAnchors"];
  readonly revocationLists: PreparedServer["revocationLists"];
}

/**
 * Puts a new /server before the listeners, the keys and the calls home. A commit is refused for
 * what it brings and cannot be; what was down before it may stay so, and is tried again.
 */
export class ServerSubscriber implements Subscriber {
  readonly #schema: Schema;
  readonly #door: ServerDoor;
  readonly #callHome: CallHome;
  readonly #vault: SecretSealer;
  readonly #top: DataSchemaNode | undefined;
  #inUse: InUse | undefined;
  #limits: SessionLimits | undefined;
  #effects: ServerEffect[] = [];
  #retryAt: Raw | undefined;
  #certificates: CertificateCounts = { refused: 0, revoked: 0 };

  constructor({ schema, door, callHome, vault }: ServerSubscriberOptions) {
    this.#schema = schema;
    this.#door = door;
    this.#callHome = callHome;
    this.#vault = vault;
    this.#top = topNode(schema, top);
  }

  /** When something that is down is due for another try. */
  get wakeAt(): Raw | undefined {
    return this.#retryAt;
  }

  get inUse(): InUse | undefined {
    return this.#inUse;
  }

  get certificates(): CertificateCounts {
    return this.#certificates;
  }

  certificateRefused(isRevoked: boolean): void {
    const { refused, revoked } = this.#certificates;
    this.#certificates = { refused: refused + 1, revoked: revoked + (isRevoked ? 1 : 0) };
  }

  /** What applying has asked of the world since the last call. */
  takeEffects(): readonly ServerEffect[] {
    const taken = this.#effects;
    this.#effects = [];
    return taken;
  }

  /** The limits of sessions, if they have been applied since the last call. */
  takeLimits(): SessionLimits | undefined {
    const taken = this.#limits;
    this.#limits = undefined;
    return taken;
  }

  prepare({ before, after, at, mayRefuse }: TreeChange): Prepared {
    if (this.#top === undefined || childOf(before, this.#top) === childOf(after, this.#top)) {
      return nothing;
    }
    const config = this.#read(after, this.#top);
    const prepared = this.#door.prepare(config.plan);
    const refused = mayRefuse ? prepared.faults.filter((one) => !this.#isOld(one, config)) : [];
    if (refused.length > 0) {
      prepared.abort();
      throw new RpcError(refused.map((one) => this.#refusal(one)));
    }
    return {
      apply: () => {
        prepared.commit();
        this.#limits = config.limits;
        this.#effects.push(
          ...[...warnings(config), ...prepared.warnings].map((message) =>
            logEffect({ kind: "config-warning", message }),
          ),
        );
        this.#effects.push(...this.#callHome.configure(config.peers, at));
        this.#use(config.plan, prepared, at);
      },
      abort: () => prepared.abort(),
    };
  }

  timer(at: Raw): readonly ServerEffect[] {
    if (this.#retryAt === undefined || at < this.#retryAt || this.#inUse === undefined) return [];
    const { plan } = this.#inUse;
    const prepared = this.#door.prepare(plan);
    prepared.commit();
    this.#use(plan, prepared, at);
    return this.takeEffects();
  }

  /** The system has taken away what it had given. */
  listenerFailed(name: string, reason: string, at: Raw): readonly ServerEffect[] {
    if (this.#inUse?.plan.listeners.some((one) => one.name === name) !== true) return [];
    const fault: ServerFault = { part: "listener", name, reason };
    const others = this.#inUse.faults.filter((one) => !isSame(one, fault));
    this.#use(this.#inUse.plan, { ...this.#inUse, faults: [...others, fault] }, at);
    return this.takeEffects();
  }

  #read(after: Tree, node: DataSchemaNode): ServerConfig {
    assert(node.kind === "container", `${top} is a container`);
    // Without a /server there are its defaults.
    const kept = childOf(after, node) ?? { kind: "container", schema: node, children: [] };
    const tree = treeOf([kept]);
    const running = toObject(tree, { defaults: true }) as EffectiveNtpconfdServer;
    return readServerConfig(running, (text) => this.#vault.open(text));
  }

  #use(plan: ServerPlan, made: Omit<InUse, "plan">, at: Raw): void {
    const { faults, identities, trustAnchors, revocationLists } = made;
    const was = this.#inUse?.faults ?? [];
    this.#inUse = { plan, faults, identities, trustAnchors, revocationLists };
    const isDown = faults.some(({ part }) => part === "listener");
    this.#retryAt = isDown ? ((at + retryAfter) as Raw) : undefined;
    for (const fault of faults) {
      if (was.some((one) => isSame(one, fault) && one.reason === fault.reason)) continue;
      this.#effects.push({ kind: "server-event", event: { kind: "fault", fault } });
    }
    for (const { part, name } of was) {
      const isWanted = part === "listener" && plan.listeners.some((one) => one.name === name);
      if (!isWanted || faults.some((one) => one.part === part && one.name === name)) continue;
      this.#effects.push({ kind: "server-event", event: { kind: "listener-up", name } });
    }
  }

  /** What could not be before and is as it was is no news of this commit's. */
  #isOld(fault: ServerFault, { plan }: ServerConfig): boolean {
    if (this.#inUse?.faults.some((one) => isSame(one, fault)) !== true) return false;
    return partOf(this.#inUse.plan, fault) === partOf(plan, fault);
  }

  #refusal({ part, name, reason }: ServerFault): RpcFault {
    const steps: Readonly<Record<ServerFault["part"], readonly NamedStep[]>> = {
      listener: ["listen", ["listener", name]],
      identity: ["tls", ["identity", name]],
      "trust-anchor": ["tls", ["trust-anchor", name]],
      "revocation-list": ["tls", ["revocation-list", name]],
      "cert-to-name": ["tls", ["cert-to-name", name]],
    };
    return {
      type: "application",
      tag: part === "listener" ? "operation-failed" : "invalid-value",
      message: `${part} ${name}: ${reason}`,
      path: nodePath(this.#schema, [top, ...steps[part]]),
    };
  }
}

/** What is legal and yet will not do what was surely meant. */
function warnings({ plan, peers }: ServerConfig): readonly string[] {
  const users = [...plan.listeners, ...peers].filter(({ transport }) => transport.kind === "tls");
  if (users.length === 0) return [];
  const missing = [
    ...(plan.trustAnchors.size === 0 ? ["trust-anchor"] : []),
    ...(plan.certToName.size === 0 ? ["cert-to-name"] : []),
  ];
  return missing.map((list) => `nobody can log in over TLS: /server/tls has no ${list}`);
}

function isSame(a: ServerFault, b: ServerFault): boolean {
  return a.part === b.part && a.name === b.name;
}

/** The part of a plan that a fault is about, as text to compare. */
function partOf(plan: ServerPlan, { part, name }: ServerFault): string {
  switch (part) {
    case "listener": {
      const listener = plan.listeners.find((one) => one.name === name);
      const { transport } = listener ?? {};
      const identity = transport?.kind === "tls" && plan.identities.get(transport.identity);
      return text([listener, identity]);
    }
    case "identity":
      return text(plan.identities.get(name));
    case "trust-anchor":
      return text(plan.trustAnchors.get(name));
    case "revocation-list":
      return text(plan.revocationLists.get(name));
    case "cert-to-name":
      return text(plan.certToName.get(Number(name)));
  }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    return one instanceof Uint8Array ? Array.from(one) : one;
  });
}
