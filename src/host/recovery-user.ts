import { readFileSync } from "node:fs";
import type { Random, Storage } from "../base/index.ts";
import { type Account, parseAuthorizedKeys } from "./accounts.ts";
import { cryptHash, verifyPassword } from "./crypt.ts";
import { StartError, starting } from "./start-error.ts";

const kept = "recovery-password";
const saltAlphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export interface RecoveryOptions {
  readonly user: string;
  readonly passwordFile: string | undefined;
  /** From the environment. */
  readonly password: string | undefined;
  readonly authorizedKeysFile: string | undefined;
}

/**
 * The user outside the datastores. With no password given, the first start makes one and hands it
 * to `announce`, once; its hash alone is kept.
 */
export function recoveryAccount(
  options: RecoveryOptions,
  storage: Storage,
  random: Random,
  announce: (password: string) => void,
): Account {
  const { authorizedKeysFile } = options;
  const authorizedKeys =
    authorizedKeysFile === undefined
      ? []
      : starting(`cannot use the keys of ${authorizedKeysFile}`, () =>
          parseAuthorizedKeys(readFileSync(authorizedKeysFile, "utf8")),
        );
  const given = givenPassword(options);
  const passwordHash =
    given === undefined ? keptHash(storage, random, announce) : hashPassword(given, random);
  return { name: options.user, passwordHash, authorizedKeys, recovery: true };
}

/** SHA-512-crypt under a fresh salt. */
export function hashPassword(password: string, random: Random): string {
  const salt = [...random.bytes(16)].map((octet) => saltAlphabet[octet & 0x3f]).join("");
  return cryptHash(password, `$6$${salt}`) ?? "";
}

/** Of more rounds than this a hash is not looked at where the loop waits: some 20 ms. */
const soonRounds = 50_000;

/** Whether a password belongs to a hash, where that can be told while the loop waits. */
export function matchesSoon(password: string, hash: string): boolean {
  const rounds = /^\$[56]\$rounds=(\d+)\$/.exec(hash)?.[1];
  return (rounds === undefined || Number(rounds) <= soonRounds) && verifyPassword(password, hash);
}

function givenPassword({ passwordFile, password }: RecoveryOptions): string | undefined {
  if (passwordFile === undefined) return password;
  const text = starting("cannot read the password file", () => readFileSync(passwordFile, "utf8"));
  const line = text.replace(/\r?\n$/, "");
  if (line === "") throw new StartError(`the password file ${passwordFile} is empty`);
  return line;
}

function keptHash(storage: Storage, random: Random, announce: (password: string) => void): string {
  const hash = storage.read(kept);
  if (hash !== undefined) return new TextDecoder().decode(hash).trim();
  const password = Buffer.from(random.bytes(15)).toString("base64url");
  const made = hashPassword(password, random);
  storage.write(kept, new TextEncoder().encode(`${made}\n`));
  announce(password);
  return made;
}
