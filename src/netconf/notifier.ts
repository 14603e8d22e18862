import type { Raw } from "../base/index.ts";
import { readData, type Tree } from "../data/index.ts";
import type { Datastores } from "../datastore/index.ts";
import type { Element } from "../xml/index.ts";
import { moduleNamed, type NotificationSchema, type Schema } from "../yang/index.ts";
import type { AccessControl } from "./access-control.ts";
import {
  BASE_NOTIFICATIONS,
  capabilityChange,
  configChange,
  confirmedCommit,
  sessionEnd,
  sessionStart,
} from "./base-notifications.ts";
import { DynamicSubscriptions } from "./dynamic-subscriptions.ts";
import { EventLog } from "./event-log.ts";
import type { EventStore } from "./event-store.ts";
import { FilterWork } from "./filter-work.ts";
import type { Limits } from "./limits.ts";
import type { ReadableDatastore } from "./operation.ts";
import type { SessionId } from "./peer.ts";
import type { Reader } from "./read.ts";
import type { Session, Termination } from "./session.ts";
import { elementsIn } from "./state-tree.ts";
import { STREAM, Subscriptions } from "./subscriptions.ts";
import type { XPathFilters } from "./xpath-filter.ts";
import { LIBRARY, libraryUpdate } from "./yang-library.ts";

const STREAMS = "urn:ietf:params:xml:ns:netmod:notification";

export interface NotifierOptions {
  readonly schema: Schema;
  readonly datastores: Datastores;
  readonly access: AccessControl;
  readonly xpaths: XPathFilters;
  /** What filters take their work from while they are tried, in a request. */
  readonly requestWork: FilterWork;
  readonly dateAndTime: (at: Raw) => string;
  readonly sessionOf: (id: SessionId) => Session | undefined;
  readonly deliver: (session: Session, message: Iterable<string>, at: Raw) => void;
  readonly reader: Reader;
  readonly readable: readonly ReadableDatastore[];
  readonly limits: Limits;
  /** Where events outlive the process; undefined: nowhere. */
  readonly store: EventStore | undefined;
  /** An event does not fit its module, or cannot be kept: no reason to refuse what has happened. */
  readonly failed: (reason: string) => void;
}

/** What happens becomes events; events go to the log and to whoever is subscribed. */
export class Notifier {
  readonly subscriptions: Subscriptions;
  readonly dynamic: DynamicSubscriptions;
  readonly #options: NotifierOptions;
  readonly #log: EventLog;
  /** RFC 6470's and RFC 8525's notifications by name; none where the module is not served. */
  readonly #schemas: ReadonlyMap<string, NotificationSchema>;

  constructor(options: NotifierOptions) {
    const { schema, datastores, access, xpaths, dateAndTime, sessionOf, deliver, store } = options;
    this.#options = options;
    this.#log = new EventLog({ schema, dateAndTime, store, failed: options.failed });
    const work = new FilterWork(options.limits.filterWork);
    this.subscriptions = new Subscriptions({
      schema,
      log: this.#log,
      access,
      xpaths,
      work,
      dateAndTime,
      deliver: (session, message, at) => deliver(session, [message], at),
      isSubscribed: (id) => this.dynamic.has(id),
    });
    const { subscriptions: most, waitingNotifications } = options.limits;
    this.dynamic = new DynamicSubscriptions({
      ...options,
      log: this.#log,
      work,
      isCreated: (id) => this.subscriptions.has(id),
      most,
      waitingMost: Math.ceil(waitingNotifications / 2),
    });
    this.#schemas = new Map(
      schema.notifications
        .filter(({ module }) => [BASE_NOTIFICATIONS, LIBRARY].includes(module.namespace))
        .map((notification) => [notification.name, notification]),
    );
    datastores.onChange((change) => {
      const session = change.session === undefined ? undefined : sessionOf(change.session);
      this.#publish(configChange(change, session), change.at);
    });
    datastores.onConfirmedCommit((event) => {
      const session = event.session === undefined ? undefined : sessionOf(event.session);
      this.#publish(confirmedCommit(event, session), event.at);
    });
  }

  /**
   * Once, at the start: the log is there from now on, and what is served otherwise than when it was
   * last written is told in it (RFC 6470 section 2.1, RFC 8525 section 3).
   */
  started(contentId: string, capabilities: readonly string[], at: Raw): void {
    const before = this.#log.begin(at, { contentId, capabilities });
    if (before === undefined) return;
    const change = capabilityChange(before.capabilities, capabilities);
    if (change !== undefined) this.#publish(change, at);
    if (before.contentId !== contentId) this.#publish(libraryUpdate(contentId), at);
  }

  /** The log begins with the first session at the latest. */
  sessionStarted(session: Session, at: Raw): void {
    this.#log.begin(at);
    this.#publish(sessionStart(session), at);
  }

  sessionEnded(session: Session, why: Termination, killedBy: SessionId | undefined, at: Raw): void {
    this.#publish(sessionEnd(session, why, killedBy), at);
  }

  /** An event of another room. */
  publish(tree: Tree, schema: NotificationSchema, at: Raw): void {
    const event = this.#log.add(tree, schema, at);
    this.subscriptions.publish(event, at);
    this.dynamic.publish(event, at);
  }

  /** Whether a session is told anything. */
  isSubscribed(session: SessionId): boolean {
    return this.subscriptions.has(session) || this.dynamic.has(session);
  }

  /** The streams and subscriptions there are. */
  elements(): readonly Element[] {
    return [...this.#streams(), ...this.dynamic.elements()];
  }

  /** RFC 5277 section 3.2.5. */
  #streams(): readonly Element[] {
    const { schema } = this.#options;
    if (moduleNamed(schema, "nc-notifications")?.implemented !== true) return [];
    const { leaf, node } = elementsIn(STREAMS);
    const createdAt = this.#log.createdAt();
    const stream = node("stream", [
      leaf("name", STREAM),
      leaf("description", "Everything that happens in this agent."),
      leaf("replaySupport", "true"),
      ...(createdAt === undefined ? [] : [leaf("replayLogCreationTime", createdAt)]),
    ]);
    return [node("netconf", [node("streams", [stream])])];
  }

  #publish(element: Element, at: Raw): void {
    const schema = this.#schemas.get(element.name);
    if (schema === undefined) return;
    const { tree, faults } = readData(element.children, this.#options.schema, {
      type: "data",
      parent: schema,
    });
    for (const { message } of faults) this.#options.failed(message);
    this.publish(tree, schema, at);
  }
}
