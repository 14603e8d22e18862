import { crc32 } from "node:zlib";
import type { Effect } from "../../agent/index.ts";

/** One thing that the agent did: what for people, and a checksum (CRC-32) over all of it. */
export interface Deed {
  readonly what: string;
  readonly sum: number;
}

/** An answer to a door, or a question. */
export function doorDeed(door: string, given: unknown): Deed {
  const octets = given instanceof Uint8Array ? `, ${given.length} octets` : "";
  return { what: `${door}${octets}`, sum: checksum(given) };
}

export function effectDeed(effect: Effect): Deed {
  return { what: describe(effect), sum: checksum(effect) };
}

/** No content but what is logged anyhow: secrets may be in the rest. */
function describe(effect: Effect): string {
  switch (effect.kind) {
    case "send-bytes":
      return `send-bytes to channel ${effect.channel}, ${effect.bytes.length} octets`;
    case "close-session":
      return `close-session of channel ${effect.channel}`;
    case "log":
      return `log ${effect.level}: ${effect.message}`;
    case "send":
      return `send to ${effect.to}, ${effect.bytes.length} octets`;
    case "call":
      return `call ${effect.call} to ${effect.address}`;
    case "resolve-name":
      return `resolve-name ${effect.name}`;
    default:
      return effect.kind;
  }
}

/** Over the value's text and, where it holds octets, over these. Equal values have equal ones. */
function checksum(value: unknown): number {
  let octets = 0;
  const print = (part: unknown): string => {
    if (typeof part === "string") return JSON.stringify(part);
    if (typeof part !== "object" || part === null) return String(part);
    if (part instanceof Uint8Array) {
      octets = crc32(part, octets);
      return `#${part.length}`;
    }
    if (Array.isArray(part)) return `[${part.map(print).join()}]`;
    if (part instanceof Map || part instanceof Set) return `(${[...part].map(print).join()})`;
    const members = Object.entries(part).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${name}:${print(member)}`).join()}}`;
  };
  const text = print(value);
  return crc32(text, octets);
}
