import type { RpcError } from "../base/index.ts";
import type { DataNode, ParentData, Tree } from "../data/index.ts";
import { type Element, element } from "../xml/index.ts";
import { DATASTORES, PUSH, SUBSCRIBED } from "./names.ts";
import type { Filter, ReadableDatastore } from "./operation.ts";
import { invalidValue, missingChoice } from "./parameters.ts";
import { protocolError } from "./reply.ts";
import { elementsIn } from "./state-tree.ts";
import { subscriptionError } from "./subscription-error.ts";
import type { PatchOperation } from "./yang-patch.ts";

/** What events or data a subscription has. */
export interface FilterTerms {
  readonly filter: Filter | undefined;
  /** The configured filter that it is: its name, and what it was when it was read. */
  readonly name: string | undefined;
  readonly entry: ParentData | undefined;
  /** The parameters as they were given. */
  readonly told: readonly Element[];
}

/** A yang:date-and-time as it was given, and the same in ms for comparing. */
export interface Moment {
  readonly text: string;
  readonly ms: number;
}

/** When a datastore's content is sent; hundredths of a second. */
export type Trigger =
  | { readonly kind: "periodic"; readonly period: number; readonly anchor: Moment | undefined }
  | {
      readonly kind: "on-change";
      readonly dampening: number;
      readonly syncOnStart: boolean;
      readonly excluded: ReadonlySet<PatchOperation>;
    };

/** RFC 8639 section 2.4.2: a subscription to a stream. */
export interface StreamTerms {
  readonly kind: "stream";
  readonly stream: string;
  readonly selection: FilterTerms;
  readonly stop: Moment | undefined;
  readonly replay: Moment | undefined;
}

/** RFC 8641 section 4.4: a subscription to a datastore. */
export interface DatastoreTerms {
  readonly kind: "datastore";
  readonly datastore: ReadableDatastore;
  readonly selection: FilterTerms;
  readonly trigger: Trigger;
  readonly stop: Moment | undefined;
}

export type Terms = StreamTerms | DatastoreTerms;

/** Shortest period, hundredths of a second. */
const PERIOD_MIN = 10;

/** What reading terms needs to know. */
export interface TermsContext {
  readonly streams: readonly string[];
  readonly datastores: readonly ReadableDatastore[];
  /** Where filters are configured. */
  readonly running: Tree;
}

/** Reads the input of establish-subscription, which is valid by its module. Throws RpcError. */
export function readTerms(input: Tree, context: TermsContext): Terms {
  const stop = timeOf(input, "stop-time");
  const stream = textOf(input, "stream");
  if (stream !== undefined) {
    if (!context.streams.includes(stream)) {
      throw invalidValue("stream", stream, `one of ${context.streams.join(", ")}`);
    }
    refuseTrigger(input);
    const selection = readFilter(input, "stream", context.running);
    const replay = timeOf(input, "replay-start-time");
    return { kind: "stream", stream, selection, stop, replay };
  }
  const identity = textOf(input, "datastore") ?? "";
  const datastore = context.datastores.find((name) => identity === `ietf-datastores:${name}`);
  if (datastore === undefined) {
    throw subscriptionError(
      "establish-subscription-datastore",
      "datastore-not-subscribable",
      `<datastore>: ${identity} cannot be subscribed to, but ${context.datastores.join(", ")} can`,
    );
  }
  const trigger = readTrigger(input, "establish-subscription-datastore");
  if (trigger === undefined) {
    throw missingChoice("update-trigger", "a datastore is sent <periodic> or <on-change>");
  }
  const selection = readFilter(input, "datastore", context.running);
  return { kind: "datastore", datastore, selection, trigger, stop };
}

/**
 * The terms that modify-subscription leads to. What is not given stays as it was (RFC 8641 section
 * 4.4.2); of a stream the module wants a filter each time. Throws RpcError.
 */
export function modifyTerms(input: Tree, before: Terms, running: Tree): Terms {
  const stop = timeOf(input, "stop-time") ?? before.stop;
  const identity = textOf(input, "datastore");
  if (before.kind === "stream") {
    if (identity !== undefined) throw otherTarget("datastore", "it is to a stream");
    refuseTrigger(input);
    return { ...before, selection: readFilter(input, "stream", running), stop };
  }
  if (identity === undefined) throw otherTarget("stream-filter-name", "it is to a datastore");
  if (identity !== `ietf-datastores:${before.datastore}`) {
    throw otherTarget("datastore", `it is to ${before.datastore}`);
  }
  const trigger = readTrigger(input, "modify-subscription-datastore") ?? before.trigger;
  // What has no place in this operation's input stays.
  const kept =
    trigger.kind === "on-change" && before.trigger.kind === "on-change"
      ? { ...before.trigger, dampening: trigger.dampening }
      : trigger;
  const given = readFilter(input, "datastore", running);
  const selection = given.told.length > 0 ? given : before.selection;
  return { ...before, trigger: kept, selection, stop };
}

/** The terms after the filter that they name was changed; undefined: it is there no more. */
export function renewTerms(terms: Terms, running: Tree): Terms | undefined {
  const { name, told, entry: before } = terms.selection;
  if (name === undefined) return terms;
  const entry = configuredFilter(name, terms.kind, running);
  if (entry === before) return terms;
  if (entry === undefined) return undefined;
  return { ...terms, selection: { filter: filterIn(entry, terms.kind), name, entry, told } };
}

/** The terms as nodes of the modules. */
export function termElements(terms: Terms): readonly Element[] {
  const sn = elementsIn(SUBSCRIBED);
  const { selection, stop } = terms;
  const stopTime = moment(stop, "stop-time", SUBSCRIBED);
  if (terms.kind === "stream") {
    const replay = moment(terms.replay, "replay-start-time", SUBSCRIBED);
    return [...selection.told, sn.leaf("stream", terms.stream), ...replay, ...stopTime];
  }
  const { datastore, trigger } = terms;
  const identity = elementsIn(PUSH).qualified("datastore", "ds", DATASTORES, datastore);
  return [identity, ...selection.told, triggerElement(trigger), ...stopTime];
}

function triggerElement(trigger: Trigger): Element {
  const { leaf, node } = elementsIn(PUSH);
  if (trigger.kind === "periodic") {
    const { period, anchor } = trigger;
    return node("periodic", [leaf("period", period), ...moment(anchor, "anchor-time", PUSH)]);
  }
  return node("on-change", [
    leaf("dampening-period", trigger.dampening),
    leaf("sync-on-start", String(trigger.syncOnStart)),
    ...[...trigger.excluded].map((change) => leaf("excluded-change", change)),
  ]);
}

function moment(when: Moment | undefined, name: string, namespace: string): readonly Element[] {
  return when === undefined ? [] : [elementsIn(namespace).leaf(name, when.text)];
}

function readTrigger(
  input: Tree,
  rpc: "establish-subscription-datastore" | "modify-subscription-datastore",
): Trigger | undefined {
  const periodic = childIn(input, "periodic");
  if (periodic?.kind === "container") {
    const period = Number(textOf(periodic, "period"));
    if (period < PERIOD_MIN) {
      const message = `<period>: ${period} is too short, ${PERIOD_MIN} hundredths of a second do`;
      throw subscriptionError(rpc, "period-unsupported", message, { "period-hint": PERIOD_MIN });
    }
    return { kind: "periodic", period, anchor: timeOf(periodic, "anchor-time") };
  }
  const onChange = childIn(input, "on-change");
  if (onChange?.kind !== "container") return undefined;
  const excluded = childIn(onChange, "excluded-change");
  const names = excluded?.kind === "leaf-list" ? [...excluded.entries.keys()] : [];
  return {
    kind: "on-change",
    dampening: Number(textOf(onChange, "dampening-period") ?? 0),
    syncOnStart: textOf(onChange, "sync-on-start") !== "false",
    excluded: new Set(names as readonly PatchOperation[]),
  };
}

function refuseTrigger(input: Tree): void {
  const found = ["periodic", "on-change"].find((name) => childIn(input, name) !== undefined);
  if (found === undefined) return;
  throw protocolError("bad-element", `<${found}> is for datastores: a stream is sent as it comes`, {
    info: [{ name: "bad-element", value: found }],
  });
}

function otherTarget(name: string, why: string): RpcError {
  const message = `<${name}>: what a subscription is to cannot be changed, and ${why}`;
  return protocolError("invalid-value", message, { info: [{ name: "bad-element", value: name }] });
}

const byName = { stream: "stream-filter-name", datastore: "selection-filter-ref" } as const;

function readFilter(input: Tree, of: Terms["kind"], running: Tree): FilterTerms {
  const { leaf, node } = elementsIn(of === "stream" ? SUBSCRIBED : PUSH);
  const name = textOf(input, byName[of]);
  if (name !== undefined) {
    const entry = configuredFilter(name, of, running);
    const filter = entry && filterIn(entry, of);
    return { filter, name, entry, told: [leaf(byName[of], name)] };
  }
  const filter = filterIn(input, of);
  const inline = { filter, name, entry: undefined };
  if (filter === undefined) return { ...inline, told: [] };
  const told =
    filter.kind === "subtree"
      ? node(`${of}-subtree-filter`, filter.elements)
      : leaf(`${of}-xpath-filter`, filter.select);
  return { ...inline, told: [told] };
}

function filterIn(parent: ParentData, of: Terms["kind"]): Filter | undefined {
  const subtree = childIn(parent, `${of}-subtree-filter`);
  if (subtree?.kind === "any") return { kind: "subtree", elements: subtree.content };
  const select = textOf(parent, `${of}-xpath-filter`);
  // Its prefixes are module names: so they mean the same wherever the expression came from.
  return select === undefined ? undefined : { kind: "xpath", select, element: element("", of) };
}

function configuredFilter(name: string, of: Terms["kind"], running: Tree): ParentData | undefined {
  const filters = childIn(running, "filters", SUBSCRIBED);
  if (filters?.kind !== "container") return undefined;
  const list = childIn(filters, of === "stream" ? "stream-filter" : "selection-filter");
  return list?.kind === "list" ? list.entries.get(name) : undefined;
}

function childIn(parent: ParentData, name: string, namespace?: string): DataNode | undefined {
  return parent.children.find(
    ({ schema }) =>
      schema.name === name && (namespace === undefined || schema.module.namespace === namespace),
  );
}

function textOf(parent: ParentData, name: string): string | undefined {
  const node = childIn(parent, name);
  return node?.kind === "leaf" ? node.value : undefined;
}

function timeOf(parent: ParentData, name: string): Moment | undefined {
  const text = textOf(parent, name);
  return text === undefined ? undefined : { text, ms: Date.parse(text) };
}
