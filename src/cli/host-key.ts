import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { ConnectConfig } from "ssh2";
import { fingerprint } from "../host/index.ts";
import { CallFault } from "./call-fault.ts";
import {
  type HostKey,
  hostName,
  judge,
  type Knowledge,
  knownHostLine,
  knownKinds,
  readKnownHosts,
} from "./known-hosts.ts";
import { placeName } from "./login.ts";
import { ask } from "./prompt.ts";

/** What is to be believed of the keys that agents show. */
export interface TrustWords {
  /** The only list, and where new keys go; else our own, beside OpenSSH's. */
  readonly knownHosts?: string;
  /** Keep the key of an agent that is not known, without asking. */
  readonly acceptNew?: boolean;
}

/** Where an agent is. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** What ssh2 is told: which key to take. */
export interface HostKeyOptions extends Pick<ConnectConfig, "algorithms"> {
  readonly hostVerifier: (key: HostKey) => boolean;
}

/** All that ssh2 knows, the best first; nothing over SHA-1. */
const kinds = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;

/** The lists of known hosts, and what came of holding a key against them. */
export class HostKeyCheck {
  readonly #place: Place;
  readonly #name: string;
  readonly #words: TrustWords;
  /** What was accepted is, even by a list that keeps nothing (/dev/null). */
  #accepted: HostKey | undefined;
  #refused: { readonly key: HostKey; readonly knowledge: Knowledge } | undefined;

  constructor(place: Place, words: TrustWords) {
    this.#place = place;
    this.#name = hostName(place);
    this.#words = words;
  }

  /** For one connection: the lists are read now, a key is taken or refused at once. */
  options(): HostKeyOptions {
    this.#refused = undefined;
    const lines = this.#files().flatMap((file) => readKnownHosts(textOf(file), file));
    const known = knownKinds(lines, this.#name);
    const isKnown = (kind: string): boolean => known.includes(kind.replace(/^rsa-.*/, "ssh-rsa"));
    return {
      algorithms: {
        serverHostKey: [...kinds.filter(isKnown), ...kinds.filter((kind) => !isKnown(kind))],
      },
      hostVerifier: (key: HostKey): boolean => {
        const knowledge = judge(lines, this.#name, key);
        if (knowledge.kind === "known") return true;
        if (this.#accepted !== undefined && Buffer.compare(this.#accepted, key) === 0) return true;
        // Decision: on the loopback a key that nobody has recorded is taken. What goes there does
        // not leave the host, and its ports are lent to one agent after another.
        const isNew = knowledge.kind === "unknown";
        if (isNew && !this.#words.acceptNew && isLoopback(this.#place.host)) return true;
        this.#refused = { key, knowledge };
        return false;
      },
    };
  }

  /**
   * Whether to connect again, since the key that was refused is recorded now. False: no key was
   * refused. Throws where it is not to be believed, or nobody says that it is.
   */
  async isMended(): Promise<boolean> {
    if (this.#refused === undefined) return false;
    const { key, knowledge } = this.#refused;
    const where = placeName(this.#place);
    if ("recorded" in knowledge) throw new CallFault(refusal(where, key, knowledge));
    const shown = `${where} shows a host key that is not known here: ${fingerprint(key)}`;
    if (!this.#words.acceptNew) {
      const answer = await ask(shown, "Is it the right one, and to be kept (yes/no)? ");
      if (answer === undefined) {
        throw new CallFault(`${shown}\n${howToCompare}; if it is, --accept-new keeps it`);
      }
      if (answer.trim().toLowerCase() !== "yes") throw new CallFault("not connected");
    }
    this.#keep(key);
    this.#accepted = key;
    return true;
  }

  #keep(key: HostKey): void {
    const file = this.#words.knownHosts ?? ownFile();
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const before = textOf(file);
      const end = before === "" || before.endsWith("\n") ? "" : "\n";
      appendFileSync(file, end + knownHostLine(this.#name, key), { mode: 0o600 });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CallFault(`cannot keep the host key: ${reason}`);
    }
    process.stderr.write(`kept in ${file}: ${this.#name} ${fingerprint(key)}\n`);
  }

  #files(): readonly string[] {
    const { knownHosts } = this.#words;
    if (knownHosts !== undefined) return [knownHosts];
    return [ownFile(), join(homedir(), ".ssh/known_hosts"), "/etc/ssh/ssh_known_hosts"];
  }
}

const howToCompare = "compare it with what `ntpconfd host-key` says on the agent's host";

function refusal(
  where: string,
  key: HostKey,
  { kind, recorded }: Extract<Knowledge, { readonly recorded: unknown }>,
): string {
  const line = `${recorded.file}, line ${recorded.line}`;
  if (kind === "revoked") {
    return `${where} shows a host key that is revoked: ${fingerprint(key)}\nrevoked in ${line}`;
  }
  return [
    `${where} shows another host key than before: somebody may be in between, or it is a new agent`,
    `  shown     ${fingerprint(key)}`,
    `  recorded  ${fingerprint(recorded.key)}   ${line}`,
    `${howToCompare}; if it is the right one, take that line away`,
  ].join("\n");
}

/** Our own list; what OpenSSH keeps is read, and left to it. */
function ownFile(): string {
  const base = process.env.XDG_CONFIG_HOME;
  const folder = base !== undefined && base !== "" ? base : join(homedir(), ".config");
  return join(folder, "ntpconfd/known_hosts");
}

/** A list that is not there knows nobody; one that cannot be read is not passed over. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    const reason = error instanceof Error ? error.message : String(error);
    throw new CallFault(`cannot read the list of known hosts: ${reason}`);
  }
}

/** Whether what is sent there stays on this host. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === "localhost";
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8);
  loopback.addAddress("::1", "ipv6");
  return loopback.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
}
