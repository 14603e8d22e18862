/** One word of a line, and where it stands. */
export interface Word {
  readonly text: string;
  /** Columns of the line, the end not included. */
  readonly start: number;
  readonly end: number;
  /** It was in double quotes: never a keyword, and may hold spaces. */
  readonly quoted: boolean;
}

/** A line cut into its words. */
export interface Line {
  readonly words: readonly Word[];
  /** A quote was opened and not closed. */
  readonly open: boolean;
}

/** Words are parted by white space; in double quotes \" and \\ stand for themselves. */
export function splitLine(line: string): Line {
  const words: Word[] = [];
  let open = false;
  let i = 0;
  while (i < line.length) {
    if (isSpace(line.charAt(i))) {
      i += 1;
      continue;
    }
    const word = line.charAt(i) === '"' ? quotedWord(line, i) : plainWord(line, i);
    open = word.open;
    words.push({ text: word.text, start: i, end: word.end, quoted: word.quoted });
    i = word.end;
  }
  return { words, open };
}

interface Cut {
  readonly text: string;
  readonly end: number;
  readonly quoted: boolean;
  readonly open: boolean;
}

function quotedWord(line: string, start: number): Cut {
  let text = "";
  let i = start + 1;
  while (i < line.length) {
    const character = line.charAt(i);
    if (character === '"') return { text, end: i + 1, quoted: true, open: false };
    const next = line.charAt(i + 1);
    const escaped = character === "\\" && (next === '"' || next === "\\");
    text += escaped ? next : character;
    i += escaped ? 2 : 1;
  }
  return { text, end: i, quoted: true, open: true };
}

function plainWord(line: string, start: number): Cut {
  let end = start;
  while (end < line.length && !isSpace(line.charAt(end))) end += 1;
  return { text: line.slice(start, end), end, quoted: false, open: false };
}

/** A value as it has to be typed to be one word. */
export function quoteWord(text: string): string {
  if (/^[^\s"|?]+$/.test(text)) return text;
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** A line, and what stands behind its first bar outside quotes. */
export function splitPipe(line: string): { readonly command: string; readonly filter?: string } {
  for (const { text, start, quoted } of splitLine(line).words) {
    if (quoted || !text.startsWith("|")) continue;
    return { command: line.slice(0, start), filter: line.slice(start + 1) };
  }
  return { command: line };
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t";
}
