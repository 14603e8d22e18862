import type { Random, Raw, Storage } from "../base/index.ts";
import type { EventStore, Limits } from "../netconf/index.ts";
import type { NetworkInterface, ServerSockets, Timestamp } from "../ntp/index.ts";
import type { Schema } from "../yang/index.ts";
import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import type { ServerDoor } from "./server-plan.ts";

/** Sockets made ready for a plan: one of the two is called, once. Neither may fail. */
export interface PreparedSockets {
  commit(): void;
  abort(): void;
}

/**
 * The synchronous door to the network: opens and binds what a plan wants beside what is open, and
 * throws (EADDRINUSE, ENODEV, ...) where it cannot. `undefined` wants nothing served.
 */
export interface SocketsDoor {
  prepare(plan: ServerSockets | undefined): PreparedSockets;
}

/** Secrets at rest: sealed under a key of this agent alone. Pure but for the door to chance. */
export interface SecretSealer {
  seal(plain: Uint8Array): string;
  /** undefined: not sealed under this key, or altered. */
  open(text: string): Uint8Array | undefined;
}

/** Crypt hashes of passwords (iana-crypt-hash), for those that arrive in clear ($0$). */
export interface PasswordHashes {
  /** Under a fresh salt. */
  hash(password: string): string;
  /** Whether a hash is of that password. False where to find out would take long. */
  matches(password: string, hash: string): boolean;
}

/** What the machine says of itself, for ietf-system. */
export interface Platform {
  readonly osName: string;
  readonly osRelease: string;
  readonly osVersion: string;
  readonly machine: string;
}

/** What the engine's clock starts from. */
export interface ClockStart {
  /** The moment that `now` belongs to. */
  readonly at: Raw;
  /** NTP time at `at`, with the initial error of a trial in it. */
  readonly now: Timestamp;
  /** s/s: what the oscillator gains (positive) for a trial; 0 otherwise. */
  readonly frequencyError: number;
  /** s/s that it must be made to gain, as an earlier run found; absent: nobody knows. */
  readonly drift?: number;
  /** log2 s */
  readonly precision: number;
}

export interface AgentOptions {
  readonly schema: Schema;
  readonly storage: Storage;
  /** Where events outlive the process; undefined: nowhere. */
  readonly events?: EventStore;
  /** Where the configurations lie that URLs name; undefined: there is no capability :url. */
  readonly files?: Storage;
  readonly random: Random;
  readonly sockets: SocketsDoor;
  /** Listeners and keys for managers. */
  readonly server: ServerDoor;
  readonly vault: SecretSealer;
  /** The kernel's interfaces at the start; later ones come as events. */
  readonly interfaces: readonly NetworkInterface[];
  readonly clock: ClockStart;
  readonly platform: Platform;
  readonly passwords: PasswordHashes;
  /** False: `--no-startup`. */
  readonly hasStartup: boolean;
  /** What a manager may ask for at most; undefined: the usual. */
  readonly limits?: Limits;
  /** The text of `--factory-default`: an XML <config>; undefined: the built-in one. */
  readonly factoryDefault?: Uint8Array;
  /** How a refusal names it: "factory default FILE". */
  readonly factoryName?: string;
}

/** Somebody who may log in: from /ietf-system:system/authentication/user. */
export interface LoginUser {
  readonly name: string;
  /** A crypt hash ($1$, $5$, $6$); undefined: no password. */
  readonly passwordHash: string | undefined;
  readonly authorizedKeys: readonly { readonly algorithm: string; readonly data: Uint8Array }[];
}

/** The agent as its host sees it: made by createAgent(options: AgentOptions). */
export interface AgentLoop {
  /** Once, before the first event: what booting the datastores asked of the world. */
  start(at: Raw): readonly Effect[];
  handle(event: Event): readonly Effect[];
  /** When the next timer event is due; undefined: none. */
  readonly wakeAt: Raw | undefined;
  /** For the login of users other than the recovery user. */
  user(name: string): LoginUser | undefined;
}
