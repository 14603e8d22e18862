import type { Rule } from "./command.ts";
import { keywordHelp } from "./commands.ts";
import { completions, expected, readWords } from "./match.ts";
import { filterNames } from "./output-filter.ts";
import { parameters, shapeOf } from "./parameters.ts";
import { splitLine, splitPipe, type Word } from "./words.ts";

/** Where a line stands: the words that are through, and the one that is being typed. */
interface Typed {
  readonly done: readonly Word[];
  readonly partial: string;
}

function typed(line: string): Typed {
  const { words } = splitLine(line);
  const last = words.at(-1);
  if (last === undefined || last.end < line.length) return { done: words, partial: "" };
  return { done: words.slice(0, -1), partial: last.text };
}

/** What `?` shows behind a line. */
export function helpLines(rules: readonly Rule[], line: string): readonly string[] {
  const { filter } = splitPipe(line);
  if (filter !== undefined) return table(Object.entries(filterNames));
  const { done, partial } = typed(line);
  const progress = readWords(rules, done);
  if ("fault" in progress) return ["Error: The words before are no beginning of a command."];
  const { elements, ends } = expected(progress.threads);
  const lower = partial.toLowerCase();
  const rows = elements.flatMap(({ element }): readonly (readonly [string, string])[] => {
    if (element.kind === "parameter") {
      return [[shapeOf(element.name), parameters[element.name]?.help ?? ""]];
    }
    return element.word.startsWith(lower) ? [[element.word, keywordHelp[element.word] ?? ""]] : [];
  });
  if (partial === "" && ends) return table([...rows, ["<cr>", ""], ["|", "Show a part of it"]]);
  return rows.length > 0 ? table(rows) : ["Error: No command begins so."];
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`.trimEnd());
}

/** What Tab makes of a line: text to be put behind it, or the words that it could go on with. */
export function completeLine(
  rules: readonly Rule[],
  line: string,
): { readonly insert: string; readonly choices: readonly string[] } {
  const { filter } = splitPipe(line);
  const { done, partial } = typed(filter ?? line);
  const words = filter === undefined ? found(rules, done, partial) : filtersFrom(done, partial);
  const [only = ""] = words;
  if (words.length === 1) return { insert: `${only.slice(partial.length)} `, choices: [] };
  return { insert: commonStart(words).slice(partial.length), choices: words };
}

function found(rules: readonly Rule[], done: readonly Word[], partial: string): readonly string[] {
  const progress = readWords(rules, done);
  return "fault" in progress ? [] : completions(progress.threads, partial);
}

function filtersFrom(done: readonly Word[], partial: string): readonly string[] {
  return done.length > 0 ? [] : Object.keys(filterNames).filter((name) => name.startsWith(partial));
}

function commonStart(words: readonly string[]): string {
  const [first = "", ...others] = words;
  let length = first.length;
  for (const word of others) {
    while (!word.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

/** Whether `?` is a character here: inside quotes, or inside text that may hold anything. */
export function isInText(rules: readonly Rule[], line: string): boolean {
  if (splitLine(line).open) return true;
  const { filter } = splitPipe(line);
  if (filter !== undefined) return typed(filter).done.length > 0;
  const { done, partial } = typed(line);
  const progress = readWords(rules, done);
  if (partial === "" || "fault" in progress) return false;
  const { elements } = expected(progress.threads);
  return elements.some(
    ({ element }) => element.kind === "parameter" && parameters[element.name]?.type.kind === "text",
  );
}
