import type { Position } from "./diagnostic.ts";

/** What is wrong, and where. `since11`: legal in a module of YANG version 1 (RFC 6020). */
export interface LexicalFault {
  readonly message: string;
  readonly position: Position;
  readonly since11: boolean;
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const DOUBLE = 34;
const SINGLE = 39;
const STAR = 42;
const PLUS = 43;
const SLASH = 47;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);

/**
 * Reads the characters of a module (RFC 7950 sections 6.1 and 6.3): separators, keywords,
 * arguments.
 * It never throws: faults are collected, and reading goes on as well as it can.
 */
export class Lexer {
  readonly faults: LexicalFault[] = [];
  readonly #file: string;
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** What ends a word: white space, a semicolon, a brace, a comment; a keyword, a quote too. */
  readonly #wordEnd = /[ \t\r\n;{}]|\/[/*]/g;
  readonly #keywordEnd = /[ \t\r\n;{}"']|\/[/*]/g;
  /** The next backslash as far as has been looked, or the end of the text. */
  #backslash = -1;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) {
      this.#at = 1;
      this.#lineStart = 1;
    }
  }

  position(): Position {
    return { file: this.#file, line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  fault(message: string, position = this.position(), since11 = false): void {
    this.faults.push({ message, position, since11 });
  }

  /** The character that comes next, "" at the end. */
  peek(): string {
    return this.#text.charAt(this.#at);
  }

  /** Takes the next character if it is this one. */
  take(character: string): boolean {
    if (this.peek() !== character || character === "") return false;
    this.#step();
    return true;
  }

  /** Steps over white space and comments; true if there were any. */
  skip(): boolean {
    const start = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === SPACE || code === TAB || code === CR) this.#at += 1;
      else if (code === LF) this.#step();
      else if (code === SLASH && this.#code(1) === SLASH) this.#skipLine();
      else if (code === SLASH && this.#code(1) === STAR) this.#skipBlock();
      else return this.#at > start;
    }
  }

  /** A run of characters up to what ends a keyword; "" if there is none. */
  keyword(): string {
    return this.#until(this.#keywordEnd);
  }

  /** An argument: an unquoted string, or quoted strings joined by `+` (RFC 7950 section 6.1.3). */
  argument(): string {
    const quote = this.#text.charCodeAt(this.#at);
    if (quote !== DOUBLE && quote !== SINGLE) return this.#unquoted();
    let text = this.#quoted();
    for (;;) {
      const { at, line, lineStart } = this.#mark();
      this.skip();
      if (this.#text.charCodeAt(this.#at) !== PLUS) {
        // The separator belongs to whoever reads on, so that faults show where it starts.
        this.#at = at;
        this.#line = line;
        this.#lineStart = lineStart;
        return text;
      }
      this.#step();
      this.skip();
      const next = this.#text.charCodeAt(this.#at);
      if (next !== DOUBLE && next !== SINGLE) {
        this.fault("after + there must be a quoted string");
        return text;
      }
      text += this.#quoted();
    }
  }

  #mark() {
    return { at: this.#at, line: this.#line, lineStart: this.#lineStart };
  }

  #code(ahead: number): number {
    return this.#text.charCodeAt(this.#at + ahead);
  }

  #step(): void {
    if (this.#text.charCodeAt(this.#at) === LF) this.#newLine(this.#at + 1);
    this.#at += 1;
  }

  #newLine(start: number): void {
    this.#line += 1;
    this.#lineStart = start;
  }

  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #skipBlock(): void {
    const start = this.position();
    const end = this.#text.indexOf("*/", this.#at + 2);
    if (end === -1) this.fault("this comment does not end", start);
    this.#jump(end === -1 ? this.#text.length : end + 2);
  }

  /** Moves on, counting the lines in between: no further than that is looked for their ends. */
  #jump(to: number): void {
    const from = this.#at;
    const between = this.#text.slice(from, to);
    for (let end = between.indexOf("\n"); end !== -1; end = between.indexOf("\n", end + 1)) {
      this.#newLine(from + end + 1);
    }
    this.#at = to;
  }

  /** Takes what comes before the next match: "" where that is here. */
  #until(end: RegExp): string {
    const start = this.#at;
    end.lastIndex = start;
    this.#at = end.exec(this.#text)?.index ?? this.#text.length;
    return this.#text.slice(start, this.#at);
  }

  /** A word, with what may not be in one: RFC 7950 forbids quotes, RFC 6020 does not. */
  #unquoted(): string {
    const position = this.position();
    const word = this.#until(this.#wordEnd);
    const quote = word.search(/["']/);
    if (quote !== -1) {
      const column = position.column + quote;
      this.fault("a quote inside an unquoted string", { ...position, column }, true);
    }
    const comment = word.indexOf("*/");
    if (comment !== -1) {
      const column = position.column + comment;
      this.fault("*/ inside an unquoted string", { ...position, column });
    }
    return word;
  }

  #quoted(): string {
    return this.#text.charCodeAt(this.#at) === SINGLE ? this.#single() : this.#double();
  }

  #single(): string {
    const start = this.position();
    const from = this.#at + 1;
    const end = this.#text.indexOf("'", from);
    if (end === -1) this.fault("this string does not end", start);
    const to = end === -1 ? this.#text.length : end;
    this.#jump(to);
    this.#at = Math.min(to + 1, this.#text.length);
    return this.#text.slice(from, to);
  }

  #double(): string {
    const text = this.#text;
    const from = this.#at + 1;
    const end = this.#closing(from);
    if (end === text.length) this.fault("this string does not end");
    const raw = text.slice(from, end);
    const isFolded = raw.includes("\n");
    const value =
      isFolded || raw.includes("\\") ? this.#unfold(raw, isFolded ? this.#indentation() : 0) : raw;
    this.#jump(end);
    this.#at = Math.min(end + 1, text.length);
    return value;
  }

  /** Where the double quote is that ends a string; the end of the text where there is none. */
  #closing(from: number): number {
    let end = this.#find('"', from);
    for (let at = from; ; ) {
      if (this.#backslash < at) this.#backslash = this.#find("\\", at);
      if (this.#backslash >= end) return end;
      // What it escapes ends nothing.
      at = this.#backslash + 2;
      if (end < at) end = this.#find('"', at);
    }
  }

  #find(character: string, from: number): number {
    const found = this.#text.indexOf(character, from);
    return found === -1 ? this.#text.length : found;
  }

  /** The column after the quote that comes next, tabs counted as eight. */
  #indentation(): number {
    let column = 1;
    for (let i = this.#lineStart; i < this.#at; i += 1) {
      column += this.#text.charCodeAt(i) === TAB ? 8 : 1;
    }
    return column;
  }

  /**
   * Section 6.1.3: white space before a line break goes, and so does the indentation after it, up
   * to and with the column of the quote; then escapes are read.
   */
  #unfold(raw: string, indent: number): string {
    const lines = raw.split("\n");
    let offset = this.#at + 1;
    let line = this.#line;
    let lineStart = this.#lineStart;
    const result = lines.map((own, i) => {
      let text = i < lines.length - 1 ? withoutEndingBlanks(own) : own;
      const place = { line, column: offset - lineStart + 1 };
      if (i > 0) text = unindent(text, indent);
      offset += own.length + 1;
      line += 1;
      lineStart = offset;
      return text.includes("\\") ? this.#unescape(text, own, place) : text;
    });
    return result.join("\n");
  }

  #unescape(text: string, own: string, place: { line: number; column: number }): string {
    let seen = 0;
    return text.replace(/\\([\s\S]?)/g, (whole: string, character: string) => {
      const at = own.indexOf("\\", seen);
      seen = at + 2;
      const escaped = ESCAPES.get(character);
      if (escaped !== undefined) return escaped;
      const position = { file: this.#file, line: place.line, column: place.column + at };
      this.fault(`there is no escape ${whole}`, position, true);
      return whole;
    });
  }
}

/** No regular expression: one would begin anew at each blank of a line full of them. */
function withoutEndingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && " \t\r".includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
}

/** Takes up to `indent` columns of white space off the start, a tab being eight of them. */
function unindent(line: string, indent: number): string {
  let width = 0;
  let i = 0;
  for (; i < line.length && width < indent; i += 1) {
    const character = line.charAt(i);
    if (character === " ") width += 1;
    else if (character === "\t") width += 8;
    else break;
  }
  return " ".repeat(Math.max(0, width - indent)) + line.slice(i);
}
