/** A row of the measurement matrix: which states a sample sees, and by how much. */
export interface Row {
  readonly index: Int32Array;
  readonly value: Float64Array;
}

/**
 * A Kalman filter of an oscillator and of constants: state 0 is the phase (s), state 1 the
 * frequency (s/s), which walks at random; all others are constants that samples see besides.
 */
export class KalmanFilter {
  readonly size: number;
  readonly state: Float64Array;
  /** Row by row. */
  readonly covariance: Float64Array;
  time: number;
  /** Variance of what the last update did not expect, and how far it was off. */
  innovation = 0;
  innovationVariance = 0;
  readonly #gain: Float64Array;

  constructor(size: number, time: number) {
    this.size = size;
    this.time = time;
    this.state = new Float64Array(size);
    this.covariance = new Float64Array(size * size);
    this.#gain = new Float64Array(size);
  }

  /** What is known beforehand of a state. */
  know(index: number, mean: number, deviation: number): void {
    this.state[index] = mean;
    this.covariance[index * this.size + index] = deviation * deviation;
  }

  /** `wander` is the standard deviation of the frequency after 1 s, s/s. */
  predict(time: number, wander: number): void {
    const dt = time - this.time;
    if (dt <= 0) return;
    this.time = time;
    const n = this.size;
    const p = this.covariance;
    const x = this.state;
    x[0] = at(x, 0) + dt * at(x, 1);
    // Row and column 0 take in dt times row and column 1.
    for (let j = 0; j < n; j++) p[j] = at(p, j) + dt * at(p, n + j);
    for (let i = 0; i < n; i++) p[i * n] = at(p, i * n) + dt * at(p, i * n + 1);
    const q = wander * wander;
    p[0] = at(p, 0) + (q * dt * dt * dt) / 3;
    p[1] = at(p, 1) + (q * dt * dt) / 2;
    p[n] = at(p, n) + (q * dt * dt) / 2;
    p[n + 1] = at(p, n + 1) + q * dt;
  }

  /** Takes in a measured value of the states that `row` sees, with the variance of its error. */
  update(row: Row, measured: number, variance: number): void {
    const n = this.size;
    const p = this.covariance;
    const x = this.state;
    const gain = this.#gain;
    const seen = row.index.length;
    let expected = 0;
    let s = variance;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < seen; k++) sum += at(p, i * n + at(row.index, k)) * at(row.value, k);
      gain[i] = sum;
    }
    for (let k = 0; k < seen; k++) {
      const index = at(row.index, k);
      expected += at(row.value, k) * at(x, index);
      s += at(row.value, k) * at(gain, index);
    }
    // Rounding may take more of a variance than there is of it, where little is left.
    s = Math.max(s, variance);
    const innovation = measured - expected;
    this.innovation = innovation;
    this.innovationVariance = s;
    for (let i = 0; i < n; i++) {
      const share = at(gain, i) / s;
      x[i] = at(x, i) + share * innovation;
      for (let j = 0; j <= i; j++) {
        const rest = at(p, i * n + j) - share * at(gain, j);
        const left = i === j ? Math.max(0, rest) : rest;
        p[i * n + j] = left;
        p[j * n + i] = left;
      }
    }
  }
}

/** An element that is known to be there. */
function at(array: Float64Array | Int32Array, index: number): number {
  return array[index] as number;
}
