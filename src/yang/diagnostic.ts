/** A place in a source: lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake in a module: collected, never thrown. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly position: Position;
}
