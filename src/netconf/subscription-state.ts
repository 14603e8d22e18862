import { assert } from "../base/index.ts";
import { type DataNode, printXml, readData } from "../data/index.ts";
import type { Element } from "../xml/index.ts";
import { moduleNamed, type Schema } from "../yang/index.ts";
import type { EventLog } from "./event-log.ts";
import { SUBSCRIBED } from "./names.ts";
import type { SessionId } from "./peer.ts";
import { elementsIn } from "./state-tree.ts";
import { type Terms, termElements } from "./subscription-terms.ts";
import { STREAM } from "./subscriptions.ts";

const MODULE = "ietf-subscribed-notifications";
const { leaf, node } = elementsIn(SUBSCRIBED);

/** A subscription, for those who look at it. */
export interface SubscriptionState {
  readonly id: number;
  readonly session: { readonly id: SessionId };
  readonly terms: Terms;
  readonly isSuspended: boolean;
  readonly sent: number;
  readonly excluded: number;
}

/** /streams and /subscriptions; nothing where their module is not served. */
export function subscriptionElements(
  schema: Schema,
  log: EventLog,
  subscriptions: readonly SubscriptionState[],
): readonly Element[] {
  if (moduleNamed(schema, MODULE)?.implemented !== true) return [];
  const [createdAt, agedAt] = [log.createdAt(), log.agedAt()];
  const stream = node("stream", [
    leaf("name", STREAM),
    leaf("description", "Everything that happens in this agent."),
    ...(createdAt === undefined
      ? []
      : [leaf("replay-support", ""), leaf("replay-log-creation-time", createdAt)]),
    ...(agedAt === undefined ? [] : [leaf("replay-log-aged-time", agedAt)]),
  ]);
  const rows = subscriptions.map(subscriptionElement);
  const there = rows.length === 0 ? [] : [node("subscriptions", rows)];
  return [node("streams", [stream]), ...there];
}

function subscriptionElement(subscription: SubscriptionState): Element {
  const { id, terms, session, sent, excluded, isSuspended } = subscription;
  const receiver = node("receiver", [
    leaf("name", `session ${session.id}`),
    leaf("sent-event-records", sent),
    leaf("excluded-event-records", excluded),
    leaf("state", isSuspended ? "suspended" : "active"),
  ]);
  return node("subscription", [
    leaf("id", id),
    ...termElements(terms),
    leaf("encoding", "encode-xml"),
    node("receivers", [receiver]),
  ]);
}

/** A subscription state notification (RFC 8639 section 2.7), without its envelope. */
export function stateNotification(
  schema: Schema,
  name: string,
  id: number,
  more: readonly Element[],
): string {
  const own = moduleNamed(schema, MODULE);
  const parent = schema.notifications.find((one) => one.name === name && one.module === own);
  assert(parent !== undefined, `there is a notification ${name}`);
  const elements = [leaf("id", id), ...more];
  const { tree, faults } = readData(elements, schema, { type: "data", parent });
  assert(faults.length === 0, `${name} fits its module: ${faults[0]?.message}`);
  const inside = printXml(tree.children, { schema, namespace: SUBSCRIBED });
  return `<${name} xmlns="${SUBSCRIBED}">${inside}</${name}>`;
}

/** The output of establish-subscription. */
export function establishedOutput(
  schema: Schema,
  id: number,
  replayFrom: string | undefined,
): readonly DataNode[] {
  const rpc = schema.rpcs.find(({ name }) => name === "establish-subscription");
  assert(rpc !== undefined, "what was called is there");
  const revised = replayFrom === undefined ? [] : [leaf("replay-start-time-revision", replayFrom)];
  const elements = [leaf("id", id), ...revised];
  return readData(elements, schema, { type: "data", parent: rpc.output }).tree.children;
}
