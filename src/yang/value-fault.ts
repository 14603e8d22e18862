import type { RestrictionText } from "./type.ts";
import type { ValueFault, ValueNames } from "./value-names.ts";

const SHOWN_MAX = 64;

/** A text as messages quote it: long ones are cut. */
export function show(text: string): string {
  return text.length <= SHOWN_MAX ? `"${text}"` : `"${text.slice(0, SHOWN_MAX)}…"`;
}

export function fault(message: string): ValueFault {
  return { message };
}

/** A prefix in it stands for no module. */
export function prefixFault(what: string, prefix: string, names: ValueNames): ValueFault {
  const why = names.whyUnknown?.(prefix) ?? "which is not known";
  return fault(`${what} has the prefix ${show(prefix)}, ${why}`);
}

/** A fault against a restriction, with what the module wants to be said. */
export function restricted(message: string, { errorMessage, errorAppTag }: RestrictionText) {
  return {
    message,
    ...(errorMessage === undefined ? {} : { errorMessage }),
    ...(errorAppTag === undefined ? {} : { errorAppTag }),
  } satisfies ValueFault;
}
