/**
 * One measurement of a source. Time is "raw seconds": s of raw time since the engine started, and
 * offsets are those of the source against a clock that went on with raw time from then (positive:
 * the source is ahead). So a sample stays true whatever is done to our own clock.
 */
export interface Sample {
  /** Middle of the exchange. */
  readonly time: number;
  readonly offset: number;
  /** Round trip without the time that the server took. */
  readonly delay: number;
  /** Reading errors of both clocks, s. */
  readonly dispersion: number;
}
