import { assert, type Raw, RpcError } from "../base/index.ts";
import type { DataNode, Tree } from "../data/index.ts";
import type { Datastores } from "../datastore/index.ts";
import type { Element } from "../xml/index.ts";
import type { Schema, XPathAllowance } from "../yang/index.ts";
import type { AccessControl } from "./access-control.ts";
import { type EventLog, envelope, enveloped, type LoggedEvent } from "./event-log.ts";
import { type Hearing, hearingOf } from "./event-view.ts";
import type { FilterWork } from "./filter-work.ts";
import { SUBSCRIBED } from "./names.ts";
import { everything } from "./nmda-view.ts";
import type { ReadableDatastore } from "./operation.ts";
import type { OperationHandler } from "./operations.ts";
import type { SessionId } from "./peer.ts";
import { Push, type PushMessage } from "./push.ts";
import type { Reader } from "./read.ts";
import { protocolError } from "./reply.ts";
import type { Session } from "./session.ts";
import { elementsIn } from "./state-tree.ts";
import { badTime, noSuch, type SubscriptionRpc, subscriptionError } from "./subscription-error.ts";
import {
  establishedOutput,
  stateNotification,
  subscriptionElements,
} from "./subscription-state.ts";
import {
  type DatastoreTerms,
  modifyTerms,
  readTerms,
  renewTerms,
  type StreamTerms,
  type Terms,
  termElements,
} from "./subscription-terms.ts";
import { STREAM } from "./subscriptions.ts";
import { compileSubtree } from "./subtree-filter.ts";
import type { XPathFilters } from "./xpath-filter.ts";

export interface DynamicOptions {
  readonly schema: Schema;
  readonly datastores: Datastores;
  readonly readable: readonly ReadableDatastore[];
  readonly log: EventLog;
  readonly access: AccessControl;
  readonly xpaths: XPathFilters;
  readonly work: FilterWork;
  /** While a request is carried out. */
  readonly requestWork: FilterWork;
  readonly reader: Reader;
  readonly dateAndTime: (at: Raw) => string;
  readonly sessionOf: (id: SessionId) => Session | undefined;
  /** True for a session that has a subscription of RFC 5277. */
  readonly isCreated: (id: SessionId) => boolean;
  readonly deliver: (session: Session, message: Iterable<string>, at: Raw) => void;
  /** Subscriptions that there may be at once. */
  readonly most: number;
  /** Messages that may wait for a session before its subscriptions are suspended. */
  readonly waitingMost: number;
}

interface Subscription {
  readonly id: number;
  readonly session: Session;
  terms: Terms;
  /** Of a subscription to a stream. */
  hears: Hearing;
  /** Of a subscription to a datastore. */
  push: Push | undefined;
  stopsAt: Raw | undefined;
  isSuspended: boolean;
  sent: number;
  excluded: number;
}

const { leaf } = elementsIn(SUBSCRIBED);

/** RFC 8639, 8640 and 8641: subscriptions that sessions make, change and end by operations. */
export class DynamicSubscriptions {
  readonly #options: DynamicOptions;
  readonly #byId = new Map<number, Subscription>();
  /** How many subscriptions each session has. */
  readonly #sessions = new Map<SessionId, number>();
  #nextId = 1;
  /** Not after the first moment at which timer() has something to do. */
  #wakeAt: Raw | undefined;

  constructor(options: DynamicOptions) {
    this.#options = options;
    options.datastores.onChange(({ datastore, at }) => {
      if (datastore === "running") this.#renew(at);
      this.changed(at);
    });
  }

  /** What carries the operations out. */
  handlers(): readonly (readonly [string, OperationHandler])[] {
    const { sessionOf } = this.#options;
    const session = (id: SessionId): Session => {
      const found = sessionOf(id);
      assert(found !== undefined, "whoever asks has a session");
      return found;
    };
    const sn = "ietf-subscribed-notifications";
    return [
      [
        `${sn}:establish-subscription`,
        (input, { session: by, at }) => this.#establish(input, session(by), at),
      ],
      [`${sn}:modify-subscription`, (input, { session: by, at }) => this.#modify(input, by, at)],
      [
        `${sn}:delete-subscription`,
        (input, { session: by }) => {
          this.#remove(this.#own(input, by, "delete-subscription"));
          return [];
        },
      ],
      [`${sn}:kill-subscription`, (input, { at }) => this.#kill(input, at)],
      [
        "ietf-yang-push:resync-subscription",
        (input, { session: by, at }) => this.#resync(input, by, at),
      ],
    ];
  }

  has(session: SessionId): boolean {
    return this.#sessions.has(session);
  }

  /** An event of the stream. */
  publish(event: LoggedEvent, at: Raw): void {
    for (const subscription of this.#byId.values()) {
      if (subscription.push !== undefined || subscription.isSuspended) continue;
      this.#bounded(subscription, at, () => {
        const heard = subscription.hears(event, at);
        if (heard === undefined) subscription.excluded += 1;
        else this.#send(subscription, [heard.message()], at);
      });
    }
  }

  /** A datastore may not be what it was. */
  changed(at: Raw): void {
    this.#options.reader.atOnce(() => {
      for (const subscription of this.#byId.values()) {
        if (subscription.isSuspended) continue;
        this.#push(subscription, (push) => push.changed(at), at);
      }
    });
  }

  /** When timer() is due. */
  wakeAt(): Raw | undefined {
    return this.#wakeAt;
  }

  timer(at: Raw): void {
    if (this.#wakeAt === undefined || this.#wakeAt > at) return;
    this.#wakeAt = undefined;
    this.#options.reader.atOnce(() => this.#awake(at));
  }

  #awake(at: Raw): void {
    for (const subscription of [...this.#byId.values()]) {
      const { push, stopsAt, isSuspended } = subscription;
      // RFC 8639 section 2.7.7 tells the end to configured subscriptions alone.
      if (stopsAt !== undefined && stopsAt <= at) {
        this.#remove(subscription);
        continue;
      }
      if (push !== undefined && !isSuspended) this.#push(subscription, () => push.timer(at), at);
      else this.#wakeBy(stopsAt);
    }
  }

  /** A session took what waited for it: what was suspended goes on. */
  drained(session: Session, at: Raw): void {
    // This is asked after each reply to anybody.
    if (!this.has(session.id)) return;
    for (const subscription of this.#byId.values()) {
      if (subscription.session !== session || !subscription.isSuspended) continue;
      if (session.waiting() > 0) return;
      subscription.isSuspended = false;
      this.#tell(subscription, "subscription-resumed", [], at);
      this.#push(subscription, (push) => push.resync(at), at);
    }
  }

  sessionEnded(session: SessionId): void {
    if (!this.#sessions.delete(session)) return;
    for (const { id, session: own } of this.#byId.values()) {
      if (own.id === session) this.#byId.delete(id);
    }
  }

  /** /streams and /subscriptions. */
  elements(): readonly Element[] {
    const { schema, log } = this.#options;
    return subscriptionElements(schema, log, [...this.#byId.values()]);
  }

  #establish(input: Tree, session: Session, at: Raw): readonly DataNode[] {
    const { datastores, readable, isCreated, most, requestWork } = this.#options;
    if (isCreated(session.id)) {
      const message = "this session is subscribed by <create-subscription> already";
      throw protocolError("operation-not-supported", message);
    }
    const running = datastores.read("running");
    const terms = readTerms(input, { streams: [STREAM], datastores: readable, running });
    const rpc = `establish-subscription-${terms.kind}` as const;
    if (this.#byId.size >= most) {
      const message = `there are ${most} subscriptions, more there may not be`;
      throw subscriptionError(rpc, "insufficient-resources", message);
    }
    const subscription: Subscription = {
      id: this.#freshId(),
      session,
      terms,
      hears: () => undefined,
      push: undefined,
      stopsAt: undefined,
      isSuspended: false,
      sent: 0,
      excluded: 0,
    };
    this.#settle(subscription, terms, rpc, at, requestWork.of(session.peer.user, at));
    const revised = this.#checkTimes(terms, at);
    session.afterReply = () => this.#begin(subscription, at);
    return establishedOutput(this.#options.schema, subscription.id, revised);
  }

  /** After the reply: the past, then what comes. */
  #begin(subscription: Subscription, at: Raw): void {
    const { terms } = subscription;
    const { id } = subscription.session;
    this.#byId.set(subscription.id, subscription);
    this.#sessions.set(id, (this.#sessions.get(id) ?? 0) + 1);
    if (terms.kind === "stream") {
      this.#bounded(subscription, at, () => this.#replay(subscription, terms, at));
    }
    this.#push(subscription, (push) => push.start(at), at);
    this.#wakeBy(subscription.stopsAt);
  }

  #replay(subscription: Subscription, { replay, stop }: StreamTerms, at: Raw): void {
    if (replay === undefined) return;
    const nowMs = this.#nowMs(at);
    for (const event of this.#options.log.between(replay.ms, stop?.ms ?? nowMs)) {
      const heard = subscription.hears(event, at);
      if (heard === undefined) subscription.excluded += 1;
      else this.#deliver(subscription, [heard.message()], at);
    }
    this.#tell(subscription, "replay-completed", [], at);
    if (stop !== undefined && stop.ms <= nowMs) this.#remove(subscription);
  }

  #modify(input: Tree, by: SessionId, at: Raw): readonly DataNode[] {
    const about = input.children.some(({ schema }) => schema.name === "datastore");
    const rpc = about ? "modify-subscription-datastore" : "modify-subscription-stream";
    const subscription = this.#own(input, by, rpc);
    const { datastores, requestWork } = this.#options;
    const terms = modifyTerms(input, subscription.terms, datastores.read("running"));
    this.#checkTimes({ ...terms, ...(terms.kind === "stream" ? { replay: undefined } : {}) }, at);
    const next = { ...subscription };
    this.#settle(next, terms, rpc, at, requestWork.of(next.session.peer.user, at));
    subscription.session.afterReply = () => {
      Object.assign(subscription, next);
      this.#push(subscription, (push) => push.start(at), at);
      this.#wakeBy(subscription.stopsAt);
    };
    return [];
  }

  /** RFC 8639 section 2.4.5: its receiver is told. */
  #kill(input: Tree, at: Raw): readonly DataNode[] {
    const id = idIn(input);
    const subscription = this.#byId.get(id);
    if (subscription === undefined) throw noSuch("delete-subscription", id);
    this.#terminate(subscription, "no-such-subscription", at);
    return [];
  }

  /** RFC 8641 section 4.4.4. */
  #resync(input: Tree, by: SessionId, at: Raw): readonly DataNode[] {
    const subscription = this.#own(input, by, "resync-subscription");
    const { push, terms } = subscription;
    if (push === undefined || terms.kind === "stream" || terms.trigger.kind !== "on-change") {
      throw noSuch("resync-subscription", subscription.id);
    }
    subscription.session.afterReply = () => this.#push(subscription, () => push.resync(at), at);
    return [];
  }

  /** Only the session that made a subscription may change it. */
  #own(input: Tree, by: SessionId, rpc: SubscriptionRpc): Subscription {
    const subscription = this.#byId.get(idIn(input));
    if (subscription?.session.id === by) return subscription;
    throw noSuch(rpc, idIn(input));
  }

  /** Makes terms work: what cannot be filtered or selected is refused here. */
  #settle(
    subscription: Subscription,
    terms: Terms,
    rpc: SubscriptionRpc,
    at: Raw,
    allowance: XPathAllowance,
  ): void {
    subscription.terms = terms;
    subscription.stopsAt = this.#stopsAt(terms, at);
    try {
      if (terms.kind === "stream") {
        subscription.hears = hearingOf(
          subscription.session.peer,
          terms.selection.filter,
          this.#options,
        );
        return;
      }
      this.#refuseUnchanging(terms, rpc);
      const push = this.#pushOf(subscription, terms);
      this.#select(terms, subscription.session, at, allowance);
      subscription.push = push;
    } catch (error) {
      if (!(error instanceof RpcError) || error.faults[0]?.appTag !== undefined) throw error;
      const hint = { "filter-failure-hint": error.message };
      throw subscriptionError(rpc, "filter-unsupported", error.message, hint);
    }
  }

  /** RFC 8641 section 4.4.1: a filter that nothing in the schema can match. */
  #refuseUnchanging({ selection: { filter } }: DatastoreTerms, rpc: SubscriptionRpc): void {
    if (filter?.kind !== "subtree") return;
    if (compileSubtree(filter.elements, this.#options.schema).size > 0) return;
    const message = "the filter selects nothing that there could be";
    throw subscriptionError(rpc, "unchanging-selection", message);
  }

  #pushOf({ id, session }: Subscription, terms: DatastoreTerms): Push {
    const { schema, datastores, work } = this.#options;
    const { datastore } = terms;
    const isConfigured =
      datastore === "running" || datastore === "candidate" || datastore === "startup";
    return new Push({
      id,
      schema,
      terms,
      select: (at) => this.#select(terms, session, at, work.of(session.peer.user, at)),
      source: () => datastores.read(isConfigured ? datastore : "running"),
      nowMs: (at) => this.#nowMs(at),
    });
  }

  #select(
    { datastore, selection }: DatastoreTerms,
    { peer }: Session,
    at: Raw,
    allowance: XPathAllowance,
  ): Tree {
    const { reader, access } = this.#options;
    const request = {
      kind: "get-data",
      source: datastore,
      filter: selection.filter,
      withDefaults: datastore === "operational" ? "report-all" : "explicit",
      selection: everything,
    } as const;
    return reader.select(request, at, access.of(peer), allowance);
  }

  /** Filters that subscriptions name may have changed (RFC 8639 section 2.2). */
  #renew(at: Raw): void {
    const running = this.#options.datastores.read("running");
    for (const subscription of [...this.#byId.values()]) {
      const { terms } = subscription;
      const next = renewTerms(terms, running);
      if (next === terms) continue;
      if (next === undefined) {
        this.#terminate(subscription, "filter-unavailable", at);
        continue;
      }
      try {
        const allowance = this.#options.work.of(subscription.session.peer.user, at);
        this.#settle(subscription, next, `modify-subscription-${terms.kind}`, at, allowance);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        this.#terminate(subscription, "filter-unavailable", at);
        continue;
      }
      this.#tell(subscription, "subscription-modified", termElements(next), at);
      this.#push(subscription, (push) => push.start(at), at);
    }
  }

  /** When a replay really begins, if that is later than was asked for. Throws RpcError. */
  #checkTimes(terms: Terms, at: Raw): string | undefined {
    const { log } = this.#options;
    const nowMs = this.#nowMs(at);
    const replay = terms.kind === "stream" ? terms.replay : undefined;
    if (replay !== undefined && replay.ms > nowMs) {
      throw badTime("replay-start-time", `${replay.text} lies in the future`);
    }
    const earliest = replay?.ms ?? nowMs;
    if (terms.stop !== undefined && terms.stop.ms < earliest) {
      throw badTime("stop-time", `${terms.stop.text} lies before the subscription begins`);
    }
    const createdAt = log.createdAt();
    if (replay === undefined || createdAt === undefined) return undefined;
    const begins = log.agedAt() ?? createdAt;
    return Date.parse(begins) > replay.ms ? begins : undefined;
  }

  #stopsAt({ stop }: Terms, at: Raw): Raw | undefined {
    if (stop === undefined) return undefined;
    return (at + BigInt(Math.round((stop.ms - this.#nowMs(at)) * 1e6))) as Raw;
  }

  #terminate(subscription: Subscription, reason: string, at: Raw): void {
    this.#remove(subscription);
    this.#tell(subscription, "subscription-terminated", [leaf("reason", reason)], at);
  }

  #remove({ id, session }: Subscription): void {
    if (!this.#byId.delete(id)) return;
    const left = (this.#sessions.get(session.id) ?? 0) - 1;
    if (left > 0) this.#sessions.set(session.id, left);
    else this.#sessions.delete(session.id);
  }

  /** Sends what `act` gives. */
  #push(subscription: Subscription, act: (push: Push) => readonly PushMessage[], at: Raw): void {
    const { push } = subscription;
    if (push === undefined) return;
    this.#bounded(subscription, at, () => {
      const messages = act(push);
      const time = this.#options.dateAndTime(at);
      for (const message of messages) this.#send(subscription, enveloped(time, message), at);
      this.#wakeBy(push.wakeAt);
      this.#wakeBy(subscription.stopsAt);
    });
  }

  /**
   * What has come to cost too much to select, by itself or with what else its user is subscribed
   * to, ends the subscription: whoever has made the data grow, by a commit perhaps, has nothing to
   * do with it, and does not wait for it.
   */
  #bounded(subscription: Subscription, at: Raw, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.#terminate(subscription, "filter-unavailable", at);
    }
  }

  /** A receiver that does not keep up misses what comes, and is told so (section 2.7.4). */
  #send(subscription: Subscription, message: Iterable<string>, at: Raw): void {
    const { session, push } = subscription;
    if (session.waiting() < this.#options.waitingMost && push?.isBehind !== true) {
      this.#deliver(subscription, push?.waitingFor(message) ?? message, at);
      return;
    }
    const reason = leaf("reason", "insufficient-resources");
    this.#tell(subscription, "subscription-suspended", [reason], at);
    subscription.isSuspended = true;
  }

  #deliver(subscription: Subscription, message: Iterable<string>, at: Raw): void {
    subscription.sent += 1;
    this.#options.deliver(subscription.session, message, at);
  }

  /** Of the subscription itself: never filtered, never part of the log. */
  #tell(subscription: Subscription, name: string, more: readonly Element[], at: Raw): void {
    const { schema, dateAndTime, deliver } = this.#options;
    const text = stateNotification(schema, name, subscription.id, more);
    deliver(subscription.session, [envelope(dateAndTime(at), text)], at);
  }

  #nowMs(at: Raw): number {
    return Date.parse(this.#options.dateAndTime(at));
  }

  #wakeBy(at: Raw | undefined): void {
    if (at === undefined) return;
    if (this.#wakeAt === undefined || at < this.#wakeAt) this.#wakeAt = at;
  }

  #freshId(): number {
    while (this.#byId.has(this.#nextId)) this.#nextId = (this.#nextId % 0xffff_ffff) + 1;
    return this.#nextId++;
  }
}

function idIn(input: Tree): number {
  const id = input.children.find(({ schema }) => schema.name === "id");
  return id?.kind === "leaf" ? Number(id.value) : 0;
}
