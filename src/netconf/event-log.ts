import type { Raw } from "../base/index.ts";
import { type Tree, treeOf, writeXml } from "../data/index.ts";
import type { NotificationSchema, Schema } from "../yang/index.ts";
import { NOTIFICATION } from "./names.ts";

/** Events that are kept for a replay (RFC 5277 section 3.3): the oldest go first. */
const KEPT_EVENTS_MAX = 10_000;

/** One thing that happened, as notifications tell it. */
export interface LoggedEvent {
  readonly schema: NotificationSchema;
  /** yang:date-and-time, and the same in ms for comparing. */
  readonly time: string;
  readonly timeMs: number;
  /** What stands inside the notification's element. */
  readonly tree: Tree;
  /** The whole message; printed when it is first wanted. */
  readonly message: () => string;
}

/** The NETCONF stream: what happened, in order. */
export class EventLog {
  readonly #schema: Schema;
  readonly #dateAndTime: (at: Raw) => string;
  readonly #events: LoggedEvent[] = [];
  /** When it was begun; undefined: nothing has happened yet. */
  #createdAt: Raw | undefined;
  #agedAt: string | undefined;

  constructor(schema: Schema, dateAndTime: (at: Raw) => string) {
    this.#schema = schema;
    this.#dateAndTime = dateAndTime;
  }

  begin(at: Raw): void {
    this.#createdAt ??= at;
  }

  createdAt(): Raw | undefined {
    return this.#createdAt;
  }

  /** When the last event that is not kept any more happened. */
  agedAt(): string | undefined {
    return this.#agedAt;
  }

  add(tree: Tree, schema: NotificationSchema, at: Raw): LoggedEvent {
    this.begin(at);
    const time = this.#dateAndTime(at);
    let text: string | undefined;
    const event: LoggedEvent = {
      schema,
      time,
      timeMs: Date.parse(time),
      tree: treeOf(tree.children, schema),
      message: () => {
        text ??= this.#print(schema, tree, time);
        return text;
      },
    };
    this.#events.push(event);
    if (this.#events.length > KEPT_EVENTS_MAX) {
      this.#agedAt = this.#events.splice(0, KEPT_EVENTS_MAX / 10).at(-1)?.time;
    }
    return event;
  }

  /** Those of a span of time, oldest first. */
  between(startMs: number, stopMs: number): readonly LoggedEvent[] {
    return this.#events.filter(({ timeMs }) => timeMs >= startMs && timeMs <= stopMs);
  }

  #print({ name, module }: NotificationSchema, { children }: Tree, time: string): string {
    const { namespace } = module;
    const content = [...writeXml(children, { schema: this.#schema, namespace })].join("");
    const element =
      content === ""
        ? `<${name} xmlns="${namespace}"/>`
        : `<${name} xmlns="${namespace}">${content}</${name}>`;
    return envelope(time, element);
  }
}

/** RFC 5277 section 4: the message around an event. */
export function envelope(time: string, element: string): string {
  return (
    `<notification xmlns="${NOTIFICATION}"><eventTime>${time}</eventTime>` +
    `${element}</notification>`
  );
}
