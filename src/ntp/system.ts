import type { Raw } from "../base/index.ts";
import { referenceIdOf } from "./address.ts";
import type { Association } from "./association.ts";
import type { SoftwareClock } from "./clock.ts";
import { type Chimer, clusterSurvivors } from "./cluster.ts";
import { LEAP_UNKNOWN, MAXSTRAT, MINDISP, PHI } from "./constants.ts";
import { type Adjustment, Discipline, type DisciplineBounds } from "./discipline.ts";
import { type Estimate, Estimator } from "./estimator.ts";
import { type LeapSecond, majorityLeap } from "./leap.ts";
import type { Sample } from "./sample.ts";
import { type Candidate, selectTruechimers } from "./select.ts";
import type { AssociationState, NtpState } from "./state.ts";
import { noTime, type Timestamp } from "./time.ts";
import { Track } from "./track.ts";

/** The system variables of RFC 5905 section 11. */
export interface SystemVariables {
  readonly synchronized: boolean;
  readonly syncState: NtpState["syncState"];
  readonly leap: 0 | 1 | 2 | 3;
  readonly stratum: number;
  readonly referenceId: number;
  readonly referenceTime: Timestamp;
  readonly rootDelay: number;
  /** s at the reference time; it grows by PHI. */
  readonly rootDispersion: number;
  /** s that the last update found true time ahead. */
  readonly offset: number;
  readonly systemPeer: Association | undefined;
}

/** What is taken from sources at most; s. The configuration may change it at any time. */
export interface Bounds extends DisciplineBounds {
  readonly maxDistance: number;
}

export type Selection = AssociationState["selected"];
type Rejection = NonNullable<AssociationState["rejection"]>;

/** "INIT": a server that has no time yet. */
const REFID_INIT = 0x494e4954;
/** Samples of a source before it is relied upon. */
const samplesMin = 3;
/** Reference ids of the local clock at stratum 1, and above it as if it were a source. */
const localIds = { text: 0x4c4f434c, address: 0x7f7f0100 } as const;
const localDispersion = 0.001;
/** s of poll interval for each square root of a second that a source has been known. */
const pollGrowth = 6.8;
/** Samples before what is learned of the wander makes polls more frequent. */
const pollLearnMin = 16;
/** What a burst has spent is saved later. */
const afterBurst = 1.15;
/** s of poll interval by what a usual sample's noise (s) is to the wander (s/s after 1 s). */
const pollWander = 0.081;
/** Where that is little: more samples would still help, but by less than they cost the servers. */
const pollRestless = { factor: 0.3, power: 0.84 } as const;
/** Standard deviations within which what is learned is relied upon. */
const sure = 4;

const unsynchronizedVariables: SystemVariables = {
  synchronized: false,
  syncState: "clock-not-set",
  leap: LEAP_UNKNOWN,
  stratum: MAXSTRAT,
  referenceId: REFID_INIT,
  referenceTime: noTime,
  rootDelay: 0,
  rootDispersion: 0,
  offset: 0,
  systemPeer: undefined,
};

/** Chooses among the sources and keeps the clock with them (RFC 5905 section 11). */
export class SystemProcess {
  readonly #clock: SoftwareClock;
  readonly #discipline: Discipline;
  readonly #precision: number;
  readonly #bounds: Bounds;
  readonly #estimator: Estimator;
  readonly #leap: LeapSecond;
  readonly #tracks = new Map<Association, Track>();
  #selections: ReadonlyMap<Association, Selection> = new Map();
  #rejections: ReadonlyMap<Association, Rejection> = new Map();
  #estimate: Estimate | undefined;
  variables = unsynchronizedVariables;
  /** What was done to the clock last; the engine takes it away when it has told of it. */
  lastAdjustment: Adjustment | undefined;

  constructor(
    clock: SoftwareClock,
    undisciplined: (at: Raw) => Timestamp,
    {
      precision,
      bounds,
      leap,
      drift,
    }: {
      readonly precision: number;
      readonly bounds: Bounds;
      readonly leap: LeapSecond;
      /** s/s that the oscillator was known to lose when it was last looked after. */
      readonly drift: number | undefined;
    },
  ) {
    this.#estimator = new Estimator(drift);
    this.#clock = clock;
    this.#bounds = bounds;
    this.#leap = leap;
    this.#discipline = new Discipline(clock, undisciplined, bounds);
    this.#precision = precision;
  }

  selection(association: Association): Selection {
    return this.#selections.get(association) ?? "rejected";
  }

  /** What has become of it, and why it is not among those chosen from; undefined: it is. */
  choice(association: Association): {
    readonly selected: Selection;
    readonly rejection: Rejection | undefined;
  } {
    const selected = this.selection(association);
    if (association.reach === 0) return { selected, rejection: "unreachable" };
    const known = this.#selections.has(association);
    return { selected, rejection: known ? this.#rejections.get(association) : "no-sample" };
  }

  add(association: Association, sample: Sample): void {
    const track = this.#tracks.get(association) ?? new Track();
    track.add(sample);
    this.#tracks.set(association, track);
  }

  remove(association: Association): void {
    const track = this.#tracks.get(association);
    if (track !== undefined) this.#estimator.forget(track);
    this.#tracks.delete(association);
  }

  /** s/s that sources gain on raw time, as far as is known. */
  get frequency(): number {
    return this.#estimate?.frequency ?? this.#clock.frequency;
  }

  /** A sample came, or a source went: what to think of all of them. */
  update(
    associations: readonly Association[],
    own: ReadonlySet<number>,
    at: Raw,
    seconds: number,
  ): void {
    for (const { poll } of associations) poll.among(associations.length);
    const chimers = this.#chimers(associations, own, seconds);
    const survivors = clusterSurvivors(chimers);
    const peer = survivors.find((one) => one.prefer) ?? survivors[0];
    this.#label(associations, chimers, survivors, peer);
    if (peer === undefined) {
      for (const one of associations) this.#suggestPoll(one, undefined, seconds);
      this.#lose(associations);
      return;
    }
    const used = peer.prefer ? [peer] : chimers;
    const tracks = used.flatMap(({ source }) => this.#tracks.get(source) ?? []);
    const found = this.#estimator.estimate(tracks, seconds);
    if (found === undefined) return;
    this.#estimate = found;
    for (const association of associations) {
      const member = used.some(({ source }) => source === association);
      this.#suggestPoll(association, member ? found : undefined, seconds);
    }
    const interval = Math.min(...used.map(({ source }) => source.poll.interval)) / used.length;
    const { offset, kind } = this.#discipline.adjust(found, at, interval);
    this.lastAdjustment = { kind, offset };
    if (kind === "panic") {
      this.variables = { ...this.variables, syncState: "spike", offset };
      return;
    }
    const samples = tracks.reduce((sum, track) => sum + track.samples.length, 0);
    if (samples < samplesMin) return;
    const leaps = used.map(({ source }) => source.last?.leap ?? 0);
    this.variables = this.#synchronized(peer, found, offset, at, seconds, leaps);
  }

  /**
   * Polls come less and less often, the longer a source is known; but not so seldom that the
   * oscillator's wandering hides what a sample could say.
   */
  #suggestPoll(association: Association, found: Estimate | undefined, seconds: number): void {
    const track = this.#tracks.get(association);
    if (track === undefined) return;
    const rate = association.quick ? pollGrowth * afterBurst : pollGrowth;
    const growth = rate * Math.sqrt(Math.max(0, seconds - track.since));
    const known = found !== undefined && track.samples.length >= pollLearnMin;
    association.poll.suggest(
      known ? Math.min(growth, wandering(track.deviation / found.wander)) : growth,
    );
  }

  #synchronized(
    { source }: Chimer<Association>,
    found: Estimate,
    offset: number,
    at: Raw,
    seconds: number,
    leaps: readonly number[],
  ): SystemVariables {
    const packet = source.last;
    const filter = source.filter.state(seconds, found.frequency);
    const dispersion =
      (packet?.rootDispersion ?? 0) +
      Math.max(MINDISP / 5, found.offsetError + Math.abs(offset) + (filter?.jitter ?? 0));
    return {
      synchronized: true,
      syncState: "clock-synchronized",
      leap: this.#leap.announced(majorityLeap(leaps), this.#clock.cook(at)),
      stratum: (packet?.stratum ?? MAXSTRAT - 1) + 1,
      referenceId: referenceIdOf(source.settings.address),
      referenceTime: this.#clock.cook(at),
      rootDelay: (packet?.rootDelay ?? 0) + (filter?.best.delay ?? 0),
      rootDispersion: dispersion,
      offset,
      systemPeer: source,
    };
  }

  /** The leap second that was announced has been gone through. */
  leapt(): void {
    if (this.variables.leap !== LEAP_UNKNOWN) this.variables = { ...this.variables, leap: 0 };
  }

  /** While its source is only in doubt, the clock goes on as it is, and so does what it says. */
  #lose(associations: readonly Association[]): void {
    const { systemPeer } = this.variables;
    const there = systemPeer !== undefined && associations.includes(systemPeer);
    if (there && systemPeer.reach > 0) return;
    this.variables = { ...unsynchronizedVariables, offset: this.variables.offset };
    // Nobody is left who could say that it is still so.
    this.#leap.announced(0, noTime);
  }

  /** RFC 5905 section 11.2.1 on those that are fit to be chosen (its accept()). */
  #chimers(
    associations: readonly Association[],
    own: ReadonlySet<number>,
    seconds: number,
  ): readonly Chimer<Association>[] {
    const rejections = new Map<Association, Rejection>();
    const candidates = associations.flatMap((source) => {
      const candidate = this.#candidate(source, own, seconds);
      if (typeof candidate !== "string") return [candidate];
      rejections.set(source, candidate);
      return [];
    });
    this.#rejections = rejections;
    return selectTruechimers(candidates).map(({ source }) => source);
  }

  #candidate(
    source: Association,
    own: ReadonlySet<number>,
    seconds: number,
  ): Candidate<Chimer<Association>> | Rejection {
    const growth = (age: number): number => this.#growth(age);
    const state = source.filter.state(seconds, this.frequency, growth);
    const packet = source.last;
    if (source.reach === 0) return "unreachable";
    if (state === undefined || packet === undefined) return "no-sample";
    if (packet.stratum > 1 && own.has(packet.referenceId)) return "loop";
    if (packet.stratum + 1 >= MAXSTRAT) return "stratum";
    const age = seconds - state.best.time;
    const rootDelay = Math.max(MINDISP, packet.rootDelay + state.best.delay);
    const dispersion = packet.rootDispersion + state.best.dispersion + growth(age);
    const distance = rootDelay / 2 + dispersion + state.jitter;
    if (distance >= this.#bounds.maxDistance) return "distance";
    const offset = state.best.offset + this.frequency * age;
    const jitter = Math.max(state.jitter, 2 ** this.#precision);
    const { prefer } = source.settings;
    const chimer = { source, offset, distance, jitter, stratum: packet.stratum, prefer };
    return { source: chimer, offset, distance };
  }

  /** s by which a sample may have become wrong, by its age. */
  #growth(age: number): number {
    const tolerated = PHI * age;
    if (this.#estimate === undefined) return tolerated;
    const { frequencyError, wander } = this.#estimate;
    return Math.min(tolerated, sure * age * (frequencyError + wander * Math.sqrt(age)));
  }

  #label(
    associations: readonly Association[],
    chimers: readonly Chimer<Association>[],
    survivors: readonly Chimer<Association>[],
    peer: Chimer<Association> | undefined,
  ): void {
    const chiming = new Set(chimers.map(({ source }) => source));
    const surviving = new Set(survivors.map(({ source }) => source));
    this.#selections = new Map(
      associations.map((one): [Association, Selection] => {
        if (one === peer?.source) return [one, "system-peer"];
        if (surviving.has(one)) return [one, "survivor"];
        if (chiming.has(one)) return [one, "outlier"];
        return [one, this.#rejections.has(one) ? "rejected" : "falseticker"];
      }),
    );
  }
}

/** The local clock as the reference: what refclock-master asks for. */
export function localClockVariables(stratum: number, now: Timestamp): SystemVariables {
  return {
    synchronized: true,
    syncState: "clock-synchronized",
    leap: 0,
    stratum,
    referenceId: stratum === 1 ? localIds.text : localIds.address,
    referenceTime: now,
    rootDelay: 0,
    rootDispersion: localDispersion,
    offset: 0,
    systemPeer: undefined,
  };
}

/** s between polls at which the oscillator does not yet hide what a sample could say. */
function wandering(noise: number): number {
  const { factor, power } = pollRestless;
  return Math.max(pollWander * noise, factor * noise ** power);
}
