import { type DropReason, dropReasons } from "./io.ts";

/** A refusal as a negative number, where a non-negative one is a length: nothing is allocated. */
export type Dropped = number;

export function dropped(reason: DropReason): Dropped {
  return -1 - dropReasons.indexOf(reason);
}

/** The reason that `dropped` made a number of. */
export function dropReason(code: Dropped): DropReason {
  return dropReasons[-1 - code] ?? "other";
}
