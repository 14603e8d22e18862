import { addressOctets } from "./address.ts";
import type { AccessRule } from "./config.ts";

interface Entry {
  readonly octets: Uint8Array;
  readonly bits: number;
  readonly permit: boolean;
}

/** Access rules with their prefixes as octets. */
export interface AccessList {
  readonly rules: readonly { readonly mode: AccessRule["mode"]; readonly entries: Entry[] }[];
}

export function compileAccess(rules: readonly AccessRule[]): AccessList {
  return {
    rules: rules.map(({ mode, entries }) => ({
      mode,
      entries: entries.flatMap(({ prefix, permit }) => {
        const [address = "", length] = prefix.split("/");
        const octets = addressOctets(address);
        if (octets === undefined) return [];
        return [
          { octets, bits: length === undefined ? octets.length * 8 : Number(length), permit },
        ];
      }),
    })),
  };
}

/**
 * What a sender may do: the first rule one of whose entries permits it, in the order of RFC 9249;
 * "none" if no rule does, "peer" (everything) where there are no rules.
 */
export function accessOf(list: AccessList, sender: Uint8Array): AccessRule["mode"] | "none" {
  if (list.rules.length === 0) return "peer";
  for (const { mode, entries } of list.rules) {
    for (const entry of entries) {
      if (!covers(entry, sender)) continue;
      if (entry.permit) return mode;
      break;
    }
  }
  return "none";
}

function covers({ octets, bits }: Entry, sender: Uint8Array): boolean {
  if (octets.length !== sender.length) return false;
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (octets[i] !== sender[i]) return false;
  const rest = bits & 7;
  const mask = 0xff00 >> rest;
  return rest === 0 || (((octets[whole] ?? 0) ^ (sender[whole] ?? 0)) & mask & 0xff) === 0;
}
