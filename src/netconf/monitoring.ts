import type { Raw } from "../base/index.ts";
import { instancePath } from "../data/index.ts";
import type { DatastoreName } from "../datastore/index.ts";
import { type Element, element } from "../xml/index.ts";
import { moduleNamed, type Schema } from "../yang/index.ts";
import { MONITORING } from "./names.ts";
import type { PartialLock } from "./partial-locks.ts";
import type { SessionId } from "./peer.ts";
import { protocolError } from "./reply.ts";
import type { Session, SessionCounters } from "./session.ts";
import { elementsIn } from "./state-tree.ts";

const { leaf, qualified, node } = elementsIn(MONITORING);

/** RFC 6022 section 2.1.5: since the server started. */
export interface Statistics extends SessionCounters {
  startedAt: Raw | undefined;
  inBadHellos: number;
  inSessions: number;
  droppedSessions: number;
}

export function newStatistics(): Statistics {
  return {
    startedAt: undefined,
    inBadHellos: 0,
    inSessions: 0,
    droppedSessions: 0,
    inRpcs: 0,
    inBadRpcs: 0,
    outRpcErrors: 0,
    outNotifications: 0,
  };
}

/** A global lock that is held (RFC 6022 section 2.1.2). */
export interface HeldLock {
  readonly name: DatastoreName;
  readonly session: SessionId;
  readonly since: Raw;
}

/** What <netconf-state> tells. */
export interface MonitoredState {
  readonly capabilities: readonly string[];
  readonly datastores: readonly DatastoreName[];
  readonly locks: readonly HeldLock[];
  /** Of running. */
  readonly partialLocks: readonly PartialLock[];
  readonly sessions: readonly Session[];
  readonly statistics: Statistics;
  readonly dateAndTime: (at: Raw) => string;
}

/** RFC 6022: netconf-state, but for its schemas, which never change. */
export function monitoringElements(schema: Schema, state: MonitoredState): readonly Element[] {
  if (moduleNamed(schema, "ietf-netconf-monitoring")?.implemented !== true) return [];
  return [
    node("netconf-state", [
      node(
        "capabilities",
        state.capabilities.map((uri) => leaf("capability", uri)),
      ),
      node(
        "datastores",
        state.datastores.map((name) => datastore(name, state)),
      ),
      node(
        "sessions",
        state.sessions.filter(isOpen).map((session) => sessionElement(session, state)),
      ),
      statisticsElement(state),
    ]),
  ];
}

/** RFC 6022 section 2.1.3: every module and submodule that <get-schema> has. */
export function schemaElements(schema: Schema): readonly Element[] {
  if (moduleNamed(schema, "ietf-netconf-monitoring")?.implemented !== true) return [];
  const rows = [...texts(schema)].map(({ name, revision, namespace }) =>
    node("schema", [
      leaf("identifier", name),
      leaf("version", revision ?? ""),
      qualified("format", "ncm", MONITORING, "yang"),
      leaf("namespace", namespace),
      leaf("location", "NETCONF"),
    ]),
  );
  return [node("netconf-state", [node("schemas", rows)])];
}

/** RFC 6022 section 3.1. Throws RpcError. */
export function schemaText(
  schema: Schema,
  identifier: string,
  version: string | undefined,
): string {
  const found = [...texts(schema)].filter(
    ({ name, revision }) =>
      name === identifier && (version === undefined || version === (revision ?? "")),
  );
  const [first, second] = found;
  const what = version === undefined ? `"${identifier}"` : `"${identifier}", version "${version}"`;
  if (first === undefined) {
    throw protocolError("invalid-value", `there is no schema ${what}`, {
      info: [{ name: "bad-element", value: version === undefined ? "identifier" : "version" }],
    });
  }
  if (second !== undefined) {
    throw protocolError("operation-failed", `there are several versions of ${what}: name one`, {
      appTag: "data-not-unique",
    });
  }
  return first.text;
}

interface Text {
  readonly name: string;
  readonly revision: string | undefined;
  readonly namespace: string;
  readonly text: string;
}

/** A submodule that several modules' revisions share is one schema. */
function* texts(schema: Schema): Iterable<Text> {
  const seen = new Set<string>();
  for (const module of schema.modules) {
    for (const { name, revision, text } of [module, ...module.submodules]) {
      const key = `${name}@${revision ?? ""}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield { name, revision, namespace: module.namespace, text };
    }
  }
}

function datastore(name: DatastoreName, state: MonitoredState): Element {
  const { locks, partialLocks, dateAndTime } = state;
  const lock = locks.find((held) => held.name === name);
  if (lock === undefined) {
    const partial = name === "running" ? partialLocks.map((one) => partialLock(one, state)) : [];
    const held = partial.length === 0 ? [] : [node("locks", partial)];
    return node("datastore", [leaf("name", name), ...held]);
  }
  const global = node("global-lock", [
    leaf("locked-by-session", lock.session),
    leaf("locked-time", dateAndTime(lock.since)),
  ]);
  return node("datastore", [leaf("name", name), node("locks", [global])]);
}

function partialLock(lock: PartialLock, { dateAndTime }: MonitoredState): Element {
  return node("partial-lock", [
    leaf("lock-id", lock.id),
    leaf("locked-by-session", lock.session),
    leaf("locked-time", dateAndTime(lock.since)),
    ...lock.selects.map((select) => leaf("select", select)),
    ...lock.nodes.map((steps) => {
      const { text, namespaces } = instancePath(steps);
      return element(MONITORING, "locked-node", { text, declarations: namespaces });
    }),
  ]);
}

/** RFC 6022 section 2.1.4: sessions whose hellos are through. */
function isOpen(session: Session): boolean {
  return session.phase === "open";
}

function sessionElement(session: Session, { dateAndTime }: MonitoredState): Element {
  const { peer, counters } = session;
  return node("session", [
    leaf("session-id", session.id),
    qualified("transport", "ncm", MONITORING, peer.transport),
    leaf("username", peer.user),
    leaf("source-host", peer.host),
    leaf("login-time", dateAndTime(session.openedAt)),
    ...counterElements(counters),
  ]);
}

function statisticsElement({ statistics, dateAndTime }: MonitoredState): Element {
  const { startedAt } = statistics;
  return node("statistics", [
    ...(startedAt === undefined ? [] : [leaf("netconf-start-time", dateAndTime(startedAt))]),
    leaf("in-bad-hellos", statistics.inBadHellos),
    leaf("in-sessions", statistics.inSessions),
    leaf("dropped-sessions", statistics.droppedSessions),
    ...counterElements(statistics),
  ]);
}

function counterElements(counters: SessionCounters): readonly Element[] {
  return [
    leaf("in-rpcs", counters.inRpcs),
    leaf("in-bad-rpcs", counters.inBadRpcs),
    leaf("out-rpc-errors", counters.outRpcErrors),
    leaf("out-notifications", counters.outNotifications),
  ];
}
