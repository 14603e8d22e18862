import { gcmsiv } from "@noble/ciphers/aes.js";
import { assert, type Random } from "../base/index.ts";
import type { SecretSealer } from "./doors.ts";

/** Octets of the at-rest key: AES-256. */
export const vaultKeyLength = 32;

const nonceLength = 12;
const tagLength = 16;
/** Says how the text was made, so that another form can be told apart some day. */
const prefix = "$ntpconfd$1$";

/**
 * Seals secrets under the agent's at-rest key with AES-256-GCM-SIV (RFC 8452), which forgives a
 * nonce that repeats. The text is the prefix and then base64 of nonce, ciphertext and tag.
 */
export class KeyVault implements SecretSealer {
  readonly #key: Uint8Array;
  /** The key, and the one before it while not all is sealed anew. */
  readonly #opening: readonly Uint8Array[];
  readonly #random: Random;

  constructor(key: Uint8Array, random: Random, former?: Uint8Array) {
    const keys = former === undefined ? [key] : [key, former];
    for (const { length } of keys) {
      assert(length === vaultKeyLength, "the at-rest key has 32 octets");
    }
    this.#key = key.slice();
    this.#opening = keys.map((one) => one.slice());
    this.#random = random;
  }

  seal(plain: Uint8Array): string {
    const nonce = this.#random.bytes(nonceLength);
    const sealed = gcmsiv(this.#key, nonce).encrypt(plain);
    const all = new Uint8Array(nonceLength + sealed.length);
    all.set(nonce);
    all.set(sealed, nonceLength);
    return prefix + encodeBase64(all);
  }

  open(text: string): Uint8Array | undefined {
    if (!text.startsWith(prefix)) return undefined;
    const all = decodeBase64(text.slice(prefix.length));
    if (all === undefined || all.length < nonceLength + tagLength) return undefined;
    for (const key of this.#opening) {
      const plain = decrypted(all, key);
      if (plain !== undefined) return plain;
    }
    return undefined;
  }
}

function decrypted(all: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  try {
    return gcmsiv(key, all.subarray(0, nonceLength)).decrypt(all.subarray(nonceLength));
  } catch {
    // The library throws where the tag does not match: another key, or an altered text.
    return undefined;
  }
}

/**
 * A text with everything in it that one vault has sealed sealed by another, what is sealed inside
 * of what is sealed among it. What does not open stays as it is.
 */
export function sealedAnew(text: string, from: SecretSealer, to: SecretSealer): string {
  return text.replace(/\$ntpconfd\$1\$[A-Za-z0-9+/]+={0,2}/g, (token) => {
    const plain = from.open(token);
    if (plain === undefined) return token;
    const inner = decodeUtf8(plain);
    if (inner === undefined) return to.seal(plain);
    return to.seal(new TextEncoder().encode(sealedAnew(inner, from, to)));
  });
}

/** undefined: octets that are no text. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const octet of bytes) binary += String.fromCharCode(octet);
  return btoa(binary);
}

/** undefined: not base64, or not as it is written (RFC 4648 section 3.5: stray bits at the end). */
function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    return undefined;
  }
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return encodeBase64(bytes) === text ? bytes : undefined;
}
