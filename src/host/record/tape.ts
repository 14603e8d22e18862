import type { AgentOptions, PreparedSockets, SecretSealer, ServerDoor } from "../../agent/index.ts";
import { type Random, type Storage, StorageError } from "../../base/index.ts";
import type { EventStore } from "../../netconf/index.ts";

/** What a door threw. */
export interface Thrown {
  readonly message: string;
  /** The system's word for it, such as EADDRINUSE. */
  readonly code?: string;
  /** It was a StorageError, which the agent tells from others. */
  readonly isStorage: boolean;
}

/** What a door said when it was asked. */
export type Answer =
  | { readonly door: string; readonly value: unknown }
  | { readonly door: string; readonly thrown: Thrown };

/**
 * What stands between an agent and its doors. One that records lets them answer and notes what they
 * say; one that plays back says it again, and never acts.
 */
export interface Tape {
  /** A question to a door. Its answer decides what happens next. */
  ask<T>(door: string, given: unknown, act: () => T): T;
  /** What is done by a door that has nothing to answer. */
  tell(door: string, act: () => void): void;
}

/**
 * The same options with a tape before every door by which anything comes in that no event brings.
 * Only to open what is sealed needs none: that follows from the at-rest key alone.
 */
export function tapedDoors(options: AgentOptions, tape: Tape): AgentOptions {
  const { storage, files, events, random, sockets, server, vault, passwords } = options;
  return {
    ...options,
    storage: tapedStorage("storage", storage, tape),
    ...(files && { files: tapedStorage("files", files, tape) }),
    ...(events && { events: tapedEvents(events, tape) }),
    random: tapedRandom(random, tape),
    sockets: {
      prepare: (plan) =>
        tapedPrepared("sockets", tape, plan, () => ({
          prepared: sockets.prepare(plan),
          facts: {},
        })),
    },
    server: tapedServer(server, tape),
    vault: tapedVault(vault, tape),
    passwords: {
      hash: (password) => tape.ask("passwords.hash", password, () => passwords.hash(password)),
      matches: (password, hash) =>
        tape.ask("passwords.matches", [password, hash], () => passwords.matches(password, hash)),
    },
  };
}

function tapedStorage(door: string, storage: Storage, tape: Tape): Storage {
  return {
    read: (name) => tape.ask(`${door}.read ${name}`, undefined, () => storage.read(name)),
    write: (name, bytes) =>
      tape.ask(`${door}.write ${name}`, bytes, () => storage.write(name, bytes)),
    append: (name, bytes) =>
      tape.ask(`${door}.append ${name}`, bytes, () => storage.append(name, bytes)),
    remove: (name) => tape.ask(`${door}.remove ${name}`, undefined, () => storage.remove(name)),
  };
}

function tapedEvents(events: EventStore, tape: Tape): EventStore {
  return {
    read: () => tape.ask("events.read", undefined, () => events.read()),
    append: (bytes) => tape.ask("events.append", bytes, () => events.append(bytes)),
    write: (bytes) => tape.ask("events.write", bytes, () => events.write(bytes)),
  };
}

function tapedRandom(random: Random, tape: Tape): Random {
  return {
    bytes: (length) => tape.ask("random.bytes", length, () => random.bytes(length)),
    fraction: () => tape.ask("random.fraction", undefined, () => random.fraction()),
  };
}

function tapedVault(vault: SecretSealer, tape: Tape): SecretSealer {
  return {
    seal: (plain) => tape.ask("vault.seal", plain, () => vault.seal(plain)),
    open: (text) => vault.open(text),
  };
}

function tapedServer(server: ServerDoor, tape: Tape): ServerDoor {
  return {
    prepare: (plan) =>
      tapedPrepared("server", tape, plan, () => {
        const prepared = server.prepare(plan);
        const { faults, warnings, identities, trustAnchors, revocationLists } = prepared;
        const facts = { faults, warnings, identities, trustAnchors, revocationLists };
        return { prepared, facts };
      }),
  };
}

/** What is prepared cannot be kept: only the facts of it are, and that it was committed or not. */
function tapedPrepared<Facts extends object>(
  door: string,
  tape: Tape,
  plan: unknown,
  prepare: () => { readonly prepared: PreparedSockets; readonly facts: Facts },
): Facts & PreparedSockets {
  let prepared: PreparedSockets | undefined;
  const facts = tape.ask(`${door}.prepare`, plan, () => {
    const made = prepare();
    prepared = made.prepared;
    return made.facts;
  });
  return {
    ...facts,
    commit: () => tape.tell(`${door}.commit`, () => prepared?.commit()),
    abort: () => tape.tell(`${door}.abort`, () => prepared?.abort()),
  };
}

/** What an act gave or threw, to be kept. */
export function answerOf<T>(door: string, act: () => T): { answer: Answer; give: () => T } {
  try {
    const value = act();
    // It is written later, and octets may be used up by then.
    const kept = value instanceof Uint8Array ? value.slice() : value;
    return { answer: { door, value: kept }, give: () => value };
  } catch (error) {
    const thrown: Thrown = {
      message: error instanceof Error ? error.message : String(error),
      ...(error instanceof Error && "code" in error && { code: String(error.code) }),
      isStorage: error instanceof StorageError,
    };
    return {
      answer: { door, thrown },
      give: () => {
        throw error;
      },
    };
  }
}

/** What was thrown, made anew. */
export function errorOf({ message, code, isStorage }: Thrown): Error {
  const error = isStorage ? new StorageError(message) : new Error(message);
  return code === undefined ? error : Object.assign(error, { code });
}
