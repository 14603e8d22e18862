import type { AssociationStatus, NtpStatus } from "./ntp-status.ts";
import { type HistoryEvent, happened } from "./status-events.ts";

/** ms between samples, and how many there are: six hours. */
export const sampleMs = 10_000;
const samplesMax = (6 * 3_600_000) / sampleMs;
const eventsMax = 200;
/** Associations with a history: any beyond have none. It bounds the memory to some 5 MB. */
const associationsMax = 128;
/** ms: RFC 5905's MAXDISP. */
const dispersionMax = 16_000;
const measures = ["offset", "jitter", "delay", "reach"] as const;
const rates = ["sent", "received", "dropped"] as const;

type Measure = (typeof measures)[number];

/** One line of a plot; undefined where there was nothing to tell. */
export type Line = readonly (number | undefined)[];

export interface HistoryView {
  /** Unix time in seconds, of each point. */
  readonly times: readonly number[];
  readonly clock: { readonly offset?: Line };
  /** Packets a second. */
  readonly rates: Partial<Readonly<Record<(typeof rates)[number], Line>>>;
  readonly associations: readonly ({ readonly address: string; readonly mode: string } & Partial<
    Readonly<Record<Measure, Line>>
  >)[];
  readonly events: readonly HistoryEvent[];
}

type Rows = Readonly<Record<Measure, Float32Array>>;

/** The last hours, in rings of fixed length: what is new takes the place of what is oldest. */
export class History {
  readonly #times = new Float64Array(samplesMax);
  readonly #offset = newRow();
  readonly #rates = { sent: newRow(), received: newRow(), dropped: newRow() };
  readonly #associations = new Map<string, { rows: Rows; lastSeen: number }>();
  readonly #events: HistoryEvent[] = [];
  #count = 0;
  #before: { readonly at: number; readonly status: NtpStatus } | undefined;

  /** `at`: Unix time in ms. */
  add(status: NtpStatus, at: number): void {
    const slot = this.#count % samplesMax;
    this.#times[slot] = at / 1_000;
    this.#offset[slot] = status.clock.offset ?? Number.NaN;
    this.#addRates(slot, status, at);
    this.#addAssociations(slot, status.associations);
    if (this.#before !== undefined) {
      this.#events.push(...happened(this.#before.status, status, at / 1_000));
      this.#events.splice(0, this.#events.length - eventsMax);
    }
    this.#before = { at, status };
    this.#count += 1;
  }

  /**
   * What a user may see of it who sees `status` now: the lines of leaves that are in it. All events
   * are for who sees all (`whole`), and else those of what is in it.
   */
  view(status: NtpStatus, whole: boolean, seconds: number, points: number): HistoryView {
    const slots = this.#slots(seconds);
    const step = Math.max(Math.ceil(slots.length / points), 1);
    const times = thinned(slots, step, (slot) => this.#times[slot], last);
    const line = (row: Float32Array): Line => thinned(slots, step, (slot) => row[slot], furthest);
    const seen = rates.filter((name) => status.traffic[name] !== undefined);
    return {
      times: times.map((time) => Math.round(time ?? 0)),
      clock: status.clock.offset === undefined ? {} : { offset: line(this.#offset) },
      rates: Object.fromEntries(seen.map((name) => [name, line(this.#rates[name])])),
      associations: status.associations.flatMap((one) => {
        const rows = this.#associations.get(keyOf(one))?.rows;
        if (rows === undefined) return [];
        const told = measures.filter((name) => one[name] !== undefined);
        const lines = told.map((name) => [name, line(rows[name])] as const);
        return [{ address: one.address, mode: one.mode, ...Object.fromEntries(lines) }];
      }),
      events: this.#events.filter((event) => whole || isVisible(event, status)).reverse(),
    };
  }

  #addRates(slot: number, { traffic }: NtpStatus, at: number): void {
    const before = this.#before;
    const seconds = before === undefined ? 0 : (at - before.at) / 1_000;
    for (const name of rates) {
      const now = traffic[name];
      const then = before?.status.traffic[name];
      const known = now !== undefined && then !== undefined && seconds > 0;
      // A counter that went back was set to nothing: statistics-reset.
      this.#rates[name][slot] = known ? (now < then ? now : now - then) / seconds : Number.NaN;
    }
  }

  #addAssociations(slot: number, associations: readonly AssociationStatus[]): void {
    for (const { rows } of this.#associations.values()) {
      for (const name of measures) rows[name][slot] = Number.NaN;
    }
    for (const one of associations) {
      const kept = this.#associations.get(keyOf(one)) ?? this.#begin(keyOf(one));
      if (kept === undefined) continue;
      kept.lastSeen = this.#count;
      for (const name of measures) kept.rows[name][slot] = measured(one, name) ?? Number.NaN;
    }
  }

  /** undefined: there are too many that are still seen. */
  #begin(key: string): { rows: Rows; lastSeen: number } | undefined {
    if (this.#associations.size >= associationsMax) {
      const all = [...this.#associations];
      const [oldest] = all.sort(([, a], [, b]) => a.lastSeen - b.lastSeen);
      if (oldest === undefined || oldest[1].lastSeen >= this.#count - 1) return undefined;
      this.#associations.delete(oldest[0]);
    }
    const rows = { offset: newRow(), jitter: newRow(), delay: newRow(), reach: newRow() };
    const begun = { rows, lastSeen: this.#count };
    this.#associations.set(key, begun);
    return begun;
  }

  /** Of the last so many seconds, the oldest first. */
  #slots(seconds: number): readonly number[] {
    const first = Math.max(this.#count - samplesMax, 0);
    const slots = Array.from({ length: this.#count - first }, (_, i) => (first + i) % samplesMax);
    const from = (this.#before?.at ?? 0) / 1_000 - seconds;
    return slots.filter((slot) => (this.#times[slot] ?? 0) >= from);
  }
}

function newRow(): Float32Array {
  return new Float32Array(samplesMax).fill(Number.NaN);
}

/** Before there was an answer the figures mean nothing, and the dispersion says so. */
function measured(one: AssociationStatus, name: Measure): number | undefined {
  return name === "reach" || (one.dispersion ?? 0) < dispersionMax ? one[name] : undefined;
}

function keyOf({ address, localMode, configured }: AssociationStatus): string {
  return `${address} ${localMode} ${configured}`;
}

function isVisible({ subject }: HistoryEvent, status: NtpStatus): boolean {
  if (subject === "clock") return status.clock.state !== undefined;
  if (subject === "drops") return Object.keys(status.drops).length > 0;
  if (subject === "sessions") return status.dynamic.refused !== undefined;
  return status.associations.some(({ address }) => address === subject.address);
}

/** One point for each `step` slots, chosen among those that have one. */
function thinned(
  slots: readonly number[],
  step: number,
  read: (slot: number) => number | undefined,
  choose: (values: readonly number[]) => number | undefined,
): readonly (number | undefined)[] {
  const points: (number | undefined)[] = [];
  for (let i = 0; i < slots.length; i += step) {
    const values = slots.slice(i, i + step).flatMap((slot) => read(slot) ?? []);
    points.push(choose(values.filter((value) => !Number.isNaN(value))));
  }
  return points;
}

function last(values: readonly number[]): number | undefined {
  return values.at(-1);
}

/** A spike is not to vanish because a plot is narrow. */
function furthest(values: readonly number[]): number | undefined {
  const [first, ...others] = values;
  if (first === undefined) return undefined;
  const found = others.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), first);
  return Number(found.toPrecision(6));
}
