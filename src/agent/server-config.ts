import { assert } from "../base/index.ts";
import type {
  ServerTlsCertToName as CertToNameEntry,
  EffectiveNtpconfdServer,
  EffectiveServer,
  EffectiveServerListenListener as ListenerEntry,
  EffectiveServerCallHomePeer as PeerEntry,
  ServerTls,
  EffectiveServerSessions as Sessions,
} from "../generated/ntpconfd-server.ts";
import type { Limits } from "../netconf/index.ts";
import type { CallHomePeer } from "./call-home.ts";
import type { CertToName, ListenerPlan, ServerPlan, Transport } from "./server-plan.ts";

/** /server of a running datastore, in the words of those who act on it. */
export interface ServerConfig {
  readonly plan: ServerPlan;
  readonly peers: readonly CallHomePeer[];
  readonly limits: SessionLimits;
}

/** What of a NETCONF server's limits is data. */
export type SessionLimits = Pick<
  Limits,
  "sessions" | "helloTimeout" | "idleTimeout" | "messageOctets"
>;

/** IANA's ports for calls home (RFC 8071 section 7). */
const callHomePorts = { ssh: 4334, tls: 4335 } as const;
const secondsPerMinute = 60;

export function readServerConfig(running: EffectiveNtpconfdServer): ServerConfig {
  const server = running["ntpconfd-server:server"];
  return {
    plan: readPlan(server),
    peers: values(server["call-home"].peer).map(readPeer),
    limits: readLimits(server.sessions),
  };
}

function readPlan({ listen, ssh, tls, sessions }: EffectiveServer): ServerPlan {
  const { algorithms } = ssh;
  return {
    listeners: values(listen.listener).filter(isEnabled).map(readListener),
    ...readTls(tls),
    minimumVersion: tls["minimum-version"] ?? "tls1.2",
    sshAlgorithms: {
      keyExchange: algorithms["key-exchange"] ?? [],
      encryption: algorithms.encryption ?? [],
      mac: algorithms.mac ?? [],
      hostKey: algorithms["host-key"] ?? [],
    },
    unauthenticatedMax: sessions["max-unauthenticated"],
    loginTimeout: sessions["login-timeout"],
  };
}

function isEnabled({ enabled }: ListenerEntry): boolean {
  return enabled;
}

function readListener({ name, ssh, tls }: ListenerEntry): ListenerPlan {
  const where = ssh ?? tls;
  assert(where !== undefined, "a listener has a transport: it is mandatory");
  const { address, port } = where;
  return { name, transport: transportOf(tls), address, port };
}

function transportOf(tls: { readonly identity: string } | undefined): Transport {
  return tls === undefined ? { kind: "ssh" } : { kind: "tls", identity: tls.identity };
}

function readTls(tls: ServerTls) {
  const entries = values(tls["cert-to-name"]).toSorted((a, b) => a.id - b.id);
  return {
    identities: new Map(
      values(tls.identity).map(({ name, certificate = [], "private-key": privateKey }) => [
        name,
        { certificates: certificate, privateKey },
      ]),
    ),
    trustAnchors: new Map(
      values(tls["trust-anchor"]).map(({ name, certificate }) => [name, certificate]),
    ),
    certToName: new Map(entries.map((entry) => [entry.id, readCertToName(entry)])),
  };
}

function readCertToName(entry: CertToNameEntry): CertToName {
  const octets = entry.fingerprint.split(":").map((pair) => Number.parseInt(pair, 16));
  const fingerprint = Uint8Array.from(octets);
  const [, kind] = entry["map-type"].split(":");
  switch (kind) {
    case "specified":
      return { fingerprint, map: { kind, name: entry.name ?? "" } };
    case "san-rfc822-name":
    case "san-dns-name":
    case "san-ip-address":
    case "san-any":
    case "common-name":
      return { fingerprint, map: { kind } };
    default:
      // An identity that another module has derived: there is no way to a name that is known here.
      return { fingerprint, map: { kind: "specified", name: "" } };
  }
}

function readPeer(peer: PeerEntry): CallHomePeer {
  const { name, enabled, periodic, tls } = peer;
  const transport = transportOf(tls);
  const strategy = peer["reconnect-strategy"];
  const keepAlives = peer["keep-alives"];
  return {
    name,
    enabled,
    transport,
    endpoints: values(peer.endpoint).map((endpoint) => ({
      name: endpoint.name,
      address: endpoint.address,
      port: endpoint.port ?? callHomePorts[transport.kind],
    })),
    periodic: periodic && {
      period: periodic.period * secondsPerMinute,
      idleTimeout: periodic["idle-timeout"],
    },
    startWith: strategy["start-with"],
    maxWait: strategy["max-wait"],
    maxAttempts: strategy["max-attempts"],
    maxDelay: strategy["max-delay"],
    keepAlives: {
      idleTime: keepAlives["idle-time"],
      maxProbes: keepAlives["max-probes"],
      probeInterval: keepAlives["probe-interval"],
    },
  };
}

function readLimits(sessions: Sessions): SessionLimits {
  return {
    sessions: sessions["max-sessions"],
    helloTimeout: sessions["hello-timeout"],
    idleTimeout: sessions["idle-timeout"],
    messageOctets: sessions["max-message-size"],
  };
}

function values<T>(entries: ReadonlyMap<string, T> | undefined): readonly T[] {
  return [...(entries?.values() ?? [])];
}
