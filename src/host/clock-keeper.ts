import type { ClockStart } from "../agent/index.ts";
import type { Storage } from "../base/index.ts";
import type { ServerSnapshot } from "../ntp/index.ts";
import { DriftFile } from "./drift-file.ts";
import type { Libc } from "./libc.ts";
import type { Log } from "./log.ts";
import type { HostClock } from "./raw-clock.ts";
import { type ClockTrial, clockStart } from "./software-clock.ts";
import { StartError } from "./start-error.ts";
import { SystemClock, timeRefusal } from "./system-clock.ts";
import { readKernelClock } from "./timex.ts";

/** What the engine disciplines: a clock of its own, with an error for trials, or the system's. */
export type ClockChoice = ClockTrial | "system";

export interface KeeperOptions {
  readonly choice: ClockChoice;
  readonly storage: Storage;
  readonly log: Log;
  readonly libc: Libc | undefined;
  readonly clock: HostClock;
}

/** What surrounds the engine's clock: how it starts, what it has learned, and who goes by it. */
export class ClockKeeper {
  readonly start: ClockStart;
  readonly #drift: DriftFile;
  readonly #system: SystemClock | undefined;

  /** Throws StartError where the system's clock is asked for and cannot be had. */
  constructor({ choice, storage, log, libc, clock }: KeeperOptions) {
    const trial = choice === "system" ? { offset: 0, ppm: 0 } : choice;
    this.#drift = new DriftFile(storage, log, trial.ppm * 1e-6);
    const calls = choice === "system" ? timeCalls(libc) : undefined;
    this.#system = calls && new SystemClock({ calls, clock, log });
    // Whoever kept the system's clock before has left it going right.
    const drift = this.#drift.read() ?? (calls && readKernelClock(calls).rate);
    this.start = { ...clockStart(clock, trial), ...(drift === undefined ? {} : { drift }) };
  }

  /** The engine's clock was steered. */
  published(snapshot: ServerSnapshot): void {
    this.#drift.note(snapshot);
    this.#system?.follow(snapshot);
  }

  close(): void {
    this.#system?.close();
    this.#drift.write();
  }
}

function timeCalls(libc: Libc | undefined): Libc {
  if (libc === undefined) {
    throw new StartError("--clock system: it needs Linux and koffi, an optional dependency");
  }
  const refusal = timeRefusal();
  if (refusal !== undefined) throw new StartError(`--clock system: ${refusal}`);
  return libc;
}
