import { assert } from "../base/index.ts";
import type {
  ServerTlsCertToName as CertToNameEntry,
  EffectiveNtpconfdServer,
  EffectiveServer,
  ServerTlsIdentity as IdentityEntry,
  EffectiveServerListenListener as ListenerEntry,
  EffectiveServerCallHomePeer as PeerEntry,
  ServerTls,
  EffectiveServerSessions as Sessions,
} from "../generated/ntpconfd-server.ts";
import type { Limits } from "../netconf/index.ts";
import type { CallHomePeer } from "./call-home.ts";
import type {
  CertToName,
  ListenerPlan,
  ServerPlan,
  TlsIdentity,
  Transport,
  UnopenedKey,
} from "./server-plan.ts";

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

/** Opens what is sealed under the at-rest key; undefined: it is not, or was altered. */
type Open = (text: string) => Uint8Array | undefined;

export function readServerConfig(running: EffectiveNtpconfdServer, open: Open): ServerConfig {
  const server = running["ntpconfd-server:server"];
  return {
    plan: readPlan(server, open),
    peers: values(server["call-home"].peer).map(readPeer),
    limits: readLimits(server.sessions),
  };
}

function readPlan({ listen, ssh, tls, sessions }: EffectiveServer, open: Open): ServerPlan {
  const { algorithms } = ssh;
  return {
    listeners: values(listen.listener).filter(isEnabled).map(readListener),
    ...readTls(tls, open),
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

function readTls(tls: ServerTls, open: Open) {
  const entries = values(tls["cert-to-name"]).toSorted((a, b) => a.id - b.id);
  return {
    identities: new Map(
      values(tls.identity).map((entry) => [entry.name, readIdentity(entry, open)]),
    ),
    trustAnchors: new Map(
      values(tls["trust-anchor"]).map(({ name, certificate }) => [name, certificate]),
    ),
    revocationLists: new Map(values(tls["revocation-list"]).map(({ name, crl }) => [name, crl])),
    certToName: new Map(entries.map((entry) => [entry.id, readCertToName(entry)])),
  };
}

function readIdentity(entry: IdentityEntry, open: Open): TlsIdentity {
  const { certificate: certificates = [], "encrypted-private-key": encrypted } = entry;
  if (encrypted !== undefined) return { certificates, privateKey: openKey(encrypted, open) };
  const clear = entry["private-key"];
  assert(clear !== undefined, "an identity has a private key: it is mandatory");
  return { certificates, privateKey: clear };
}

/** The DER inside of the PEM file that was encrypted (RFC 7468). */
function openKey(encrypted: string, open: Open): Uint8Array | UnopenedKey {
  const octets = open(encrypted);
  if (octets === undefined) {
    const fault =
      "the encrypted-private-key does not open under this agent's at-rest key; " +
      "ntpconfd encrypt-key makes one that does";
    return { fault };
  }
  const form = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;
  const base64 = form.exec(new TextDecoder().decode(octets))?.[2]?.replace(/\s/g, "");
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (base64 === undefined || !isBase64.test(base64)) {
    return { fault: "what the encrypted-private-key holds is no PEM file of a private key" };
  }
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
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
      localAddress: endpoint["local-address"],
    })),
    periodic: periodic && {
      period: periodic.period * secondsPerMinute,
      anchor: readTime(periodic["anchor-time"]),
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

/** Seconds since 1970 of a date-and-time. */
function readTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text) / 1_000;
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
