import type { NtpStatus } from "../host/index.ts";
import type { Paint } from "./paint.ts";

/** What a manycast client wants where it is told nothing else. */
const MINCLOCK = 3;

type Association = NtpStatus["associations"][number];

/** The status of an agent on one screen. */
export function statusLines(status: NtpStatus, where: string, paint: Paint): readonly string[] {
  const head = `${paint("strong", `ntpconfd at ${where}`)}  ${paint("quiet", status.now ?? "")}`;
  if (!status.configured) {
    const told = "NTP is not configured, or this user may not read it";
    return [head, "", `${paint("warning", "○")} ${told}`];
  }
  return [
    head,
    "",
    ...clockLines(status, paint),
    "",
    ...associationLines(status.associations, paint),
    ...status.rings.map(ringLine),
    ...sessionLines(status),
    packetLine(status, paint),
  ];
}

function clockLines({ clock }: NtpStatus, paint: Paint): readonly string[] {
  const { state = "unknown", stratum, source, offset, frequencyPpm } = clock;
  const isGood = state === "synchronized";
  const mark = paint(isGood ? "good" : "warning", `${isGood ? "●" : "○"} ${state}`);
  const first = [
    mark,
    ...(stratum === undefined ? [] : [`stratum ${stratum}`]),
    ...(source === undefined ? [] : [`time from ${source}`]),
    ...(offset === undefined ? [] : [`offset ${paint("strong", milliseconds(offset, true))}`]),
  ];
  const second = [
    ...(clock.rootDelay === undefined ? [] : [`root delay ${milliseconds(clock.rootDelay)}`]),
    ...(clock.rootDispersion === undefined
      ? []
      : [`root dispersion ${milliseconds(clock.rootDispersion)}`]),
    ...(frequencyPpm === undefined ? [] : [`frequency ${signed(frequencyPpm, 3)} ppm`]),
    ...(clock.refid === undefined ? [] : [`reference ${clock.refid}`]),
  ];
  return [first.join("   "), `  ${second.join("   ")}`];
}

interface Column {
  readonly title: string;
  readonly isNumber?: true;
  readonly text: (one: Association) => string;
}

const columns: readonly Column[] = [
  { title: "address", text: ({ address }) => address },
  { title: "mode", text: ({ mode }) => mode },
  { title: "stratum", isNumber: true, text: ({ stratum }) => String(stratum ?? "–") },
  { title: "reach", text: ({ reach }) => (reach === undefined ? "–" : reachText(reach)) },
  { title: "poll", isNumber: true, text: ({ poll }) => interval(poll) },
  { title: "offset", isNumber: true, text: (one) => measured(one, one.offset, true) },
  { title: "delay", isNumber: true, text: (one) => measured(one, one.delay) },
  { title: "jitter", isNumber: true, text: (one) => measured(one, one.jitter) },
  { title: "key", isNumber: true, text: ({ keyId }) => (keyId ? String(keyId) : "–") },
];

function associationLines(all: readonly Association[], paint: Paint): readonly string[] {
  if (all.length === 0) return [paint("quiet", "  no associations"), ""];
  const rows = all.map((one) => columns.map(({ text }) => text(one)));
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        return columns[i]?.isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const body = rows.map((cells, i) => {
    const one = all[i];
    if (one?.isSource) return paint("good", `* ${line(cells)}`);
    return one?.reach === 0 ? paint("quiet", `  ${line(cells)}`) : `  ${line(cells)}`;
  });
  const titles = columns.map(({ title }) => title);
  return [paint("quiet", `  ${line(titles)}`), ...body, ""];
}

function ringLine(ring: NtpStatus["rings"][number]): string {
  const parts = [
    `manycast ${ring.interface} ${ring.group}`,
    `ttl ${ring.ttl ?? "–"} of ${ring.ttlMax ?? "–"}`,
    `${ring.survivors ?? 0} servers, ${ring.minclock ?? MINCLOCK} wanted`,
    `${ring.solicitations ?? 0} solicitations, ${ring.answers ?? 0} answers`,
    `every ${interval(ring.interval)}`,
  ];
  return parts.join("   ");
}

function sessionLines({ dynamic }: NtpStatus): readonly string[] {
  if (dynamic.limit === undefined) return [];
  const { now = 0, limit, refused = 0 } = dynamic;
  return [`dynamic sessions   ${now} of ${limit}, ${refused} refused`];
}

function packetLine({ traffic, drops }: NtpStatus, paint: Paint): string {
  const { sent = 0, received = 0, dropped = 0, sendFailures = 0 } = traffic;
  const reasons = Object.entries(drops).filter(([, count]) => count > 0);
  const why = reasons.map(([reason, count]) => `${reason} ${count}`).join(", ");
  const lost = dropped > 0 ? paint("warning", `${dropped} dropped`) : "none dropped";
  const failed = sendFailures > 0 ? `, ${paint("bad", `${sendFailures} not sent`)}` : "";
  const detail = why === "" ? "" : ` (${why})`;
  return `packets   ${sent} sent, ${received} received, ${lost}${detail}${failed}`;
}

/** The last eight polls, the newest at the right. */
function reachText(reach: number): string {
  return reach.toString(2).padStart(8, "0").replaceAll("1", "▮").replaceAll("0", "▯");
}

/** 16 s is what nobody has measured (RFC 5905's MAXDISP): the other figures mean nothing then. */
function measured(one: Association, value: number | undefined, hasSign = false): string {
  const known = value !== undefined && (one.dispersion ?? 0) < 16_000;
  return known ? milliseconds(value, hasSign) : "–";
}

function milliseconds(value: number, hasSign = false): string {
  return `${hasSign ? signed(value, 3) : value.toFixed(3)} ms`;
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(digits)}`;
}

/** From log2 s. */
function interval(exponent: number | undefined): string {
  if (exponent === undefined) return "–";
  const seconds = 2 ** exponent;
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
