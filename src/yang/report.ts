import type { Diagnostic, Position } from "./diagnostic.ts";
import type { Statement } from "./statement.ts";

const MAX = 500;

/** Collects diagnostics: each mistake once, however often its grouping is used. */
export class Report {
  readonly #found = new Map<string, Diagnostic>();
  #errors = 0;

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** Nothing more is kept. */
  get isFull(): boolean {
    return this.#found.size >= MAX;
  }

  add(diagnostic: Diagnostic): void {
    const { file, line, column } = diagnostic.position;
    const key = `${file}:${line}:${column}:${diagnostic.message}`;
    if (this.#found.has(key) || this.isFull) return;
    this.#found.set(key, diagnostic);
    if (diagnostic.severity === "error") this.#errors += 1;
  }

  error(at: Statement, message: string): void {
    this.add({ severity: "error", message, position: at.position });
  }

  /** Where there is no statement: of a file that is missing, say. */
  errorAt(position: Position, message: string): void {
    this.add({ severity: "error", message, position });
  }

  warning(at: Statement, message: string): void {
    this.add({ severity: "warning", message, position: at.position });
  }

  /** By file, line and column. */
  sorted(): readonly Diagnostic[] {
    return [...this.#found.values()].sort(
      (a, b) =>
        compare(a.position.file, b.position.file) ||
        a.position.line - b.position.line ||
        a.position.column - b.position.column,
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
