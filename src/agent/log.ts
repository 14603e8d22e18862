import { unreachable } from "../base/index.ts";
import type { GroupMembership, NtpEvent } from "../ntp/index.ts";
import type { Effect, LogLevel } from "./effect.ts";
import type { ServerEvent } from "./server-event.ts";

/** All that the agent itself has to say, on one page. */
export type LogLine =
  | { readonly kind: "started"; readonly interfaces: number }
  | { readonly kind: "ntp-configured"; readonly port: number; readonly groups: number }
  | { readonly kind: "ntp-removed" }
  | { readonly kind: "config-warning"; readonly message: string }
  | { readonly kind: "config-unusable"; readonly reason: string }
  | { readonly kind: "role-down"; readonly group: GroupMembership; readonly reason: string }
  | { readonly kind: "port-down"; readonly port: number; readonly reason: string }
  | { readonly kind: "roles-up"; readonly port: number; readonly groups: number }
  | { readonly kind: "datastore"; readonly message: string }
  | { readonly kind: "server-event"; readonly event: ServerEvent }
  | { readonly kind: "ntp-event"; readonly event: NtpEvent };

type Fields = Readonly<Record<string, string | number | boolean>>;

/** A line as an effect. */
export function logEffect(line: LogLine): Effect {
  const [level, message, fields] = printed(line);
  return { kind: "log", level, message, fields };
}

function printed(line: LogLine): readonly [LogLevel, string, Fields] {
  switch (line.kind) {
    case "started":
      return ["info", "agent started", { interfaces: line.interfaces }];
    case "ntp-configured":
      return ["info", "NTP configured", { port: line.port, groups: line.groups }];
    case "ntp-removed":
      return ["info", "NTP is not configured", {}];
    case "config-warning":
      return ["warn", line.message, {}];
    case "config-unusable":
      return ["error", "NTP is down: its configuration cannot be used", { reason: line.reason }];
    case "role-down": {
      const { interface: name, group } = line.group;
      const fields = { interface: name, group, reason: line.reason };
      return ["warn", "a group cannot be joined; it is tried again", fields];
    }
    case "port-down":
      return [
        "error",
        "the NTP port cannot be opened; it is tried again",
        { port: line.port, reason: line.reason },
      ];
    case "roles-up":
      return ["info", "the NTP sockets are open", { port: line.port, groups: line.groups }];
    case "datastore":
      return ["error", line.message, {}];
    case "server-event":
      return serverEventPrinted(line.event);
    case "ntp-event":
      return eventPrinted(line.event);
    default:
      return unreachable(line);
  }
}

function serverEventPrinted(event: ServerEvent): readonly [LogLevel, string, Fields] {
  switch (event.kind) {
    case "fault": {
      const { part, name, reason } = event.fault;
      return ["error", `a ${part} cannot be used`, { name, reason }];
    }
    case "listener-up":
      return ["info", "a listener is up", { name: event.name }];
    case "call-established": {
      const { peer, endpoint } = event;
      return ["info", "a manager that was called has logged in", { peer, endpoint }];
    }
    case "call-ended": {
      const { peer, endpoint } = event;
      return ["info", "a connection that was called home is gone", { peer, endpoint }];
    }
    case "call-failed": {
      const { peer, endpoint, reason } = event;
      return ["warn", "a call home came to nothing", { peer, endpoint, reason }];
    }
    default:
      return unreachable(event);
  }
}

function eventPrinted(event: NtpEvent): readonly [LogLevel, string, Fields] {
  switch (event.kind) {
    case "clock-state":
      return ["info", `clock ${event.to}`, { was: event.from, reason: event.reason }];
    case "association-up":
    case "association-down": {
      const word = event.kind === "association-up" ? "up" : "down";
      return ["info", `association ${word}`, { address: event.address, reason: event.reason }];
    }
    case "session-limit":
      return [
        "warn",
        "a server was refused: there are as many dynamic sessions as are allowed",
        { address: event.address, limit: event.limit },
      ];
    case "authentication-failure":
      return [
        "warn",
        "a packet did not authenticate",
        { address: event.address, keyId: event.keyId },
      ];
    case "panic":
      return [
        "error",
        "the sources want more than panic-threshold: the clock is left as it is",
        { offset: event.offset, threshold: event.threshold },
      ];
    case "warning":
      return ["warn", event.message, {}];
    default:
      return unreachable(event);
  }
}
