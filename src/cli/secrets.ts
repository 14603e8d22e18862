import { existsSync, readFileSync } from "node:fs";
import {
  atRestVault,
  FileStorage,
  fingerprint,
  hashPassword,
  lockState,
  publicHostKeys,
  rotateKey,
  systemRandom,
  UrlFiles,
  urlFolder,
} from "../host/index.ts";
import { CallFault } from "./call-fault.ts";
import { hostName, knownHostLine } from "./known-hosts.ts";
import { askSecret } from "./prompt.ts";

/** `ntpconfd encrypt-key`: the key on standard input as a cipher-string of this agent. */
export async function encryptKey(stateDirectory: string): Promise<string> {
  // What is sealed for an agent that is not there, nobody could open.
  if (!existsSync(stateDirectory)) {
    throw new CallFault(
      `there is no state directory ${stateDirectory}: the agent's first start makes it, ` +
        "and --state-dir is to be the agent's",
    );
  }
  const key = await readSecret("key");
  const vault = atRestVault(new FileStorage(stateDirectory), systemRandom);
  return vault.seal(new TextEncoder().encode(key));
}

/** `ntpconfd rotate-key`: a new at-rest key, while no agent uses the state directory. */
export function rotateKeyCommand(stateDirectory: string): string {
  const storage = new FileStorage(stateDirectory);
  const lock = lockState(stateDirectory);
  try {
    const others = new UrlFiles(urlFolder(stateDirectory));
    const files = rotateKey(storage, systemRandom, others);
    return `sealed under a new key: ${files.length === 0 ? "nothing yet" : files.join(" ")}`;
  } finally {
    lock.release();
  }
}

/**
 * `ntpconfd host-key`: what the first connection is to be held against; with an address, as lines
 * of a list of known hosts.
 */
export function hostKeyLines(
  stateDirectory: string,
  address: { readonly host: string; readonly port: number } | undefined,
): readonly string[] {
  const keys = existsSync(stateDirectory) ? publicHostKeys(new FileStorage(stateDirectory)) : [];
  if (keys.length === 0) {
    throw new CallFault(
      `${stateDirectory} holds no SSH host keys: the agent's first start makes them, ` +
        "and --state-dir is to be the agent's",
    );
  }
  return keys.map((key) =>
    address === undefined ? fingerprint(key) : knownHostLine(hostName(address), key).trimEnd(),
  );
}

/** `ntpconfd hash-password`: the password on standard input as SHA-512-crypt. */
export async function hashPasswordCommand(): Promise<string> {
  return hashPassword(await readSecret("password"), systemRandom);
}

/** What is typed unseen at a terminal; else all of standard input, but for the line's end. */
export async function readSecret(what: string): Promise<string> {
  const text =
    (await askSecret(`The ${what}, which is not shown: `)) ??
    readFileSync(process.stdin.fd, "utf8").replace(/\r?\n$/, "");
  if (text === "") throw new CallFault(`standard input holds no ${what}`);
  return text;
}
