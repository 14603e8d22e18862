import type { Raw } from "../base/index.ts";
import type { Association } from "./association.ts";
import { LEAP_UNKNOWN, MAXDISP, MAXSTRAT, PHI } from "./constants.ts";
import type { Sample } from "./sample.ts";
import type { AssociationState, SampleState } from "./state.ts";
import { noTime, unfold } from "./time.ts";

const nanosecond = 1e-9;

/** An association as <get> shows it at one moment. */
export function associationState(
  association: Association,
  view: {
    readonly at: Raw;
    readonly seconds: number;
    /** s/s that sources gain on raw time. */
    readonly frequency: number;
    /** s that our clock is ahead of one that was never touched. */
    readonly offsetNow: number;
    readonly selected: AssociationState["selected"];
    readonly rejection: AssociationState["rejection"];
  },
): AssociationState {
  const { settings, last, times } = association;
  const filter = association.filter.state(view.seconds, view.frequency);
  const since = (at: Raw): number => Number(view.at - at) * nanosecond;
  const shown = (sample: Sample): SampleState => {
    const age = view.seconds - sample.time;
    return {
      age,
      offset: sample.offset + view.frequency * age - view.offsetNow,
      delay: sample.delay,
      dispersion: sample.dispersion + PHI * age,
    };
  };
  return {
    address: settings.address,
    mode: association.mode,
    configured: association.configured,
    leap: last?.leap ?? LEAP_UNKNOWN,
    precision: last?.precision ?? 0,
    stratum: last?.stratum ?? MAXSTRAT,
    referenceId: last?.referenceId ?? 0,
    keyId: settings.keyId,
    prefer: settings.prefer,
    interface: settings.interface,
    interleaved: association.interleaved,
    burst: settings.burst,
    iburst: settings.iburst,
    reach: association.reach,
    unreach: association.unreach,
    poll: association.poll.exponent,
    minpoll: settings.minpoll,
    maxpoll: settings.maxpoll,
    port: settings.port,
    version: settings.version,
    offset: filter ? shown(filter.best).offset : 0,
    delay: filter?.best.delay ?? 0,
    dispersion: filter?.dispersion ?? MAXDISP,
    jitter: filter?.jitter ?? 0,
    rootDelay: last?.rootDelay ?? 0,
    rootDispersion: last?.rootDispersion ?? 0,
    referenceTime: last?.referenceTime ? unfold(last.referenceTime, times.input) : noTime,
    originTime: times.origin,
    receiveTime: times.receive,
    transmitTime: times.transmit,
    inputTime: times.input,
    now: association.heardAt === undefined ? undefined : since(association.heardAt),
    selected: view.selected,
    rejection: view.rejection,
    statistics: association.traffic.statistics,
    reachHistory: association.reachHistory,
    lastDrop: association.lastDrop,
    samples: association.filter.samples.toReversed().map(shown),
  };
}

/** Whether it is what is shown so. */
export function isStateOf({ settings, mode, configured }: Shown, state: AssociationState): boolean {
  return (
    settings.address === state.address &&
    settings.interface === state.interface &&
    mode === state.mode &&
    configured === state.configured
  );
}

/** By what an association, or one that only speaks, is known. */
type Shown = Pick<Association, "mode" | "configured"> & {
  readonly settings: Pick<Association["settings"], "address" | "interface">;
};
