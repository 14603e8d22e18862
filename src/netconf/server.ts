import { assert, type Raw, RpcError, type RpcFault } from "../base/index.ts";
import type { Tree } from "../data/index.ts";
import type { ConfigFiles, DatastoreName, Datastores } from "../datastore/index.ts";
import { type Element, isXmlFault, parseXml } from "../xml/index.ts";
import type { Schema } from "../yang/index.ts";
import { AccessControl } from "./access-control.ts";
import { capabilitiesOf } from "./capabilities.ts";
import type { NetconfEffect } from "./effect.ts";
import type { EventStore } from "./event-store.ts";
import { FilterWork } from "./filter-work.ts";
import { isBadFraming } from "./framing.ts";
import { printHello, readHello } from "./hello.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { mergeTrees } from "./merge.ts";
import { monitoringElements, newStatistics, schemaElements } from "./monitoring.ts";
import { Notifier } from "./notifier.ts";
import {
  type Caller,
  type OperationHandler,
  Operations,
  type SessionControl,
} from "./operations.ts";
import { PartialLocks } from "./partial-locks.ts";
import type { ChannelId, Peer, SessionId } from "./peer.ts";
import { Reader, type Wanted } from "./read.ts";
import { printFaults, printReply, type ReplyBody } from "./reply.ts";
import { isRpc, readRpc } from "./rpc.ts";
import { Session, type SessionCounters, type Termination } from "./session.ts";
import { stateTree } from "./state-tree.ts";
import { XPathFilters } from "./xpath-filter.ts";
import { contentIdOf, libraryElements } from "./yang-library.ts";

export interface NetconfOptions {
  readonly schema: Schema;
  readonly datastores: Datastores;
  /**
   * State: what is config false, and what is in use; merged with running for <get>. `wanted`: the
   * top-level nodes that can be selected; undefined: all of them.
   */
  readonly operational: (at: Raw, wanted?: Wanted) => Tree;
  /** "module:name" of an rpc or action → what carries it out. */
  readonly handlers: ReadonlyMap<string, OperationHandler>;
  /** Wall time as yang:date-and-time has it. */
  readonly dateAndTime: (at: Raw) => string;
  /** Whether there is a startup datastore. */
  readonly hasStartup: boolean;
  /** The configurations that URLs lead to; undefined: there is no capability :url. */
  readonly files?: ConfigFiles | undefined;
  /** Where events outlive the process; undefined: nowhere. */
  readonly events?: EventStore | undefined;
  readonly limits?: Limits;
}

/** All sessions of one agent: octets in, effects out. */
export class NetconfServer {
  readonly #options: NetconfOptions;
  #limits: Limits;
  readonly #access: AccessControl;
  readonly #notifier: Notifier;
  readonly #partialLocks: PartialLocks;
  readonly #operations: Operations;
  readonly #capabilities: readonly string[];
  /** What never changes of our own state: the library and the schemas. */
  readonly #fixed: Tree;
  readonly #sessions = new Map<ChannelId, Session>();
  readonly #byId = new Map<SessionId, Session>();
  readonly #statistics = newStatistics();
  readonly #lockedAt = new Map<DatastoreName, Raw>();
  #nextId: SessionId = 1;
  #effects: NetconfEffect[] = [];
  /**
   * Not after the first deadline there is: activity moves deadlines away, and is not told here, so
   * that asking costs nothing however many sessions there are.
   */
  #deadline: Raw | undefined;

  constructor(options: NetconfOptions) {
    const { schema, datastores, handlers, hasStartup, dateAndTime } = options;
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    const contentId = contentIdOf(schema);
    this.#capabilities = capabilitiesOf(schema, contentId, {
      hasStartup,
      hasUrl: options.files !== undefined,
    });
    const names = [...this.#datastores(), "intended", "operational"];
    const fixed = [...libraryElements(schema, contentId, names), ...schemaElements(schema)];
    this.#fixed = stateTree(fixed, schema);
    const xpaths = new XPathFilters(schema);
    const work = new FilterWork(this.#limits.requestWork);
    this.#access = new AccessControl(schema, datastores);
    this.#partialLocks = new PartialLocks(schema, datastores, xpaths);
    const operational = (at: Raw, wanted: Wanted | undefined): Tree =>
      mergeTrees(options.operational(at, wanted), this.operational(at, wanted));
    this.#notifier = new Notifier({
      schema,
      datastores,
      reader: new Reader({ schema, datastores, operational, xpaths }),
      readable: [...this.#datastores(), "intended", "operational"],
      limits: this.#limits,
      store: options.events,
      access: this.#access,
      xpaths,
      requestWork: work,
      dateAndTime,
      sessionOf: (id) => this.#byId.get(id),
      deliver: (session, message, at) => this.#deliver(session, message, at),
      failed: (reason) => this.#log("error", "an event could not be told or kept", { reason }),
    });
    this.#operations = new Operations({
      schema,
      datastores,
      handlers: new Map([...this.#notifier.dynamic.handlers(), ...handlers]),
      hasStartup,
      files: options.files,
      access: this.#access,
      xpaths,
      work,
      partialLocks: this.#partialLocks,
      sessions: this.#control(),
      operational,
    });
  }

  /** Once, before the first session: what is served otherwise than before is an event. */
  started(at: Raw): readonly NetconfEffect[] {
    this.#notifier.started(contentIdOf(this.#options.schema), this.#capabilities, at);
    return this.#take();
  }

  /** What this room knows of itself: sessions, locks, counters, capabilities and schemas. */
  operational(at: Raw, wanted?: Wanted): Tree {
    const { schema } = this.#options;
    if (wanted === undefined) return mergeTrees(this.#fixed, stateTree(this.#state(at), schema));
    const spaces = new Set([...wanted].map(({ module }) => module.namespace));
    const elements = this.#state(at).filter(({ namespace }) => spaces.has(namespace));
    const children = this.#fixed.children.filter((node) => wanted.has(node.schema));
    return mergeTrees({ ...this.#fixed, children }, stateTree(elements, schema));
  }

  #state(at: Raw): readonly Element[] {
    const { schema, datastores, dateAndTime } = this.#options;
    const locks = datastores.locks().map(({ name, session }) => {
      return { name, session, since: this.#lockedAt.get(name) ?? at };
    });
    const monitored = monitoringElements(schema, {
      capabilities: this.#capabilities,
      datastores: this.#datastores(),
      locks,
      partialLocks: this.#partialLocks.all(),
      sessions: [...this.#sessions.values()],
      statistics: this.#statistics,
      dateAndTime,
    });
    return [...monitored, ...this.#access.elements(), ...this.#notifier.elements()];
  }

  opened(channel: ChannelId, peer: Peer, at: Raw): readonly NetconfEffect[] {
    const { sessions, messageOctets } = this.#limits;
    if (this.#sessions.size >= sessions) {
      const fields = { user: peer.user, sessions: this.#sessions.size };
      this.#log("warn", "a session is refused: there are as many as may be", fields);
      const refusal = `there are ${this.#sessions.size} sessions, as many as may be`;
      this.#effects.push({ kind: "close-session", channel, refusal });
      return this.#take();
    }
    const session = new Session(this.#freshId(), channel, peer, at, messageOctets);
    this.#sessions.set(channel, session);
    this.#byId.set(session.id, session);
    this.#statistics.startedAt ??= at;
    this.#statistics.inSessions += 1;
    this.#wakeBy(this.#deadlineOf(session));
    session.reply([printHello(this.#capabilities, session.id)]);
    this.#run(session, at);
    return this.#take();
  }

  received(channel: ChannelId, bytes: Uint8Array, at: Raw): readonly NetconfEffect[] {
    const session = this.#sessions.get(channel);
    if (session === undefined) return this.#take();
    session.reader.feed(bytes);
    this.#run(session, at);
    if (session.phase !== "closed" && this.#holdsTooMuch(session)) {
      const reason = "more octets wait than all sessions of one user may have waiting";
      this.#end(session, "dropped", reason, at);
    }
    return this.#take();
  }

  /** Two messages of any length are let be: what is more comes of no honest manager. */
  #holdsTooMuch({ reader, peer }: Session): boolean {
    if (reader.held < this.#limits.messageOctets / this.#limits.sessions) return false;
    let held = 0;
    for (const other of this.#sessions.values()) {
      if (other.peer.user === peer.user) held += other.reader.held;
    }
    return held > 2 * this.#limits.messageOctets;
  }

  /** The channel took all that was written. */
  drained(channel: ChannelId, at: Raw): readonly NetconfEffect[] {
    const session = this.#sessions.get(channel);
    if (session === undefined) return this.#take();
    session.drained();
    this.#run(session, at);
    this.#notifier.dynamic.drained(session, at);
    return this.#take();
  }

  /** The other end is gone, or a channel that we asked to close is closed. */
  closed(channel: ChannelId, at: Raw): readonly NetconfEffect[] {
    const session = this.#sessions.get(channel);
    if (session !== undefined) this.#forget(session, "dropped", at);
    return this.#take();
  }

  /** From now on; `messageOctets` for sessions from now on. Nobody who is there is sent away. */
  setLimits(limits: Partial<Limits>): void {
    const { messageOctets = this.#limits.messageOctets } = limits;
    const xml = { ...this.#limits.xml, octets: messageOctets };
    this.#limits = { ...this.#limits, ...limits, xml };
    this.#deadline = this.#notifier.subscriptions.wakeAt();
    for (const session of this.#sessions.values()) this.#wakeBy(this.#deadlineOf(session));
  }

  /** Tells whoever is subscribed what happened elsewhere; `tree`: the notification's content. */
  notify(tree: Tree, at: Raw): readonly NetconfEffect[] {
    assert(tree.schema?.kind === "notification", "what is told is a notification");
    this.#notifier.publish(tree, tree.schema, at);
    return this.#take();
  }

  /** When timer() is due; undefined: nothing waits for a time. */
  get wakeAt(): Raw | undefined {
    // What others caused in between goes out at once.
    if (this.#effects.length > 0) return 0n as Raw;
    return earliest(this.#deadline, this.#notifier.dynamic.wakeAt());
  }

  timer(at: Raw): readonly NetconfEffect[] {
    for (const session of [...this.#sessions.values()]) {
      const deadline = this.#deadlineOf(session);
      if (deadline === undefined || deadline > at) continue;
      const reason = session.phase === "hello" ? "no <hello> came in time" : "it was idle";
      this.#end(session, "timeout", reason, at);
    }
    for (const session of this.#notifier.subscriptions.timer(at)) this.#run(session, at);
    this.#notifier.dynamic.timer(at);
    this.#deadline = this.#notifier.subscriptions.wakeAt();
    for (const session of this.#sessions.values()) this.#wakeBy(this.#deadlineOf(session));
    return this.#take();
  }

  #wakeBy(deadline: Raw | undefined): void {
    if (deadline === undefined) return;
    if (this.#deadline === undefined || deadline < this.#deadline) this.#deadline = deadline;
  }

  #deadlineOf(session: Session): Raw | undefined {
    const { helloTimeout, idleTimeout: usual } = this.#limits;
    const { idleTimeout = usual } = session.peer;
    // A subscribed session may listen for as long as it likes.
    if (this.#notifier.isSubscribed(session.id)) return undefined;
    const [from, seconds] =
      session.phase === "hello"
        ? [session.openedAt, helloTimeout]
        : [session.activeAt, idleTimeout];
    return seconds === 0 ? undefined : ((from + BigInt(seconds) * 1_000_000_000n) as Raw);
  }

  /** Sends what may be sent, then takes the next message, until one of the two must wait. */
  #run(session: Session, at: Raw): void {
    while (session.phase !== "closed") {
      this.#flush(session, at);
      if (session.isReplying()) break;
      if (session.isClosing) {
        if (session.waiting() > 0) break;
        this.#end(session, "closed", "the manager asked for it", at);
        return;
      }
      const message = session.reader.next();
      if (message === undefined) break;
      if (isBadFraming(message)) {
        this.#end(session, "dropped", message.reason, at);
        return;
      }
      this.#message(session, message, at);
    }
    if (session.phase !== "closed" && session.reader.overflows()) {
      this.#end(session, "dropped", "more octets wait than one session may have waiting", at);
    }
  }

  /** Replies are printed here, as they are pulled: a bug in that ends the session, and it alone. */
  #flush(session: Session, at: Raw): void {
    const { channel } = session;
    try {
      for (let bytes = session.pull(); bytes !== undefined; bytes = session.pull()) {
        this.#effects.push({ kind: "send-bytes", channel, bytes });
      }
    } catch (error) {
      this.#faultsOf(error);
      this.#end(session, "other", "its reply could not be printed", at);
    }
  }

  #message(session: Session, bytes: Uint8Array, at: Raw): void {
    const element = parseXml(bytes, this.#limits.xml);
    if (session.phase === "hello") {
      const hello = isXmlFault(element)
        ? ({ kind: "bad-hello", reason: element.message } as const)
        : readHello(element);
      if (hello.kind === "hello") {
        session.helloDone(hello.base, at);
        this.#wakeBy(this.#deadlineOf(session));
        this.#notifier.sessionStarted(session, at);
      } else {
        this.#end(session, "bad-hello", hello.reason, at);
      }
      return;
    }
    session.activeAt = at;
    if (isXmlFault(element)) {
      const where = `line ${element.line}, column ${element.column}`;
      this.#malformed(session, `the message is not well-formed: ${element.message} (${where})`);
    } else if (isRpc(element)) {
      this.#rpc(session, element, at);
    } else {
      this.#malformed(session, `<${element.name}> came where an <rpc> was due`);
    }
  }

  /** RFC 6241 section 3: the manager is told, and the session lives. */
  #malformed(session: Session, message: string): void {
    this.#count(session, "inBadRpcs");
    const tag = session.hasMalformedMessage() ? "malformed-message" : "operation-failed";
    this.#refuse(session, undefined, [{ type: "rpc", tag, message }]);
  }

  #rpc(session: Session, element: Element, at: Raw): void {
    let body: ReplyBody;
    try {
      const operation = readRpc(element);
      this.#count(session, "inRpcs");
      body = this.#operations.perform(operation, { session: session.id, peer: session.peer, at });
    } catch (error) {
      const faults = this.#faultsOf(error);
      if (faults[0]?.type === "rpc") this.#count(session, "inBadRpcs");
      this.#refuse(session, element, faults);
      return;
    }
    session.reply(printReply(element, body));
    // An edit of the candidate is told by nobody else.
    this.#notifier.dynamic.changed(at);
    const { afterReply } = session;
    session.afterReply = undefined;
    if (afterReply === undefined) return;
    afterReply();
    this.#wakeBy(this.#notifier.subscriptions.wakeAt());
  }

  #refuse(session: Session, rpc: Element | undefined, faults: readonly RpcFault[]): void {
    this.#count(session, "outRpcErrors");
    session.reply(printReply(rpc, [printFaults(faults)]));
  }

  /** A refusal is for the manager; anything else is a bug, told without its insides. */
  #faultsOf(error: unknown): readonly RpcFault[] {
    if (error instanceof RpcError) return error.faults;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#log("error", "an operation failed inside the agent", { error: text });
    const message = "the operation failed inside the agent; its log says why";
    return [{ type: "application", tag: "operation-failed", message }];
  }

  /** What the operations may do to sessions. */
  #control(): SessionControl {
    return {
      close: (id) => {
        const session = this.#byId.get(id);
        if (session !== undefined) session.isClosing = true;
      },
      kill: (id, by) => this.#kill(id, by),
      subscribe: (request, { session: id, at }) => {
        const session = this.#byId.get(id);
        if (session === undefined) return;
        session.afterReply = this.#notifier.subscriptions.create(request, session, at);
      },
      locked: (name, at) => {
        if (at === undefined) this.#lockedAt.delete(name);
        else this.#lockedAt.set(name, at);
      },
    };
  }

  #kill(id: SessionId, by: Caller): boolean {
    const session = this.#byId.get(id);
    if (session === undefined) return false;
    this.#end(session, "killed", `session ${by.session} asked for it`, by.at, by.session);
    return true;
  }

  /** Hands an event to a session. One that does not read is let go: memory is not endless. */
  #deliver(session: Session, message: Iterable<string>, at: Raw): void {
    if (session.phase !== "open") return;
    session.notify(message);
    // It may have been the last: from now on the session can be idle.
    this.#wakeBy(this.#deadlineOf(session));
    this.#statistics.outNotifications += 1;
    this.#flush(session, at);
    if (session.waiting() > this.#limits.waitingNotifications) {
      this.#end(session, "dropped", "it does not read its notifications", at);
    }
  }

  #end(session: Session, why: Termination, reason: string, at: Raw, killedBy?: SessionId): void {
    this.#log("info", "a session is ended", { session: session.id, why, reason });
    this.#effects.push({ kind: "close-session", channel: session.channel });
    this.#forget(session, why, at, killedBy);
  }

  /** Its locks, its edits under a lock and its unpersisted confirmed commit go with it. */
  #forget(session: Session, why: Termination, at: Raw, killedBy?: SessionId): void {
    if (why === "bad-hello") this.#statistics.inBadHellos += 1;
    else if (why === "dropped" || why === "timeout") this.#statistics.droppedSessions += 1;
    const hadStarted = session.phase === "open";
    session.end();
    this.#sessions.delete(session.channel);
    this.#notifier.subscriptions.sessionEnded(session.id);
    this.#notifier.dynamic.sessionEnded(session.id);
    this.#partialLocks.sessionEnded(session.id);
    // What is reverted with it is still its doing, so it is known by its number until then.
    this.#options.datastores.sessionClosed(session.id, at);
    this.#byId.delete(session.id);
    if (hadStarted) this.#notifier.sessionEnded(session, why, killedBy, at);
  }

  /** Numbers go round after four thousand million sessions, past those still open. */
  #freshId(): SessionId {
    while (this.#byId.has(this.#nextId)) this.#nextId = nextId(this.#nextId);
    const id = this.#nextId;
    this.#nextId = nextId(id);
    return id;
  }

  #datastores(): readonly DatastoreName[] {
    return this.#options.hasStartup
      ? ["running", "candidate", "startup"]
      : ["running", "candidate"];
  }

  #count(session: Session, counter: keyof SessionCounters): void {
    session.counters[counter] += 1;
    this.#statistics[counter] += 1;
  }

  #log(
    level: "info" | "warn" | "error",
    message: string,
    fields: Readonly<Record<string, string | number | boolean>>,
  ): void {
    this.#effects.push({ kind: "log", level, message, fields });
  }

  #take(): readonly NetconfEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}

function earliest(a: Raw | undefined, b: Raw | undefined): Raw | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

function nextId(id: SessionId): SessionId {
  return id === 0xffff_ffff ? 1 : id + 1;
}
