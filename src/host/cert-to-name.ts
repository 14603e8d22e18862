import { createHash, X509Certificate } from "node:crypto";
import type { CertToName } from "../agent/index.ts";
import { readDer } from "./der.ts";

type CertToNameMap = CertToName["map"];

/** RFC 5246 section 7.4.1.4.1: HashAlgorithm. */
const hashes: ReadonlyMap<number, string> = new Map([
  [1, "md5"],
  [2, "sha1"],
  [3, "sha224"],
  [4, "sha256"],
  [5, "sha384"],
  [6, "sha512"],
]);

/** GeneralName of RFC 5280 section 4.2.1.6: context tags. */
const nameTags = { rfc822Name: 0x81, dNSName: 0x82, iPAddress: 0x87 } as const;
/** id-ce-subjectAltName, 2.5.29.17. */
const subjectAltName = Uint8Array.of(0x55, 0x1d, 0x11);

/**
 * The name that a certificate stands for (RFC 7407): the first entry whose fingerprint is that of
 * the certificate, or of a certificate above it in `chain` (the peer's own first, all of it
 * verified), and that makes a name of it; undefined: there is none.
 */
export function nameOfCertificate(
  chain: readonly Uint8Array[],
  entries: readonly CertToName[],
): string | undefined {
  const [own] = chain;
  if (own === undefined) return undefined;
  for (const { fingerprint, map } of entries) {
    if (!chain.some((certificate) => isFingerprint(certificate, fingerprint))) continue;
    const name = mapped(own, map);
    if (name !== undefined && isUserName(name)) return name;
  }
  return undefined;
}

/** Nothing that XML cannot carry, or that a log could be misled with. */
function isUserName(name: string): boolean {
  return name !== "" && !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(name);
}

/** Whether we know the hash that a fingerprint says it is, and it is as long as that hash. */
export function isKnownFingerprint(fingerprint: Uint8Array): boolean {
  const hash = hashes.get(fingerprint[0] ?? 0);
  return hash !== undefined && createHash(hash).digest().length === fingerprint.length - 1;
}

/** The fingerprint of a certificate as it is configured: SHA-256. */
export function fingerprintOf(certificate: Uint8Array): string {
  const digest = createHash("sha256").update(certificate).digest();
  return [4, ...digest].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

function isFingerprint(certificate: Uint8Array, fingerprint: Uint8Array): boolean {
  const hash = hashes.get(fingerprint[0] ?? 0);
  if (hash === undefined) return false;
  return createHash(hash).update(certificate).digest().equals(fingerprint.subarray(1));
}

function mapped(certificate: Uint8Array, map: CertToNameMap): string | undefined {
  switch (map.kind) {
    case "specified":
      return map.name;
    case "common-name":
      return commonName(certificate);
    default: {
      const names = alternativeNames(certificate);
      for (const { kind, name } of names) {
        if (name !== undefined && (map.kind === "san-any" || map.kind === kind)) return name;
      }
      return undefined;
    }
  }
}

/** Of several nobody can say which one is meant. */
function commonName(certificate: Uint8Array): string | undefined {
  const { subject } = new X509Certificate(certificate).toLegacyObject();
  const name: unknown = subject.CN;
  return typeof name === "string" ? name : undefined;
}

interface AlternativeName {
  readonly kind: CertToNameMap["kind"];
  /** undefined: not a name that could be mapped. */
  readonly name: string | undefined;
}

/**
 * Read from the octets: Node's text of them does not tell a comma inside of a name from one between
 * two of them, and what is signed as a name of one kind must not be read as one of another.
 */
function alternativeNames(certificate: Uint8Array): readonly AlternativeName[] {
  return generalNames(certificate).flatMap(({ tag, contents }): AlternativeName[] => {
    switch (tag) {
      case nameTags.rfc822Name:
        return [{ kind: "san-rfc822-name", name: mailName(contents) }];
      case nameTags.dNSName:
        return [{ kind: "san-dns-name", name: ascii(contents)?.toLowerCase() }];
      case nameTags.iPAddress:
        return [{ kind: "san-ip-address", name: addressName(contents) }];
      default:
        return [];
    }
  });
}

function generalNames(certificate: Uint8Array) {
  const whole = readDer(certificate)?.[0];
  const signed = whole && readDer(whole.contents)?.[0];
  // TBSCertificate: the extensions are the element [3], with one sequence of them inside.
  const wrapper = signed && readDer(signed.contents)?.find(({ tag }) => tag === 0xa3);
  const list = wrapper && readDer(wrapper.contents)?.[0];
  for (const extension of (list && readDer(list.contents)) ?? []) {
    const parts = readDer(extension.contents) ?? [];
    if (Buffer.compare(parts[0]?.contents ?? Buffer.alloc(0), subjectAltName) !== 0) continue;
    const names = readDer(parts.at(-1)?.contents ?? Buffer.alloc(0))?.[0];
    return (names && readDer(names.contents)) ?? [];
  }
  return [];
}

/** The part before the @ is the host's own affair; that behind it is in lower case. */
function mailName(contents: Uint8Array): string | undefined {
  const text = ascii(contents);
  const at = text?.lastIndexOf("@") ?? -1;
  if (text === undefined || at < 0) return undefined;
  return text.slice(0, at) + text.slice(at).toLowerCase();
}

function addressName(contents: Uint8Array): string | undefined {
  if (contents.length === 4) return contents.join(".");
  return contents.length === 16 ? Buffer.from(contents).toString("hex") : undefined;
}

/** IA5String, without what could end or split a name somewhere else. */
function ascii(contents: Uint8Array): string | undefined {
  const printable = contents.every((octet) => octet > 0x20 && octet < 0x7f);
  return printable ? Buffer.from(contents).toString("latin1") : undefined;
}
