import { readFileSync } from "node:fs";
import {
  atRestVault,
  FileStorage,
  hashPassword,
  lockState,
  rotateKey,
  StartError,
  systemRandom,
} from "../host/index.ts";

/** `ntpconfd encrypt-key`: the key on standard input as a cipher-string of this agent. */
export function encryptKey(stateDirectory: string): string {
  const key = readSecret("key");
  const vault = atRestVault(new FileStorage(stateDirectory), systemRandom);
  return vault.seal(new TextEncoder().encode(key));
}

/** `ntpconfd rotate-key`: a new at-rest key, while no agent uses the state directory. */
export function rotateKeyCommand(stateDirectory: string): string {
  const storage = new FileStorage(stateDirectory);
  const lock = lockState(stateDirectory);
  try {
    const files = rotateKey(storage, systemRandom);
    return `sealed under a new key: ${files.length === 0 ? "nothing yet" : files.join(" ")}`;
  } finally {
    lock.release();
  }
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
