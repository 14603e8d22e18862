import { assert, type Random, type Raw } from "../base/index.ts";
import type { Effect } from "./effect.ts";
import { logEffect } from "./log.ts";
import type { CallId, KeepAlives, Transport } from "./server-plan.ts";

/** A manager that is called (RFC 8071), as the datastores have it. */
export interface CallHomePeer {
  readonly name: string;
  readonly enabled: boolean;
  readonly transport: Transport;
  readonly endpoints: readonly Endpoint[];
  /** undefined: there is to be a connection at all times. Both in seconds. */
  readonly periodic: { readonly period: number; readonly idleTimeout: number } | undefined;
  readonly startWith: "first-listed" | "last-connected" | "random-selection";
  /** Seconds that a TCP connection may take to come. */
  readonly maxWait: number;
  /** In a row, before the next endpoint is tried. */
  readonly maxAttempts: number;
  /** s */
  readonly maxDelay: number;
  readonly keepAlives: KeepAlives;
}

interface Endpoint {
  readonly name: string;
  readonly address: string;
  readonly port: number;
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

/**
 * The managers that the agent calls by itself: whom, when, and where again after a call came to
 * nothing. A connection with a manager who has logged in is never ended from here.
 */
export class CallHome {
  readonly #random: Random;
  #lines = new Map<string, Line>();
  #nextCall: CallId = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** When the next call is due. */
  get wakeAt(): Raw | undefined {
    let first: Raw | undefined;
    for (const { nextAt } of this.#lines.values()) {
      if (nextAt !== undefined && (first === undefined || nextAt < first)) first = nextAt;
    }
    return first;
  }

  configure(peers: readonly CallHomePeer[], at: Raw): readonly Effect[] {
    const before = this.#lines;
    const effects: Effect[] = [];
    this.#lines = new Map();
    for (const peer of peers) {
      const line = before.get(peer.name) ?? newLine(peer, at);
      before.delete(peer.name);
      this.#lines.set(peer.name, line);
      if (line.peer !== peer && isSame(line.peer, peer)) continue;
      line.peer = peer;
      if (line.status === "established") continue;
      effects.push(...hangUp(line));
      this.#startOver(line, at);
    }
    for (const gone of before.values()) {
      if (gone.status !== "established") effects.push(...hangUp(gone));
    }
    return effects;
  }

  timer(at: Raw): readonly Effect[] {
    const due = [...this.#lines.values()].filter(
      ({ nextAt }) => nextAt !== undefined && nextAt <= at,
    );
    return due.map((line) => this.#call(line, at));
  }

  /** TCP has a connection; or somebody has logged in on it. */
  progress(call: CallId, to: "connected" | "established", at: Raw): readonly Effect[] {
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
    return [logEffect({ kind: "call-established", peer: line.peer.name })];
  }

  /** The connection is gone, or did not come. */
  ended(call: CallId, reason: string, at: Raw): readonly Effect[] {
    const line = this.#lineOf(call);
    if (line === undefined) return [];
    const wasEstablished = line.status === "established";
    line.call = undefined;
    line.connectedAt = undefined;
    if (wasEstablished) {
      this.#startOver(line, this.#afterEstablished(line, at));
      return [];
    }
    const { peer } = line;
    const { name: endpoint } = endpointOf(line);
    line.status = "waiting";
    line.lastFailure = reason;
    line.tries += 1;
    if (line.tries >= peer.maxAttempts) {
      line.tries = 0;
      line.endpoint = (line.endpoint + 1) % peer.endpoints.length;
    }
    line.nextAt = this.#later(at, line.delay);
    line.delay = Math.min(line.delay * 2, peer.maxDelay);
    return [logEffect({ kind: "call-failed", peer: peer.name, endpoint, reason })];
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
    const { address, port } = endpointOf(line);
    const call = this.#nextCall++;
    line.call = call;
    line.status = "connecting";
    line.nextAt = undefined;
    line.calledAt = at;
    line.attempts += 1;
    const { transport, maxWait, keepAlives, periodic } = peer;
    const idle = periodic === undefined ? {} : { idleTimeout: periodic.idleTimeout };
    return { kind: "call", call, transport, address, port, maxWait, keepAlives, ...idle };
  }

  /** A new round, from the endpoint that the strategy starts with. */
  #startOver(line: Line, at: Raw): void {
    const { peer } = line;
    line.tries = 0;
    line.delay = firstDelay;
    line.status = peer.enabled ? "waiting" : "disabled";
    line.nextAt = peer.enabled ? at : undefined;
    line.endpoint = this.#firstEndpoint(line);
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
    calledAt: at,
    connectedAt: undefined,
    lastEndpoint: undefined,
    attempts: 0,
    established: 0,
    lastFailure: undefined,
  };
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
