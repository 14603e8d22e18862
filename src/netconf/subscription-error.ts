import type { ErrorInfo, ErrorTag, RpcError } from "../base/index.ts";
import { PUSH, SUBSCRIBED } from "./names.ts";
import { protocolError } from "./reply.ts";

/** What a subscription was asked to do, and what it is to: they name the yang-data of the error. */
export type SubscriptionRpc =
  | "establish-subscription-stream"
  | "establish-subscription-datastore"
  | "modify-subscription-stream"
  | "modify-subscription-datastore"
  | "delete-subscription"
  | "resync-subscription";

/** The identities of RFC 8639 section 2.4.6 and RFC 8641 appendix A, with their error-tags. */
const tags = {
  "encoding-unsupported": "invalid-value",
  "filter-unsupported": "invalid-value",
  "insufficient-resources": "resource-denied",
  "no-such-subscription": "invalid-value",
  "replay-unsupported": "operation-not-supported",
  "datastore-not-subscribable": "invalid-value",
  "no-such-subscription-resync": "invalid-value",
  "on-change-unsupported": "operation-not-supported",
  "period-unsupported": "invalid-value",
  "unchanging-selection": "operation-failed",
} as const satisfies Record<string, ErrorTag>;

export type SubscriptionErrorName = keyof typeof tags;

const ofPush: ReadonlySet<SubscriptionErrorName> = new Set([
  "datastore-not-subscribable",
  "no-such-subscription-resync",
  "on-change-unsupported",
  "period-unsupported",
  "unchanging-selection",
]);

/**
 * RFC 8640 section 7: the identity as error-app-tag, and again with what would do in the error-info
 * that the module has for the operation.
 */
export function subscriptionError(
  rpc: SubscriptionRpc,
  name: SubscriptionErrorName,
  message: string,
  hints: Readonly<Record<string, string | number>> = {},
): RpcError {
  const isDatastores = rpc.endsWith("-datastore") || rpc === "resync-subscription";
  const namespace = isDatastores ? PUSH : SUBSCRIBED;
  const [module, uri] = ofPush.has(name)
    ? (["ietf-yang-push", PUSH] as const)
    : (["ietf-subscribed-notifications", SUBSCRIBED] as const);
  const reason: ErrorInfo =
    uri === namespace
      ? { name: "reason", value: name }
      : { name: "reason", value: `${module}:${name}`, namespaces: new Map([[module, uri]]) };
  const more = Object.entries(hints).map(([hint, value]) => ({ name: hint, value: `${value}` }));
  // The one of resync-subscription has no "-info" at its end.
  const container = rpc === "resync-subscription" ? `${rpc}-error` : `${rpc}-error-info`;
  return protocolError(tags[name], message, {
    type: "application",
    appTag: `${module}:${name}`,
    info: [{ name: container, value: "", namespace, children: [reason, ...more] }],
  });
}

export function noSuch(rpc: SubscriptionRpc, id: number): RpcError {
  const name =
    rpc === "resync-subscription" ? "no-such-subscription-resync" : "no-such-subscription";
  return subscriptionError(rpc, name, `<id>: there is no subscription ${id} here`);
}

export function badTime(name: string, why: string): RpcError {
  return protocolError("invalid-value", `<${name}>: ${why}`, {
    info: [{ name: "bad-element", value: name }],
  });
}
