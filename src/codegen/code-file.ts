/** Columns that generated lines keep to, where the words in them let them. */
export const lineWidth = 100;

/**
 * One generated file: lines are printed to it in order, imports collect themselves and come out
 * sorted at its head.
 */
export class CodeFile {
  readonly #header: string;
  readonly #lines: string[] = [];
  /** path → "Name" or "Name as Other". */
  readonly #imports = new Map<string, Set<string>>();

  constructor(header: string) {
    this.#header = header;
  }

  print(...lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  /** A type of another file, known here as `alias`. */
  importType(path: string, name: string, alias: string): void {
    const names = this.#imports.get(path) ?? new Set<string>();
    names.add(name === alias ? name : `${name} as ${alias}`);
    this.#imports.set(path, names);
  }

  /** A doc comment; nothing where there is nothing to say. */
  doc(text: string, indent: string): void {
    this.#lines.push(...docComment(text, indent));
  }

  toString(): string {
    const imports = [...this.#imports]
      .sort(([a], [b]) => compare(a, b))
      .map(([path, names]) => importLines(path, [...names].sort(compare)));
    return [this.#header, "", ...imports.flat(), ...(imports.length === 0 ? [] : [""])]
      .concat(this.#lines)
      .join("\n")
      .replace(/\n*$/, "\n");
  }
}

/** The lines of a doc comment: one if it fits, paragraphs refilled if it does not. */
export function docComment(text: string, indent: string): readonly string[] {
  const safe = text.trim().replaceAll("*/", "*\\/");
  if (safe === "") return [];
  const lines = fill(safe, lineWidth - indent.length - 3);
  const only = lines.length === 1 ? lines[0] : undefined;
  if (only !== undefined && indent.length + only.length + 7 <= lineWidth) {
    return [`${indent}/** ${only} */`];
  }
  return [
    `${indent}/**`,
    ...lines.map((line) => (line === "" ? `${indent} *` : `${indent} * ${line}`)),
    `${indent} */`,
  ];
}

/** Words refilled to a width; empty lines part paragraphs. */
function fill(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\n[ \t]*\n+/)) {
    if (lines.length > 0) lines.push("");
    let line = "";
    for (const word of paragraph.split(/\s+/).filter((part) => part !== "")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    if (line !== "") lines.push(line);
  }
  return lines;
}

function importLines(path: string, names: readonly string[]): readonly string[] {
  const line = `import type { ${names.join(", ")} } from ${JSON.stringify(path)};`;
  if (line.length <= lineWidth) return [line];
  return ["import type {", ...names.map((name) => `  ${name},`), `} from ${JSON.stringify(path)};`];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
