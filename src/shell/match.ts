import { nearest } from "../base/index.ts";
import type { Command, Rule } from "./command.ts";
import { type Grammar, type Keyword, nextSteps, type Slot, type Values } from "./grammar.ts";
import { parameters, readParameter } from "./parameters.ts";
import type { Word } from "./words.ts";

/** How far one rule has come with the words so far. */
interface Thread {
  readonly rule: Rule;
  readonly rest: readonly Grammar[];
  readonly values: Values;
}

/** A step that a thread could take. */
interface Candidate {
  readonly thread: Thread;
  readonly element: Keyword | Slot;
  readonly rest: readonly Grammar[];
}

export type FaultKind = "unrecognized" | "incomplete" | "ambiguous" | "wrong" | "too-many";

export interface Fault {
  readonly kind: FaultKind;
  /** Column of the line under which the caret goes. */
  readonly column: number;
  /** What would do. */
  readonly hint: string | undefined;
}

/** What a line says. */
export interface Said {
  readonly command: Command;
  readonly undo: boolean;
  readonly values: Values;
}

/** The lines that are still possible after some words, or why there are none. */
export type Progress = { readonly threads: readonly Thread[] } | { readonly fault: Fault };

/** Something that may come next. */
export interface Expected {
  readonly element: Keyword | Slot;
}

const nothingSaid: Values = { parameters: new Map(), words: new Set() };

/** Reads words from the start of a line. */
export function readWords(rules: readonly Rule[], words: readonly Word[]): Progress {
  let threads: readonly Thread[] = rules.map((rule) => {
    return { rule, rest: [rule.grammar], values: nothingSaid };
  });
  for (const word of words) {
    const next = advance(threads, word);
    if ("fault" in next) return next;
    threads = next.threads;
  }
  return { threads };
}

/** Reads a whole line. `end`: the column after its last word. */
export function readLine(
  rules: readonly Rule[],
  words: readonly Word[],
  end: number,
): Said | { readonly fault: Fault } {
  const progress = readWords(rules, words);
  if ("fault" in progress) return progress;
  const whole = progress.threads.find(({ rest }) => nextSteps(rest).ends);
  if (whole === undefined) {
    const names = expected(progress.threads).elements.map(({ element }) => elementText(element));
    const hint = `it goes on with ${listOf(names.slice(0, 8))}`;
    return { fault: { kind: "incomplete", column: end, hint } };
  }
  const { rule, values } = whole;
  return { command: rule.command, undo: rule.undo, values: joinInterface(values) };
}

/** What may come next, each thing once, and whether the line may end. */
export function expected(threads: readonly Thread[]): {
  readonly elements: readonly Expected[];
  readonly ends: boolean;
} {
  const elements = new Map<string, Expected>();
  let ends = false;
  for (const thread of threads) {
    const next = nextSteps(thread.rest);
    ends ||= next.ends;
    for (const { element } of next.steps) {
      for (const one of wordsOf(element)) elements.set(elementText(one), { element: one });
    }
  }
  return { elements: [...elements.values()], ends };
}

/** The keywords among what may come next that a beginning could become. */
export function completions(threads: readonly Thread[], beginning: string): readonly string[] {
  const { elements } = expected(threads);
  const lower = beginning.toLowerCase();
  return elements
    .flatMap(({ element }) => (element.kind === "word" ? [element.word] : []))
    .filter((word) => word.startsWith(lower));
}

/** A parameter that takes one of several words is shown as those words. */
function wordsOf(element: Keyword | Slot): readonly (Keyword | Slot)[] {
  const type = element.kind === "parameter" ? parameters[element.name]?.type : undefined;
  if (type?.kind !== "words") return [element];
  return Object.keys(type.words).map((word) => ({ kind: "word", word }));
}

function elementText(element: Keyword | Slot): string {
  return element.kind === "word" ? element.word : `<${element.name}>`;
}

function advance(threads: readonly Thread[], word: Word): Progress {
  const candidates = threads.flatMap((thread) =>
    nextSteps(thread.rest).steps.map((step): Candidate => ({ thread, ...step })),
  );
  if (candidates.length === 0) return { fault: fault("too-many", word, undefined) };
  const spoken = word.quoted ? [] : byKeyword(candidates, word);
  if (spoken.length > 0) {
    const meant = new Set(spoken.map(({ keyword }) => keyword));
    if (meant.size > 1) {
      const hint = `it could be ${listOf([...meant])}`;
      return { fault: fault("ambiguous", word, hint) };
    }
    return { threads: spoken.map(({ candidate, keyword }) => step(candidate, keyword)) };
  }
  const taken = candidates.flatMap((candidate) => {
    if (candidate.element.kind === "word") return [];
    const reading = readParameter(candidate.element.name, word.text);
    return "value" in reading ? [step(candidate, reading.value)] : [];
  });
  return taken.length > 0 ? { threads: taken } : { fault: refusal(candidates, word) };
}

interface Spoken {
  readonly candidate: Candidate;
  readonly keyword: string;
}

/**
 * The candidates whose keyword the word is, or abbreviates. Where any text would do, a keyword has
 * to be whole.
 */
function byKeyword(candidates: readonly Candidate[], word: Word): readonly Spoken[] {
  const text = word.text.toLowerCase();
  const keywords = candidates.flatMap((candidate) =>
    wordsOf(candidate.element).flatMap((one): Spoken[] =>
      one.kind === "word" ? [{ candidate, keyword: one.word }] : [],
    ),
  );
  const exact = keywords.filter(({ keyword }) => keyword === text);
  const takesAny = candidates.some(({ element }) => isText(element));
  if (exact.length > 0 || takesAny) return exact;
  return keywords.filter(({ keyword }) => keyword.startsWith(text));
}

function isText(element: Keyword | Slot): boolean {
  return element.kind === "parameter" && parameters[element.name]?.type.kind === "text";
}

function step({ thread, element, rest }: Candidate, value: string): Thread {
  const { parameters: bound, words } = thread.values;
  const values =
    element.kind === "word"
      ? { parameters: bound, words: new Set(words).add(element.word) }
      : { parameters: new Map(bound).set(element.name, value), words };
  return { rule: thread.rule, rest, values };
}

/** A word that looks like a value is a wrong value; any other is no word that is known. */
function refusal(candidates: readonly Candidate[], word: Word): Fault {
  const keywords = candidates.flatMap(({ element }) =>
    wordsOf(element).flatMap((one) => (one.kind === "word" ? [one.word] : [])),
  );
  const faults = candidates.flatMap(({ element }) => {
    if (element.kind === "word" || wordsOf(element)[0]?.kind === "word") return [];
    const reading = readParameter(element.name, word.text);
    return "fault" in reading ? [reading.fault] : [];
  });
  const isValue = faults.length > 0 && (/^-?[\d.:]|:/.test(word.text) || keywords.length === 0);
  if (isValue) return fault("wrong", word, [...new Set(faults)].join("; "));
  const near = nearest(word.text.toLowerCase(), [...new Set(keywords)]);
  const hint = near === undefined ? choices(candidates) : `did you mean ${near}?`;
  return fault("unrecognized", word, hint);
}

/** More than these are what `?` is for. */
const choicesMax = 8;

/** What could stand in a place, where that is little. */
function choices(candidates: readonly Candidate[]): string | undefined {
  const elements = candidates.flatMap(({ element }) => wordsOf(element).map(elementText));
  const each = [...new Set(elements)];
  return each.length > choicesMax ? undefined : `here goes ${listOf(each)}`;
}

function fault(kind: FaultKind, word: Word, hint: string | undefined): Fault {
  return { kind, column: word.start, hint };
}

/** A number that stood apart belongs to its interface. */
function joinInterface({ parameters: bound, words }: Values): Values {
  const number = bound.get("interface-number");
  if (number === undefined) return { parameters: bound, words };
  const joined = new Map(bound).set("interface", `${bound.get("interface") ?? ""}${number}`);
  joined.delete("interface-number");
  return { parameters: joined, words };
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}
