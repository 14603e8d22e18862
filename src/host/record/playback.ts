import type { AgentOptions, Effect, SecretSealer, SocketsDoor } from "../../agent/index.ts";
import type { Random, Storage } from "../../base/index.ts";
import type { Schema } from "../../yang/index.ts";
import { type Deed, doorDeed, effectDeed } from "./deed.ts";
import type { Outcome, RecordHead } from "./entries.ts";
import { errorOf, type Tape, tapedDoors } from "./tape.ts";

/** Where a replay went another way than the record. */
export interface Difference {
  /** Which of the deeds, counted from 1. */
  readonly deed: number;
  readonly recorded: string;
  readonly now: string;
}

/** Says to an agent what its doors said once, and notes what it does. */
export class Playback implements Tape {
  #outcome: Outcome = { answers: [], deeds: [] };
  #asked = 0;
  #deeds: Deed[] = [];

  /** Does what is known to have come to an outcome; undefined: it came to the same. */
  run(outcome: Outcome, act: () => readonly Effect[]): Difference | undefined {
    this.#outcome = outcome;
    this.#asked = 0;
    this.#deeds = [];
    let failed: string | undefined;
    try {
      for (const effect of act()) this.#deeds.push(effectDeed(effect));
    } catch (error) {
      failed = error instanceof Error ? error.message : String(error);
    }
    return differenceOf(outcome, { answers: [], deeds: this.#deeds, ...(failed && { failed }) });
  }

  /** Never acts. What the record has no answer to ends the act: from there on nothing is known. */
  ask<T>(door: string, given: unknown): T {
    this.#deeds.push(doorDeed(door, given));
    const answer = this.#outcome.answers[this.#asked++];
    if (answer?.door !== door) {
      throw new Error(`${door} was not asked then, but ${answer?.door ?? "nothing"}`);
    }
    if ("thrown" in answer) throw errorOf(answer.thrown);
    // Of the type that this door has: the line was sealed by us, and the door is the same.
    return answer.value as T;
  }

  tell(door: string): void {
    this.#deeds.push(doorDeed(door, undefined));
  }
}

/** The options of the agent that a record is of, with doors that answer from it. */
export function playedOptions(
  head: RecordHead,
  schema: Schema,
  vault: SecretSealer,
  tape: Tape,
): AgentOptions {
  const { platform, interfaces, clock, factoryDefault, factoryName, schema: asked } = head;
  const plain: AgentOptions = {
    ...{ schema, platform, interfaces, clock, vault, hasStartup: asked.hasStartup },
    ...(factoryDefault && { factoryDefault }),
    ...(factoryName !== undefined && { factoryName }),
    storage: noStorage,
    ...(head.hasFiles && { files: noStorage }),
    ...(head.hasEvents && { events: { read: absent, append: absent, write: absent } }),
    random: noRandom,
    sockets: noSockets,
    server: { prepare: absent },
    passwords: { hash: absent, matches: absent },
  };
  return tapedDoors(plain, tape);
}

const absent = (): never => {
  throw new Error("a replay opens no door");
};
const noStorage: Storage = { read: absent, write: absent, append: absent, remove: absent };
const noRandom: Random = { bytes: absent, fraction: absent };
const noSockets: SocketsDoor = { prepare: absent };

function differenceOf(recorded: Outcome, now: Outcome): Difference | undefined {
  const count = Math.max(recorded.deeds.length, now.deeds.length);
  for (let i = 0; i < count; i++) {
    const was = recorded.deeds[i];
    const is = now.deeds[i];
    if (was?.what === is?.what && was?.sum === is?.sum) continue;
    const [before, after] = [was?.what ?? nothing(recorded), is?.what ?? nothing(now)];
    const sums = before === after ? [was, is].map((deed) => `, checksum ${hex(deed?.sum)}`) : [];
    const [sumBefore = "", sumAfter = ""] = sums;
    return { deed: i + 1, recorded: before + sumBefore, now: after + sumAfter };
  }
  if (recorded.failed === now.failed) return undefined;
  return { deed: count + 1, recorded: nothing(recorded), now: nothing(now) };
}

function nothing({ failed }: Outcome): string {
  return failed === undefined ? "nothing more" : `failed: ${failed}`;
}

function hex(sum: number | undefined): string {
  return (sum ?? 0).toString(16).padStart(8, "0");
}
