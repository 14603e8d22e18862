import { agent, shell } from "./agent.ts";
import { framing } from "./framing.ts";
import { json } from "./json.ts";
import { control, ntp } from "./ntp.ts";
import { pattern } from "./pattern.ts";
import { accounts, cipher } from "./secrets.ts";
import { secrecy, session } from "./session.ts";
import { stored } from "./stored.ts";
import type { FuzzTarget } from "./target.ts";
import { xml } from "./xml.ts";
import { xpath } from "./xpath.ts";
import { yang } from "./yang.ts";

/** Everything that strangers' octets come to. */
export const targets: readonly FuzzTarget[] = [
  framing,
  xml,
  xpath,
  session,
  secrecy,
  pattern,
  yang,
  json,
  ntp,
  control,
  agent,
  shell,
  stored,
  cipher,
  accounts,
];

export function targetNamed(name: string): FuzzTarget {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) {
    const known = targets.map((one) => one.name).join(", ");
    throw new Error(`there is no target "${name}": there are ${known}`);
  }
  return target;
}
