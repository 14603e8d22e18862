import { readFileSync } from "node:fs";
import { KeyVault } from "../agent/index.ts";
import { atRestKey, FileStorage, hashPassword, StartError, systemRandom } from "../host/index.ts";

/** `ntpconfd encrypt-key`: the key on standard input as a cipher-string of this agent. */
export function encryptKey(stateDirectory: string): string {
  const key = readSecret("key");
  const vault = new KeyVault(
    atRestKey(new FileStorage(stateDirectory), systemRandom),
    systemRandom,
  );
  return vault.seal(new TextEncoder().encode(key));
}

/** `ntpconfd hash-password`: the password on standard input as SHA-512-crypt. */
export function hashPasswordCommand(): string {
  return hashPassword(readSecret("password"), systemRandom);
}

/** All of standard input, but for the line's end. */
function readSecret(what: string): string {
  const text = readFileSync(process.stdin.fd, "utf8").replace(/\r?\n$/, "");
  if (text === "") throw new StartError(`standard input holds no ${what}`);
  return text;
}
