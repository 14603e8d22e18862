import type { Random, Raw } from "../base/index.ts";
import type { SoftwareClockOptions } from "./clock.ts";
import type { NtpConfig } from "./config.ts";
import type {
  InDatagram,
  NetworkInterface,
  NtpEffect,
  ServerCounters,
  ServerSockets,
  Transmitted,
} from "./io.ts";
import type { AssociationState, NtpState } from "./state.ts";
import type { Timestamp } from "./time.ts";

export interface EngineOptions {
  readonly random: Random;
  readonly clock: SoftwareClockOptions;
  /** log2 s */
  readonly precision: number;
}

/** A configuration made ready. One of `apply` and `abort` is called, once; neither can fail. */
export interface EnginePlan {
  /** What is to be served; undefined: nothing, there is no /ntp. */
  readonly sockets: ServerSockets | undefined;
  apply(at: Raw): readonly NtpEffect[];
  abort(): void;
}

/** A configuration that the engine cannot run, in words for whoever wrote it. */
export class EngineRefusal extends Error {}

export declare class Engine {
  constructor(options: EngineOptions);
  prepare(config: NtpConfig | undefined, at: Raw): EnginePlan;
  interfaces(list: readonly NetworkInterface[], at: Raw): readonly NtpEffect[];
  received(datagram: InDatagram, at: Raw): readonly NtpEffect[];
  transmitted(transmitted: Transmitted): void;
  timer(at: Raw): readonly NtpEffect[];
  get wakeAt(): Raw | undefined;
  counters(counters: ServerCounters): void;
  resetStatistics(target: AssociationState | "all", at: Raw): void;
  state(at: Raw): NtpState;
  now(at: Raw): Timestamp;
}
