import { MAXDISP, PHI } from "./constants.ts";
import type { Sample } from "./sample.ts";

const stages = 8;

/** What a source's last samples say of it (RFC 5905 section 10), against raw time. */
export interface FilterState {
  /** The sample of the shortest delay. */
  readonly best: Sample;
  /** s at the time asked for: of all samples, the better ones counting more. */
  readonly dispersion: number;
  readonly jitter: number;
}

/** What RFC 5905 assumes of an oscillator that nothing is known of. */
function toleratedGrowth(age: number): number {
  return PHI * age;
}

/** The last eight samples of a source. */
export class ClockFilter {
  #samples: readonly Sample[] = [];

  add(sample: Sample): void {
    this.#samples = [...this.#samples, sample].slice(-stages);
  }

  clear(): void {
    this.#samples = [];
  }

  /** The newest last. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  get count(): number {
    return this.#samples.length;
  }

  /**
   * `frequency` (s/s) is how fast sources gain on raw time: offsets are brought to one moment.
   * `growth` says how unsure (s) that makes them, by the s that it is over.
   */
  state(
    time: number,
    frequency: number,
    growth: (age: number) => number = toleratedGrowth,
  ): FilterState | undefined {
    const aged = (sample: Sample): number => sample.dispersion + growth(time - sample.time);
    const sorted = this.#samples.toSorted(
      (a, b) => a.delay / 2 + aged(a) - (b.delay / 2 + aged(b)),
    );
    const best = sorted[0];
    if (best === undefined) return undefined;
    let dispersion = 0;
    for (let i = 0; i < stages; i++) {
      const sample = sorted[i];
      dispersion += (sample === undefined ? MAXDISP : aged(sample)) / 2 ** (i + 1);
    }
    const at = (sample: Sample): number => sample.offset + frequency * (best.time - sample.time);
    const squares = sorted.reduce((sum, sample) => sum + (at(sample) - best.offset) ** 2, 0);
    const jitter = sorted.length < 2 ? 0 : Math.sqrt(squares / (sorted.length - 1));
    return { best, dispersion, jitter };
  }
}
