import { X509Certificate } from "node:crypto";
import type { CertificateFacts, RevocationFacts, ServerFault, ServerPlan } from "../agent/index.ts";
import { fingerprintOf, isKnownFingerprint } from "./cert-to-name.ts";
import { subjectOf, type UsableRevocationList, usableRevocationList } from "./revocation-list.ts";
import type { TlsSettings } from "./tls.ts";
import { usableAnchor, usableIdentity } from "./tls-identity.ts";

/** What TLS is made of, as far as it can be used. */
export interface ReadTls {
  readonly settings: TlsSettings;
  readonly faults: readonly ServerFault[];
  readonly warnings: readonly string[];
  readonly identities: ReadonlyMap<string, CertificateFacts>;
  readonly trustAnchors: ReadonlyMap<string, CertificateFacts>;
  readonly revocationLists: ReadonlyMap<string, RevocationFacts>;
}

/** Reads keys, certificates and lists one by one: one that is none is at fault by its name. */
export function readTls(plan: ServerPlan): ReadTls {
  const faults: ServerFault[] = [];
  /** Those that can be read; the others are at fault. */
  const readable = <From, To>(
    part: ServerFault["part"],
    all: ReadonlyMap<string, From>,
    read: (one: From) => To,
  ): ReadonlyMap<string, To> => {
    const found = new Map<string, To>();
    for (const [name, one] of all) {
      try {
        found.set(name, read(one));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        faults.push({ part, name, reason });
      }
    }
    return found;
  };
  const identities = readable("identity", plan.identities, (identity) => {
    const [own = new Uint8Array()] = identity.certificates;
    return { usable: usableIdentity(identity), facts: factsOf(own) };
  });
  const anchors = readable("trust-anchor", plan.trustAnchors, (certificate) => ({
    pem: usableAnchor(certificate),
    facts: factsOf(certificate),
    subject: subjectOf(certificate),
  }));
  const lists = readable("revocation-list", plan.revocationLists, usableRevocationList);
  faults.push(...unknownFingerprints(plan));
  const settings: TlsSettings = {
    identities: mapped(identities, ({ usable }) => usable),
    trustAnchors: [...anchors.values()].map(({ pem }) => pem),
    revocationLists: [...lists.values()].map(({ pem }) => pem),
    certToName: [...plan.certToName.values()],
    minimumVersion: plan.minimumVersion === "tls1.3" ? "TLSv1.3" : "TLSv1.2",
  };
  const subjects = mapped(anchors, ({ subject }) => subject);
  return {
    ...{ settings, faults, warnings: listWarnings(lists, subjects) },
    identities: mapped(identities, ({ facts }) => facts),
    trustAnchors: mapped(anchors, ({ facts }) => facts),
    revocationLists: mapped(lists, (list) => revocationFacts(list, subjects)),
  };
}

function unknownFingerprints({ certToName }: ServerPlan): readonly ServerFault[] {
  const reason =
    "its fingerprint is none: one octet says the hash (01 MD5, 02 SHA-1, 03 SHA-224, 04 " +
    "SHA-256, 05 SHA-384, 06 SHA-512), and as many follow as that hash has";
  return [...certToName]
    .filter(([, { fingerprint }]) => !isKnownFingerprint(fingerprint))
    .map(([id]) => ({ part: "cert-to-name", name: String(id), reason }));
}

/** Names of subjects by trust anchor. */
type Subjects = ReadonlyMap<string, Uint8Array | undefined>;

/** Whom a list that is old, or missing beside others, keeps out. */
function listWarnings(
  lists: ReadonlyMap<string, UsableRevocationList>,
  subjects: Subjects,
): readonly string[] {
  if (lists.size === 0) return [];
  const now = new Date();
  const old = [...lists].flatMap(([name, { nextUpdate }]) =>
    nextUpdate === undefined || nextUpdate >= now
      ? []
      : [`revocation-list ${name} was current until ${printed(nextUpdate)}: ${locksOut}`],
  );
  const without = [...subjects].filter(([, subject]) => {
    return ![...lists.values()].some(({ issuer }) => isSame(issuer, subject));
  });
  return [
    ...old,
    ...without.map(([name]) => `trust-anchor ${name} has no revocation-list: ${locksOut}`),
  ];
}

const locksOut = "nobody whose certificate comes from that authority can log in";

function revocationFacts(list: UsableRevocationList, subjects: Subjects): RevocationFacts {
  const { issuer, thisUpdate, nextUpdate, revoked } = list;
  return {
    trustAnchor: [...subjects].find(([, subject]) => isSame(issuer, subject))?.[0],
    thisUpdate: printed(thisUpdate),
    nextUpdate: nextUpdate && printed(nextUpdate),
    revoked,
  };
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}

function factsOf(certificate: Uint8Array): CertificateFacts {
  const { validTo } = new X509Certificate(certificate);
  return { fingerprint: fingerprintOf(certificate), expires: printed(new Date(validTo)) };
}

/** date-and-time; certificates and lists know no parts of seconds. */
function printed(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

function mapped<From, To>(
  all: ReadonlyMap<string, From>,
  made: (one: From) => To,
): ReadonlyMap<string, To> {
  return new Map([...all].map(([name, one]) => [name, made(one)]));
}
