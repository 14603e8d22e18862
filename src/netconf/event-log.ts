import { type Raw, StorageError } from "../base/index.ts";
import { type DataNode, readData, type Tree, treeOf, writeXml } from "../data/index.ts";
import { isXmlFault, parseXml } from "../xml/index.ts";
import type { NotificationSchema, Schema } from "../yang/index.ts";
import {
  type EventStore,
  type KeptEvent,
  type LogHead,
  parseLog,
  printEvent,
  printLog,
} from "./event-store.ts";
import { NOTIFICATION } from "./names.ts";

/** What is kept for a replay (RFC 5277 section 3.3): the oldest go first. */
const keptEventsMax = 10_000;
const keptOctetsMax = 8 * 1024 * 1024;
/** What an event takes beside its content, which is ASCII: one octet for each character. */
const eventOctets = 150;

/** One thing that happened, as notifications tell it. */
export interface LoggedEvent {
  readonly schema: NotificationSchema;
  /** What stands inside the notification's element. */
  readonly tree: () => Tree;
  /** The whole message. */
  readonly message: () => string;
  /** The same event with other content, which is not kept. */
  readonly holding: (children: readonly DataNode[]) => LoggedEvent;
}

export interface EventLogOptions {
  readonly schema: Schema;
  readonly dateAndTime: (at: Raw) => string;
  /** Where it outlives the process; undefined: nowhere. */
  readonly store: EventStore | undefined;
  /** What could not be read or written: told once, until it goes well again. */
  readonly failed: (reason: string) => void;
}

/** An event as it is held: by its text alone, a sixth of what its tree takes. */
interface Held {
  readonly schema: NotificationSchema;
  readonly time: string;
  readonly content: string;
}

/** The NETCONF stream: what happened, in order. */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #schemas: ReadonlyMap<string, NotificationSchema>;
  readonly #events: Held[] = [];
  /** Of all that is held. */
  #octets = 0;
  /** Lines on disk of events that are not kept any more. */
  #agedLines = 0;
  #head: LogHead | undefined;
  #isFailing = false;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#schemas = new Map(
      options.schema.notifications.map((schema) => [
        `${schema.module.name}:${schema.name}`,
        schema,
      ]),
    );
    this.#attempt(() => this.#load());
  }

  /**
   * The log is there from now on, if it was not before. `serving`: what is served; gives what was
   * when this was called last.
   */
  begin(at: Raw, serving?: LogHead["serving"]): LogHead["serving"] {
    const before = this.#head?.serving;
    if (this.#head !== undefined && (serving === undefined || isSame(serving, before))) {
      return before;
    }
    const created = this.#head?.created ?? this.#options.dateAndTime(at);
    this.#head = { ...this.#head, created, ...(serving && { serving }) };
    this.#rewrite();
    return before;
  }

  /** yang:date-and-time of its beginning; undefined: nothing has happened yet. */
  createdAt(): string | undefined {
    return this.#head?.created;
  }

  /** When the last event that is not kept any more happened. */
  agedAt(): string | undefined {
    return this.#head?.aged;
  }

  add(tree: Tree, schema: NotificationSchema, at: Raw): LoggedEvent {
    this.begin(at);
    const time = this.#options.dateAndTime(at);
    const held = { schema, time, content: inOnePiece(this.#print(schema, tree)) };
    this.#keep(held);
    this.#attempt(() => this.#options.store?.append(printEvent(keptEvent(held))));
    if (this.#events.length > keptEventsMax || this.#octets > keptOctetsMax) this.#age();
    const plain = treeOf(tree.children, schema);
    return this.#logged(held, () => plain);
  }

  /** Those of a span of time, oldest first; their trees are read when they are asked for. */
  *between(startMs: number, stopMs: number): Iterable<LoggedEvent> {
    // What is told may end sessions, and so add to the log.
    const there = this.#events.filter(({ time }) => {
      const timeMs = Date.parse(time);
      return timeMs >= startMs && timeMs <= stopMs;
    });
    for (const held of there) {
      let tree: Tree | undefined;
      yield this.#logged(held, () => {
        tree ??= this.#read(held);
        return tree;
      });
    }
  }

  #load(): void {
    const bytes = this.#options.store?.read();
    if (bytes === undefined) return;
    const { head, events, isWhole } = parseLog(bytes);
    this.#head = head;
    for (const { time, module, name, content } of events) {
      const schema = this.#schemas.get(`${module}:${name}`);
      // Of a module that is not served any more nobody can be told.
      if (schema !== undefined) this.#keep({ schema, time, content });
    }
    if (!isWhole && head !== undefined) this.#rewrite();
  }

  #keep(held: Held): void {
    this.#events.push(held);
    this.#octets += octetsOf(held);
  }

  /** A tenth at once, so that the file is seldom written anew. */
  #age(): void {
    let aged: Held | undefined;
    while (this.#events.length > keptEventsMax * 0.9 || this.#octets > keptOctetsMax * 0.9) {
      aged = this.#events.shift();
      if (aged === undefined) return;
      this.#octets -= octetsOf(aged);
      this.#agedLines += 1;
    }
    if (this.#head !== undefined && aged !== undefined) {
      this.#head = { ...this.#head, aged: aged.time };
    }
    // On disk there may be twice as much: to write it anew takes its time.
    if (this.#agedLines > this.#events.length) this.#rewrite();
  }

  #rewrite(): void {
    const head = this.#head;
    if (head === undefined) return;
    this.#agedLines = 0;
    const events = this.#events.map(keptEvent);
    this.#attempt(() => this.#options.store?.write(printLog(head, events)));
  }

  /** A disk that fails costs what is replayed after a restart, and nothing else. */
  #attempt(act: () => void): void {
    try {
      act();
      this.#isFailing = false;
    } catch (fault) {
      if (!(fault instanceof StorageError)) throw fault;
      if (!this.#isFailing) this.#options.failed(fault.message);
      this.#isFailing = true;
    }
  }

  #logged({ schema, time, content }: Held, tree: () => Tree): LoggedEvent {
    return {
      schema,
      tree,
      message: () => envelope(time, elementOf(schema, content)),
      holding: (children) => {
        const other = treeOf(children, schema);
        return this.#logged({ schema, time, content: this.#print(schema, other) }, () => other);
      },
    };
  }

  #print({ module: { namespace } }: NotificationSchema, { children }: Tree): string {
    return [...writeXml(children, { schema: this.#options.schema, namespace })].join("");
  }

  #read({ schema: parent, content }: Held): Tree {
    const root = parseXml(elementOf(parent, content));
    const elements = isXmlFault(root) ? [] : root.children;
    return readData(elements, this.#options.schema, { type: "data", parent }).tree;
  }
}

function octetsOf({ content }: Held): number {
  return content.length + eventOctets;
}

/** The same text made anew: what was put together of a hundred pieces keeps them all. */
function inOnePiece(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

function keptEvent({ schema: { module, name }, time, content }: Held): KeptEvent {
  return { time, module: module.name, name, content };
}

function elementOf({ name, module }: NotificationSchema, content: string): string {
  const start = `<${name} xmlns="${module.namespace}"`;
  return content === "" ? `${start}/>` : `${start}>${content}</${name}>`;
}

function isSame(a: LogHead["serving"], b: LogHead["serving"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** RFC 5277 section 4: the message around an event. */
export function envelope(time: string, element: string): string {
  return (
    `<notification xmlns="${NOTIFICATION}"><eventTime>${time}</eventTime>` +
    `${element}</notification>`
  );
}

/** The same around what comes in pieces. */
export function* enveloped(time: string, message: Iterable<string>): Iterable<string> {
  const [head = "", tail = ""] = envelope(time, "\n").split("\n");
  yield head;
  yield* message;
  yield tail;
}
