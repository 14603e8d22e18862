/** The colours of a terminal, by what they say. */
const codes = { good: 32, warning: 33, bad: 31, quiet: 2, strong: 1 } as const;

export type Paint = (colour: keyof typeof codes, text: string) => string;

/** Colours on a terminal that did not ask for none (NO_COLOR), and plain text elsewhere. */
export function painter(isWanted: boolean): Paint {
  return (colour, text) => (isWanted ? `\x1b[${codes[colour]}m${text}\x1b[0m` : text);
}

export function wantsColour(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR: none, TERM: terminal } = process.env;
  return stream.isTTY === true && (none === undefined || none === "") && terminal !== "dumb";
}
