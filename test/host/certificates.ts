import {
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";

/** A certificate with its private key. */
export interface Certified {
  readonly name: string;
  readonly certificate: Buffer;
  readonly key: KeyObject;
}

export interface CertificateRequest {
  /** Common names of the subject. */
  readonly subject: string | readonly string[];
  /** undefined: signed by itself. */
  readonly issuer?: Certified;
  readonly isAuthority?: boolean;
  /** Alternative ones. */
  readonly names?: readonly GeneralName[];
  /** Days from now. */
  readonly from?: number;
  readonly until?: number;
}

export type GeneralName = readonly [tag: number, contents: Buffer];

export const mail = (text: string): GeneralName => [0x81, Buffer.from(text, "latin1")];
export const dns = (text: string): GeneralName => [0x82, Buffer.from(text, "latin1")];
export const address = (...octets: number[]): GeneralName => [0x87, Buffer.from(octets)];
/** Microsoft's user principal name: an otherName with any text inside. */
export const principal = (text: string): GeneralName => {
  const value = der(0xa0, der(0x0c, Buffer.from(text)));
  return [0xa0, Buffer.concat([oid(1, 3, 6, 1, 4, 1, 311, 20, 2, 3), value])];
};

/** X.509 as RFC 5280 has it, no more of it than is needed, over P-256. */
export function certify(request: CertificateRequest): Certified {
  const { issuer, isAuthority = false, names = [], from = -1, until = 30 } = request;
  const subjects = [request.subject].flat();
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(0x30, oid(1, 2, 840, 10045, 4, 3, 2));
  const subject = distinguishedName(subjects);
  const constraints = der(0x30, ...(isAuthority ? [der(0x01, Buffer.of(0xff))] : []));
  const extensions = [
    extension(oid(2, 5, 29, 19), constraints),
    ...(names.length === 0
      ? []
      : [extension(oid(2, 5, 29, 17), der(0x30, ...names.map(([tag, at]) => der(tag, at))))]),
  ];
  const signed = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(0x01), randomBytes(8)])),
    algorithm,
    issuer === undefined ? subject : distinguishedName([issuer.name]),
    der(0x30, time(from), time(until)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = sign("sha256", signed, issuer?.key ?? privateKey);
  const certificate = der(
    0x30,
    signed,
    algorithm,
    der(0x03, Buffer.concat([Buffer.of(0), signature])),
  );
  return { name: subjects[0] ?? "", certificate, key: privateKey };
}

export interface RevocationRequest {
  readonly issuer: Certified;
  readonly revoked?: readonly Certified[];
  /** Days from now; undefined: nothing is said of when it ends. */
  readonly until?: number | undefined;
  readonly isDelta?: boolean;
}

/** A list of revoked certificates as RFC 5280 section 5 has it. */
export function revocationList(request: RevocationRequest): Buffer {
  const { issuer, revoked = [], isDelta = false } = request;
  const algorithm = der(0x30, oid(1, 2, 840, 10045, 4, 3, 2));
  const entries = revoked.map(({ certificate }) => {
    const serial = Buffer.from(new X509Certificate(certificate).serialNumber, "hex");
    return der(0x30, der(0x02, serial), time(-1));
  });
  const until = "until" in request ? request.until : 30;
  const delta = der(0x30, oid(2, 5, 29, 27), der(0x01, Buffer.of(0xff)), der(0x04, integer(1)));
  const signed = der(
    0x30,
    integer(1),
    algorithm,
    distinguishedName([issuer.name]),
    time(-2),
    ...(until === undefined ? [] : [time(until)]),
    ...(entries.length === 0 ? [] : [der(0x30, ...entries)]),
    ...(isDelta ? [der(0xa0, der(0x30, delta))] : []),
  );
  const signature = sign("sha256", signed, issuer.key);
  return der(0x30, signed, algorithm, der(0x03, Buffer.concat([Buffer.of(0), signature])));
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.of(value));
}

export function pem(certificate: Uint8Array): string {
  const base64 = Buffer.from(certificate).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

export function pkcs8({ key }: Certified): Buffer {
  return key.export({ type: "pkcs8", format: "der" });
}

export function pemKey({ key }: Certified): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Somebody else with the same name: what he signs is not what the first one did. */
export function impostorOf({ name }: Certified): Certified {
  return certify({ subject: name, isAuthority: true });
}

function distinguishedName(commonNames: readonly string[]): Buffer {
  const parts = commonNames.map((name) =>
    der(0x31, der(0x30, oid(2, 5, 4, 3), der(0x0c, Buffer.from(name)))),
  );
  return der(0x30, ...parts);
}

function extension(id: Buffer, value: Buffer): Buffer {
  return der(0x30, id, der(0x04, value));
}

function time(days: number): Buffer {
  const date = new Date(Date.now() + days * 86_400_000);
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(text));
}

function oid(first: number, second: number, ...rest: number[]): Buffer {
  const octets = rest.flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, Buffer.of(first * 40 + second, ...octets));
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const all = Buffer.concat(contents);
  const { length } = all;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), all]);
}
