import type { NtpEffect } from "../ntp/index.ts";
import type { Effect } from "./effect.ts";
import { logEffect } from "./log.ts";

/** What the engine asks for, as the host knows it: its events are told. */
export function ntpEffects(effect: NtpEffect): Effect {
  return effect.kind === "event" ? logEffect({ kind: "ntp-event", event: effect.event }) : effect;
}
