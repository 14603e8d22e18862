import ssh2 from "ssh2";
import { type Storage, StorageError } from "../base/index.ts";

const kinds = ["ed25519", "ecdsa"] as const;

/** The agent's SSH host keys in OpenSSH's form: made at the first start, and kept. */
export function hostKeys(storage: Storage): readonly string[] {
  return kinds.map((kind) => {
    const name = `ssh-host-key-${kind}`;
    const kept = storage.read(name);
    if (kept !== undefined) return readKey(name, kept);
    const made = makeKey(kind);
    storage.write(name, new TextEncoder().encode(made));
    return made;
  });
}

/** One ed25519 key in some two hundred that ssh2 makes is none that it reads: then another one. */
function makeKey(kind: (typeof kinds)[number]): string {
  for (;;) {
    const { private: key } =
      kind === "ecdsa"
        ? ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256, comment: "ntpconfd" })
        : ssh2.utils.generateKeyPairSync("ed25519", { comment: "ntpconfd" });
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
}

function readKey(name: string, bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error || !key.isPrivateKey()) {
    const reason = key instanceof Error ? key.message : "it is a public key";
    throw new StorageError(`the file ${name} holds no SSH private key: ${reason}`);
  }
  return text;
}
