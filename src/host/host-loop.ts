import type { AgentLoop, Effect, Event } from "../agent/index.ts";
import type { Raw } from "../base/index.ts";
import type { NameQuery, ServerCounters, ServerSnapshot } from "../ntp/index.ts";
import type { Log } from "./log.ts";
import type { HostClock } from "./raw-clock.ts";
import type { Sockets } from "./sockets.ts";

/** The sessions' side of the world, as the loop needs it. */
export interface SessionsDoor {
  write(channel: number, bytes: Uint8Array): void;
  /** `refusal`: there never was a session, and why. */
  end(channel: number, refusal?: string): void;
}

/** The connections that the agent asks for. */
export interface CallsDoor {
  call(effect: Extract<Effect, { readonly kind: "call" }>): void;
  end(call: number): void;
}

/** Names that the agent wants the addresses of. */
export interface NamesDoor {
  resolve(query: NameQuery): void;
}

export interface LoopOptions {
  readonly agent: AgentLoop;
  readonly clock: HostClock;
  readonly sockets: Sockets;
  readonly sessions: SessionsDoor;
  readonly calls: CallsDoor;
  readonly names: NamesDoor;
  readonly log: Log;
  /** Called when the engine's clock was steered. */
  readonly published?: (snapshot: ServerSnapshot) => void;
}

const millisecond = 1_000_000n;
const timerMaxMs = 2 ** 31 - 1;
/** What SSH takes in one packet (RFC 4253 section 6.1). */
const packetOctets = 32_768;

/**
 * Hands the agent its events one after the other, and does what it answers. What an effect brings
 * about waits until the effects before it are done.
 */
export class HostLoop {
  readonly #options: LoopOptions;
  readonly #queue: Event[] = [];
  #busy = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAt: Raw | undefined;
  #counters: ServerCounters | undefined;
  #stopped = false;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    const { agent, clock } = this.#options;
    this.#busy = true;
    this.#performAll(agent.start(clock.now()));
    this.#run();
  }

  post(event: Event): void {
    if (this.#stopped) return;
    this.#queue.push(event);
    if (!this.#busy) this.#run();
  }

  /** The last event, and then none. */
  stop(): void {
    this.post({ kind: "shutdown", at: this.#options.clock.now() });
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    this.#busy = true;
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
      if (event.kind === "session-bytes") this.#freshCounters();
      this.#handle(event);
    }
    this.#busy = false;
    this.#setTimer();
  }

  #handle(event: Event): void {
    const { agent, log } = this.#options;
    try {
      this.#performAll(agent.handle(event));
    } catch (error) {
      // A bug of ours. One event is lost; the others need not be.
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log("error", `failed on an event: ${event.kind}`, { stack });
    }
  }

  #performAll(effects: readonly Effect[]): void {
    for (const effect of joined(effects)) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    const { sockets, sessions, log, clock } = this.#options;
    switch (effect.kind) {
      case "send-bytes":
        sessions.write(effect.channel, effect.bytes);
        break;
      case "close-session":
        sessions.end(effect.channel, effect.refusal);
        break;
      case "log":
        log(effect.level, effect.message, effect.fields);
        break;
      case "call":
        this.#options.calls.call(effect);
        break;
      case "end-call":
        this.#options.calls.end(effect.call);
        break;
      case "resolve-name":
        this.#options.names.resolve(effect);
        break;
      default: {
        if (effect.kind === "publish") this.#options.published?.(effect.snapshot);
        const transmitted = sockets.perform(effect);
        if (transmitted === undefined) break;
        // Before anything that may be the answer to it.
        this.#queue.unshift({ kind: "transmitted", at: clock.now(), transmitted });
      }
    }
  }

  /** A manager that asks now sees what the responder has done up to now. */
  #freshCounters(): void {
    const counters = this.#options.sockets.counters();
    if (counters === this.#counters) return;
    this.#counters = counters;
    this.#handle({ kind: "server-counters", at: this.#options.clock.now(), counters });
  }

  #setTimer(): void {
    const { wakeAt } = this.#options.agent;
    if (this.#stopped || wakeAt === this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = wakeAt;
    if (wakeAt === undefined) return;
    const left = Number((wakeAt - this.#options.clock.now()) / millisecond);
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(left, 0), timerMaxMs));
  }

  #wake(): void {
    const now = this.#options.clock.now();
    const due = this.#timerAt;
    this.#timerAt = undefined;
    // Node counts whole milliseconds, and the raw clock runs at a pace of its own.
    if (due !== undefined && now >= due) this.post({ kind: "timer", at: now });
    else this.#setTimer();
  }
}

/** Short replies to one session go out together: each write costs an encryption and a call. */
function joined(effects: readonly Effect[]): readonly Effect[] {
  if (effects.length < 2) return effects;
  const done: Effect[] = [];
  for (let i = 0; i < effects.length; ) {
    const effect = effects[i++];
    if (effect === undefined) break;
    if (effect.kind !== "send-bytes") {
      done.push(effect);
      continue;
    }
    const pieces = [effect.bytes, ...following(effects, i, effect)];
    i += pieces.length - 1;
    done.push(pieces.length === 1 ? effect : { ...effect, bytes: Buffer.concat(pieces) });
  }
  return done;
}

/** Octets for the same channel that come next, as long as all fit into one packet. */
function following(
  effects: readonly Effect[],
  from: number,
  { channel, bytes }: Extract<Effect, { kind: "send-bytes" }>,
): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let octets = bytes.length;
  for (let i = from; i < effects.length; i++) {
    const next = effects[i];
    if (next?.kind !== "send-bytes" || next.channel !== channel) break;
    octets += next.bytes.length;
    if (octets > packetOctets) break;
    pieces.push(next.bytes);
  }
  return pieces;
}
