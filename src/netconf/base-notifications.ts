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
  const told = changes.length > EDITS_MAX ? topLevel(changes) : changes;
  return node("netconf-config-change", [
    node("changed-by", by),
    leaf("datastore", datastore),
    ...told.filter(({ path }) => path.every(isPrintable)).map(edit),
  ]);
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
