import type { Element } from "../xml/index.ts";

// What <get> shows of NTP, as one flat record: for the page, for metrics, for `ntpconfd status`. A
// node that the asking user may not read is not in the reply, and so is undefined here.

const ntp = "urn:ietf:params:xml:ns:yang:ietf-ntp";
const nd = "urn:ntpconfd:yang:ntp";
const system = "urn:ietf:params:xml:ns:yang:ietf-system";

/** What to ask: nothing of keys, even for who may read them. */
const statusFilter =
  `<ntp xmlns="${ntp}" xmlns:nd="${nd}"><port/><clock-state/><associations/><interfaces/>` +
  "<ntp-statistics/><nd:max-dynamic-sessions/><nd:dynamic-sessions/>" +
  "<nd:dynamic-sessions-refused/><nd:packet-drops/></ntp>" +
  `<system-state xmlns="${system}"><clock/></system-state>`;

/** The whole <get> of it, with values that are nowhere set. */
export const statusQuestion =
  `<get><filter type="subtree">${statusFilter}</filter>` +
  '<with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">report-all' +
  "</with-defaults></get>";

/** Of the whole host, or of one association. */
export interface Traffic {
  readonly sent: number | undefined;
  readonly sendFailures: number | undefined;
  readonly received: number | undefined;
  readonly dropped: number | undefined;
}

/** Offsets and delays in ms, with the sign of RFC 9249: negative, this clock is behind. */
export interface ClockStatus {
  readonly state: string | undefined;
  readonly stratum: number | undefined;
  readonly refid: string | undefined;
  readonly source: string | undefined;
  readonly offset: number | undefined;
  readonly rootDelay: number | undefined;
  readonly rootDispersion: number | undefined;
  /** What the clock's frequency is corrected by, in parts per million. */
  readonly frequencyPpm: number | undefined;
  readonly syncState: string | undefined;
}

export interface AssociationStatus {
  readonly address: string;
  readonly localMode: string;
  readonly configured: boolean;
  /** nd:mode, or else the local mode. */
  readonly mode: string;
  readonly isSource: boolean;
  readonly stratum: number | undefined;
  readonly refid: string | undefined;
  readonly interface: string | undefined;
  readonly keyId: number | undefined;
  /** The last eight polls, the newest in the lowest bit. */
  readonly reach: number | undefined;
  /** log2 s */
  readonly poll: number | undefined;
  readonly offset: number | undefined;
  readonly delay: number | undefined;
  readonly dispersion: number | undefined;
  readonly jitter: number | undefined;
  readonly traffic: Traffic;
}

/** A manycast client's expanding ring. */
export interface RingStatus {
  readonly interface: string;
  readonly group: string;
  readonly ttl: number | undefined;
  readonly ttlMax: number | undefined;
  readonly minclock: number | undefined;
  readonly solicitations: number | undefined;
  readonly answers: number | undefined;
  readonly survivors: number | undefined;
  /** log2 s */
  readonly interval: number | undefined;
}

export interface NtpStatus {
  /** Whether there is anything of /ntp that the user may read. */
  readonly configured: boolean;
  readonly now: string | undefined;
  readonly startedAt: string | undefined;
  readonly clock: ClockStatus;
  readonly associations: readonly AssociationStatus[];
  readonly rings: readonly RingStatus[];
  readonly traffic: Traffic;
  /** Reason → packets; empty where it may not be read. */
  readonly drops: Readonly<Record<string, number>>;
  readonly dynamic: {
    readonly now: number | undefined;
    readonly limit: number | undefined;
    readonly refused: number | undefined;
  };
}

/** Reads the <rpc-reply> or the <data> that answers statusQuestion. */
export function readStatus(reply: Element): NtpStatus {
  const data = reply.name === "data" ? reply : child(reply, "data");
  const top = child(data, "ntp");
  const clock = child(data, "system-state", "clock");
  const drops = child(top, "packet-drops")?.children ?? [];
  const source = child(top, "clock-state", "system-status");
  return {
    configured: top !== undefined,
    now: text(clock, "current-datetime"),
    startedAt: text(clock, "boot-datetime"),
    clock: readClock(source),
    associations: all(child(top, "associations"), "association").map((row) =>
      readAssociation(row, source),
    ),
    rings: all(child(top, "interfaces"), "interface").flatMap(readRings),
    traffic: readTraffic(child(top, "ntp-statistics")),
    drops: Object.fromEntries(drops.map(({ name, text: value }) => [name, Number(value)])),
    dynamic: {
      now: number(top, "dynamic-sessions"),
      limit: number(top, "max-dynamic-sessions"),
      refused: number(top, "dynamic-sessions-refused"),
    },
  };
}

function readClock(at: Element | undefined): ClockStatus {
  const nominal = number(at, "nominal-freq");
  const actual = number(at, "actual-freq");
  const known = nominal !== undefined && nominal > 0 && actual !== undefined;
  return {
    state: identity(at, "clock-state"),
    stratum: number(at, "clock-stratum"),
    refid: text(at, "clock-refid"),
    source: text(at, "associations-address"),
    offset: number(at, "clock-offset"),
    rootDelay: number(at, "root-delay"),
    rootDispersion: number(at, "root-dispersion"),
    frequencyPpm: known ? ((actual - nominal) / nominal) * 1e6 : undefined,
    syncState: identity(at, "sync-state"),
  };
}

function readAssociation(row: Element, system: Element | undefined): AssociationStatus {
  const address = text(row, "address") ?? "";
  const localMode = identity(row, "local-mode") ?? "";
  const isConfigured = text(row, "isconfigured") ?? "";
  return {
    address,
    localMode,
    configured: isConfigured === "true",
    mode: identity(row, "mode") ?? localMode,
    isSource:
      text(system, "associations-address") === address &&
      identity(system, "associations-local-mode") === localMode &&
      text(system, "associations-isconfigured") === isConfigured,
    stratum: number(row, "stratum"),
    refid: text(row, "refid"),
    interface: text(row, "peer-interface"),
    keyId: number(row, "key-id"),
    reach: number(row, "reach"),
    poll: number(row, "poll"),
    offset: number(row, "offset"),
    delay: number(row, "delay"),
    dispersion: number(row, "dispersion"),
    jitter: number(row, "jitter"),
    traffic: readTraffic(child(row, "ntp-statistics")),
  };
}

function readRings(entry: Element): readonly RingStatus[] {
  return all(entry, "manycast-client").map((client) => {
    const ring = child(client, "ring");
    return {
      interface: text(entry, "name") ?? "",
      group: text(client, "address") ?? "",
      ttl: number(ring, "ttl"),
      ttlMax: number(client, "ttl"),
      minclock: number(client, "minclock"),
      solicitations: number(ring, "solicitations"),
      answers: number(ring, "answers"),
      survivors: number(ring, "survivors"),
      interval: number(ring, "interval"),
    };
  });
}

function readTraffic(at: Element | undefined): Traffic {
  return {
    sent: number(at, "packet-sent"),
    sendFailures: number(at, "packet-sent-fail"),
    received: number(at, "packet-received"),
    dropped: number(at, "packet-dropped"),
  };
}

function child(at: Element | undefined, ...names: readonly string[]): Element | undefined {
  return names.reduce((from, name) => from?.children.find((one) => one.name === name), at);
}

function all(at: Element | undefined, name: string): readonly Element[] {
  return at?.children.filter((one) => one.name === name) ?? [];
}

function text(at: Element | undefined, name: string): string | undefined {
  return child(at, name)?.text.trim();
}

function identity(at: Element | undefined, name: string): string | undefined {
  return text(at, name)?.replace(/^.*:/, "");
}

function number(at: Element | undefined, name: string): number | undefined {
  const value = text(at, name);
  return value === undefined || value === "" ? undefined : Number(value);
}
