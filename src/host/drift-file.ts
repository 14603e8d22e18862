import { type Storage, StorageError } from "../base/index.ts";
import type { ServerSnapshot } from "../ntp/index.ts";
import type { Log } from "./log.ts";

const file = "drift";
const nanosecond = 1e-9;
/** s for which the clock must have been kept before its frequency is worth keeping, then each. */
const learnTime = 1_800;
const writeTime = 3_600;
/** Parts per million: no oscillator is worse. */
const ppmMax = 500;
const LEAP_UNKNOWN = 3;

/** The frequency that the clock was last found to need: from one run to the next, in a file. */
export class DriftFile {
  readonly #storage: Storage;
  readonly #log: Log;
  readonly #trial: number;
  #since: bigint | undefined;
  #written: bigint | undefined;
  #latest: number | undefined;

  /** `trial` (s/s) is what a trial has added to the oscillator. */
  constructor(storage: Storage, log: Log, trial: number) {
    this.#storage = storage;
    this.#log = log;
    this.#trial = trial;
  }

  /** s/s that the clock must be made to gain; undefined: nothing is known. Throws StorageError. */
  read(): number | undefined {
    const bytes = this.#storage.read(file);
    if (bytes === undefined) return undefined;
    const text = new TextDecoder().decode(bytes).trim();
    const ppm = Number(text);
    if (text !== "" && Math.abs(ppm) <= ppmMax) return ppm * 1e-6;
    this.#log("warn", "the drift file holds no frequency and is not used", { file });
    return undefined;
  }

  /** Takes note of how fast the engine's clock goes. */
  note({ leap, frequency, baseRaw }: Pick<ServerSnapshot, "leap" | "frequency" | "baseRaw">): void {
    if (leap === LEAP_UNKNOWN) {
      this.#since = undefined;
      return;
    }
    this.#since ??= baseRaw;
    if (age(baseRaw, this.#since) < learnTime) return;
    this.#latest = frequency - this.#trial;
    if (this.#written !== undefined && age(baseRaw, this.#written) < writeTime) return;
    this.#written = baseRaw;
    this.write();
  }

  /** Keeps what was learned. A disk that is full costs no more than a slower start. */
  write(): void {
    const ppm = (this.#latest ?? Number.NaN) * 1e6;
    if (!(Math.abs(ppm) <= ppmMax)) return;
    try {
      this.#storage.write(file, new TextEncoder().encode(`${ppm.toFixed(6)}\n`));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#log("warn", error.message, { file });
    }
  }
}

function age(at: bigint, since: bigint): number {
  return Number(at - since) * nanosecond;
}
