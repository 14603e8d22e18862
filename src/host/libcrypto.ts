import { type Algorithm, type Digester, type DigesterOf, portableDigester } from "../ntp/index.ts";
import type { Libc } from "./libc.ts";
import { loadLibrary } from "./libc.ts";
import { payloadMax } from "./packet-batch.ts";

type Call<Parameters extends readonly unknown[]> = (...parameters: Parameters) => number;

/** What is called of the OpenSSL that Node carries; addresses as numbers. */
interface Libcrypto {
  readonly MD5_Update: Call<[state: number, octets: number, count: number]>;
  readonly SHA1_Update: Call<[state: number, octets: number, count: number]>;
  readonly SHA256_Update: Call<[state: number, octets: number, count: number]>;
  readonly EVP_CIPHER_CTX_new: () => number;
  readonly EVP_aes_128_cbc: () => number;
  readonly EVP_aes_256_cbc: () => number;
  readonly EVP_EncryptInit_ex: Call<
    [context: number, cipher: number, engine: number, key: Uint8Array | number, iv: number]
  >;
  readonly EVP_Cipher: Call<[context: number, out: number, input: number, length: number]>;
}

const address = "uintptr_t";
const signatures: Readonly<Record<keyof Libcrypto, readonly [string, ...string[]]>> = {
  MD5_Update: ["int", address, address, "size_t"],
  SHA1_Update: ["int", address, address, "size_t"],
  SHA256_Update: ["int", address, address, "size_t"],
  EVP_CIPHER_CTX_new: [address],
  EVP_aes_128_cbc: [address],
  EVP_aes_256_cbc: [address],
  EVP_EncryptInit_ex: ["int", address, address, address, "void *", address],
  EVP_Cipher: ["int", address, address, address, "uint32_t"],
};

/** A hash of 64-octet blocks: its first words lie at the start of OpenSSL's state. */
interface BlockHash {
  readonly initial: readonly number[];
  readonly bigEndian: boolean;
  readonly update: Libcrypto["MD5_Update"];
}

const blockOctets = 64;
const ipad = 0x36;
const opad = 0x5c;
/** Room for OpenSSL's longest state, and for the longest message with a secret before it. */
const stateOctets = 256;
const messageOctets = payloadMax + 4 * blockOctets;

/**
 * MACs by the OpenSSL that Node has in it, which uses what the processor has for them: a fraction
 * of what they cost in JavaScript. undefined where it cannot be called, or computes anything else
 * than the portable form. All keys share one piece of memory and one cipher state: not for two
 * threads.
 */
export function nativeDigesters(libc: Libc): DigesterOf | undefined {
  const crypto = loadLibrary<Libcrypto>(signatures);
  if (crypto === undefined) return undefined;
  const memory = new Memory(libc);
  const hashes = blockHashes(crypto);
  const [aes128, aes256] = [
    new CipherState(crypto, crypto.EVP_aes_128_cbc(), memory),
    new CipherState(crypto, crypto.EVP_aes_256_cbc(), memory),
  ];
  const digesterOf: DigesterOf = (algorithm, secret) => {
    switch (algorithm) {
      case "md5":
        return new KeyedHash(hashes.md5, secret, memory);
      case "sha-1":
        return new KeyedHash(hashes.sha1, secret, memory);
      case "hmac-sha256":
        return new Hmac(hashes.sha256, secret, memory);
      case "aes-128-cmac":
        return new Cmac(aes128, secret, memory);
      case "aes-256-cmac":
        return new Cmac(aes256, secret, memory);
    }
  };
  return isRight(digesterOf) ? digesterOf : undefined;
}

/** Holds a few digests of each kind, with keys by turns, against the portable ones. */
function isRight(digesterOf: DigesterOf): boolean {
  const algorithms: readonly Algorithm[] = [
    ...(["md5", "sha-1", "hmac-sha256", "aes-128-cmac", "aes-256-cmac"] as const),
  ];
  const message = Uint8Array.from({ length: 200 }, (_, i) => (i * 59 + 7) & 0xff);
  return algorithms.every((algorithm) => {
    const pairs = [1, 2].map((first) => {
      const length = algorithm === "aes-256-cmac" ? 32 : 16;
      const secret = Uint8Array.from({ length }, (_, i) => first + i * 31);
      return [digesterOf(algorithm, secret), portableDigester(algorithm, secret)] as const;
    });
    return [48, 60, 200, 48].every((end) =>
      pairs.every(([native, portable]) => {
        native.run(message, end);
        portable.run(message, end);
        return portable.out.every((octet, i) => octet === native.out[i]);
      }),
    );
  });
}

/** Memory at a fixed address, in which each digest is worked out. */
class Memory {
  readonly state: number;
  readonly message: number;
  readonly stateWords: Int32Array;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;

  constructor(libc: Libc) {
    const arena = libc.arena(stateOctets + messageOctets);
    this.state = Number(arena.address);
    this.message = this.state + stateOctets;
    this.stateWords = new Int32Array(arena.buffer, 0, stateOctets / 4);
    this.words = new Int32Array(arena.buffer, stateOctets);
    this.bytes = new Uint8Array(arena.buffer, stateOctets);
  }

  /** Puts the first `end` octets of a message at `at`; what lies behind them may be anything. */
  put(at: number, bytes: Uint8Array, end: number): void {
    // A call costs more than so few octets, and a view of what is wanted more than all of them.
    if (end <= blockOctets) for (let i = 0; i < end; i++) this.bytes[at + i] = bytes[i] ?? 0;
    else this.bytes.set(bytes.length <= payloadMax ? bytes : bytes.subarray(0, end), at);
  }

  /** A bit, and zeros from there to `end`, which is a multiple of 4. */
  pad(filled: number, end: number): void {
    const { bytes, words } = this;
    bytes[filled] = 0x80;
    let at = filled + 1;
    for (; (at & 3) !== 0; at++) bytes[at] = 0;
    for (; at < end; at += 4) words[at >> 2] = 0;
  }
}

/** A hash that has taken in a prefix: what is the same for all messages is done once. */
class Prefixed {
  readonly #hash: BlockHash;
  readonly #memory: Memory;
  readonly #words: Int32Array;
  /** What of the prefix fills no block. */
  readonly #rest: Uint8Array;
  readonly #length: number;

  constructor(hash: BlockHash, prefix: Uint8Array, memory: Memory) {
    this.#hash = hash;
    this.#memory = memory;
    this.#length = prefix.length;
    const whole = prefix.length & ~(blockOctets - 1);
    // All else in the state stays zero as long as it is given whole blocks, but for a count.
    memory.stateWords.fill(0).set(hash.initial);
    for (let at = 0; at < whole; at += blockOctets) {
      memory.put(0, prefix.subarray(at, at + blockOctets), blockOctets);
      hash.update(memory.state, memory.message, blockOctets);
    }
    this.#words = memory.stateWords.slice(0, hash.initial.length);
    this.#rest = prefix.slice(whole);
  }

  /** The digest of the prefix and the first `end` octets, into `out`. */
  run(bytes: Uint8Array, end: number, out: Uint8Array): void {
    const { state, message, stateWords } = this.#memory;
    this.#memory.put(0, this.#rest, this.#rest.length);
    this.#memory.put(this.#rest.length, bytes, end);
    const octets = this.#pad(this.#rest.length + end, this.#length + end);
    for (let i = 0; i < this.#words.length; i++) stateWords[i] = this.#words[i] ?? 0;
    this.#hash.update(state, message, octets);
    for (let i = 0; i < this.#words.length; i++) this.#putWord(out, i * 4, stateWords[i] ?? 0);
  }

  /** A bit, zeros, and the length of the whole in bits; the octets up to there. */
  #pad(filled: number, length: number): number {
    const { bytes, words } = this.#memory;
    const octets = (filled + 8 + blockOctets) & ~(blockOctets - 1);
    this.#memory.pad(filled, octets);
    const bits = length * 8;
    if (this.#hash.bigEndian) putBigEndian(bytes, octets - 4, bits);
    else words[(octets - 8) >> 2] = bits;
    return octets;
  }

  #putWord(out: Uint8Array, at: number, value: number): void {
    if (this.#hash.bigEndian) putBigEndian(out, at, value);
    else putLittleEndian(out, at, value);
  }
}

/** H(secret, message): RFC 5905 section 7.3. */
class KeyedHash implements Digester {
  readonly out: Uint8Array;
  readonly #hash: Prefixed;

  constructor(hash: BlockHash, secret: Uint8Array, memory: Memory) {
    this.out = new Uint8Array(hash.initial.length * 4);
    this.#hash = new Prefixed(hash, secret, memory);
  }

  run(bytes: Uint8Array, end: number): void {
    this.#hash.run(bytes, end, this.out);
  }
}

/** RFC 2104. */
class Hmac implements Digester {
  readonly out: Uint8Array;
  readonly #inner: Prefixed;
  readonly #outer: Prefixed;

  constructor(hash: BlockHash, secret: Uint8Array, memory: Memory) {
    this.out = new Uint8Array(hash.initial.length * 4);
    const key = new Uint8Array(blockOctets);
    if (secret.length <= blockOctets) key.set(secret);
    else new Prefixed(hash, secret, memory).run(key, 0, key);
    const masked = (mask: number): Prefixed =>
      new Prefixed(
        hash,
        key.map((octet) => octet ^ mask),
        memory,
      );
    this.#inner = masked(ipad);
    this.#outer = masked(opad);
  }

  run(bytes: Uint8Array, end: number): void {
    this.#inner.run(bytes, end, this.out);
    this.#outer.run(this.out, this.out.length, this.out);
  }
}

/**
 * AES in CBC mode, with the schedule of the key that was used last. It goes on from block to block,
 * and from one message to the next: whoever starts a message takes off what the last one left.
 */
class CipherState {
  readonly #crypto: Libcrypto;
  readonly #context: number;
  readonly #cipher: number;
  readonly #memory: Memory;
  /** The last block that came out. */
  readonly #last = new Int32Array(4);
  #secret: Uint8Array | undefined;

  constructor(crypto: Libcrypto, cipher: number, memory: Memory) {
    this.#crypto = crypto;
    this.#cipher = cipher;
    this.#memory = memory;
    this.#context = crypto.EVP_CIPHER_CTX_new();
  }

  /** Enciphers what the memory has, in place: so many octets, whole blocks. */
  run(secret: Uint8Array, octets: number): void {
    const { words, message } = this.#memory;
    const last = this.#last;
    if (secret !== this.#secret) this.#use(secret);
    for (let i = 0; i < 4; i++) words[i] = (words[i] ?? 0) ^ (last[i] ?? 0);
    this.#crypto.EVP_Cipher(this.#context, message, message, octets);
    const end = (octets - 16) >> 2;
    for (let i = 0; i < 4; i++) last[i] = words[end + i] ?? 0;
  }

  #use(secret: Uint8Array): void {
    const { stateWords, state } = this.#memory;
    for (let i = 0; i < 4; i++) stateWords[i] = 0;
    const cipher = this.#secret === undefined ? this.#cipher : 0;
    this.#crypto.EVP_EncryptInit_ex(this.#context, cipher, 0, secret, state);
    this.#last.fill(0);
    this.#secret = secret;
  }
}

/** AES-CMAC of RFC 4493: CBC over the message, with a subkey in the last block. */
class Cmac implements Digester {
  readonly out = new Uint8Array(16);
  readonly #cipher: CipherState;
  readonly #memory: Memory;
  readonly #secret: Uint8Array;
  /** K1 and K2. */
  readonly #whole: Int32Array;
  readonly #padded: Int32Array;

  constructor(cipher: CipherState, secret: Uint8Array, memory: Memory) {
    this.#cipher = cipher;
    this.#memory = memory;
    this.#secret = secret;
    memory.put(0, new Uint8Array(16), 16);
    cipher.run(secret, 16);
    const whole = doubled(memory.bytes.slice(0, 16));
    this.#whole = new Int32Array(whole.buffer);
    this.#padded = new Int32Array(doubled(whole).buffer);
  }

  run(bytes: Uint8Array, end: number): void {
    const { bytes: room, words } = this.#memory;
    const octets = end === 0 ? 16 : (end + 15) & ~15;
    const last = octets - 16;
    this.#memory.put(0, bytes, end);
    if (end < octets) this.#memory.pad(end, octets);
    const key = end === octets ? this.#whole : this.#padded;
    for (let i = 0; i < 4; i++) {
      words[(last >> 2) + i] = (words[(last >> 2) + i] ?? 0) ^ (key[i] ?? 0);
    }
    this.#cipher.run(this.#secret, octets);
    for (let i = 0; i < 16; i++) this.out[i] = room[last + i] ?? 0;
  }
}

function doubled(block: Uint8Array): Uint8Array<ArrayBuffer> {
  const carry = (block[0] ?? 0) >> 7;
  const shifted = Uint8Array.from(block, (octet, i) => (octet << 1) | ((block[i + 1] ?? 0) >> 7));
  shifted[15] = (shifted[15] ?? 0) ^ (carry * 0x87);
  return shifted;
}

function putBigEndian(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function putLittleEndian(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** RFC 1321 section 3.3, FIPS 180-4 section 5.3. */
function blockHashes(crypto: Libcrypto): Readonly<Record<"md5" | "sha1" | "sha256", BlockHash>> {
  const four = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  return {
    md5: { initial: four, bigEndian: false, update: crypto.MD5_Update },
    sha1: { initial: [...four, 0xc3d2e1f0], bigEndian: true, update: crypto.SHA1_Update },
    sha256: {
      initial: [
        ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
        ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
      ],
      bigEndian: true,
      update: crypto.SHA256_Update,
    },
  };
}
