import type { Sample } from "./sample.ts";

/** s/s: no two clocks that work drift apart faster. RFC 5905 section 11.3: 500 ppm. */
const driftMax = 500e-6;
/** s beyond what the network can have done: what is called a jump. */
const jumpMin = 0.1;
/** Samples that must agree on it before a source is believed to have jumped. */
const witnesses = 3;

/** What to think of a sample: it goes on from those before, or it may be the first of others. */
export type Continuation =
  | { readonly kind: "goes-on" }
  /** Not to be used as yet: it may be a single wrong one. */
  | { readonly kind: "held" }
  /** These, the last ones, are all that the source is to be judged by from now on. */
  | { readonly kind: "jumped"; readonly samples: readonly Sample[] };

/**
 * Whether a source's samples go on from each other. The network can make an offset wrong by half
 * the delay at most; whatever is beyond that is the clock of the source, or our own raw time that
 * stood still. What was learned of the oscillator before would make a frequency of such a jump.
 */
export class Continuity {
  #last: Sample | undefined;
  #apart: readonly Sample[] = [];

  judge(sample: Sample): Continuation {
    if (this.#last === undefined || follows(this.#last, sample)) {
      this.#last = sample;
      this.#apart = [];
      return { kind: "goes-on" };
    }
    const before = this.#apart.at(-1);
    const agrees = before !== undefined && follows(before, sample);
    this.#apart = agrees ? [...this.#apart, sample] : [sample];
    if (this.#apart.length < witnesses) return { kind: "held" };
    const samples = this.#apart;
    this.#last = sample;
    this.#apart = [];
    return { kind: "jumped", samples };
  }
}

function follows(a: Sample, b: Sample): boolean {
  const explained = (a.delay + b.delay) / 2 + driftMax * Math.abs(b.time - a.time);
  return Math.abs(b.offset - a.offset) <= explained + jumpMin;
}
