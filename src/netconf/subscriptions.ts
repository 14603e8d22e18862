import { type Raw, RpcError } from "../base/index.ts";
import type { Schema } from "../yang/index.ts";
import type { AccessControl } from "./access-control.ts";
import { type EventLog, envelope, type LoggedEvent } from "./event-log.ts";
import { type Hearing, hearingOf } from "./event-view.ts";
import type { FilterWork } from "./filter-work.ts";
import type { SubscriptionRequest } from "./operation.ts";
import type { SessionId } from "./peer.ts";
import { protocolError } from "./reply.ts";
import type { Session } from "./session.ts";
import type { XPathFilters } from "./xpath-filter.ts";

/** The stream of RFC 5277 section 3.2.3: everything. */
export const STREAM = "NETCONF";
const COMPLETE = "urn:ietf:params:xml:ns:netmod:notification";

interface Subscription {
  readonly session: Session;
  readonly hears: Hearing;
  /** When it ends by itself. */
  readonly stopsAt: Raw | undefined;
}

export interface SubscriptionsOptions {
  readonly schema: Schema;
  readonly log: EventLog;
  readonly access: AccessControl;
  readonly xpaths: XPathFilters;
  readonly work: FilterWork;
  readonly dateAndTime: (at: Raw) => string;
  /** Hands a message to a session that is subscribed. */
  readonly deliver: (session: Session, message: string, at: Raw) => void;
  /** True for a session that has a subscription of RFC 8639. */
  readonly isSubscribed: (session: SessionId) => boolean;
}

/** RFC 5277: who is told what happens. One subscription for each session at most. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #bySession = new Map<SessionId, Subscription>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  has(session: SessionId): boolean {
    return this.#bySession.has(session);
  }

  /**
   * RFC 5277 section 2.1.1: checks a request. What it gives is called once the reply is on its
   * way: then the past is replayed, and the subscription begins. Throws RpcError.
   */
  create(request: SubscriptionRequest, session: Session, at: Raw): () => void {
    if (this.#bySession.has(session.id)) {
      throw protocolError("operation-failed", "this session is subscribed already");
    }
    // RFC 8640 section 3: one session has the one kind or the other.
    if (this.#options.isSubscribed(session.id)) {
      const message = "this session is subscribed by <establish-subscription> already";
      throw protocolError("operation-not-supported", message);
    }
    if (request.stream !== STREAM) {
      throw protocolError("invalid-value", `there is no stream "${request.stream}"`, {
        info: [{ name: "bad-element", value: "stream" }],
      });
    }
    const nowMs = Date.parse(this.#options.dateAndTime(at));
    const { startMs, stopMs } = request;
    checkTimes(startMs, stopMs, nowMs);
    const hears = hearingOf(session.peer, request.filter, this.#options);
    const stopsAt =
      stopMs === undefined || stopMs < nowMs
        ? undefined
        : ((at + BigInt(Math.round((stopMs - nowMs) * 1e6))) as Raw);
    return () => {
      const subscription = { session, hears, stopsAt };
      const goesOn =
        startMs === undefined || this.#replay(subscription, startMs, stopMs ?? nowMs, at);
      if (!goesOn) return;
      if (stopMs !== undefined && stopMs < nowMs) this.#complete(session, at);
      else this.#bySession.set(session.id, subscription);
    };
  }

  publish(event: LoggedEvent, at: Raw): void {
    for (const subscription of this.#bySession.values()) this.#hear(subscription, event, at);
  }

  /** False: the filter has come to cost too much, and the subscription has ended with that. */
  #hear({ session, hears }: Subscription, event: LoggedEvent, at: Raw): boolean {
    try {
      const heard = hears(event, at);
      if (heard !== undefined) this.#options.deliver(session, heard.message(), at);
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // What is not looked at cannot be told from what is not selected: better an end that is told.
      this.#bySession.delete(session.id);
      this.#complete(session, at);
      return false;
    }
  }

  /** When timer() is due. */
  wakeAt(): Raw | undefined {
    let earliest: Raw | undefined;
    for (const { stopsAt } of this.#bySession.values()) {
      if (stopsAt !== undefined && (earliest === undefined || stopsAt < earliest)) {
        earliest = stopsAt;
      }
    }
    return earliest;
  }

  /** The sessions whose stopTime has come. */
  timer(at: Raw): readonly Session[] {
    const ended = [...this.#bySession.values()].filter(
      ({ stopsAt }) => stopsAt !== undefined && stopsAt <= at,
    );
    for (const { session } of ended) {
      this.#bySession.delete(session.id);
      this.#complete(session, at);
    }
    return ended.map(({ session }) => session);
  }

  sessionEnded(session: SessionId): void {
    this.#bySession.delete(session);
  }

  #replay(subscription: Subscription, startMs: number, stopMs: number, at: Raw): boolean {
    for (const event of this.#options.log.between(startMs, stopMs)) {
      if (!this.#hear(subscription, event, at)) return false;
    }
    this.#marker(subscription.session, "replayComplete", at);
    return true;
  }

  #complete(session: Session, at: Raw): void {
    this.#marker(session, "notificationComplete", at);
  }

  /** RFC 5277 section 3.3: never filtered, never part of the log. */
  #marker(session: Session, name: string, at: Raw): void {
    const time = this.#options.dateAndTime(at);
    this.#options.deliver(session, envelope(time, `<${name} xmlns="${COMPLETE}"/>`), at);
  }
}

function checkTimes(startMs: number | undefined, stopMs: number | undefined, nowMs: number): void {
  if (startMs !== undefined && startMs > nowMs) {
    throw badTime("bad-element", "startTime", "startTime lies in the future");
  }
  if (stopMs === undefined) return;
  if (startMs === undefined) {
    throw badTime("missing-element", "startTime", "stopTime takes a startTime");
  }
  if (stopMs < startMs) {
    throw badTime("bad-element", "stopTime", "stopTime lies before startTime");
  }
}

function badTime(tag: "bad-element" | "missing-element", name: string, message: string): Error {
  return protocolError(tag, message, { info: [{ name: "bad-element", value: name }] });
}
