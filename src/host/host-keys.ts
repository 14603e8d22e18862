import ssh2 from "ssh2";
import { type Storage, StorageError } from "../base/index.ts";
import { fingerprint } from "./public-key.ts";

const kinds = ["ed25519", "ecdsa"] as const;

/**
 * The agent's SSH host keys in OpenSSH's form: made at the first start, and kept. The fingerprint
 * of each that is made goes to `announce`, for whoever is to know it before the first connection.
 */
export function hostKeys(
  storage: Storage,
  announce: (fingerprint: string) => void,
): readonly string[] {
  return kinds.map((kind) => {
    const name = fileOf(kind);
    const kept = storage.read(name);
    if (kept !== undefined) return readKey(name, kept).text;
    const made = makeKey(kind);
    storage.write(name, made.bytes);
    announce(fingerprint(made.publicKey));
    return made.text;
  });
}

/** The public halves of the keys that are there already, as SSH shows them. */
export function publicHostKeys(storage: Storage): readonly Uint8Array[] {
  return kinds.flatMap((kind) => {
    const kept = storage.read(fileOf(kind));
    return kept === undefined ? [] : [readKey(fileOf(kind), kept).publicKey];
  });
}

interface HostKey {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly publicKey: Uint8Array;
}

function fileOf(kind: (typeof kinds)[number]): string {
  return `ssh-host-key-${kind}`;
}

/** One ed25519 key in some two hundred that ssh2 makes is none that it reads: then another one. */
function makeKey(kind: (typeof kinds)[number]): HostKey {
  for (;;) {
    const { private: text } =
      kind === "ecdsa"
        ? ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256, comment: "ntpconfd" })
        : ssh2.utils.generateKeyPairSync("ed25519", { comment: "ntpconfd" });
    const key = ssh2.utils.parseKey(text);
    if (key instanceof Error) continue;
    return { text, bytes: new TextEncoder().encode(text), publicKey: key.getPublicSSH() };
  }
}

function readKey(name: string, bytes: Uint8Array): HostKey {
  const text = new TextDecoder().decode(bytes);
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error || !key.isPrivateKey()) {
    const reason = key instanceof Error ? key.message : "it is a public key";
    throw new StorageError(`the file ${name} holds no SSH private key: ${reason}`);
  }
  return { text, bytes, publicKey: key.getPublicSSH() };
}
