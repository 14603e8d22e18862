import type { AssociationStatus, NtpStatus } from "./ntp-status.ts";

/** Something that happened between two looks at the operational datastore. */
export interface HistoryEvent {
  /** Unix time, s. */
  readonly time: number;
  readonly severity: "good" | "info" | "warning";
  readonly text: string;
  /** What it tells of: who may not read that does not see it. */
  readonly subject: "clock" | "drops" | "sessions" | { readonly address: string };
}

type Told = Omit<HistoryEvent, "time">;

/** What happened from one status to the next. */
export function happened(
  before: NtpStatus,
  after: NtpStatus,
  time: number,
): readonly HistoryEvent[] {
  const told = [
    ...clockEvents(before, after),
    ...associationEvents(before, after),
    ...refusals(before, after),
    ...dropEvents(before, after),
  ];
  return told.map((event) => ({ time, ...event }));
}

function clockEvents({ clock: was }: NtpStatus, { clock: is }: NtpStatus): readonly Told[] {
  const events: Told[] = [];
  if (was.state !== is.state) {
    const good = is.state === "synchronized";
    const text = is.state === undefined ? "NTP is not configured any more" : `clock ${is.state}`;
    events.push({ severity: good ? "good" : "warning", text, subject: "clock" });
  }
  if (was.source !== is.source && is.source !== undefined) {
    events.push({ severity: "info", text: `time comes from ${is.source}`, subject: "clock" });
  }
  return events;
}

function associationEvents(before: NtpStatus, after: NtpStatus): readonly Told[] {
  const was = byKey(before.associations);
  const is = byKey(after.associations);
  const events: Told[] = [];
  for (const [key, one] of is) {
    const { address, mode, reach } = one;
    const old = was.get(key);
    const subject = { address };
    if (old === undefined) {
      events.push({ severity: "info", text: `${address} came as ${mode}`, subject });
    } else if (old.reach === 0 && (reach ?? 0) > 0) {
      events.push({ severity: "good", text: `${address} answers`, subject });
    } else if ((old.reach ?? 0) > 0 && reach === 0) {
      events.push({ severity: "warning", text: `${address} answers no more`, subject });
    }
  }
  for (const [key, { address }] of was) {
    if (is.has(key)) continue;
    events.push({ severity: "info", text: `${address} went away`, subject: { address } });
  }
  return events;
}

function refusals({ dynamic: was }: NtpStatus, { dynamic: is }: NtpStatus): readonly Told[] {
  const more = (is.refused ?? 0) - (was.refused ?? 0);
  if (more <= 0) return [];
  const text = `${more} dynamic ${more === 1 ? "session" : "sessions"} refused at the limit`;
  return [{ severity: "warning", text, subject: "sessions" }];
}

function dropEvents({ drops: was }: NtpStatus, { drops: is }: NtpStatus): readonly Told[] {
  const more = Object.entries(is).flatMap(([reason, count]) => {
    const grown = count - (was[reason] ?? 0);
    return grown > 0 ? [`${grown} ${reason}`] : [];
  });
  if (more.length === 0) return [];
  return [{ severity: "warning", text: `packets not used: ${more.join(", ")}`, subject: "drops" }];
}

function byKey(list: readonly AssociationStatus[]): ReadonlyMap<string, AssociationStatus> {
  return new Map(list.map((one) => [`${one.address} ${one.localMode} ${one.configured}`, one]));
}
