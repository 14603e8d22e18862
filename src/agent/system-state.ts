import { RpcError } from "../base/index.ts";
import type { EffectiveIetfSystem, IetfSystem } from "../generated/ietf-system.ts";
import type { LoginUser, Platform } from "./doors.ts";

/** ietf-system's own view of the machine (RFC 7317 section 3.3): shown, never changed. */
export function systemOperational(
  platform: Platform,
  clock: { readonly now: string; readonly boot: string },
): Pick<IetfSystem, "ietf-system:system-state"> {
  const { osName, osRelease, osVersion, machine } = platform;
  return {
    "ietf-system:system-state": {
      platform: {
        "os-name": osName,
        "os-release": osRelease,
        "os-version": osVersion,
        machine,
      },
      clock: { "current-datetime": clock.now, "boot-datetime": clock.boot },
    },
  };
}

/** RFC 7317 section 3.5: the time is NTP's while NTP runs, and here nothing else may set it. */
export function refuseSetDatetime(): never {
  throw new RpcError({
    type: "application",
    tag: "operation-failed",
    appTag: "ntp-active",
    message: "set-current-datetime: the time of day is NTP's, and this agent does not set it",
  });
}

/** The user of that name, as the host checks a log-in; undefined: there is none. */
export function loginUser(system: EffectiveIetfSystem, name: string): LoginUser | undefined {
  const authentication = system["ietf-system:system"]?.authentication;
  const entry = authentication?.user?.get(name);
  if (entry === undefined) return undefined;
  // Deviation: no order at all means that passwords are local, where RFC 7317 section 3.6 has none.
  const order = authentication?.["user-authentication-order"] ?? [];
  const isLocal = order.length === 0 || order.includes("ietf-system:local-users");
  const keys = [...(entry["authorized-key"]?.values() ?? [])];
  return {
    name,
    passwordHash: isLocal ? entry.password : undefined,
    authorizedKeys: keys.map((key) => ({ algorithm: key.algorithm, data: key["key-data"] })),
  };
}
