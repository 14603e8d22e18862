import { assert, type Random, type Raw } from "../base/index.ts";
import { type AccessList, accessOf, compileAccess } from "./access.ts";
import { addressOctets } from "./address.ts";
import type { Association, Surroundings } from "./association.ts";
import { associationState } from "./association-state.ts";
import { SoftwareClock, type SoftwareClockOptions } from "./clock.ts";
import type { KeyConfig, NtpConfig, PolicyConfig } from "./config.ts";
import { PHI } from "./constants.ts";
import { Counts } from "./counts.ts";
import type { OwnHeader } from "./exchange.ts";
import { SyncHistory } from "./history.ts";
import type {
  DropReason,
  InDatagram,
  NameAnswer,
  NetworkInterface,
  NtpEffect,
  NtpEvent,
  ServerCounters,
  ServerSockets,
  Transmitted,
} from "./io.ts";
import { compileKeys } from "./key-table.ts";
import { LeapSecond } from "./leap.ts";
import { Ourselves } from "./ourselves.ts";
import { addressFault, deafOf, manycastGroups, socketsOf } from "./plan.ts";
import { defaultPolicy } from "./policy.ts";
import { after } from "./poll.ts";
import { isQuery, Queries } from "./queries.ts";
import { Roles } from "./roles.ts";
import { boundInterface } from "./sessions.ts";
import type { AssociationState, NtpState } from "./state.ts";
import { type Bounds, localClockVariables, SystemProcess, type SystemVariables } from "./system.ts";
import { difference, type Timestamp } from "./time.ts";
import type { Keys } from "./trailer.ts";
import { UndisciplinedClock } from "./undisciplined.ts";

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

/** s between two looks at the local clock as a reference: its reference time goes on. */
const localInterval = 16;
const noRules = compileAccess([]);
const noKeys: Keys = new Map();

/** The NTP engine: configuration, datagrams and time in, effects out. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #clock: SoftwareClock;
  readonly #system: SystemProcess;
  readonly #roles: Roles;
  readonly #counts: Counts;
  readonly #history = new SyncHistory();
  #config: NtpConfig | undefined;
  #keys: Keys = noKeys;
  #keyList: readonly KeyConfig[] = [];
  #local: SystemVariables | undefined;
  #localAt: Raw | undefined;
  #tokens = 0;
  #effects: NtpEffect[] = [];
  #changed = false;
  #wasSynchronized = false;
  #panicked = false;
  readonly #queries = new Queries();
  readonly #leap = new LeapSecond();
  readonly #own = new Ourselves();
  readonly #reference: UndisciplinedClock;
  #leapAt: Raw | undefined;
  /** What the clock followed when it was last looked at. */
  #followed: Association | undefined;
  #seed: number | undefined;
  #access: AccessList = noRules;
  #deaf: readonly string[] = [];

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#clock = new SoftwareClock(options.clock);
    this.#reference = new UndisciplinedClock(options.clock);
    const undisciplined = (at: Raw): Timestamp => this.#reference.time(at);
    const { precision, clock } = options;
    const drift = clock.drift === undefined ? undefined : clock.frequencyError + clock.drift;
    const how = { precision, bounds: this.#bounds(), leap: this.#leap, drift };
    this.#system = new SystemProcess(this.#clock, undisciplined, how);
    this.#counts = new Counts(options.clock.now);
    this.#roles = new Roles({
      surroundings: this.#surroundings(),
      emit: (effect) => this.#effects.push(effect),
      removed: (association) => this.#system.remove(association),
    });
  }

  /** Checks a configuration and makes it ready; nothing has changed before `apply`. */
  prepare(config: NtpConfig | undefined, _at: Raw): EnginePlan {
    const keys = compileKeys(config?.keys ?? [], (id) => this.#counts.key(id));
    if ("fault" in keys) throw new EngineRefusal(keys.fault);
    const fault = config && addressFault(config);
    if (fault !== undefined) throw new EngineRefusal(fault);
    let done = false;
    const once = (): void => {
      assert(!done, "a plan is applied or aborted once");
      done = true;
    };
    return {
      sockets: config && socketsOf(config),
      apply: (at) => {
        once();
        return this.#apply(config, keys as Keys, at);
      },
      abort: once,
    };
  }

  /** The kernel's interfaces as they are now: roles on them start and stop. */
  interfaces(list: readonly NetworkInterface[], at: Raw): readonly NtpEffect[] {
    this.#own.interfaces(list);
    this.#roles.interfaces(list, at);
    this.#changed = true;
    this.#update(at);
    return this.#flush(at);
  }

  /** What came of a "resolve-name": associations follow the addresses. */
  resolved(answer: NameAnswer, at: Raw): readonly NtpEffect[] {
    this.#roles.resolved(answer, at);
    this.#update(at);
    return this.#flush(at);
  }

  received(datagram: InDatagram, at: Raw): readonly NtpEffect[] {
    this.#counts.received();
    const refused = this.#refusal(datagram);
    if (refused === undefined) {
      if (isQuery(datagram)) this.#query(datagram, at);
      else this.#hear(datagram, at);
    } else {
      this.#drop(refused, datagram, at);
      this.#roles.refuse(datagram, refused);
    }
    return this.#flush(at);
  }

  transmitted({ token, at }: Transmitted): void {
    this.#roles.transmitted(token, at);
  }

  timer(at: Raw): readonly NtpEffect[] {
    this.#counts.sent(this.#roles.timer(at));
    this.#update(at);
    return this.#flush(at);
  }

  get wakeAt(): Raw | undefined {
    return earlier(earlier(this.#roles.wakeAt, this.#localAt), this.#leapAt);
  }

  /** What the responder has counted since it started. */
  counters(counters: ServerCounters): void {
    this.#counts.responder(counters);
  }

  resetStatistics(target: AssociationState | "all", at: Raw): void {
    const now = this.now(at);
    this.#roles.resetStatistics(target, now);
    if (target === "all") this.#counts.reset(now);
  }

  state(at: Raw): NtpState {
    const system = this.#variables;
    const { synchronized, syncState, leap, stratum, referenceId, referenceTime, systemPeer } =
      system;
    const view = { seconds: this.#reference.seconds(at), frequency: this.#system.frequency, at };
    const offsetNow = difference(this.#clock.cook(at), this.#reference.time(at));
    return {
      synchronized,
      syncState,
      leap,
      stratum,
      systemPeer: systemPeer && {
        address: systemPeer.settings.address,
        dynamic: !systemPeer.configured,
      },
      referenceId,
      precision: this.#options.precision,
      offset: system.offset,
      rootDelay: system.rootDelay,
      rootDispersion: this.#rootDispersion(at),
      referenceTime,
      frequency: this.#options.clock.frequencyError - this.#clock.frequency,
      associations: [
        ...this.#roles.associations.map((one) =>
          associationState(one, { ...view, offsetNow, ...this.#system.choice(one) }),
        ),
        ...this.#roles.senderStates(),
      ],
      rings: this.#roles.ringStates((one) => this.#system.selection(one)),
      names: this.#roles.names,
      dynamicSessions: this.#roles.dynamicSessions,
      dynamicSessionsRefused: this.#roles.refused,
      ...this.#counts.state,
      history: this.#history.changes,
    };
  }

  /** NTP time as the engine has it. */
  now(at: Raw): Timestamp {
    return this.#clock.cook(at);
  }

  get #variables(): SystemVariables {
    const { variables } = this.#system;
    const local = this.#local;
    if (local === undefined || local.stratum > 15) return variables;
    return variables.synchronized && variables.stratum <= local.stratum ? variables : local;
  }

  #apply(config: NtpConfig | undefined, keys: Keys, at: Raw): readonly NtpEffect[] {
    this.#config = config;
    const { discard, kissOfDeath, interleaved } = this.#policy;
    const remembers = discard !== undefined || kissOfDeath || interleaved;
    if (remembers) this.#seed ??= randomSeed(this.#options.random);
    this.#access = compileAccess(config?.accessRules ?? []);
    this.#deaf = deafOf(config);
    this.#keys = keys;
    this.#keyList = config?.keys ?? [];
    this.#counts.keep(new Set(this.#keyList.map(({ id }) => id)));
    const master = config?.refclockMaster;
    this.#localAt = master && at;
    if (master === undefined) this.#local = undefined;
    this.#roles.configure(config, at);
    this.#changed = true;
    this.#update(at);
    return this.#flush(at);
  }

  #query(datagram: InDatagram, at: Raw): void {
    const { addresses: own } = this.#own;
    const rules = { enabled: this.#policy.controlQueries, access: this.#access, own };
    const view = () => ({ state: this.state(at), now: this.now(at) });
    const replies = this.#queries.answer(datagram, rules, at, view);
    if (typeof replies === "string") {
      this.#drop(replies, datagram, at);
      return;
    }
    const { socket, from: to, fromPort: port, interface: name } = datagram;
    this.#counts.sent(replies.length);
    for (const bytes of replies) {
      const token = ++this.#tokens;
      const on = boundInterface(to, name);
      const how = { socket, to, port, interface: on, ttl: undefined, bytes, token };
      this.#effects.push({ kind: "send", ...how });
    }
  }

  /** Whom we do not listen to at all. RFC 9249: time is taken from where peer access is given. */
  #refusal(datagram: InDatagram): DropReason | undefined {
    const { from, fromPort, interface: name } = datagram;
    if (name !== undefined && this.#deaf.includes(name)) return "interface-disabled";
    // Who may ask has rules of its own.
    if (isQuery(datagram)) return undefined;
    const octets = addressOctets(from);
    if (octets === undefined) return "malformed";
    // On this host, but on another port, is another daemon.
    if (fromPort === this.#config?.port && this.#own.has(from)) return "loop";
    return accessOf(this.#access, octets) === "peer" ? undefined : "access-denied";
  }

  #hear(datagram: InDatagram, at: Raw): void {
    const outcome = this.#roles.receive(datagram, at);
    if (outcome.kind === "dropped") {
      this.#drop(outcome.reason, datagram, at);
      if (outcome.keyId !== undefined) {
        const { keyId } = outcome;
        this.#tell({ kind: "authentication-failure", address: datagram.from, keyId });
      }
    } else if (outcome.kind === "sample") {
      const { association, samples, anew } = outcome;
      if (anew) this.#system.remove(association);
      for (const sample of samples) this.#system.add(association, sample);
      this.#select(at);
    }
  }

  /** What time alone changes: sources that are gone, the local clock's reference time. */
  #update(at: Raw): void {
    const master = this.#config?.refclockMaster;
    if (master !== undefined && this.#localAt !== undefined && at >= this.#localAt) {
      this.#local = localClockVariables(master.stratum, this.#clock.cook(at));
      this.#localAt = after(at, localInterval);
      this.#changed = true;
    }
    if (this.#roles.takeLosses()) this.#select(at);
    this.#goThroughLeap(at);
  }

  /** The clock and what the sources are compared with move together, so no offset comes of it. */
  #goThroughLeap(at: Raw): void {
    const time = this.#clock.cook(at);
    const moved = this.#leap.take(time);
    const remaining = this.#leap.remaining(time);
    this.#leapAt = remaining === undefined ? undefined : after(at, Math.max(remaining, 0.0001));
    if (moved === 0) return;
    this.#clock.step(at, this.#clock.frequency, moved);
    this.#reference.leap(moved);
    this.#system.leapt();
    this.#changed = true;
    const reason = moved < 0 ? "a leap second was inserted" : "a leap second was left out";
    this.#history.add({ time: this.#clock.cook(at), kind: "leap-second", offset: 0, reason });
    this.#tell({ kind: "warning", message: reason });
  }

  #select(at: Raw): void {
    this.#system.update(this.#roles.associations, this.#own.ids, at, this.#reference.seconds(at));
    this.#changed = true;
    this.#goThroughLeap(at);
  }

  #flush(at: Raw): readonly NtpEffect[] {
    this.#tellChanges(at);
    if (this.#changed) this.#publish(at);
    this.#changed = false;
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** What has changed in what the clock follows: into the history, and told. */
  #tellChanges(at: Raw): void {
    const { synchronized, stratum, systemPeer, offset } = this.#variables;
    const time = this.#clock.cook(at);
    this.#tellAdjustment(time);
    const source = systemPeer?.settings.address;
    const why = (): string => this.#lossReason();
    const lost = this.#history.look({ synchronized, stratum, source }, { time, offset }, why);
    this.#followed = systemPeer;
    if (synchronized === this.#wasSynchronized) return;
    this.#wasSynchronized = synchronized;
    this.#tell({
      kind: "clock-state",
      from: synchronized ? "unsynchronized" : "synchronized",
      to: synchronized ? "synchronized" : "unsynchronized",
      reason: lost?.reason ?? "",
    });
  }

  /** Steps, and offsets that were not believed: these once until others are. */
  #tellAdjustment(time: Timestamp): void {
    const adjustment = this.#system.lastAdjustment;
    if (adjustment === undefined) return;
    this.#system.lastAdjustment = undefined;
    const { kind, offset } = adjustment;
    const away = `${Math.abs(offset).toFixed(6)} s ${offset > 0 ? "behind" : "ahead"}`;
    if (kind === "step") {
      const reason = `the clock was ${away}, and was set`;
      this.#history.add({ time, kind: "stepped", offset, reason });
    } else if (kind === "panic" && !this.#panicked) {
      const { panicThreshold: threshold = 0 } = this.#policy;
      const reason = `the clock is said to be ${away}, more than panic-threshold ${threshold} s`;
      this.#history.add({ time, kind, offset, reason });
      this.#tell({ kind, offset, threshold });
    }
    this.#panicked = kind === "panic";
  }

  /** Why the clock follows nothing any more, for a person. */
  #lossReason(): string {
    if (this.#config === undefined) return "NTP is no longer configured";
    const lost = this.#followed;
    if (lost === undefined) return "the local clock is no longer the reference";
    const { address } = lost.settings;
    if (!this.#roles.associations.includes(lost)) return `${address} is no longer a source`;
    if (lost.reach > 0) return "the sources do not agree any more";
    const { lastDrop } = lost;
    if (lastDrop === undefined) return `${address} does not answer any more`;
    return `${address} gives no time any more; its last packet was dropped: ${lastDrop.reason}`;
  }

  #publish(at: Raw): void {
    const system = this.#variables;
    const config = this.#config;
    this.#own.say(system);
    this.#effects.push({
      kind: "publish",
      snapshot: {
        serving: config !== undefined,
        port: config?.port ?? 0,
        leap: system.leap,
        stratum: system.stratum,
        precision: this.#options.precision,
        rootDelay: system.rootDelay,
        rootDispersion: this.#rootDispersion(at),
        referenceId: system.referenceId,
        referenceTime: system.referenceTime,
        ...this.#clock.rebased(at),
        keys: this.#keyList,
        manycast: config === undefined ? [] : manycastGroups(config),
        ownReferenceIds: [...this.#own.ids],
        accessRules: config?.accessRules ?? [],
        policy: this.#policy,
        deaf: this.#deaf,
        seed: this.#seed ?? 0,
      },
    });
  }

  #rootDispersion(at: Raw): number {
    const { synchronized, rootDispersion, referenceTime } = this.#variables;
    if (!synchronized) return 0;
    return rootDispersion + Math.max(0, difference(this.#clock.cook(at), referenceTime)) * PHI;
  }

  #drop(reason: DropReason, { from: address }: InDatagram, at: Raw): void {
    this.#counts.dropped({ time: this.#clock.cook(at), reason, address });
  }

  #tell(event: NtpEvent): void {
    this.#effects.push({ kind: "event", event });
  }

  #surroundings(): Surroundings {
    const engine = this;
    return {
      random: this.#options.random,
      precision: this.#options.precision,
      get keys() {
        return engine.#keys;
      },
      get authEnabled() {
        return engine.#config?.authEnabled ?? false;
      },
      seconds: (at) => this.#reference.seconds(at),
      undisciplined: (at) => this.#reference.time(at),
      now: (at) => this.#clock.cook(at),
      frequency: () => this.#system.frequency,
      own: () => this.#ownHeader(),
      nextToken: () => ++this.#tokens,
      isOurselves: (packet) => this.#own.said(packet),
      isLeaping: (at) => this.#leap.isClose(this.#clock.cook(at)),
      get maxDistance() {
        return engine.#policy.maxDistance;
      },
      get dynamicAuthentication() {
        return engine.#policy.dynamicAuthentication;
      },
    };
  }

  #bounds(): Bounds {
    const engine = this;
    return {
      get maxDistance() {
        return engine.#policy.maxDistance;
      },
      get stepThreshold() {
        return engine.#policy.stepThreshold;
      },
      get panicThreshold() {
        return engine.#policy.panicThreshold;
      },
    };
  }

  get #policy(): PolicyConfig {
    return this.#config?.policy ?? defaultPolicy;
  }

  #ownHeader(): OwnHeader {
    const { leap, stratum, rootDelay, rootDispersion, referenceId, referenceTime } =
      this.#variables;
    const { precision } = this.#options;
    return { leap, stratum, precision, rootDelay, rootDispersion, referenceId, referenceTime };
  }
}

/** 32 bits that nobody outside can know. */
function randomSeed(random: Random): number {
  return random.bytes(4).reduce((bits, octet) => ((bits << 8) | octet) >>> 0, 0);
}

function earlier(a: Raw | undefined, b: Raw | undefined): Raw | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b < a ? b : a;
}
