import { createHash } from "node:crypto";

/** The name that a public key begins with (RFC 4253 section 6.6); "" where there is none. */
export function keyKind(key: Uint8Array): string {
  if (key.length < 4) return "";
  const octets = Buffer.from(key);
  return octets.subarray(4, 4 + octets.readUInt32BE(0)).toString("latin1");
}

/** The kind of a public key and its fingerprint, as ssh-keygen -l writes it. */
export function fingerprint(key: Uint8Array): string {
  const hash = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  return `${keyKind(key)} SHA256:${hash}`;
}
