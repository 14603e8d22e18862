import { createHash, hash, timingSafeEqual } from "node:crypto";

/**
 * The password hashes of iana-crypt-hash (RFC 7317): MD5-crypt ($1$), and Drepper's SHA-crypt ($5$
 * and $6$). Slow on purpose: call it off the loop.
 */
export function cryptHash(password: string, setting: string): string | undefined {
  const [before, id = "", ...rest] = setting.split("$");
  if (before !== "") return undefined;
  if (id === "1") return md5Crypt(Buffer.from(password), rest[0] ?? "");
  if (id !== "5" && id !== "6") return undefined;
  const rounds = /^rounds=(\d{1,9})$/.exec(rest[0] ?? "")?.[1];
  const salt = (rounds === undefined ? rest[0] : rest[1]) ?? "";
  const explicit = rounds === undefined ? undefined : clampRounds(Number(rounds));
  return shaCrypt(id === "5" ? sha256 : sha512, Buffer.from(password), salt, explicit);
}

/**
 * Whether a password belongs to a hash. A hash of more than `maxRounds` rounds matches nothing: it
 * would hold the hashing thread for minutes.
 */
export function verifyPassword(password: string, kept: string): boolean {
  const rounds = /^\$[56]\$rounds=(\d+)/.exec(kept)?.[1];
  if (rounds !== undefined && Number(rounds) > maxRounds) return false;
  const made = Buffer.from(cryptHash(password, kept) ?? "");
  const wanted = Buffer.from(kept);
  return made.length > 0 && made.length === wanted.length && timingSafeEqual(made, wanted);
}

/** About a second of work. */
const maxRounds = 500_000;

const defaultRounds = 5_000;
const minRounds = 1_000;

interface ShaForm {
  readonly id: string;
  readonly algorithm: string;
  readonly size: number;
  /** The octets of each group of four characters, high octet first. */
  readonly groups: readonly (readonly number[])[];
  readonly last: readonly number[];
}

/** Each group's octets are the one before it rotated and moved on by one (SHA-crypt, step 22). */
function rotating(first: readonly number[], step: number, count: number): readonly number[][] {
  const groups: number[][] = [[...first]];
  while (groups.length < count) {
    const [a = 0, b = 0, c = 0] = groups.at(-1) ?? [];
    groups.push(step > 0 ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1]);
  }
  return groups;
}

const sha256: ShaForm = {
  id: "5",
  algorithm: "sha256",
  size: 32,
  groups: rotating([0, 10, 20], -1, 10),
  last: [31, 30],
};
const sha512: ShaForm = {
  id: "6",
  algorithm: "sha512",
  size: 64,
  groups: rotating([0, 21, 42], 1, 21),
  last: [63],
};

function clampRounds(rounds: number): number {
  return Math.max(rounds, minRounds);
}

function shaCrypt(
  form: ShaForm,
  password: Buffer,
  fullSalt: string,
  explicitRounds: number | undefined,
): string {
  const saltText = fullSalt.slice(0, 16);
  const salt = Buffer.from(saltText);
  const digest = (...parts: readonly Uint8Array[]): Buffer => {
    const all = createHash(form.algorithm);
    for (const part of parts) all.update(part);
    return all.digest();
  };
  const b = digest(password, salt, password);
  const a = digest(password, salt, stretch(b, password.length), ...bits(password, b));
  const p = stretch(digest(...repeat(password, password.length)), password.length);
  const s = stretch(digest(...repeat(salt, 16 + (a[0] ?? 0))), salt.length);
  const layouts = Array.from({ length: layoutsRepeat }, (_, round) => layout(round, form, p, s));
  let digested = a.toString("latin1");
  for (let round = 0; round < (explicitRounds ?? defaultRounds); round++) {
    const { octets, at } = layouts[round % layoutsRepeat] ?? layout(round, form, p, s);
    octets.write(digested, at, "latin1");
    // One call and no object: three times as fast, and this is most of what a log-in takes.
    digested = hash(form.algorithm, octets, "binary");
  }
  const c = Buffer.from(digested, "latin1");
  const text = form.groups.map((group) => encode(c, group, 4)).join("");
  const rounds = explicitRounds === undefined ? "" : `rounds=${explicitRounds}$`;
  const end = encode(c, form.last, form.last.length + 1);
  return `$${form.id}$${rounds}${saltText}$${text}${end}`;
}

/** What a round digests depends on its number by 2, 3 and 7. */
const layoutsRepeat = 42;

/** What a round digests, with room for the digest of the round before. */
function layout(
  round: number,
  { size }: ShaForm,
  p: Buffer,
  s: Buffer,
): { readonly octets: Buffer; readonly at: number } {
  const odd = round % 2 === 1;
  const room = Buffer.alloc(size);
  const parts = [
    odd ? p : room,
    ...(round % 3 === 0 ? [] : [s]),
    ...(round % 7 === 0 ? [] : [p]),
    odd ? room : p,
  ];
  const octets = Buffer.concat(parts);
  return { octets, at: odd ? octets.length - size : 0 };
}

/** For each bit of the password's length, lowest first: the digest for a one, the password else. */
function bits(password: Buffer, digest: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let n = password.length; n > 0; n >>>= 1) parts.push(n & 1 ? digest : password);
  return parts;
}

function repeat(part: Buffer, count: number): readonly Buffer[] {
  return Array.from({ length: count }, () => part);
}

function stretch(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

function md5Crypt(password: Buffer, fullSalt: string): string {
  const saltText = fullSalt.slice(0, 8);
  const salt = Buffer.from(saltText);
  const inner = createHash("md5").update(password).update(salt).update(password).digest();
  const outer = createHash("md5").update(password).update("$1$").update(salt);
  outer.update(stretch(inner, password.length));
  // Where MD5-crypt meant the digest's first octet it took a cleared one.
  for (let n = password.length; n > 0; n >>>= 1) {
    outer.update(n & 1 ? Buffer.of(0) : password.subarray(0, 1));
  }
  let digest = outer.digest();
  for (let round = 0; round < 1_000; round++) {
    const odd = round % 2 === 1;
    const all = createHash("md5").update(odd ? password : digest);
    if (round % 3 !== 0) all.update(salt);
    if (round % 7 !== 0) all.update(password);
    digest = all.update(odd ? digest : password).digest();
  }
  const groups = [0, 1, 2, 3].map((i) => [i, i + 6, i + 12]);
  const text = [...groups, [4, 10, 5]].map((group) => encode(digest, group, 4)).join("");
  return `$1$${saltText}$${text}${encode(digest, [11], 2)}`;
}

const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Octets as characters of six bits each, the lowest bits first. */
function encode(digest: Buffer, octets: readonly number[], characters: number): string {
  let value = octets.reduce((sum, octet) => (sum << 8) | (digest[octet] ?? 0), 0);
  let text = "";
  for (let i = 0; i < characters; i++) {
    text += alphabet[value & 0x3f];
    value >>>= 6;
  }
  return text;
}
