import type { AgentLoop, AgentOptions, Effect, Event, SecretSealer } from "../../agent/index.ts";
import type { Random, Raw } from "../../base/index.ts";
import type { Log } from "../log.ts";
import type { HostClock } from "../raw-clock.ts";
import type { SchemaOptions } from "../served-modules.ts";
import { ownVersion } from "../version.ts";
import { type Deed, doorDeed, effectDeed } from "./deed.ts";
import type { Happening, Outcome, RecordEntry, RecordHead } from "./entries.ts";
import type { KeptModules } from "./kept-modules.ts";
import { RecordWriter, type WriteCall } from "./record-file.ts";
import { type Answer, answerOf, type Tape, tapedDoors } from "./tape.ts";

export interface RecorderOptions {
  readonly path: string;
  readonly vault: SecretSealer;
  readonly random: Random;
  readonly log: Log;
  /** The call that writes: a test hands in one that fails. */
  readonly writeSync?: WriteCall;
}

/** How an agent starts that is to be recorded. */
export interface RecordedStart {
  readonly options: AgentOptions;
  readonly modules: KeptModules;
  readonly asked: SchemaOptions;
  readonly clock: HostClock;
}

/** What follows from other events alone is written with the next that does not. */
const following: ReadonlySet<Happening["kind"]> = new Set([
  "session-drained",
  "transmitted",
  "server-counters",
]);
/** So many are not kept waiting. */
const waitingMax = 16;

/**
 * Writes down all that happens to an agent, and what its doors answer, so that it can happen again.
 * What others bring about, and time, is in the kernel's hands before the agent has it: so what ends
 * the agent is in the record. What came of an event goes with the one after it.
 */
export class Recorder implements Tape {
  readonly #log: Log;
  /** undefined: the file took no more. */
  #writer: RecordWriter | undefined;
  #waiting: RecordEntry[] = [];
  #answers: Answer[] = [];
  #deeds: Deed[] = [];
  #outcome: Outcome | undefined;

  /** Throws StartError where the file cannot be written. */
  constructor({ path, vault, random, log, writeSync }: RecorderOptions) {
    this.#log = log;
    this.#writer = new RecordWriter(path, vault, random, writeSync);
  }

  /** Makes an agent between doors that are listened to. */
  boot(start: RecordedStart, make: (taped: AgentOptions) => AgentLoop): AgentLoop {
    this.#write({ kind: "head", head: headOf(start) });
    const agent = this.#noting(
      () => make(tapedDoors(start.options, this)),
      () => [],
    );
    return {
      start: (at: Raw) => this.#during({ kind: "start", at }, () => agent.start(at)),
      handle: (event: Event) => this.#during(event, () => agent.handle(event)),
      user: (name) => agent.user(name),
      get wakeAt() {
        return agent.wakeAt;
      },
    };
  }

  ask<T>(door: string, given: unknown, act: () => T): T {
    if (this.#writer === undefined) return act();
    this.#deeds.push(doorDeed(door, given));
    const { answer, give } = answerOf(door, act);
    this.#answers.push(answer);
    return give();
  }

  tell(door: string, act: () => void): void {
    if (this.#writer !== undefined) this.#deeds.push(doorDeed(door, undefined));
    act();
  }

  close(): void {
    this.#write({ kind: "end", before: this.#outcome });
    this.#writer?.close();
    this.#writer = undefined;
  }

  #during(happening: Happening, act: () => readonly Effect[]): readonly Effect[] {
    if (this.#writer === undefined) return act();
    this.#write({ kind: "event", before: this.#outcome, event: happening });
    this.#outcome = undefined;
    return this.#noting(act, (effects) => effects);
  }

  #noting<T>(act: () => T, effectsOf: (result: T) => readonly Effect[]): T {
    this.#answers = [];
    this.#deeds = [];
    try {
      const result = act();
      for (const effect of effectsOf(result)) this.#deeds.push(effectDeed(effect));
      this.#outcome = { answers: this.#answers, deeds: this.#deeds };
      return result;
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error);
      this.#outcome = { answers: this.#answers, deeds: this.#deeds, failed };
      throw error;
    }
  }

  /** A disk that fails costs the record, and nothing else: what is missing cannot be made up. */
  #write(entry: RecordEntry): void {
    if (this.#writer === undefined) return;
    const entries = [...this.#waiting, entry];
    const waits = entry.kind === "event" && following.has(entry.event.kind);
    this.#waiting = waits && entries.length < waitingMax ? entries : [];
    if (this.#waiting.length > 0) return;
    try {
      this.#writer.write(entries);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log("error", "the record ends here: it cannot be written", { reason });
      this.#writer.close();
      this.#writer = undefined;
    }
  }
}

function headOf({ options, modules, asked, clock }: RecordedStart): RecordHead {
  const { platform, interfaces, factoryDefault, factoryName, clock: start } = options;
  const { hasStartup, implement, features } = asked;
  return {
    version: ownVersion(),
    wall: clock.wall(),
    schema: { hasStartup, implement, features },
    modules: modules.packed(),
    ...{ platform, interfaces, clock: start },
    hasFiles: options.files !== undefined,
    hasEvents: options.events !== undefined,
    ...(factoryDefault && { factoryDefault }),
    ...(factoryName !== undefined && { factoryName }),
  };
}
