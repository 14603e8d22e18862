/** The text of one module or submodule and where it came from. */
export interface Source {
  /** File name or a name that a person can find it by. */
  readonly file: string;
  readonly text: string;
  /** Why the text is not what the file holds: it is not UTF-8, say. */
  readonly fault?: string;
}

/** Finds modules by name, the newest revision where none is asked for. */
export interface SourceFinder {
  find(name: string, revision?: string): Source | undefined;
  /** Of all that could be found, to tell which one was meant. */
  names?(): readonly string[];
}
