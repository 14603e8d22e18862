import { assert, type Random, type Raw } from "../base/index.ts";
import type { Timestamp } from "../ntp/index.ts";
import type { Effect } from "./effect.ts";
import type { ServerEffect, ServerEvent } from "./server-event.ts";
import type { CallId, KeepAlives, Transport } from "./server-plan.ts";
import { unixSeconds } from "./values.ts";

/** A manager that is called (RFC 8071), as the datastores have it. */
export interface CallHomePeer {
  readonly name: string;
  readonly enabled: boolean;
  readonly transport: Transport;
  readonly endpoints: readonly Endpoint[];
  /** undefined: there is to be a connection at all times. */
  readonly periodic: Periodic | undefined;
  readonly startWith: "first-listed" | "last-connected" | "random-selection";
  /** Seconds that a TCP connection may take to come. */
  readonly maxWait: number;
  /** In a row, before the next endpoint is tried. */
  readonly maxAttempts: number;
  /** s */
  readonly maxDelay: number;
  readonly keepAlives: KeepAlives;
}

/** Seconds all of them. */
interface Periodic {
  readonly period: number;
  readonly idleTimeout: number;
  /** Since 1970: one of the moments at which calls start; undefined: the first starts at once. */
  readonly anchor: number | undefined;
}

interface Endpoint {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** undefined: as the system likes. */
  readonly localAddress: string | undefined;
}

/** How it stands with one manager. */
interface Line {
  peer: CallHomePeer;
  status: "disabled" | "waiting" | "connecting" | "connected" | "established";
  /** The call that is under way. */
  call: CallId | undefined;
  /** Which of the endpoints. */
  endpoint: number;
  /** Of that endpoint, in a row. */
  tries: number;
  /** s, before chance takes its part. */
  delay: number;
  nextAt: Raw | undefined;
  /** What nextAt was made of, where it is a moment of the clock: seconds since 1970. */
  slot: number | undefined;
  /** When nextAt is to be made anew of it: the clock may have been set. */
  lookAt: Raw | undefined;
  /** The slot of the last call that had one. */
  calledSlot: number | undefined;
  calledAt: Raw;
  connectedAt: Raw | undefined;
  /** The endpoint that last had a manager who logged in. */
  lastEndpoint: string | undefined;
  attempts: number;
  established: number;
  lastFailure: string | undefined;
}

/** What is to be seen of a line. */
export type CallHomeState = Pick<
  Line,
  "status" | "nextAt" | "connectedAt" | "attempts" | "established" | "lastFailure"
> & { readonly name: string; readonly endpoint: string | undefined };

const firstDelay = 1;
/** ns after which the clock is looked at again. */
const lookAfter = 60_000_000_000n;
/** s by which a call may be early: what the clock is steered by until then is not known. */
const early = 0.5;

/**
 * The managers that the agent calls by itself: whom, when, and where again after a call came to
 * nothing. A connection with a manager who has logged in is never ended from here.
 */
export class CallHome {
  readonly #random: Random;
  readonly #now: (at: Raw) => Timestamp;
  #lines = new Map<string, Line>();
  #nextCall: CallId = 1;

  /** `now`: the agent's clock, which may be set. */
  constructor(random: Random, now: (at: Raw) => Timestamp) {
    this.#random = random;
    this.#now = now;
  }

  /** When the next call is due, or the clock is to be looked at. */
  get wakeAt(): Raw | undefined {
    let first: Raw | undefined;
    for (const { nextAt, lookAt } of this.#lines.values()) {
      for (const one of [nextAt, lookAt]) {
        if (one !== undefined && (first === undefined || one < first)) first = one;
      }
    }
    return first;
  }

  configure(peers: readonly CallHomePeer[], at: Raw): readonly ServerEffect[] {
    const before = this.#lines;
    const effects: ServerEffect[] = [];
    this.#lines = new Map();
    for (const peer of peers) {
      const line = before.get(peer.name) ?? newLine(peer, at);
      before.delete(peer.name);
      this.#lines.set(peer.name, line);
      if (line.peer !== peer && isSame(line.peer, peer)) continue;
      line.peer = peer;
      if (line.status === "established") continue;
      effects.push(...hangUp(line));
      this.#startOver(line, at, at);
    }
    for (const gone of before.values()) {
      if (gone.status !== "established") effects.push(...hangUp(gone));
    }
    return effects;
  }

  timer(at: Raw): readonly Effect[] {
    const lines = [...this.#lines.values()];
    for (const line of lines) {
      const isDue = [line.nextAt, line.lookAt].some((one) => one !== undefined && one <= at);
      if (line.slot === undefined || !isDue) continue;
      const ahead = line.slot - unixSeconds(this.#now(at));
      line.nextAt = ahead <= early ? at : this.#inSeries(line, at);
    }
    const due = lines.filter(({ nextAt }) => nextAt !== undefined && nextAt <= at);
    return due.map((line) => this.#call(line, at));
  }

  /** TCP has a connection; or somebody has logged in on it. */
  progress(call: CallId, to: "connected" | "established", at: Raw): readonly ServerEffect[] {
    const line = this.#lineOf(call);
    if (line === undefined) return [];
    line.status = to;
    if (to === "connected") {
      line.connectedAt = at;
      return [];
    }
    line.established += 1;
    line.lastEndpoint = endpointOf(line).name;
    line.tries = 0;
    line.delay = firstDelay;
    return [told({ kind: "call-established", peer: line.peer.name, endpoint: line.lastEndpoint })];
  }

  /** The connection is gone, or did not come. */
  ended(call: CallId, reason: string, at: Raw): readonly ServerEffect[] {
    const line = this.#lineOf(call);
    if (line === undefined) return [];
    const wasEstablished = line.status === "established";
    line.call = undefined;
    line.connectedAt = undefined;
    const { peer } = line;
    const { name: endpoint } = endpointOf(line);
    if (wasEstablished) {
      this.#startOver(line, at, this.#afterEstablished(line, at));
      return [
        told({ kind: "call-ended", peer: peer.name, endpoint: line.lastEndpoint ?? endpoint }),
      ];
    }
    line.status = "waiting";
    line.lastFailure = reason;
    line.tries += 1;
    const givenUpAfter = line.tries >= peer.maxAttempts ? line.tries : undefined;
    if (givenUpAfter !== undefined) {
      line.tries = 0;
      line.endpoint = (line.endpoint + 1) % peer.endpoints.length;
    }
    line.nextAt = this.#later(at, line.delay);
    line.delay = Math.min(line.delay * 2, peer.maxDelay);
    return [told({ kind: "call-failed", peer: peer.name, endpoint, reason, givenUpAfter })];
  }

  state(): readonly CallHomeState[] {
    return [...this.#lines.values()].map((line) => {
      const { peer, status, nextAt, connectedAt, attempts, established, lastFailure } = line;
      const endpoint = peer.endpoints[line.endpoint]?.name;
      return {
        ...{ name: peer.name, status, nextAt, connectedAt, attempts, established, lastFailure },
        endpoint,
      };
    });
  }

  #call(line: Line, at: Raw): Effect {
    const { peer } = line;
    const { address, port, localAddress } = endpointOf(line);
    const call = this.#nextCall++;
    line.call = call;
    line.status = "connecting";
    line.nextAt = undefined;
    line.calledSlot = line.slot ?? line.calledSlot;
    line.slot = undefined;
    line.lookAt = undefined;
    line.calledAt = at;
    line.attempts += 1;
    const { transport, maxWait, keepAlives, periodic } = peer;
    const idle = periodic === undefined ? {} : { idleTimeout: periodic.idleTimeout };
    const where = { address, port, localAddress };
    return { kind: "call", call, transport, ...where, maxWait, keepAlives, ...idle };
  }

  /**
   * A new round, from the endpoint that the strategy starts with. `otherwise`: when the first call
   * is due if no series says so.
   */
  #startOver(line: Line, at: Raw, otherwise: Raw): void {
    const { enabled } = line.peer;
    line.tries = 0;
    line.delay = firstDelay;
    line.slot = undefined;
    line.lookAt = undefined;
    line.status = enabled ? "waiting" : "disabled";
    line.nextAt = enabled ? (this.#inSeries(line, at) ?? otherwise) : undefined;
    line.endpoint = this.#firstEndpoint(line);
  }

  /** The next moment of a series that has an anchor; undefined: there is no such series. */
  #inSeries(line: Line, at: Raw): Raw | undefined {
    const { period = 0, anchor } = line.peer.periodic ?? {};
    if (anchor === undefined) return undefined;
    const now = unixSeconds(this.#now(at));
    const next = anchor + Math.ceil((now - anchor) / period) * period;
    // A call may have been early, and over before its moment came.
    line.slot = next === line.calledSlot ? next + period : next;
    line.lookAt = (at + lookAfter) as Raw;
    return seconds(at, line.slot - now);
  }

  #firstEndpoint({ peer, lastEndpoint }: Line): number {
    const { endpoints, startWith } = peer;
    switch (startWith) {
      case "first-listed":
        return 0;
      case "last-connected":
        return Math.max(
          0,
          endpoints.findIndex(({ name }) => name === lastEndpoint),
        );
      case "random-selection":
        return Math.floor(this.#random.fraction() * endpoints.length);
    }
  }

  #afterEstablished({ peer, calledAt }: Line, at: Raw): Raw {
    if (peer.periodic === undefined) return this.#later(at, firstDelay);
    const next = seconds(calledAt, peer.periodic.period);
    return next > at ? next : at;
  }

  /** Between half of the delay and all of it, so that many agents do not come all at once. */
  #later(at: Raw, delay: number): Raw {
    return seconds(at, delay * (0.5 + this.#random.fraction() / 2));
  }

  #lineOf(call: CallId): Line | undefined {
    return [...this.#lines.values()].find((line) => line.call === call);
  }
}

function newLine(peer: CallHomePeer, at: Raw): Line {
  return {
    peer,
    status: "waiting",
    call: undefined,
    endpoint: 0,
    tries: 0,
    delay: firstDelay,
    nextAt: undefined,
    slot: undefined,
    lookAt: undefined,
    calledSlot: undefined,
    calledAt: at,
    connectedAt: undefined,
    lastEndpoint: undefined,
    attempts: 0,
    established: 0,
    lastFailure: undefined,
  };
}

function told(event: ServerEvent): ServerEffect {
  return { kind: "server-event", event };
}

/** What comes of the call does not matter any more. */
function hangUp(line: Line): readonly Effect[] {
  const { call } = line;
  line.call = undefined;
  line.connectedAt = undefined;
  return call === undefined ? [] : [{ kind: "end-call", call }];
}

function endpointOf({ peer, endpoint }: Line): Endpoint {
  const found = peer.endpoints[endpoint] ?? peer.endpoints[0];
  assert(found !== undefined, "a peer has an endpoint: min-elements says so");
  return found;
}

function isSame(a: CallHomePeer, b: CallHomePeer): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function seconds(at: Raw, count: number): Raw {
  return (at + BigInt(Math.round(count * 1e9))) as Raw;
}
