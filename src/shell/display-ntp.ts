import type { Element } from "../xml/index.ts";
import { childrenAt, textOf } from "./task.ts";

// The layouts that operators of routers know, made of RFC 9249's state.

/** Seconds from 1900 to 1970 (RFC 5905 section 6). */
const unixEpoch = 2_208_988_800n;
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const notRunning = ["Info: The NTP service is not enabled."];

/** `display ntp-service status`. `ntp`: undefined where there is none. */
export function statusLines(ntp: Element | undefined): readonly string[] {
  const [system] = childrenAt(ntp, "clock-state", "system-status");
  if (ntp === undefined || system === undefined) return notRunning;
  const leaf = (name: string): string => textOf(system, name);
  const synchronized = name(leaf("clock-state")) === "synchronized";
  const peer = sessionsOf(ntp).find((session) => isMaster(session, system));
  return [
    row("clock status", synchronized ? "synchronized" : "unsynchronized"),
    row("clock stratum", leaf("clock-stratum")),
    row("reference clock ID", synchronized ? reference(leaf("clock-refid")) : "none"),
    row("nominal frequency", `${leaf("nominal-freq")} Hz`),
    row("actual frequency", `${leaf("actual-freq")} Hz`),
    row("clock precision", `2^${-Number(leaf("clock-precision"))}`),
    row("clock offset", `${fixed(leaf("clock-offset"), 4)} ms`),
    row("root delay", `${fixed(leaf("root-delay"), 2)} ms`),
    row("root dispersion", `${fixed(leaf("root-dispersion"), 2)} ms`),
    row("peer dispersion", `${fixed(textOf(peer, "dispersion"), 2)} ms`),
    row("reference time", timeText(leaf("reference-time"))),
    row("synchronization state", syncState(name(leaf("sync-state")))),
  ];
}

/** `display ntp-service sessions [ verbose ]`. */
export function sessionLines(ntp: Element | undefined, verbose: boolean): readonly string[] {
  if (ntp === undefined) return notRunning;
  const system = childrenAt(ntp, "clock-state", "system-status")[0];
  const sessions = sessionsOf(ntp);
  const lines = sessions.flatMap((session) => [
    ...sessionSummary(session, system),
    ...(verbose ? sessionDetails(session) : []),
    "",
  ]);
  return [...lines, ` Total sessions: ${sessions.length}`];
}

function sessionSummary(session: Element, system: Element | undefined): readonly string[] {
  const leaf = (name: string): string => textOf(session, name);
  const reach = Number(leaf("reach"));
  const status = [
    leaf("isconfigured") === "true" ? "configured" : "dynamic",
    ...(isMaster(session, system) ? ["master"] : []),
    Number(leaf("stratum")) < 16 ? "sane" : "insane",
    reach > 0 ? "valid" : "invalid",
  ];
  return [
    row("clock source", leaf("address")),
    row("clock stratum", leaf("stratum")),
    row("clock status", status.join(", ")),
    row("reference clock ID", reference(leaf("refid"))),
    row("reach", leaf("reach")),
    row("current poll", `${2 ** Number(leaf("poll"))} secs`),
    row("now", since(leaf("now"))),
    row("offset", `${fixed(leaf("offset"), 4)} ms`),
    row("delay", `${fixed(leaf("delay"), 2)} ms`),
    row("disper", `${fixed(leaf("dispersion"), 2)} ms`),
  ];
}

function sessionDetails(session: Element): readonly string[] {
  const leaf = (name: string): string => textOf(session, name);
  const key = leaf("authentication");
  const count = (name: string): string => textOf(session, "ntp-statistics", name);
  return [
    row("local mode", name(leaf("mode")) || name(leaf("local-mode"))),
    row("local poll", leaf("poll")),
    row("authentication", key === "" ? "none" : `key ${key}`),
    row("version", leaf("version")),
    row("port", leaf("port")),
    row("peer interface", leaf("peer-interface") || "wildcard"),
    row("jitter", `${fixed(leaf("jitter"), 4)} ms`),
    row("orgtime", timeText(leaf("originate-time"))),
    row("rcvtime", timeText(leaf("receive-time"))),
    row("xmttime", timeText(leaf("transmit-time"))),
    row("reach history", leaf("reach-history") || "none"),
    row("selection", selectionText(leaf("selection"), leaf("rejection-reason"))),
    row("last drop", leaf("last-drop-reason") || "none"),
    row("packets sent", `${count("packet-sent")}, failed ${count("packet-sent-fail")}`),
    row("packets received", `${count("packet-received")}, dropped ${count("packet-dropped")}`),
  ];
}

function selectionText(selection: string, reason: string): string {
  if (selection === "") return "none";
  return reason === "" ? selection : `${selection}, ${reason}`;
}

const validity: readonly (readonly [string, string])[] = [
  ["Authentication failures", "bad-mac unknown-key untrusted-key authentication-required"],
  ["Bogus packets", "bogus-origin"],
  ["Duplicate packets", "duplicate"],
  ["Unsynchronized servers", "unsynchronized stratum"],
  ["Loops", "loop"],
];
const otherDrops: readonly (readonly [string, string])[] = [
  ["Invalid packets", "malformed version mode"],
  ["Access denied", "access-denied"],
  ["Rate-limited", "rate-limited"],
  ["Interface disabled", "interface-disabled"],
  ["Server disabled", "server-disabled"],
  ["Not a manycast server here", "not-manycast"],
  ["Max dynamic association reached", "session-limit"],
  ["Others", "other"],
];

/** `display ntp-service statistics packet`. */
export function statisticsLines(ntp: Element | undefined): readonly string[] {
  if (ntp === undefined) return notRunning;
  const count = (name: string): number => Number(textOf(ntp, "ntp-statistics", name));
  const drops = (names: string): number =>
    names.split(" ").reduce((sum, name) => sum + Number(textOf(ntp, "packet-drops", name)), 0);
  const line = (depth: number, title: string, value: number): string =>
    `${`${" ".repeat(1 + 4 * depth)}${title}`.padEnd(44)}: ${value}`;
  const received = count("packet-received");
  const dropped = count("packet-dropped");
  const failures = validity.reduce((sum, [, names]) => sum + drops(names), 0);
  return [
    " NTP IPv4/IPv6 packet statistics",
    ` ${"-".repeat(54)}`,
    line(0, "Sent", count("packet-sent")),
    line(1, "Send failures", count("packet-sent-fail")),
    line(0, "Received", received),
    line(1, "Processed", Math.max(0, received - dropped)),
    line(1, "Dropped", dropped),
    line(2, "Validity test failures", failures),
    ...validity.map(([title, names]) => line(3, title, drops(names))),
    ...otherDrops.map(([title, names]) => line(2, title, drops(names))),
    ` Last packets dropped: ${lastDrops(ntp)}`,
    ` Counted since ${timeText(textOf(ntp, "ntp-statistics", "discontinuity-time"))}`,
  ];
}

/** Who sent what was dropped last, and why, the newest first. */
function lastDrops(ntp: Element): string {
  const last = childrenAt(ntp, "packet-drops", "last").slice(0, 2);
  const all = last.map((one) => `${textOf(one, "reason")} (${textOf(one, "address")})`);
  return all.length === 0 ? "none" : all.join(", ");
}

function sessionsOf(ntp: Element): readonly Element[] {
  return childrenAt(ntp, "associations", "association");
}

function isMaster(session: Element, system: Element | undefined): boolean {
  const same = (leaf: string): boolean =>
    textOf(session, leaf) === textOf(system, `associations-${leaf}`);
  return textOf(system, "associations-address") !== "" && same("address") && same("isconfigured");
}

function row(title: string, value: string): string {
  return ` ${title}: ${value}`;
}

/** An identity without its prefix. */
function name(identity: string): string {
  return identity.slice(identity.indexOf(":") + 1);
}

/** RFC 9249's refid: a clock of the host itself is told by its name, as routers do. */
function reference(refid: string): string {
  const id = refid.trim();
  return id === "LOCL" || id === "LCL" ? "LOCAL(0)" : id === "" ? "none" : id;
}

function fixed(text: string, digits: number): string {
  const value = Number(text === "" ? "0" : text).toFixed(digits);
  return /^-0\.0*$/.test(value) ? value.slice(1) : value;
}

/** Routers count in s, then in min, hours and days. */
function since(text: string): string {
  if (text === "") return "-";
  const seconds = Number(text);
  if (seconds <= 2_048) return `${seconds} secs`;
  if (seconds <= 300 * 60) return `${Math.floor(seconds / 60)} mins`;
  if (seconds <= 96 * 3_600) return `${Math.floor(seconds / 3_600)} hours`;
  return `${Math.floor(seconds / 86_400)} days`;
}

function syncState(state: string): string {
  return state.replace(/-/g, " ");
}

/** `15:51:36.259 UTC Apr 25 2012(D343DB58.424DD2F1)`; the prime epoch where there is no time. */
function timeText(date: string): string {
  const match = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(date);
  if (match === null) return "00:00:00.000 UTC Jan 1 1900(00000000.00000000)";
  const [, whole = "", digits = "", zone = ""] = match;
  const moment = new Date(Date.parse(whole + zone));
  const seconds = BigInt(moment.getTime() / 1_000) + unixEpoch;
  const fraction = (BigInt(digits.padEnd(9, "0").slice(0, 9)) << 32n) / 1_000_000_000n;
  const clock = moment.toISOString().slice(11, 19);
  const month = months[moment.getUTCMonth()] ?? "";
  const day = `${month} ${moment.getUTCDate()} ${moment.getUTCFullYear()}`;
  const hex = `${hexadecimal(seconds & 0xffff_ffffn)}.${hexadecimal(fraction)}`;
  return `${clock}.${digits.padEnd(3, "0").slice(0, 3)} UTC ${day}(${hex})`;
}

function hexadecimal(value: bigint): string {
  return value.toString(16).toUpperCase().padStart(8, "0");
}
