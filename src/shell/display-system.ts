import type { Element } from "../xml/index.ts";
import { textOf } from "./task.ts";

// The clock and the version as routers show them, made of ietf-system's state (RFC 7317).

const notShown = ["Info: The state of the system is not shown to this user."];

/** `display clock`. `system`: system-state; undefined where it may not be read. */
export function clockLines(system: Element | undefined): readonly string[] {
  const now = textOf(system, "clock", "current-datetime");
  return now === "" ? notShown : [momentText(now)];
}

/** `display version`. `version`: of ntpconfd. */
export function versionLines(version: string, system: Element | undefined): readonly string[] {
  const platform = (name: string): string => textOf(system, "platform", name);
  const machine = ["os-name", "os-release", "machine"].map(platform).filter((one) => one !== "");
  const now = textOf(system, "clock", "current-datetime");
  const boot = textOf(system, "clock", "boot-datetime");
  return [
    `ntpconfd ${version}`,
    ...(machine.length === 0 ? [] : [` ${machine.join(" ")}`]),
    ...(boot === "" || now === ""
      ? []
      : [` System uptime is ${spanText(Date.parse(now) - Date.parse(boot))}`]),
  ];
}

/** `15:51:36.259 UTC Wed Apr 25 2012`, of a date-and-time in UTC. */
function momentText(dateAndTime: string): string {
  const moment = new Date(dateAndTime);
  const [day = "", date = "", month, year] = moment.toUTCString().split(/,? /);
  return `${moment.toISOString().slice(11, 23)} UTC ${day} ${month} ${date} ${year}`;
}

function spanText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const count = (number: number, unit: string): string =>
    `${number} ${unit}${number === 1 ? "" : "s"}`;
  return [
    count(Math.floor(minutes / 1_440), "day"),
    count(Math.floor(minutes / 60) % 24, "hour"),
    count(minutes % 60, "minute"),
  ].join(", ");
}
