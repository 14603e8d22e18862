import type { Raw } from "../base/index.ts";
import { fromObject, type Tree, treeOf } from "../data/index.ts";
import type {
  AssociationUpNotification,
  AuthenticationFailureNotification,
  ClockStateChangedNotification,
  PanicThresholdExceededNotification,
  SessionLimitReachedNotification,
} from "../generated/ntpconfd-ntp.ts";
import type { NtpEvent } from "../ntp/index.ts";
import type { NotificationSchema, Schema } from "../yang/index.ts";
import { offsetMilliseconds } from "./ntp-state.ts";
import { decimal } from "./values.ts";

/** What a stranger can bring about is told once in so long for each address. */
const QUIET_NS = 60_000_000_000n;
/** Addresses that are remembered: a forger has more of them than there is memory. */
const ADDRESSES_MAX = 256;

/** When an address was last told of, and how often it had cause since. */
interface Told {
  readonly at: Raw;
  untold: number;
}

/** The engine's events as the notifications of ntpconfd-ntp. */
export class NtpNotifications {
  readonly #schemas: ReadonlyMap<string, NotificationSchema>;
  readonly #told = new Map<string, Told>();

  constructor(schema: Schema) {
    const own = schema.notifications.filter(({ module }) => module.name === "ntpconfd-ntp");
    this.#schemas = new Map(own.map((notification) => [notification.name, notification]));
  }

  /** undefined: it is for the log alone, or was told of just now. */
  tree(event: NtpEvent, at: Raw): Tree | undefined {
    switch (event.kind) {
      case "clock-state":
        return this.#made("clock-state-changed", {
          from: `ietf-ntp:${event.from}`,
          to: `ietf-ntp:${event.to}`,
          reason: event.reason,
        } satisfies ClockStateChangedNotification);
      case "association-up":
      case "association-down": {
        const { kind, address, reason } = event;
        return this.#made(kind, { address, reason } satisfies AssociationUpNotification);
      }
      case "session-limit": {
        const untold = this.#untold(event, at);
        if (untold === undefined) return undefined;
        const { address, limit } = event;
        const told: SessionLimitReachedNotification = { address, limit, untold };
        return this.#made("session-limit-reached", told);
      }
      case "authentication-failure": {
        const untold = this.#untold(event, at);
        if (untold === undefined) return undefined;
        const { address, keyId } = event;
        const told: AuthenticationFailureNotification = { address, "key-id": keyId, untold };
        return this.#made("authentication-failure", told);
      }
      case "panic":
        return this.#made("panic-threshold-exceeded", {
          offset: offsetMilliseconds(event.offset),
          threshold: decimal(event.threshold, 3),
        } satisfies PanicThresholdExceededNotification);
      case "warning":
        return undefined;
    }
  }

  /** How often the same was held back since it was last told; undefined: it is held back now. */
  #untold({ kind, address }: NtpEvent & { readonly address: string }, at: Raw): number | undefined {
    const key = `${kind} ${address}`;
    const known = this.#told.get(key);
    if (known !== undefined && at < known.at + QUIET_NS) {
      known.untold += 1;
      return undefined;
    }
    this.#told.delete(key);
    // With many addresses at once nobody can tell them apart anyway: then they share the quiet.
    const [oldest] = this.#told;
    if (oldest !== undefined && this.#told.size >= ADDRESSES_MAX) {
      const [first, { at: since }] = oldest;
      if (at < since + QUIET_NS) return undefined;
      this.#told.delete(first);
    }
    this.#told.set(key, { at, untold: 0 });
    return known?.untold ?? 0;
  }

  #made(name: string, told: object): Tree | undefined {
    const schema = this.#schemas.get(name);
    return schema && { ...treeOf(fromObject(schema, told)), schema };
  }
}
