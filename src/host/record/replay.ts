import { deserialize } from "node:v8";
import { inflateRawSync } from "node:zlib";
import { type AgentLoop, createAgent, type SecretSealer } from "../../agent/index.ts";
import type { Raw } from "../../base/index.ts";
import type { Schema } from "../../yang/index.ts";
import { loadSchema } from "../served-modules.ts";
import type { FoundModule, Happening, Outcome, RecordEntry, RecordHead } from "./entries.ts";
import { type Difference, Playback, playedOptions } from "./playback.ts";
import { readRecord } from "./record-file.ts";

/** An event of a record, once it has happened again. */
export interface Replayed {
  /** From 1, through all runs; the start of a run has the number of the event before it. */
  readonly number: number;
  readonly event: Happening;
  /** ms since 1970, by the time of day that the machine had when the run began. */
  readonly timeMs: number;
  /** What the agent did, for people. */
  readonly deeds: readonly string[];
}

export interface ReplayOptions {
  readonly path: string;
  readonly vault: SecretSealer;
  /** So many events and no more. */
  readonly until?: number;
  /** What is recorded by another version is replayed all the same. */
  readonly began: (head: RecordHead) => void;
  readonly replayed: (event: Replayed) => void;
  /** undefined: what was served then is compiled anew. */
  readonly schemaOf?: (head: RecordHead) => Schema;
}

/** How a replay ended. */
export interface ReplayEnd {
  readonly runs: number;
  readonly events: number;
  readonly fault?:
    | {
        readonly kind: "difference";
        readonly at: Replayed | "boot";
        readonly difference: Difference;
      }
    | { readonly kind: "damaged"; readonly line: number };
  /** An event whose outcome the record does not have, because it ends there. */
  readonly unfinished?: Happening;
}

/**
 * Lets everything that a record holds happen again, to agents that touch nothing, and compares what
 * they do. Throws StartError where the file is no record or cannot be opened with this key.
 */
export function replayRecord(options: ReplayOptions): ReplayEnd {
  const { path, vault, until = Number.POSITIVE_INFINITY } = options;
  let runs = 0;
  let events = 0;
  let run: Run | undefined;
  for (const line of readRecord(path, vault)) {
    if (line.kind === "run") {
      runs += 1;
      run = undefined;
      continue;
    }
    if (line.kind === "torn") continue;
    if (line.kind === "damaged") return { runs, events, fault: line };
    // Of the form that `kind` says: none but a recorder can have sealed them.
    for (const entry of line.entries as readonly RecordEntry[]) {
      if (entry.kind === "head") {
        options.began(entry.head);
        run = new Run(entry.head, options, events);
        continue;
      }
      const fault = run?.outcome(entry.before);
      events = run?.events ?? events;
      if (fault !== undefined) return { runs, events, fault };
      if (events >= until) return { runs, events };
      if (run !== undefined) run.next = entry.kind === "event" ? entry.event : undefined;
    }
  }
  const unfinished = run?.next;
  return { runs, events, ...(unfinished && { unfinished }) };
}

type Fault = ReplayEnd["fault"];

/** One agent from its boot on. */
class Run {
  /** What happens next, once its outcome is known. */
  next: Happening | undefined;
  events: number;
  #isBooted = false;
  readonly #head: RecordHead;
  readonly #options: ReplayOptions;
  readonly #playback = new Playback();
  #agent: AgentLoop | undefined;

  constructor(head: RecordHead, options: ReplayOptions, events: number) {
    this.#head = head;
    this.#options = options;
    this.events = events;
  }

  /** Lets happen what came before this outcome. */
  outcome(outcome: Outcome | undefined): Fault {
    if (!this.#isBooted) return this.#boot(outcome);
    const { next: event } = this;
    const agent = this.#agent;
    if (event === undefined || agent === undefined || outcome === undefined) return undefined;
    if (event.kind !== "start") this.events += 1;
    const difference = this.#playback.run(outcome, () =>
      event.kind === "start" ? agent.start(event.at) : agent.handle(event),
    );
    const at = {
      number: this.events,
      event,
      timeMs: this.#timeMs(event.at),
      deeds: outcome.deeds.map(({ what }) => what),
    };
    this.#options.replayed(at);
    return difference && { kind: "difference", at, difference };
  }

  #boot(outcome: Outcome = { answers: [], deeds: [] }): Fault {
    this.#isBooted = true;
    const { vault, schemaOf = recordedSchema } = this.#options;
    const schema = schemaOf(this.#head);
    const options = playedOptions(this.#head, schema, vault, this.#playback);
    const difference = this.#playback.run(outcome, () => {
      this.#agent = createAgent(options);
      return [];
    });
    return difference && { kind: "difference", at: "boot", difference };
  }

  #timeMs(at: Raw): number {
    const { wall } = this.#head;
    return Number((wall.unix + (at - wall.at)) / 1_000_000n);
  }
}

/** The folders answer as they did then, whatever they hold now. */
function recordedSchema({ schema, modules }: RecordHead): Schema {
  const found = deserialize(inflateRawSync(modules)) as readonly FoundModule[];
  const key = (name: string, revision = ""): string => `${name}@${revision}`;
  const sources = new Map(found.map((one) => [key(one.name, one.revision), one.source]));
  const find = (name: string, revision?: string) => sources.get(key(name, revision));
  return loadSchema({ ...schema, yangFolders: [] }, { find });
}
