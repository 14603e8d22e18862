import { setFlagsFromString } from "node:v8";

/** Where this was measured: other versions have other tiers. */
const measuredOn = /^11\./;

/**
 * Most of what runs until sessions are accepted runs once: what V8 would compile of it meanwhile,
 * in threads of its own, costs a quarter of all that a start takes, and is of no use afterwards.
 */
export function compileLate(): void {
  if (!measuredOn.test(process.versions.v8)) return;
  setFlagsFromString("--interrupt-budget=600000");
}

/**
 * A manager expects its first requests to be answered as fast as its ten-thousandth. V8 waits for
 * a great deal of work before it compiles; a daemon's code is little and always the same, so that
 * waiting gains nothing: the first thousand small reads take half the time without. To be called
 * when the start is over.
 */
export function compileEarly(): void {
  if (!measuredOn.test(process.versions.v8)) return;
  setFlagsFromString("--always-sparkplug");
  setFlagsFromString("--interrupt-budget=12000");
}
