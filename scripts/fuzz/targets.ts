import { framing } from "./framing.ts";
import type { FuzzTarget } from "./target.ts";
import { xml } from "./xml.ts";
import { xpath } from "./xpath.ts";

/** Everything that strangers' octets come to. */
export const targets: readonly FuzzTarget[] = [framing, xml, xpath];

export function targetNamed(name: string): FuzzTarget {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) {
    const known = targets.map((one) => one.name).join(", ");
    throw new Error(`there is no target "${name}": there are ${known}`);
  }
  return target;
}
