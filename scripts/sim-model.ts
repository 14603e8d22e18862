import type { Raw } from "../src/base/index.ts";
import {
  compileSnapshot,
  defaultPolicy,
  Engine,
  type InDatagram,
  type NtpConfig,
  type NtpEffect,
  type OutDatagram,
  respond,
  type ServerSnapshot,
  type Timestamp,
} from "../src/ntp/index.ts";
import { SeededRandom } from "../test/random.ts";
import { EventQueue } from "../test/sim/queue.ts";

// One run of the engine in one regime: the model of the bench's README, section by section.

export interface PollLimits {
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly iburst: boolean;
}

export interface PathModel {
  readonly base_s: number;
  readonly jitter?: {
    readonly distribution: "exponential" | "normal";
    readonly scale_s: number;
  } | null;
  readonly spike?: { readonly probability: number; readonly factor: number } | null;
  readonly congestion?: {
    readonly period_s: number;
    readonly start_s: number;
    readonly factor: number;
  } | null;
  readonly steps?:
    | readonly {
        readonly from_s: number;
        readonly to_s: number;
        readonly add_s: number;
      }[]
    | null;
  readonly loss?: number | null;
}

export interface Regime {
  readonly name: string;
  readonly about?: string;
  readonly duration_s: number;
  readonly measure_from_s: number;
  readonly settle_limit_s: number;
  readonly settle_hold_s: number;
  readonly client: {
    readonly initial_offset_s: number;
    readonly initial_frequency: number;
    readonly wander: number;
  };
  readonly servers: readonly {
    readonly clock_offset_s: number;
    readonly request: PathModel;
    readonly response: PathModel;
  }[];
}

/** s, except for `packets`; `settle` is undefined where the run never settled. */
export interface Figures {
  readonly rms: number;
  readonly max: number;
  readonly p99: number;
  readonly mean: number;
  readonly settle: number | undefined;
  readonly freqRms: number;
  readonly packets: number;
}

const ns = 1e9;
const epoch = 3_900_000_000n << 32n;
const port = 123;

/** One direction of a path: each kind of chance from its own stream. */
class Path {
  readonly #model: PathModel;
  readonly #jitter: SeededRandom;
  readonly #spike: SeededRandom;
  readonly #loss: SeededRandom;

  constructor(model: PathModel, seed: number, stream: number) {
    this.#model = model;
    this.#jitter = new SeededRandom(seed, stream);
    this.#spike = new SeededRandom(seed, stream + 1);
    this.#loss = new SeededRandom(seed, stream + 2);
  }

  /** s that a packet sent at `t` takes; undefined: it is lost. */
  delay(t: number): number | undefined {
    const { base_s, jitter, spike, congestion, steps, loss } = this.#model;
    let delay = base_s;
    for (const step of steps ?? []) {
      if (step.from_s <= t && t < step.to_s) delay += step.add_s;
    }
    let noise = 0;
    if (jitter) {
      const random = this.#jitter;
      const normal = (): number => Math.min(4, Math.max(-4, random.normal()));
      noise = jitter.scale_s * (jitter.distribution === "normal" ? normal() : random.exponential());
    }
    if (spike && this.#spike.fraction() < spike.probability) noise *= spike.factor;
    if (congestion && t % congestion.period_s >= congestion.start_s) noise *= congestion.factor;
    const lost = this.#loss.fraction() < (loss ?? 0);
    return lost ? undefined : delay + noise;
  }
}

interface Server {
  readonly address: string;
  readonly octets: Uint8Array;
  readonly offset: number;
  readonly request: Path;
  readonly response: Path;
}

type Happening =
  | { readonly kind: "request"; readonly server: Server; readonly out: OutDatagram }
  | {
      readonly kind: "response";
      readonly server: Server;
      readonly socket: number;
      readonly bytes: Uint8Array;
    };

/** The client, its oscillator and the network. */
class Run {
  readonly #regime: Regime;
  readonly #servers: readonly Server[];
  readonly #oscillator: SeededRandom;
  readonly #engine: Engine;
  readonly #queue = new EventQueue<Happening>();
  #frequency: number;
  /** The oscillator at the last tick, ns, and that tick. */
  #tickRaw = 0;
  #tick = 0;
  #snapshot: ServerSnapshot | undefined;
  #packets = 0;

  constructor(regime: Regime, poll: PollLimits, seed: number) {
    this.#regime = regime;
    this.#frequency = regime.client.initial_frequency;
    this.#oscillator = new SeededRandom(seed, 1);
    this.#servers = regime.servers.map((model, i) => ({
      address: `192.0.2.${i + 1}`,
      octets: Uint8Array.of(192, 0, 2, i + 1),
      offset: model.clock_offset_s,
      request: new Path(model.request, seed, 100 + i * 10),
      response: new Path(model.response, seed, 105 + i * 10),
    }));
    const start = (epoch + seconds(regime.client.initial_offset_s)) as Timestamp;
    this.#engine = new Engine({
      random: new SeededRandom(seed, 2),
      clock: { at: 0n as Raw, now: start, frequencyError: 0 },
      precision: -25,
    });
    const plan = this.#engine.prepare(configuration(this.#servers, poll), 0n as Raw);
    this.#perform(plan.apply(0n as Raw), 0);
  }

  figures(): Figures {
    const { duration_s, measure_from_s } = this.#regime;
    const errors = new Float64Array(duration_s);
    const rates: number[] = [];
    for (let k = 0; k < duration_s; k++) {
      this.#oscillate(k);
      errors[k] = Number(this.#engine.now(this.#raw(k)) - epoch - seconds(k)) / 2 ** 32;
      if (k >= measure_from_s) rates.push(this.#rate(k));
      this.#happen(k + 1);
    }
    const window = errors.subarray(measure_from_s);
    const sorted = window.map(Math.abs).sort();
    return {
      rms: rms(window),
      max: sorted.at(-1) ?? 0,
      p99: sorted[Math.ceil(0.99 * sorted.length) - 1] ?? 0,
      mean: window.reduce((sum, e) => sum + e, 0) / window.length,
      settle: settleTime(errors, this.#regime),
      freqRms: rms(rates),
      packets: this.#packets,
    };
  }

  #oscillate(k: number): void {
    this.#tickRaw += (k - this.#tick) * (1 + this.#frequency) * ns;
    this.#tick = k;
    this.#frequency += this.#regime.client.wander * this.#oscillator.normal();
  }

  #raw(t: number): Raw {
    return BigInt(Math.round(this.#tickRaw + (t - this.#tick) * (1 + this.#frequency) * ns)) as Raw;
  }

  #rate(k: number): number {
    const { frequency, slew, slewUntil } = this.#snapshot ?? {
      frequency: 0,
      slew: 0,
      slewUntil: 0n,
    };
    const set = frequency + (this.#raw(k) < slewUntil ? slew : 0);
    return (1 + this.#frequency) * (1 + set) - 1;
  }

  /** All that happens before a moment, in order. */
  #happen(end: number): void {
    for (;;) {
      const timer = this.#timer();
      const event = this.#queue.nextAt ?? Number.POSITIVE_INFINITY;
      if (Math.min(timer, event) >= end) return;
      if (timer <= event) {
        const due = this.#engine.wakeAt ?? this.#raw(timer);
        this.#perform(this.#engine.timer(due), timer);
      } else {
        const happening = this.#queue.pop();
        if (happening?.kind === "request") this.#serve(happening.server, happening.out, event);
        else if (happening?.kind === "response") this.#deliver(happening, event);
      }
    }
  }

  /** True time at which the engine wants to be woken. */
  #timer(): number {
    const { wakeAt } = this.#engine;
    if (wakeAt === undefined) return Number.POSITIVE_INFINITY;
    const ahead = (Number(wakeAt) - this.#tickRaw) / ns / (1 + this.#frequency);
    return Math.max(this.#tick + ahead, this.#tick);
  }

  #perform(effects: readonly NtpEffect[], t: number): void {
    for (const effect of effects) {
      if (effect.kind === "publish") this.#snapshot = effect.snapshot;
      if (effect.kind !== "send") continue;
      this.#packets++;
      const server = this.#servers.find(({ address }) => address === effect.to);
      const delay = server?.request.delay(t);
      if (server === undefined || delay === undefined) continue;
      this.#queue.push(t + delay, { kind: "request", server, out: effect });
    }
  }

  #serve(server: Server, out: OutDatagram, t: number): void {
    const delay = server.response.delay(t);
    if (delay === undefined) return;
    const bytes = answer(server, out.bytes, t);
    this.#queue.push(t + delay, { kind: "response", server, socket: out.socket, bytes });
  }

  #deliver({ server, socket, bytes }: Extract<Happening, { kind: "response" }>, t: number): void {
    const received = this.#raw(t);
    const datagram: InDatagram = {
      socket,
      bytes,
      from: server.address,
      fromPort: port,
      to: undefined,
      interface: undefined,
      received,
    };
    this.#perform(this.#engine.received(datagram, received), t);
  }
}

export function simulate(regime: Regime, poll: PollLimits, seed: number): Figures {
  return new Run(regime, poll, seed).figures();
}

/** The reply of a server whose clock is true time and a constant, by our own responder. */
function answer(server: Server, request: Uint8Array, t: number): Uint8Array {
  const base = (epoch + seconds(t + server.offset)) as Timestamp;
  const snapshot = compileSnapshot({
    serving: true,
    port,
    leap: 0,
    stratum: 1,
    precision: -25,
    rootDelay: 0,
    rootDispersion: 0,
    referenceId: 0x47505300,
    referenceTime: (base - (1n << 32n)) as Timestamp,
    base,
    baseRaw: 0n as Raw,
    frequency: 0,
    slew: 0,
    slewUntil: 0n as Raw,
    keys: [],
    manycast: [],
    ownReferenceIds: [],
    accessRules: [],
    policy: defaultPolicy,
    deaf: [],
    seed: 0,
  });
  const arrival = {
    raw: 0,
    from: server.octets,
    fromPort: 40_000,
    to: undefined,
    interface: undefined,
  };
  const reply = new Uint8Array(48);
  respond(snapshot, request, request.length, arrival, reply, () => 0);
  return reply;
}

function configuration(servers: readonly Server[], poll: PollLimits): NtpConfig {
  return {
    port,
    refclockMaster: undefined,
    authEnabled: false,
    keys: [],
    maxDynamicSessions: 100,
    unicast: servers.map(({ address }) => ({
      address,
      type: "server",
      keyId: undefined,
      prefer: false,
      burst: false,
      iburst: poll.iburst,
      source: undefined,
      minpoll: poll.minpoll,
      maxpoll: poll.maxpoll,
      port,
      version: 4,
    })),
    interfaces: [],
    accessRules: [],
    policy: defaultPolicy,
  };
}

function seconds(value: number): bigint {
  const whole = Math.floor(value);
  return (BigInt(whole) << 32n) + BigInt(Math.round((value - whole) * 2 ** 32));
}

function rms(values: Float64Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

function settleTime(
  errors: Float64Array,
  { settle_limit_s, settle_hold_s }: Regime,
): number | undefined {
  let since = 0;
  for (let k = 0; k < errors.length; k++) {
    if (Math.abs(errors[k] ?? 0) >= settle_limit_s) since = k + 1;
    else if (k + 1 - since >= settle_hold_s) return since;
  }
  return undefined;
}
