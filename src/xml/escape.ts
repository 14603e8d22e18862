/**
 * Character data as ASCII: the rest, and CR, as character references; what XML 1.0 has no
 * reference for (control characters, lone surrogates) as U+FFFD.
 */
export function escapeText(text: string): string {
  return textNeedsEscape.test(text) ? text.replace(textSpecial, reference) : text;
}

/** The same for an attribute value in double quotes; tab and LF survive normalization. */
export function escapeAttribute(text: string): string {
  return attributeNeedsEscape.test(text) ? text.replace(attributeSpecial, reference) : text;
}

const textNeedsEscape = /[^\t\n\x20-\x25\x27-\x3b\x3d\x3f-\x7e]/;
const textSpecial = /[^\t\n\x20-\x25\x27-\x3b\x3d\x3f-\x7e]/gu;
const attributeNeedsEscape = /[^\x20\x21\x23-\x25\x27-\x3b\x3d\x3f-\x7e]/;
const attributeSpecial = /[^\x20\x21\x23-\x25\x27-\x3b\x3d\x3f-\x7e]/gu;

function reference(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return numeric(character.codePointAt(0) ?? 0);
  }
}

/** XML 1.0, production 2: which characters there are at all. */
function numeric(code: number): string {
  const legal =
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code < 0xd800) ||
    (code > 0xdfff && code !== 0xfffe && code !== 0xffff);
  return legal ? `&#${code};` : "&#65533;";
}
