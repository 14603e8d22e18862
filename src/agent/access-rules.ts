import type {
  EffectiveAclsAcl as Acl,
  EffectiveAcls,
} from "../generated/ietf-access-control-list.ts";
import type { EffectiveNtp } from "../generated/ietf-ntp.ts";
import type { AccessRule } from "../ntp/index.ts";
import type { NamedStep } from "./node-path.ts";

/** RFC 9249's access modes in the order in which they are tried, the widest first. */
const modes: readonly (readonly [identity: string, mode: AccessRule["mode"]])[] = [
  ["ietf-ntp:peer-access-mode", "peer"],
  ["ietf-ntp:server-access-mode", "server"],
  ["ietf-ntp:server-only-access-mode", "server-only"],
  ["ietf-ntp:query-only-access-mode", "query-only"],
];

/** What an entry may match on: all that tells one NTP packet's sender from another. */
const sources: ReadonlySet<string> = new Set(["source-ipv4-network", "source-ipv6-network"]);

interface Entry {
  readonly prefix: string;
  readonly permit: boolean;
}

/** The access lists that access-rules name, as prefixes. An entry that says more is refused. */
export function readAccessRules(
  ntp: EffectiveNtp,
  acls: EffectiveAcls | undefined,
  fault: (steps: readonly NamedStep[], message: string) => void,
): readonly AccessRule[] {
  return modes.flatMap(([identity, mode]) => {
    const rule = ntp["access-rules"]["access-rule"]?.get(identity);
    if (rule?.acl === undefined) return [];
    const acl = acls?.acl?.get(rule.acl);
    const refused = (message: string): void =>
      fault(["access-rules", ["access-rule", identity], "acl"], `acl ${rule.acl}: ${message}`);
    return [{ mode, entries: acl === undefined ? [] : readEntries(acl, refused) }];
  });
}

function readEntries(acl: Acl, refused: (message: string) => void): readonly Entry[] {
  return [...(acl.aces.ace?.values() ?? [])].flatMap((ace) => {
    const matches = leavesOf(ace.matches ?? {});
    const other = [...matches.keys()].filter((name) => !sources.has(name));
    if (other.length > 0) {
      refused(`entry ${ace.name} matches ${other.join(", ")}: for NTP only source networks count`);
      return [];
    }
    const permit = ace.actions.forwarding === "ietf-access-control-list:accept";
    const prefixes = matches.size === 0 ? ["0.0.0.0/0", "::/0"] : [...matches.values()];
    return prefixes.map((prefix) => ({ prefix, permit }));
  });
}

/** Every leaf that is set below an object of the typed form, by its name. */
function leavesOf(object: object): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "object" && value !== undefined && !(value instanceof Uint8Array)) {
      for (const [inner, text] of leavesOf(value)) found.set(inner, text);
    } else if (value !== undefined) {
      found.set(name, String(value));
    }
  }
  return found;
}
