import { RpcError, type RpcFault } from "../base/index.ts";
import type { EffectiveIetfAccessControlList } from "../generated/ietf-access-control-list.ts";
import type {
  EffectiveIetfNtp,
  EffectiveNtp,
  EffectiveNtpInterfacesInterface as InterfaceEntry,
  EffectiveNtpInterfacesInterfaceManycastClient as ManycastClientEntry,
  EffectiveNtpNamedServer as NamedEntry,
  EffectiveNtpUnicastConfiguration as UnicastEntry,
} from "../generated/ietf-ntp.ts";
import type {
  BroadcastServerConfig,
  InterfaceConfig,
  KeyConfig,
  ManycastClientConfig,
  NamedServerConfig,
  NtpConfig,
  PolicyConfig,
  UnicastConfig,
} from "../ntp/index.ts";
import type { Schema } from "../yang/index.ts";
import { readAccessRules } from "./access-rules.ts";
import { type KeyFault, readKey } from "./key-config.ts";
import { type NamedStep, nodePath } from "./node-path.ts";

/** A running datastore in its typed form, defaults filled in. */
export type RunningConfig = EffectiveIetfNtp & EffectiveIetfAccessControlList;

export interface ReadNtpConfig {
  /** undefined: no /ntp. */
  readonly config: NtpConfig | undefined;
  /** What is legal and yet will not do what was surely meant. */
  readonly warnings: readonly string[];
}

/** Where RFC 9249 gives no default: the contract's (largest TTL, section 13.2 of RFC 5905). */
const manycastDefaults = { ttl: 255, minclock: 3, maxclock: 10 };
/** A broadcast does not leave its link; a multicast leaves the site only if told so. */
const broadcastTtl = 1;
const multicastTtl = 16;
const unsynchronizedStratum = 16;
const families = { any: 0, ipv4: 4, ipv6: 6 } as const;

/**
 * The typed running datastore as the engine takes it. Throws RpcError, all faults, for what no YANG
 * constraint can see: what a key's octets are.
 */
export function readNtpConfig(
  running: RunningConfig,
  schema: Schema,
  open: (text: string) => Uint8Array | undefined,
): ReadNtpConfig {
  const ntp = running["ietf-ntp:ntp"];
  if (ntp === undefined) return { config: undefined, warnings: [] };
  const faults: RpcFault[] = [];
  const fault = (steps: readonly NamedStep[], message: string): void => {
    const path = nodePath(schema, ["ietf-ntp:ntp", ...steps]);
    faults.push({ type: "application", tag: "invalid-value", message, path });
  };
  const keys = readKeys(ntp, open, fault);
  const accessRules = readAccessRules(ntp, running["ietf-access-control-list:acls"], fault);
  if (faults.length > 0) throw new RpcError(faults);
  const master = ntp["refclock-master"];
  const named = values(ntp["ntpconfd-ntp:named-server"]).map(readNamed);
  const config: NtpConfig = {
    port: ntp.port,
    refclockMaster: master && { stratum: master["master-stratum"] },
    authEnabled: ntp.authentication["auth-enabled"],
    keys,
    maxDynamicSessions: ntp["ntpconfd-ntp:max-dynamic-sessions"],
    unicast: values(ntp["unicast-configuration"]).map(readUnicast),
    ...(named.length > 0 && { named }),
    interfaces: values(ntp.interfaces.interface).map(readInterface),
    accessRules,
    policy: readPolicy(ntp),
  };
  return {
    config,
    warnings: [...masterWarnings(config), ...keyWarnings(config), ...unsignedWarnings(config)],
  };
}

function readKeys(
  ntp: EffectiveNtp,
  open: (text: string) => Uint8Array | undefined,
  fault: (steps: readonly NamedStep[], message: string) => void,
): readonly KeyConfig[] {
  return values(ntp.authentication["authentication-keys"]).flatMap((entry) => {
    const key = readKey(entry, open);
    if (!isKeyFault(key)) return [key];
    const at: NamedStep = ["authentication-keys", String(entry.keyid)];
    fault(["authentication", at, ...key.leaf], key.message);
    return [];
  });
}

function readPolicy(ntp: EffectiveNtp): PolicyConfig {
  const server = ntp["ntpconfd-ntp:server"];
  const clock = ntp["ntpconfd-ntp:clock"];
  const threshold = (text: string): number | undefined => Number(text) || undefined;
  return {
    server: { ipv4: server["ipv4-enabled"], ipv6: server["ipv6-enabled"] },
    kissOfDeath: server["kod-enabled"],
    interleaved: server.interleaved,
    discard: server.discard && {
      minimumInterval: server.discard["minimum-interval"],
      averageInterval: server.discard["average-interval"],
    },
    controlQueries: server["control-queries-enabled"],
    maxDistance: Number(clock["max-distance"]),
    stepThreshold: threshold(clock["step-threshold"]),
    panicThreshold: threshold(clock["panic-threshold"]),
    dynamicAuthentication: ntp.authentication["ntpconfd-ntp:dynamic-sessions-authenticated"],
  };
}

function isKeyFault(key: KeyConfig | KeyFault): key is KeyFault {
  return "message" in key;
}

function readUnicast(entry: UnicastEntry): UnicastConfig {
  return {
    address: entry.address,
    type: entry.type === "ietf-ntp:uc-peer" ? "peer" : "server",
    ...(entry["ntpconfd-ntp:interleaved"] && { interleaved: true }),
    ...asked(entry),
  };
}

function readNamed(entry: NamedEntry): NamedServerConfig {
  return {
    name: entry.name,
    maxAddresses: entry["max-addresses"],
    family: families[entry["address-family"]],
    ...(entry.interleaved && { interleaved: true }),
    ...asked(entry),
  };
}

/** How a server or peer is asked, however it is known. */
function asked(entry: UnicastEntry | NamedEntry): Omit<UnicastConfig, "address" | "type"> {
  return {
    keyId: entry.authentication.keyid,
    prefer: entry.prefer,
    burst: entry.burst,
    iburst: entry.iburst,
    source: entry.source,
    ...common(entry),
  };
}

function readInterface(entry: InterfaceEntry): InterfaceConfig {
  const broadcast = entry["broadcast-server"];
  return {
    name: entry.name,
    ...(!entry["ntpconfd-ntp:receive-enabled"] && { deaf: true }),
    ...(broadcast && { broadcastServer: readBroadcast(broadcast, broadcastTtl) }),
    ...(entry["broadcast-client"] && { broadcastClient: true }),
    multicastServers: values(entry["multicast-server"]).map((role) => ({
      address: role.address,
      ...readBroadcast(role, multicastTtl),
    })),
    multicastClients: values(entry["multicast-client"]).map((role) => role.address),
    manycastServers: values(entry["manycast-server"]).map((role) => role.address),
    manycastClients: values(entry["manycast-client"]).map(readManycastClient),
  };
}

function readBroadcast(
  entry: Common & { readonly ttl?: number } & Authenticated,
  ttl: number,
): BroadcastServerConfig {
  return { keyId: entry.authentication.keyid, ttl: entry.ttl ?? ttl, ...common(entry) };
}

function readManycastClient(entry: ManycastClientEntry): ManycastClientConfig {
  return {
    address: entry.address,
    keyId: entry.authentication.keyid,
    ttl: entry.ttl ?? manycastDefaults.ttl,
    minclock: entry.minclock ?? manycastDefaults.minclock,
    maxclock: entry.maxclock ?? manycastDefaults.maxclock,
    beacon: entry.beacon ?? entry.maxpoll,
    ...common(entry),
  };
}

interface Authenticated {
  readonly authentication: { readonly keyid?: number };
}

interface Common {
  readonly minpoll: number;
  readonly maxpoll: number;
  readonly port: number;
  readonly version: number;
}

function common({ minpoll, maxpoll, port, version }: Common): Common {
  return { minpoll, maxpoll, port, version };
}

function masterWarnings({ refclockMaster }: NtpConfig): readonly string[] {
  if (refclockMaster === undefined || refclockMaster.stratum < unsynchronizedStratum) return [];
  return [
    "refclock-master with master-stratum 16 says that it is not synchronized: no client takes it",
  ];
}

/** A key that is not trusted verifies nothing: a role that needs it can only be silent. */
function keyWarnings(config: NtpConfig): readonly string[] {
  const untrusted = new Set(config.keys.filter((key) => !key.trusted).map((key) => key.id));
  return rolesWithKeys(config)
    .filter(({ keyId }) => keyId !== undefined && untrusted.has(keyId))
    .map(({ keyId, role }) => `key ${keyId} is not trusted and verifies nothing: ${role} needs it`);
}

/** Where dynamic sessions are to be signed, a manycast client without a key finds nobody. */
function unsignedWarnings({ policy, interfaces }: NtpConfig): readonly string[] {
  if (!policy.dynamicAuthentication) return [];
  return interfaces.flatMap(({ name, manycastClients }) =>
    manycastClients
      .filter(({ keyId }) => keyId === undefined)
      .map(
        ({ address }) =>
          `manycast-client ${address} on ${name} has no keyid, and finds nobody while ` +
          "dynamic-sessions-authenticated is true",
      ),
  );
}

function rolesWithKeys(
  config: NtpConfig,
): readonly { readonly keyId: number | undefined; readonly role: string }[] {
  const unicast = config.unicast.map(({ keyId, type, address }) => ({
    keyId,
    role: `unicast ${type} ${address}`,
  }));
  const named = (config.named ?? []).map(({ keyId, name }) => ({
    keyId,
    role: `named-server ${name}`,
  }));
  const onInterfaces = config.interfaces.flatMap(
    ({ name, broadcastServer, multicastServers, manycastClients }) => [
      ...(broadcastServer === undefined
        ? []
        : [{ keyId: broadcastServer.keyId, role: `broadcast-server on ${name}` }]),
      ...multicastServers.map(({ keyId, address }) => ({
        keyId,
        role: `multicast-server ${address} on ${name}`,
      })),
      ...manycastClients.map(({ keyId, address }) => ({
        keyId,
        role: `manycast-client ${address} on ${name}`,
      })),
    ],
  );
  return [...unicast, ...named, ...onInterfaces];
}

/** A list that is not there has no entries. */
export function values<T>(list: ReadonlyMap<string, T> | undefined): readonly T[] {
  return list === undefined ? [] : [...list.values()];
}
