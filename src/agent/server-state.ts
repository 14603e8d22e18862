import type { Raw } from "../base/index.ts";
import type {
  NtpconfdServer,
  ServerCallHomePeer,
  ServerListenListener,
  ServerTlsIdentity,
  ServerTlsRevocationList,
  ServerTlsTrustAnchor,
} from "../generated/ntpconfd-server.ts";
import type { CallHomeState } from "./call-home.ts";
import type { CertificateFacts, RevocationFacts, ServerFault } from "./server-plan.ts";
import type { CertificateCounts, ServerSubscriber } from "./server-subscriber.ts";

type InUse = NonNullable<ServerSubscriber["inUse"]>;

/** State of /server: entries of configured lists with their keys, to be merged with running. */
export function serverOperational(
  { plan, faults, identities, trustAnchors, revocationLists }: InUse,
  { refused, revoked }: CertificateCounts,
  calls: readonly CallHomeState[],
  dateAndTime: (at: Raw) => string,
): NtpconfdServer {
  const reasonOf = (part: ServerFault["part"], name: string): string | undefined =>
    faults.find((fault) => fault.part === part && fault.name === name)?.reason;
  const listeners = plan.listeners.map(({ name }) => {
    const reason = reasonOf("listener", name);
    const state =
      reason === undefined
        ? ({ "oper-status": "up" } as const)
        : ({ "oper-status": "down", "down-reason": reason } as const);
    return [name, { name, ...state } as ServerListenListener] as const;
  });
  const certified = (
    part: "identity" | "trust-anchor",
    names: Iterable<string>,
    facts: ReadonlyMap<string, CertificateFacts>,
  ) =>
    [...names].map((name) => {
      const fault = reasonOf(part, name);
      return [name, { name, ...facts.get(name), ...(fault !== undefined && { fault }) }] as const;
    });
  const own = certified("identity", plan.identities.keys(), identities);
  const theirs = certified("trust-anchor", plan.trustAnchors.keys(), trustAnchors);
  const lists = [...plan.revocationLists.keys()].map((name) => {
    const fault = reasonOf("revocation-list", name);
    const known = revocationLists.get(name);
    const shown = { ...(known && revocationState(known)), ...(fault !== undefined && { fault }) };
    return [name, { name, ...shown }] as const;
  });
  const peers = calls.map((call) => [call.name, peerState(call, dateAndTime)] as const);
  // What is mandatory is configuration, which this is merged with.
  const state = {
    listen: { listener: new Map(listeners) },
    "call-home": { peer: new Map(peers) },
    tls: {
      identity: new Map(own) as ReadonlyMap<string, unknown> as ReadonlyMap<
        string,
        ServerTlsIdentity
      >,
      "trust-anchor": new Map(theirs) as ReadonlyMap<string, unknown> as ReadonlyMap<
        string,
        ServerTlsTrustAnchor
      >,
      "revocation-list": new Map(lists) as ReadonlyMap<string, unknown> as ReadonlyMap<
        string,
        ServerTlsRevocationList
      >,
      "certificates-refused": refused,
      "certificates-revoked": revoked,
    },
  };
  return { "ntpconfd-server:server": { ...state, sessions: {}, ssh: { algorithms: {} } } };
}

function revocationState({ trustAnchor, thisUpdate, nextUpdate, revoked }: RevocationFacts) {
  return {
    ...(trustAnchor !== undefined && { "trust-anchor": trustAnchor }),
    "this-update": thisUpdate,
    ...(nextUpdate !== undefined && { "next-update": nextUpdate }),
    "revoked-certificates": revoked,
  };
}

function peerState(
  { name, status, endpoint, nextAt, connectedAt, ...counted }: CallHomeState,
  dateAndTime: (at: Raw) => string,
): ServerCallHomePeer {
  const { attempts, established, lastFailure } = counted;
  const state = {
    status,
    attempts,
    established,
    ...(endpoint !== undefined && { endpoint }),
    ...(nextAt !== undefined && { "next-attempt": dateAndTime(nextAt) }),
    ...(connectedAt !== undefined && { "connected-since": dateAndTime(connectedAt) }),
    ...(lastFailure !== undefined && { "last-failure": lastFailure }),
  };
  return { name, state, "reconnect-strategy": {}, "keep-alives": {} };
}
