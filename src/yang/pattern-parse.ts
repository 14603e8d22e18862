import {
  type CharacterSet,
  complement,
  escapedSet,
  isNoLineEnd,
  propertySet,
} from "./pattern-set.ts";

/** What is wrong with an expression, and at which UTF-16 offset. */
export interface PatternFault {
  readonly message: string;
  readonly offset: number;
}

/** An expression; the sets of characters in it stand aside, each once. */
export type PatternNode =
  | { readonly kind: "set"; readonly set: number }
  | { readonly kind: "sequence" | "choice"; readonly items: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly item: PatternNode;
      readonly min: number;
      /** Infinity: unbounded. */
      readonly max: number;
    };

export interface ParsedPattern {
  readonly root: PatternNode;
  readonly sets: readonly CharacterSet[];
}

const DEPTH_MAX = 128;
const PUNCTUATION = /^[!-/:-@[-`{-~]$/;
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const NOTHING: PatternNode = { kind: "sequence", items: [] };

/** Parses a regular expression of XML Schema part 2, appendix G: production numbers are its. */
export function parsePattern(text: string): ParsedPattern | PatternFault {
  const parser = new PatternParser(text);
  const root = parser.expression();
  return parser.finish(root);
}

/** After the first fault it stands at the end, so that every loop stops. */
class PatternParser {
  readonly #text: string;
  readonly #sets: CharacterSet[] = [];
  /** By how a set is written: the same text is the same set. */
  readonly #known = new Map<string, number>();
  #at = 0;
  #depth = 0;
  #fault: PatternFault | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  finish(root: PatternNode): ParsedPattern | PatternFault {
    if (this.#at < this.#text.length) this.#fail(`"${this.#peek()}" is not expected here`);
    return this.#fault ?? { root, sets: this.#sets };
  }

  /** [64] regExp */
  expression(): PatternNode {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#fail("the pattern is nested too deeply");
    const branches = [this.#branch()];
    while (this.#accept("|")) branches.push(this.#branch());
    this.#depth -= 1;
    const [only] = branches;
    return only !== undefined && branches.length === 1 ? only : { kind: "choice", items: branches };
  }

  /** [65] branch */
  #branch(): PatternNode {
    const items: PatternNode[] = [];
    for (let char = this.#peek(); char !== "" && char !== "|" && char !== ")"; ) {
      items.push(this.#quantified(this.#atom()));
      char = this.#peek();
    }
    const [only] = items;
    return only !== undefined && items.length === 1 ? only : { kind: "sequence", items };
  }

  /** [67] quantifier */
  #quantified(item: PatternNode): PatternNode {
    if (this.#accept("?")) return { kind: "repeat", item, min: 0, max: 1 };
    if (this.#accept("*")) return { kind: "repeat", item, min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#accept("+")) return { kind: "repeat", item, min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#peek() !== "{") return item;
    const quantity = /\{(\d{1,9})(,(\d{0,9}))?\}/y;
    quantity.lastIndex = this.#at;
    const match = quantity.exec(this.#text);
    if (match === null) return this.#fail("a quantity has the form {n}, {n,} or {n,m}");
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? Infinity : Number(match[3]);
    if (max < min) return this.#fail(`the quantity ${match[0]} goes down`);
    this.#at = quantity.lastIndex;
    return { kind: "repeat", item, min, max };
  }

  /** [72] atom */
  #atom(): PatternNode {
    const start = this.#at;
    const char = this.#take();
    switch (char) {
      case "(": {
        const inner = this.expression();
        if (!this.#accept(")")) this.#fail("a group is not closed");
        return inner;
      }
      case "[": {
        const set = this.#classExpression();
        return this.#set(this.#text.slice(start, this.#at), set);
      }
      case "\\": {
        const escaped = this.#escape();
        const set = typeof escaped === "string" ? single(escaped) : escaped;
        const key = typeof escaped === "string" ? escaped : this.#text.slice(start, this.#at);
        return this.#set(key, set);
      }
      case ".":
        return this.#set(".".repeat(2), isNoLineEnd);
      case "?":
      case "*":
      case "+":
      case "]":
        this.#at = start;
        return this.#fail(`"${char}" stands where nothing comes before it`);
      default:
        // Braces, too: [10] Char of the edition that RFC 7950 names lets them stand for themselves.
        return this.#set(char, single(char));
    }
  }

  #set(key: string, set: CharacterSet): PatternNode {
    const known = this.#known.get(key);
    if (known !== undefined) return { kind: "set", set: known };
    this.#known.set(key, this.#sets.length);
    this.#sets.push(set);
    return { kind: "set", set: this.#sets.length - 1 };
  }

  /** [75] charClassExpr, behind its opening bracket */
  #classExpression(): CharacterSet {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#fail("the pattern is nested too deeply");
    const negated = this.#accept("^");
    const parts: CharacterSet[] = [];
    let without: CharacterSet | undefined;
    while (this.#peek() !== "]" && this.#peek() !== "" && without === undefined) {
      if (parts.length > 0 && this.#text.startsWith("-[", this.#at)) {
        this.#at += 2;
        without = this.#classExpression();
      } else parts.push(this.#classPart());
    }
    if (parts.length === 0) this.#fail("a character class is empty");
    if (!this.#accept("]")) this.#fail("a character class is not closed");
    this.#depth -= 1;
    const union = anyOf(parts);
    const positive = negated ? complement(union) : union;
    if (without === undefined) return positive;
    const subtracted = without;
    return (codePoint) => positive(codePoint) && !subtracted(codePoint);
  }

  /** [79] charGroupPart */
  #classPart(): CharacterSet {
    const first = this.#classCharacter();
    if (typeof first !== "string") return first;
    const after = this.#text[this.#at + 1];
    // A hyphen before the closing bracket is itself; before an opening one it subtracts.
    if (this.#peek() !== "-" || after === "]" || after === "[") return single(first);
    this.#at += 1;
    const last = this.#classCharacter();
    if (typeof last !== "string") return this.#failSet("a range ends in a set of characters");
    const low = first.codePointAt(0) ?? 0;
    const high = last.codePointAt(0) ?? 0;
    if (low > high) return this.#failSet(`the range ${first}-${last} goes down`);
    return (codePoint) => codePoint >= low && codePoint <= high;
  }

  #classCharacter(): string | CharacterSet {
    if (this.#peek() === "[") return this.#failSet('"[" needs a backslash here');
    const char = this.#take();
    return char === "\\" ? this.#escape() : char;
  }

  /** [82] charClassEsc or [83] SingleCharEsc, behind the backslash */
  #escape(): string | CharacterSet {
    const start = this.#at;
    const char = this.#take();
    if (char === "p" || char === "P") {
      const property = /\{([^{}]*)\}/y;
      property.lastIndex = this.#at;
      const match = property.exec(this.#text);
      const set = match === null ? undefined : propertySet(match[1] ?? "");
      this.#at = match === null ? this.#at : property.lastIndex;
      if (set !== undefined) return char === "p" ? set : complement(set);
      return this.#failSet(`there is no category or block \\${char}${match?.[0] ?? ""}`, start);
    }
    // Deviation: every escaped punctuation mark stands for itself, though appendix G lists some.
    if (PUNCTUATION.test(char)) return char;
    const known = CONTROLS.get(char) ?? escapedSet(char);
    return known ?? this.#failSet(`there is no escape "\\${char}"`, start);
  }

  /** A whole character, not half a surrogate pair. */
  #take(): string {
    const codePoint = this.#text.codePointAt(this.#at);
    const char = codePoint === undefined ? "" : String.fromCodePoint(codePoint);
    this.#at += char.length;
    return char;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #accept(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }

  #fail(message: string, offset = this.#at): PatternNode {
    this.#fault ??= { message, offset };
    this.#at = this.#text.length;
    return NOTHING;
  }

  #failSet(message: string, offset = this.#at): CharacterSet {
    this.#fail(message, offset);
    return () => false;
  }
}

function single(char: string): CharacterSet {
  const wanted = char.codePointAt(0);
  return (codePoint) => codePoint === wanted;
}

function anyOf(sets: readonly CharacterSet[]): CharacterSet {
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return only;
  return (codePoint) => sets.some((set) => set(codePoint));
}
