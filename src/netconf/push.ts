import type { Raw } from "../base/index.ts";
import { type Change, diff, type Tree, writeXml } from "../data/index.ts";
import type { Schema } from "../yang/index.ts";
import { PUSH } from "./names.ts";
import type { DatastoreTerms, Trigger } from "./subscription-terms.ts";
import { patchOperation, printPatch, resourcePath } from "./yang-patch.ts";

export interface PushOptions {
  readonly id: number;
  readonly schema: Schema;
  readonly terms: DatastoreTerms;
  /** What the subscription selects now, as far as its receiver may read it. Throws RpcError. */
  readonly select: (at: Raw) => Tree;
  /** The configuration that it is, or stands on: as long as it is the same nothing was changed. */
  readonly source: () => Tree;
  /** Wall time in ms. */
  readonly nowMs: (at: Raw) => number;
}

/** What goes into a <notification>, in pieces. */
export type PushMessage = Iterable<string>;

/** How often operational state, which tells nobody that it changed, is looked at. */
const LOOK_NS = 1_000_000_000n;
const CENTISECOND_NS = 10_000_000n;
/** Updates that may wait: each holds on to all that there was at its moment. */
const WAITING_MAX = 100;

/** RFC 8641: what is sent of one datastore to one receiver, and when. */
export class Push {
  readonly #options: PushOptions;
  readonly #trigger: Trigger;
  /** When something is to be sent or looked at. */
  #wakeAt: Raw | undefined;
  /** On change: what the receiver has. */
  #told: Tree | undefined;
  /** On change: the source and the selection when they were last looked at. */
  #source: Tree | undefined;
  #seen: Tree | undefined;
  /** RFC 8641 section 3.1: no update before this moment. */
  #quietUntil = 0n as Raw;
  /** The last change of each node since the last update, by path. */
  readonly #churn = new Map<string, Change>();
  #patches = 0;
  #waiting = 0;

  constructor(options: PushOptions) {
    this.#options = options;
    this.#trigger = options.terms.trigger;
  }

  get wakeAt(): Raw | undefined {
    return this.#wakeAt;
  }

  /** Whether its receiver does not take what there is for it. */
  get isBehind(): boolean {
    return this.#waiting >= WAITING_MAX;
  }

  /** A message that goes out: it waits until all of it is taken. */
  waitingFor(message: PushMessage): PushMessage {
    this.#waiting += 1;
    const taken = (): void => {
      this.#waiting -= 1;
    };
    return (function* () {
      yield* message;
      taken();
    })();
  }

  /** Once the subscription is there. */
  start(at: Raw): readonly PushMessage[] {
    const trigger = this.#trigger;
    if (trigger.kind === "on-change") {
      const content = this.#look(at);
      return trigger.syncOnStart ? [this.#update(content)] : [];
    }
    // Without an anchor the intervals are counted from here.
    if (trigger.anchor === undefined) return this.#periodic(trigger.period, at);
    this.#wakeAt = this.#next(trigger.period, trigger.anchor.ms, at);
    return [];
  }

  timer(at: Raw): readonly PushMessage[] {
    if (this.#wakeAt === undefined || this.#wakeAt > at) return [];
    this.#wakeAt = undefined;
    const trigger = this.#trigger;
    if (trigger.kind === "on-change") return this.#flush(at);
    if (trigger.anchor === undefined) return this.#periodic(trigger.period, at);
    const content = this.#options.select(at);
    this.#wakeAt = this.#next(trigger.period, trigger.anchor.ms, at);
    return [this.#update(content)];
  }

  /** Something was done that may have changed what is subscribed to. */
  changed(at: Raw): readonly PushMessage[] {
    const source = this.#options.source();
    if (this.#trigger.kind === "periodic" || source === this.#source) return [];
    if (at >= this.#quietUntil) return this.#flush(at);
    this.#source = source;
    this.#note(this.#options.select(at));
    this.#wakeAt = this.#quietUntil;
    return [];
  }

  /** All that there is, anew: resync-subscription, or a receiver that had missed something. */
  resync(at: Raw): readonly PushMessage[] {
    if (this.#trigger.kind === "periodic") return this.start(at);
    return [this.#update(this.#look(at))];
  }

  #periodic(period: number, at: Raw): readonly PushMessage[] {
    this.#wakeAt = later(at, period);
    return [this.#update(this.#options.select(at))];
  }

  /** The first moment after `at` that is a multiple of the period from the anchor. */
  #next(period: number, anchorMs: number, at: Raw): Raw {
    const periodMs = period * 10;
    const sinceMs = this.#options.nowMs(at) - anchorMs;
    const leftMs = periodMs - (((sinceMs % periodMs) + periodMs) % periodMs);
    return (at + BigInt(Math.ceil(leftMs * 1e6))) as Raw;
  }

  /** Starts over from what is there now. */
  #look(at: Raw): Tree {
    const content = this.#options.select(at);
    this.#source = this.#options.source();
    this.#seen = content;
    this.#told = content;
    this.#churn.clear();
    this.#quiet(at);
    return content;
  }

  /** An update went out. */
  #quiet(at: Raw): void {
    const dampening = this.#trigger.kind === "on-change" ? this.#trigger.dampening : 0;
    this.#quietUntil = later(at, dampening);
    this.#rest(at);
  }

  /** Nothing is to be sent: state has to be looked at again. */
  #rest(at: Raw): void {
    // All look at the same moments, so that one reading of state serves them all.
    const look = ((at / LOOK_NS + 1n) * LOOK_NS) as Raw;
    const next = look > this.#quietUntil ? look : this.#quietUntil;
    this.#wakeAt = this.#options.terms.datastore === "operational" ? next : undefined;
  }

  /** Takes notes of what changed while no update may be sent. */
  #note(content: Tree): void {
    const seen = this.#seen ?? content;
    for (const change of diff(seen, content)) this.#churn.set(resourcePath(change.path), change);
    this.#seen = content;
  }

  #flush(at: Raw): readonly PushMessage[] {
    const content = this.#options.select(at);
    this.#note(content);
    this.#source = this.#options.source();
    const changes = this.#changes(content);
    this.#told = content;
    this.#churn.clear();
    if (changes.length === 0) {
      this.#rest(at);
      return [];
    }
    this.#quiet(at);
    this.#patches += 1;
    return [this.#changeUpdate(changes, content)];
  }

  /**
   * What leads from what the receiver has to what is there. RFC 8641 section 3.1: of what changed
   * and changed back the last change is told, so that the churn is seen.
   */
  #changes(content: Tree): readonly Change[] {
    const { excluded } = this.#trigger.kind === "on-change" ? this.#trigger : { excluded: nothing };
    const net = diff(this.#told ?? content, content);
    const paths = net.map(({ path }) => resourcePath(path));
    const churn = [...this.#churn].filter(([path]) => !paths.some((other) => related(path, other)));
    const all = [...net, ...churn.map(([, change]) => change)];
    return all.filter((change) => !excluded.has(patchOperation(change)));
  }

  /** Section 4.3.1. */
  #update(content: Tree): PushMessage {
    const { id, schema } = this.#options;
    const head = `<push-update xmlns="${PUSH}"><id>${id}</id>`;
    if (content.children.length === 0) return [`${head}<datastore-contents/></push-update>`];
    const inside = writeXml(content.children, { schema, namespace: PUSH });
    return around(`${head}<datastore-contents>`, inside, "</datastore-contents></push-update>");
  }

  /** Section 4.3.2. */
  #changeUpdate(changes: readonly Change[], content: Tree): PushMessage {
    const { id, schema } = this.#options;
    const patchId = String(this.#patches);
    const patch = printPatch(changes, content, {
      schema,
      namespace: PUSH,
      patchId,
      hasSource: false,
    });
    const head = `<push-change-update xmlns="${PUSH}"><id>${id}</id><datastore-changes>`;
    return [head, patch, "</datastore-changes></push-change-update>"];
  }
}

const nothing: ReadonlySet<string> = new Set();

function later(at: Raw, centiseconds: number): Raw {
  return (at + BigInt(centiseconds) * CENTISECOND_NS) as Raw;
}

/** Whether one path is the other, or leads to what lies below it. */
function related(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function* around(start: string, pieces: Iterable<string>, end: string): Iterable<string> {
  yield start;
  yield* pieces;
  yield end;
}
