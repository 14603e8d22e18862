import { assert } from "../base/index.ts";

// The notation of the routers' manuals, read as a grammar: words stand for themselves, <x> is a
// parameter, { a | b } one of several, [ a | b ] one or none, [ a | b ] * any of them in any order.

export interface Keyword {
  readonly kind: "word";
  readonly word: string;
}

export interface Slot {
  readonly kind: "parameter";
  readonly name: string;
}

export type Grammar =
  | Keyword
  | Slot
  | { readonly kind: "sequence"; readonly items: readonly Grammar[] }
  | { readonly kind: "choice"; readonly items: readonly Grammar[]; readonly optional: boolean }
  /** Each at most once, in any order. */
  | { readonly kind: "options"; readonly items: readonly Grammar[] };

/** What may come next, and what is to come after it. */
export interface Step {
  readonly element: Keyword | Slot;
  readonly rest: readonly Grammar[];
}

/** The grammar of a line in manual notation. What cannot be read is a mistake in the table. */
export function parseSyntax(syntax: string): Grammar {
  const tokens = syntax.match(/<[^>]+>|[{}[\]|*]|[^\s{}[\]|*<]+/g) ?? [];
  const reader = new SyntaxReader(tokens);
  const grammar = reader.sequence();
  assert(reader.peek() === undefined, `"${syntax}" ends where it should`);
  return grammar;
}

class SyntaxReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  sequence(): Grammar {
    const items: Grammar[] = [];
    for (let token = this.peek(); token !== undefined; token = this.peek()) {
      if (token === "|" || token === "}" || token === "]") break;
      this.#at += 1;
      items.push(this.#item(token));
    }
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "sequence", items };
  }

  #item(token: string): Grammar {
    if (token.startsWith("<")) return { kind: "parameter", name: token.slice(1, -1) };
    if (token === "{") return { kind: "choice", items: this.#alternatives("}"), optional: false };
    if (token !== "[") return { kind: "word", word: token };
    const items = this.#alternatives("]");
    if (this.peek() !== "*") return { kind: "choice", items, optional: true };
    this.#at += 1;
    return { kind: "options", items };
  }

  #alternatives(end: string): readonly Grammar[] {
    const items = [this.sequence()];
    while (this.peek() === "|") {
      this.#at += 1;
      items.push(this.sequence());
    }
    assert(this.peek() === end, `${end} closes what was opened`);
    this.#at += 1;
    return items;
  }
}

/** Whatever can be the next word of a line that is to go on with `rest`. */
export function nextSteps(rest: readonly Grammar[]): {
  readonly steps: readonly Step[];
  /** The line may end here. */
  readonly ends: boolean;
} {
  const [first, ...after] = rest;
  if (first === undefined) return { steps: [], ends: true };
  switch (first.kind) {
    case "word":
    case "parameter":
      return { steps: [{ element: first, rest: after }], ends: false };
    case "sequence":
      return nextSteps([...first.items, ...after]);
    case "choice": {
      const ways = first.items.map((item) => nextSteps([item, ...after]));
      return joined(first.optional ? [...ways, nextSteps(after)] : ways);
    }
    case "options": {
      const ways = first.items.map((item, chosen) => {
        const left = first.items.filter((_, i) => i !== chosen);
        return nextSteps([item, { kind: "options", items: left }, ...after]);
      });
      return joined([...ways, nextSteps(after)]);
    }
  }
}

function joined(ways: readonly ReturnType<typeof nextSteps>[]): ReturnType<typeof nextSteps> {
  return { steps: ways.flatMap((way) => way.steps), ends: ways.some((way) => way.ends) };
}

/** All words and parameters of a grammar, in their order. */
export function elementsOf(grammar: Grammar): readonly (Keyword | Slot)[] {
  if (grammar.kind === "word" || grammar.kind === "parameter") return [grammar];
  return grammar.items.flatMap(elementsOf);
}

/** What a line says: its parameters by name, and the words that it chose to say. */
export interface Values {
  readonly parameters: ReadonlyMap<string, string>;
  readonly words: ReadonlySet<string>;
}

/**
 * The words of a line that says these values; undefined: one that must be there is not. A word
 * that is a choice of its own is said only if it is among the values' words.
 */
export function sayLine(grammar: Grammar, values: Values): readonly string[] | undefined {
  switch (grammar.kind) {
    case "word":
      return [grammar.word];
    case "parameter": {
      const value = values.parameters.get(grammar.name);
      return value === undefined ? undefined : [value];
    }
    case "sequence": {
      const parts = grammar.items.map((item) => sayLine(item, values));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case "choice": {
      const said = grammar.items.map((item) => sayChoice(item, values));
      return said.find((part) => part !== undefined) ?? (grammar.optional ? [] : undefined);
    }
    case "options":
      return grammar.items.flatMap((item) => sayChoice(item, values) ?? []);
  }
}

function sayChoice(item: Grammar, values: Values): readonly string[] | undefined {
  if (item.kind === "word" && !values.words.has(item.word)) return undefined;
  return sayLine(item, values);
}
