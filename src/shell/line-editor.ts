/** What a key does to the line, or asks of the shell. */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind:
        | "enter"
        | "tab"
        | "help"
        | "backspace"
        | "delete"
        | "left"
        | "right"
        | "word-left"
        | "word-right"
        | "home"
        | "end"
        | "up"
        | "down"
        | "kill-line"
        | "kill-rest"
        | "kill-word"
        | "interrupt"
        | "end-of-input"
        | "refresh";
    };

type Simple = Exclude<Key["kind"], "text">;

const controls = new Map<string, Simple>([
  ["\r", "enter"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\x7f", "backspace"],
  ["\b", "backspace"],
  ["\x01", "home"],
  ["\x02", "left"],
  ["\x03", "interrupt"],
  ["\x04", "end-of-input"],
  ["\x05", "end"],
  ["\x06", "right"],
  ["\x0b", "kill-rest"],
  ["\x0c", "refresh"],
  ["\x0e", "down"],
  ["\x10", "up"],
  ["\x15", "kill-line"],
  ["\x17", "kill-word"],
  ["?", "help"],
]);

const sequences = new Map<string, Simple>([
  ["[A", "up"],
  ["[B", "down"],
  ["[C", "right"],
  ["[D", "left"],
  ["[H", "home"],
  ["[F", "end"],
  ["[1~", "home"],
  ["[7~", "home"],
  ["[4~", "end"],
  ["[8~", "end"],
  ["[3~", "delete"],
  ["[1;5C", "word-right"],
  ["[1;5D", "word-left"],
  ["OA", "up"],
  ["OB", "down"],
  ["OC", "right"],
  ["OD", "left"],
  ["OH", "home"],
  ["OF", "end"],
  ["b", "word-left"],
  ["f", "word-right"],
]);

/** The longest escape sequence that is waited for. */
const sequenceMax = 16;

/** Octets of a terminal → keys, whatever pieces they come in. */
export class KeyReader {
  readonly #decoder = new TextDecoder();
  #escape: string | undefined;
  #literal = false;
  #afterReturn = false;

  read(bytes: Uint8Array): readonly Key[] {
    const keys: Key[] = [];
    for (const character of this.#decoder.decode(bytes, { stream: true })) {
      const key = this.#take(character);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  #take(character: string): Key | undefined {
    if (this.#literal) {
      this.#literal = false;
      return isPrintable(character) ? { kind: "text", text: character } : undefined;
    }
    if (this.#escape !== undefined) return this.#sequence(this.#escape + character);
    // A carriage return and what follows it at once are one end of line.
    const follows = this.#afterReturn && character === "\n";
    this.#afterReturn = character === "\r";
    if (follows) return undefined;
    if (character === "\x1b") {
      this.#escape = "";
      return undefined;
    }
    if (character === "\x16") {
      this.#literal = true;
      return undefined;
    }
    const control = controls.get(character);
    if (control !== undefined) return { kind: control };
    return isPrintable(character) ? { kind: "text", text: character } : undefined;
  }

  #sequence(text: string): Key | undefined {
    const isWhole = /^(\[[\d;]*[A-Za-z~]|O[A-Za-z]|[^[O])$/.test(text);
    this.#escape = isWhole || text.length > sequenceMax ? undefined : text;
    const kind = isWhole ? sequences.get(text) : undefined;
    return kind === undefined ? undefined : { kind };
  }
}

function isPrintable(character: string): boolean {
  return !/\p{Cc}/u.test(character);
}

/** A line that is being typed, and what has to be printed to show it. */
export class LineEditor {
  #before = "";
  #after = "";
  #columns: number;
  #prompt = "";
  /** Where the cursor of the terminal is: columns from the start of the prompt. */
  #shown = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  set columns(columns: number) {
    this.#columns = Math.max(10, columns);
  }

  get line(): string {
    return this.#before + this.#after;
  }

  /** What stands before the cursor. */
  get before(): string {
    return this.#before;
  }

  /** Shows the prompt, and the line as it is so far. */
  begin(prompt: string): string {
    this.#prompt = prompt;
    this.#shown = 0;
    return this.#draw();
  }

  replace(line: string): string {
    this.#before = line;
    this.#after = "";
    return this.#draw();
  }

  /** Puts text where the cursor is. */
  insert(text: string): string {
    this.#before += text;
    if (this.#after !== "" || this.#atEdge()) return this.#draw();
    this.#shown += text.length;
    return text;
  }

  /** Ends the line: it is taken, and the next one is empty. */
  take(): { readonly line: string; readonly echo: string } {
    const { line } = this;
    const echo = this.#after === "" ? "\n" : `${this.#set(line, "")}\n`;
    this.#before = "";
    this.#after = "";
    return { line, echo };
  }

  /** What a key of movement or deletion does. */
  edit(key: Simple): string {
    const before = [...this.#before];
    const after = [...this.#after];
    switch (key) {
      case "backspace":
        return this.#set(before.slice(0, -1).join(""), this.#after);
      case "delete":
        return this.#set(this.#before, after.slice(1).join(""));
      case "left":
        return this.#set(before.slice(0, -1).join(""), (before.at(-1) ?? "") + this.#after);
      case "right":
        return this.#set(this.#before + (after[0] ?? ""), after.slice(1).join(""));
      case "word-left": {
        const kept = this.#before.replace(/\S+\s*$/, "");
        return this.#set(kept, this.line.slice(kept.length));
      }
      case "word-right": {
        const passed = /^\s*\S*/.exec(this.#after)?.[0] ?? "";
        return this.#set(this.#before + passed, this.#after.slice(passed.length));
      }
      case "home":
        return this.#set("", this.line);
      case "end":
        return this.#set(this.line, "");
      case "kill-line":
        return this.#set("", this.#after);
      case "kill-rest":
        return this.#set(this.#before, "");
      case "kill-word":
        return this.#set(this.#before.replace(/\S+\s*$/, ""), this.#after);
      default:
        return this.#draw();
    }
  }

  #set(before: string, after: string): string {
    this.#before = before;
    this.#after = after;
    return this.#draw();
  }

  /** The next character would stand at, or past, the edge of the terminal. */
  #atEdge(): boolean {
    const width = this.#prompt.length + this.#before.length;
    return Math.floor(this.#shown / this.#columns) !== Math.floor(width / this.#columns);
  }

  /** Draws all of it again, over as many rows as it takes. */
  #draw(): string {
    const columns = this.#columns;
    const text = `${this.#prompt}${this.#before}${this.#after}`;
    const cursor = this.#prompt.length + this.#before.length;
    const up = Math.floor(this.#shown / columns);
    // A terminal wraps only once there is more: the cursor has to be pushed onto the next row.
    const push = text.length > 0 && text.length % columns === 0 ? "\n\r" : "";
    const drawn = `\r${up > 0 ? `\x1b[${up}A` : ""}\x1b[J${text}${push}`;
    const back = Math.floor(text.length / columns) - Math.floor(cursor / columns);
    this.#shown = cursor;
    if (cursor === text.length) return drawn;
    const column = cursor % columns;
    return `${drawn}${back > 0 ? `\x1b[${back}A` : ""}\r${column > 0 ? `\x1b[${column}C` : ""}`;
  }
}
