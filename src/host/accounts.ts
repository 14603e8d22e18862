import ssh2 from "ssh2";
import type { LoginUser } from "../agent/index.ts";

/** A public key that may log in: the algorithm's name and the key in SSH's wire form. */
export type AuthorizedKey = LoginUser["authorizedKeys"][number];

/** Somebody who may log in, and how access control takes them. */
export interface Account extends LoginUser {
  /** True for the recovery user alone (RFC 8341 section 3.2). */
  readonly recovery: boolean;
}

export type Accounts = (name: string) => Account | undefined;

/**
 * Reads a file of OpenSSH public keys, one to a line. Throws an Error with the line's number for
 * what is no key, and for options, which would promise restrictions that nobody enforces.
 */
export function parseAuthorizedKeys(text: string): readonly AuthorizedKey[] {
  return text.split("\n").flatMap((line, i) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return [];
    const [algorithm = "", base64 = ""] = trimmed.split(/\s+/);
    const data = Buffer.from(base64, "base64");
    if (publicKey(algorithm, data) === undefined) {
      throw new Error(`line ${i + 1} is no OpenSSH public key (options are not supported)`);
    }
    return [{ algorithm, data: new Uint8Array(data) }];
  });
}

/** A key that signatures can be held against; undefined: not a key of a kind that is known. */
export function publicKey(algorithm: string, data: Uint8Array): ssh2.ParsedKey | undefined {
  const key = ssh2.utils.parseKey(`${algorithm} ${Buffer.from(data).toString("base64")}`);
  return key instanceof Error ? undefined : key;
}
