import { type Change, instancePath, type PathStep } from "../data/index.ts";
import type { ConfirmedCommitEvent, DatastoreChange } from "../datastore/index.ts";
import { type Element, element } from "../xml/index.ts";
import type { Session, Termination } from "./session.ts";
import { elementsIn } from "./state-tree.ts";

/** RFC 6470: what happens in the server itself, as elements of its notifications. */
export const BASE_NOTIFICATIONS = "urn:ietf:params:xml:ns:yang:ietf-netconf-notifications";
const { leaf, node } = elementsIn(BASE_NOTIFICATIONS);

/** Beyond this many changes only the top-level nodes that changed are named. */
const EDITS_MAX = 1000;

/** Section 2.2; `session` undefined: the server did it, by itself. */
export function configChange(
  { datastore, changes }: DatastoreChange,
  session: Session | undefined,
): Element {
  const by = session === undefined ? [leaf("server", "")] : parameters(session);
  const told = withoutSecrets(changes.length > EDITS_MAX ? topLevel(changes) : changes);
  return node("netconf-config-change", [
    node("changed-by", by),
    leaf("datastore", datastore),
    ...told.filter(({ path }) => path.every(isPrintable)).map(edit),
  ]);
}

/** Section 2.1; undefined: they are the same. Modified is what has other parameters. */
export function capabilityChange(
  before: readonly string[],
  after: readonly string[],
): Element | undefined {
  const added = after.filter((uri) => !before.includes(uri));
  const deleted = before.filter((uri) => !after.includes(uri));
  if (added.length + deleted.length === 0) return undefined;
  const modified = added.filter((uri) => deleted.some((other) => nameOf(other) === nameOf(uri)));
  const isElse = (uri: string): boolean => modified.every((other) => nameOf(other) !== nameOf(uri));
  return node("netconf-capability-change", [
    node("changed-by", [leaf("server", "")]),
    ...added.filter(isElse).map((uri) => leaf("added-capability", uri)),
    ...deleted.filter(isElse).map((uri) => leaf("deleted-capability", uri)),
    ...modified.map((uri) => leaf("modified-capability", uri)),
  ]);
}

/** A capability without its parameters. */
function nameOf(uri: string): string {
  return uri.replace(/\?.*$/, "");
}

export function sessionStart(session: Session): Element {
  return node("netconf-session-start", parameters(session));
}

/** `killedBy`: the session that asked for it. */
export function sessionEnd(
  session: Session,
  why: Termination,
  killedBy: number | undefined,
): Element {
  return node("netconf-session-end", [
    ...parameters(session),
    ...(killedBy === undefined ? [] : [leaf("killed-by", killedBy)]),
    leaf("termination-reason", why),
  ]);
}

export function confirmedCommit(
  { kind, timeout }: ConfirmedCommitEvent,
  session: Session | undefined,
): Element {
  return node("netconf-confirmed-commit", [
    ...(session === undefined ? [] : parameters(session)),
    leaf("confirm-event", kind),
    ...(timeout === undefined ? [] : [leaf("timeout", timeout)]),
  ]);
}

function parameters({ id, peer }: Session): readonly Element[] {
  return [
    leaf("username", peer.user),
    leaf("session-id", id),
    // Optional, and an address: a name is none.
    ...(isAddress(peer.host) ? [leaf("source-host", peer.host)] : []),
  ];
}

function isAddress(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(":");
}

/** An instance-identifier has no way to write a value with both kinds of quotes. */
function isPrintable({ key = "" }: PathStep): boolean {
  return !(key.includes("'") && key.includes('"'));
}

function edit({ path, kind }: Change): Element {
  const { text, namespaces } = instancePath(path);
  const target = element(BASE_NOTIFICATIONS, "target", { text, declarations: namespaces });
  const operation = kind === "create" || kind === "delete" ? kind : "merge";
  return node("edit", [target, leaf("operation", operation)]);
}

/** Everybody may be told: of what is under nacm:default-deny-all only that it has changed. */
function withoutSecrets(changes: readonly Change[]): readonly Change[] {
  let last: Change | undefined;
  return changes.flatMap((change) => {
    const end = change.path.findIndex(({ schema }) => schema.defaultDeny === "all");
    if (end < 0 || change.path.length === 1) return [change];
    const path = change.path.slice(0, Math.max(1, end));
    const schema = path[path.length - 1]?.schema ?? change.schema;
    const isTold = last !== undefined && last.schema === schema && isSame(last.path, path);
    last = { path, schema, kind: "modify" };
    return isTold ? [] : [last];
  });
}

function isSame(a: readonly PathStep[], b: readonly PathStep[]): boolean {
  return a.length === b.length && a.every((step, i) => step.key === b[i]?.key);
}

function topLevel(changes: readonly Change[]): readonly Change[] {
  const tops = new Map<unknown, Change>();
  for (const change of changes) {
    const [top] = change.path;
    if (top === undefined || tops.has(top.schema)) continue;
    const isWhole = change.path.length === 1;
    tops.set(top.schema, {
      path: [{ schema: top.schema }],
      schema: top.schema,
      kind: isWhole ? change.kind : "modify",
    });
  }
  return [...tops.values()];
}
