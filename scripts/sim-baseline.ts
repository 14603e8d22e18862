// What chronyd 4.3 reached in the regimes of the bench, median of 100 seeds: RMS in s, settling in
// s, requests sent. Measured under clknetsim, whose model the simulation here repeats.

export interface Baseline {
  readonly rms: number;
  readonly settle: number;
  readonly packets: number;
}

const micro = 1e-6;

function table(rows: string): ReadonlyMap<string, Baseline> {
  return new Map(
    rows
      .trim()
      .split("\n")
      .map((row) => {
        const [name = "", rms, settle, packets] = row.trim().split(/\s+/);
        return [
          name,
          { rms: Number(rms) * micro, settle: Number(settle), packets: Number(packets) },
        ];
      }),
  );
}

/** By poll configuration, then by regime. */
export const chrony: ReadonlyMap<string, ReadonlyMap<string, Baseline>> = new Map([
  [
    "poll-4-6",
    table(`
      lan-exponential     22.4  49  326
      lan-normal          22.2  37  326
      wan-exponential    333    39  480
      asymmetric-jitter   27.1  34  336
      heavy-tail          56.7  35  481
      high-wander        105    34  607
      stable-oscillator  100    37  635
      loss-30            377    86  487
      route-change      1070    36  481
      congestion          74.2  35  481
      falsetickers       216    51 2405
      four-servers       243    36 1923`),
  ],
  [
    "poll-6-10",
    table(`
      lan-exponential    110   131   49
      lan-normal          92.6 134   46
      wan-exponential   1810   136   55
      asymmetric-jitter   75.0 195   63
      heavy-tail         294   132   55
      high-wander        143   131  308
      stable-oscillator  156   134   65
      loss-30           2080   328   70
      route-change       911   133   55
      congestion         339   132   56
      falsetickers      1480   197  291
      four-servers      1610   134  235`),
  ],
  [
    "poll-6-10-iburst",
    table(`
      lan-exponential    110     6   50
      lan-normal          93.3   8   46
      wan-exponential   1820    11   55
      asymmetric-jitter   76.9  73   65
      heavy-tail         303     8   55
      high-wander        140     6  312
      stable-oscillator  154     8   65
      loss-30           2060    16   69
      route-change       931     8   55
      congestion         350     7   56
      falsetickers      1540    73  290
      four-servers      1560     8  237`),
  ],
]);
