import { HEADER_LENGTH } from "./constants.ts";
import { dropped } from "./drop.ts";
import { KEY_ID_LENGTH, type MacKey } from "./mac.ts";

export type Keys = ReadonlyMap<number, MacKey>;

const malformed = dropped("malformed");
const unknownKey = dropped("unknown-key");

/** RFC 7822 section 3: the shortest extension field, and the shortest last one without a MAC. */
const fieldMin = 16;
const lastFieldMin = 28;
/** Digests of the algorithms that there are: MD5 and CMAC, SHA-1, HMAC-SHA256. */
const digestLengths: readonly number[] = [16, 20, 32];

/**
 * Where the MAC of a packet starts: at its end if it has none; a refusal (negative) if what follows
 * the header is neither extension fields nor a MAC. Whether it is one is decided by its key id and
 * by what length that key's MACs have: HMAC-SHA256's 36 octets could else be taken for an extension
 * field, whose type and length stand where the key id does (RFC 7822 section 3 knows no MAC that
 * long). Fields of type 0 do not exist, so a key id below 65536 is never read as one.
 */
export function macStart(bytes: Uint8Array, length: number, version: number, keys: Keys): number {
  if (length < HEADER_LENGTH || length % 4 !== 0) return malformed;
  let at = HEADER_LENGTH;
  while (at < length) {
    const left = length - at;
    if (left < KEY_ID_LENGTH + fieldMin) return malformed;
    if (keys.get(keyIdAt(bytes, at))?.length === left) return at;
    // Extension fields came with version 4; earlier, all that follows the header is the MAC.
    const field = version === 4 ? fieldLength(bytes, at) : 0;
    if (field === 0 || field > left) return unknownMac(left);
    if (field === left && field < lastFieldMin) return malformed;
    at += field;
  }
  return at;
}

/** The 32 bits of the key id of a MAC that starts there. */
export function keyIdAt(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const low = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return high * 0x1_0000 + low;
}

/** Octets of the extension field that starts there; 0: none can. */
function fieldLength(bytes: Uint8Array, at: number): number {
  const type = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return type === 0 || length < fieldMin || length % 4 !== 0 ? 0 : length;
}

function unknownMac(left: number): number {
  return digestLengths.includes(left - KEY_ID_LENGTH) ? unknownKey : malformed;
}
