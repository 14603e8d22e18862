import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { TlsIdentity } from "../agent/index.ts";

/** An identity as node:tls takes it. */
export interface UsableIdentity {
  /** The chain, our own certificate first. */
  readonly cert: string;
  readonly key: string;
}

/** Reads an identity; throws an Error that says what is wrong with it. */
export function usableIdentity({ certificates, privateKey }: TlsIdentity): UsableIdentity {
  if ("fault" in privateKey) throw new Error(privateKey.fault);
  const chain = certificates.map((octets, i) => {
    return readCertificate(octets, `certificate ${i + 1} of the chain`);
  });
  const [own] = chain;
  if (own === undefined) throw new Error("there is no certificate");
  for (const [i, certificate] of chain.slice(0, -1).entries()) {
    const above = chain[i + 1];
    if (above === undefined || certificate.checkIssued(above)) continue;
    throw new Error(`certificate ${i + 2} of the chain is not the issuer of the one before it`);
  }
  const key = readPrivateKey(privateKey);
  if (!own.checkPrivateKey(key)) {
    throw new Error("the private key is not that of the certificate");
  }
  const identity = {
    cert: chain.map(String).join(""),
    key: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  try {
    createSecureContext(identity);
  } catch (error) {
    throw new Error(`TLS cannot use it: ${reasonOf(error)}`);
  }
  return identity;
}

/** Reads a certificate that others are held against; throws an Error. The PEM form. */
export function usableAnchor(octets: Uint8Array): string {
  return readCertificate(octets, "it").toString();
}

function readCertificate(octets: Uint8Array, what: string): X509Certificate {
  refusePem(octets, what);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(octets);
  } catch {
    // What Node says is of PEM, which it tries as well.
    throw new Error(`${what} is no X.509 certificate in DER`);
  }
  if (certificate.raw.length === octets.length) return certificate;
  throw new Error(`${what} has ${octets.length - certificate.raw.length} octets too many`);
}

/** RFC 5958, RFC 5915 and RFC 8017: a key says of itself what it is for alone by its form. */
function readPrivateKey(octets: Uint8Array): KeyObject {
  refusePem(octets, "the private key");
  let reason = "";
  for (const type of ["pkcs8", "sec1", "pkcs1"] as const) {
    try {
      return createPrivateKey({ key: Buffer.from(octets), format: "der", type });
    } catch (error) {
      reason ||= reasonOf(error);
    }
  }
  throw new Error(`the private key is none in clear (PKCS #8, SEC 1 or PKCS #1): ${reason}`);
}

/** Throws an Error where octets are a PEM file instead of what is in it. */
export function refusePem(octets: Uint8Array, what: string): void {
  if (!Buffer.from(octets.subarray(0, 10)).toString("latin1").startsWith("-----BEGIN")) return;
  const hint = "give the base64 lines between BEGIN and END as they are";
  throw new Error(`${what} is PEM, encoded once more: ${hint}`);
}

/** OpenSSL's words without its numbers. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split(":").at(-1)?.trim() ?? text;
}
