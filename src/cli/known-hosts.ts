import { createHmac } from "node:crypto";
import { keyKind } from "../host/index.ts";

/** A host key, as it is shown over SSH (RFC 4253 section 6.6). */
export type HostKey = Uint8Array;

/**
 * What a list knows of a key: that it is this host's, that the host has others, that it must not
 * be believed, or nothing at all.
 */
export type Knowledge =
  | { readonly kind: "known" | "unknown" }
  | { readonly kind: "changed" | "revoked"; readonly recorded: Recorded };

/** A line of a list. */
export interface Recorded {
  readonly key: HostKey;
  readonly file: string;
  readonly line: number;
  readonly revoked: boolean;
  readonly matches: (name: string) => boolean;
}

/** The lines of a list of known hosts in OpenSSH's form (sshd(8)); what is no such line is none. */
export function readKnownHosts(text: string, file: string): readonly Recorded[] {
  return text.split(/\r?\n/).flatMap((written, at) => {
    const words = written.trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
    const [names = "", kind = "", base64 = ""] = words;
    const key = Buffer.from(base64, "base64");
    if (names.startsWith("#") || kind === "" || keyKind(key) !== kind) return [];
    // An authority signs keys; ssh2 speaks of no certificates, so its line says nothing to us.
    if (marker === "@cert-authority") return [];
    const revoked = marker === "@revoked";
    return [{ key, file, line: at + 1, revoked, matches: matcherOf(names) }];
  });
}

/** How a host is named in a list: the port stands there where it is not 22. */
export function hostName({ host, port }: { host: string; port: number }): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** What the lines know of this key of this host. */
export function judge(lines: readonly Recorded[], name: string, key: HostKey): Knowledge {
  const here = lines.filter((line) => line.matches(name));
  const same = here.filter((line) => Buffer.compare(line.key, key) === 0);
  const [revoked] = same.filter((line) => line.revoked);
  if (revoked !== undefined) return { kind: "revoked", recorded: revoked };
  if (same.length > 0) return { kind: "known" };
  // A key of another kind is no new host: whoever sits between could offer just that.
  const [recorded] = here.filter((line) => !line.revoked);
  return recorded === undefined ? { kind: "unknown" } : { kind: "changed", recorded };
}

/** The kinds of keys that are known of a host: these are asked for first. */
export function knownKinds(lines: readonly Recorded[], name: string): readonly string[] {
  const here = lines.filter((line) => !line.revoked && line.matches(name));
  return [...new Set(here.map(({ key }) => keyKind(key)))];
}

/** The line that tells of a key. */
export function knownHostLine(name: string, key: HostKey): string {
  return `${name} ${keyKind(key)} ${Buffer.from(key).toString("base64")}\n`;
}

/** Names are patterns with * and ?, or hashed; one behind ! takes out what others match. */
function matcherOf(names: string): Recorded["matches"] {
  const [, kind, salt = "", hash] = names.split("|");
  if (kind === "1") {
    return (name) =>
      createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  }
  const patterns = names.toLowerCase().split(",");
  const taken = patterns.filter((one) => !one.startsWith("!"));
  const left = patterns.filter((one) => one.startsWith("!")).map((one) => one.slice(1));
  return (name) =>
    taken.some((one) => isMatch(one, name)) && !left.some((one) => isMatch(one, name));
}

/** Whether a pattern is all of a name, in time that is the product of their lengths at most. */
function isMatch(pattern: string, name: string): boolean {
  let at = 0;
  let of = 0;
  let star: { at: number; of: number } | undefined;
  while (of < name.length) {
    if (pattern[at] === "*") {
      star = { at: at + 1, of };
      at += 1;
    } else if (pattern[at] === "?" || pattern[at] === name[of]) {
      at += 1;
      of += 1;
    } else if (star !== undefined) {
      star.of += 1;
      ({ at, of } = star);
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
