/** One element of DER (ITU-T X.690): its identifier octet and its contents. */
export interface DerElement {
  readonly tag: number;
  readonly contents: Uint8Array;
}

/** The elements that follow each other; undefined: these octets are no DER of them. */
export function readDer(octets: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < octets.length; ) {
    const tag = octets[at++] ?? 0;
    // Identifiers of more than one octet have no place in what is read here.
    if ((tag & 0x1f) === 0x1f) return undefined;
    let length = octets[at++];
    if (length === undefined) return undefined;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 4) return undefined;
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + (octets[at++] ?? 0);
    }
    if (at + length > octets.length) return undefined;
    elements.push({ tag, contents: octets.subarray(at, at + length) });
    at += length;
  }
  return elements;
}
