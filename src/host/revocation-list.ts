import { createSecureContext } from "node:tls";
import { type DerElement, readDer } from "./der.ts";
import { refusePem } from "./tls-identity.ts";

/** A list of revoked certificates (RFC 5280 section 5), and what is to be known of it. */
export interface UsableRevocationList {
  /** As node:tls takes it. */
  readonly pem: string;
  /** The name of the authority, as it stands in its certificate. */
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  /** undefined: it is good for ever. */
  readonly nextUpdate: Date | undefined;
  readonly revoked: number;
}

const tags = { integer: 0x02, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30 } as const;
/** [0] of TBSCertList: the extensions. */
const extensionsTag = 0xa0;
/** id-ce-deltaCRLIndicator, 2.5.29.27. */
const deltaIndicator = Buffer.of(0x55, 0x1d, 0x1b);

/** Reads a list in DER; throws an Error that says what is wrong with it. */
export function usableRevocationList(octets: Uint8Array): UsableRevocationList {
  refusePem(octets, "it");
  const base64 = Buffer.from(octets).toString("base64");
  const pem = `-----BEGIN X509 CRL-----\n${base64}\n-----END X509 CRL-----\n`;
  const list = readList(octets);
  if (list === undefined || !isReadable(pem)) {
    throw new Error("it is no certificate revocation list in DER");
  }
  if (list.isDelta) throw new Error("it is a delta list, which says only what has changed");
  return { pem, ...list };
}

/** The name of the subject of a certificate, to be held against that of a list's issuer. */
export function subjectOf(certificate: Uint8Array): Uint8Array | undefined {
  const signed = inside(inside(readDer(certificate)?.[0])?.[0]);
  // TBSCertificate: version [0], serial number, algorithm, issuer, validity, subject.
  const [, , , , subject] = signed?.filter(({ tag }) => tag !== extensionsTag) ?? [];
  return subject?.contents;
}

/** TBSCertList: version, algorithm, issuer, two times, the certificates and the extensions. */
function readList(octets: Uint8Array) {
  const whole = readDer(octets);
  if (whole?.length !== 1) return undefined;
  const [signed] = inside(whole[0]) ?? [];
  const parts = (inside(signed) ?? []).filter(({ tag }) => tag !== tags.integer);
  const [, issuer, revoked] = parts.filter(({ tag }) => tag === tags.sequence);
  const [thisUpdate, nextUpdate] = parts.filter(({ tag }) => isTime(tag)).map(timeOf);
  if (issuer === undefined || thisUpdate === undefined) return undefined;
  const extensions = inside(inside(parts.find(({ tag }) => tag === extensionsTag))?.[0]) ?? [];
  const isDelta = extensions.some((one) => {
    return Buffer.compare(inside(one)?.[0]?.contents ?? Buffer.alloc(0), deltaIndicator) === 0;
  });
  const count = inside(revoked)?.length ?? 0;
  return { issuer: issuer.contents, thisUpdate, nextUpdate, revoked: count, isDelta };
}

function inside(element: DerElement | undefined): readonly DerElement[] | undefined {
  return element && readDer(element.contents);
}

function isTime(tag: number): boolean {
  return tag === tags.utcTime || tag === tags.generalizedTime;
}

/** RFC 5280 section 4.1.2.5: in UTC, with two or four digits of the year; 50 is 1950. */
function timeOf({ tag, contents }: DerElement): Date | undefined {
  const text = Buffer.from(contents).toString("latin1");
  const two = Number(text.slice(0, 2));
  const full = tag === tags.utcTime ? `${two >= 50 ? "19" : "20"}${text}` : text;
  const form = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (form === null) return undefined;
  const [, year, month, day, hour, minute, second] = form;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** OpenSSL has the last word on what a list is. */
function isReadable(pem: string): boolean {
  try {
    createSecureContext({ crl: pem });
    return true;
  } catch {
    return false;
  }
}
