import type { ChildProcess } from "node:child_process";
import type { LabHost } from "../../src/cli/lab.ts";
import type { Network } from "./agents.ts";
import { peer } from "./peers.ts";
import { keyEntry, secrets } from "./procedure.ts";

// What the daemons of others and we have in common, and how they are run.

const setpriv = peer("setpriv");

/** The algorithms that they and we have, by all names. */
export const daemonKeys = [
  { id: 1, algorithm: "ntp:md5", chrony: "MD5", ntpsec: "MD5", secret: secrets.md5 },
  { id: 2, algorithm: "ntp:sha-1", chrony: "SHA1", ntpsec: "SHA1", secret: "Sha1-Secret-Pass9" },
  {
    ...{ id: 3, algorithm: "nd:aes-128-cmac", chrony: "AES128", ntpsec: "AES-128" },
    secret: secrets["aes-128-cmac"],
  },
  {
    ...{ id: 4, algorithm: "nd:aes-256-cmac", chrony: "AES256", ntpsec: "AES-256" },
    secret: secrets["aes-256-cmac"],
  },
] as const;

/** Of this one the two sides have different secrets. */
export const wrongKey = {
  ...{ id: 9, algorithm: "nd:aes-128-cmac", chrony: "AES128", ntpsec: "AES-128" },
  ...{ ours: "Not-The-Secret-9", theirs: "The-Other-Secret" },
} as const;

/** Our side of all these keys; `isRequired`: no time is taken without one. */
export function sharedKeys(isRequired = false): string {
  const required = isRequired ? "<auth-enabled>true</auth-enabled>" : "";
  const weak = `${required}<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>`;
  const entries = [...daemonKeys, { ...wrongKey, secret: wrongKey.ours }].map(keyEntry);
  return `<authentication>${weak}${entries.join("")}</authentication>`;
}

/** Their side, a line for each: `mark` stands before the secret in hexadecimal. */
export function keyFile(daemon: "chrony" | "ntpsec", mark = ""): string {
  return [...daemonKeys, { ...wrongKey, secret: wrongKey.theirs }]
    .map((key) => `${key.id} ${key[daemon]} ${mark}${hex(key.secret)}\n`)
    .join("");
}

export function hex(secret: string): string {
  return Buffer.from(secret).toString("hex");
}

/** Without the right to set the clock, whatever the daemon thinks that it should do. */
export function startDaemon(
  network: Network,
  host: LabHost,
  command: string,
  args: readonly string[],
): ChildProcess {
  const without = ["--bounding-set", "-sys_time", "--inh-caps", "-sys_time"];
  const child = network.lab.start(host, setpriv ?? "", [...without, command, ...args]);
  child.stdout?.resume();
  child.stderr?.resume();
  return child;
}
