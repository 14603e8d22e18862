import ssh2 from "ssh2";

/** A new key of the kind ssh-ed25519, in OpenSSH's form. */
export function ed25519Key(comment: string): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
    // One in some two hundred that ssh2 makes is none that it reads: then another one.
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
