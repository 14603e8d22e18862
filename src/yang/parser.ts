import type { Diagnostic, Position } from "./diagnostic.ts";
import { knownKeyword } from "./grammar.ts";
import { Lexer } from "./lexer.ts";
import type { Source } from "./source.ts";
import type { Statement } from "./statement.ts";

/** Bounds on what is read, so that a hostile file costs a message and no more. */
const TEXT_LENGTH_MAX = 32 * 1024 * 1024;
const DEPTH_MAX = 200;
const FAULTS_MAX = 50;

const KEYWORD = /^[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?$/;
const SUSPECT = /[^\t\n\r\x20-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]/;
const ILLEGAL = /(?![\t\n\r\x7f-\x9f])\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/u;

const NONE: readonly Statement[] = [];

interface Parsed {
  readonly statements: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Text → statements (RFC 7950 sections 6 and 14), whatever their meaning. With faults, the
 * statements are those that could be made out.
 */
export function parseStatements(source: Source): Parsed {
  if (source.text.length > TEXT_LENGTH_MAX) {
    const message = `the file is longer than ${TEXT_LENGTH_MAX} characters`;
    const position = { file: source.file, line: 1, column: 1 };
    return { statements: NONE, diagnostics: [{ severity: "error", message, position }] };
  }
  const lexer = new Lexer(source.file, source.text);
  if (source.fault !== undefined) lexer.fault(source.fault);
  findIllegal(source, lexer);
  const statements = new Parser(lexer).parse();
  const version11 = statements.some((root) =>
    root.substatements.some((s) => s.keyword === "yang-version" && s.argument === "1.1"),
  );
  const diagnostics = lexer.faults
    .filter((fault) => version11 || !fault.since11)
    .slice(0, FAULTS_MAX)
    .map(({ message, position }) => ({ severity: "error" as const, message, position }));
  return { statements, diagnostics };
}

/** Section 14: yang-char leaves out control characters, surrogates and non-characters. */
function findIllegal(source: Source, lexer: Lexer): void {
  if (!SUSPECT.test(source.text)) return;
  const text = source.text.replace(/^\ufeff/, "");
  const match = ILLEGAL.exec(text);
  if (match === null) return;
  const before = text.slice(0, match.index).split("\n");
  const position = {
    file: source.file,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
  const code = match[0].codePointAt(0) ?? 0;
  const name = code.toString(16).toUpperCase().padStart(4, "0");
  lexer.fault(`the character U+${name} may not be in a module`, position);
}

interface Open {
  readonly keyword: string;
  readonly position: Position;
  readonly into: Statement[];
}

class Parser {
  readonly #lexer: Lexer;
  readonly #roots: Statement[] = [];
  readonly #open: Open[] = [];

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  parse(): readonly Statement[] {
    const lexer = this.#lexer;
    for (;;) {
      lexer.skip();
      if (lexer.peek() === "") break;
      if (lexer.take("}")) {
        if (this.#open.pop() === undefined) lexer.fault("this } closes nothing");
      } else if (!this.#statement() || lexer.faults.length > 2 * FAULTS_MAX) {
        return this.#roots;
      }
    }
    for (const { keyword, position } of this.#open.reverse().slice(0, 1)) {
      lexer.fault(`the { of this ${keyword} is not closed`, position);
    }
    return this.#roots;
  }

  /** False: there is no going on. */
  #statement(): boolean {
    const lexer = this.#lexer;
    const position = lexer.position();
    const word = lexer.keyword();
    const known = knownKeyword(word);
    if (known === undefined && !KEYWORD.test(word)) return this.#noKeyword(word, position);
    const keyword = known ?? word;
    const separated = lexer.skip();
    let next = lexer.peek();
    let argument: string | undefined;
    if (next !== ";" && next !== "{" && next !== "}" && next !== "") {
      if (!separated) lexer.fault(`after ${keyword} there must be white space`);
      argument = lexer.argument();
      lexer.skip();
      next = lexer.peek();
    }
    const substatements: Statement[] = [];
    const into = this.#open.at(-1)?.into ?? this.#roots;
    if (lexer.take("{")) {
      into.push({ keyword, argument, substatements, position });
      this.#open.push({ keyword, position, into: substatements });
      if (this.#open.length <= DEPTH_MAX) return true;
      lexer.fault(`statements are nested deeper than ${DEPTH_MAX}`, position);
      return false;
    }
    into.push({ keyword, argument, substatements: NONE, position });
    if (lexer.take(";")) return true;
    const what = next === "" ? "the end of the file" : `"${next}"`;
    lexer.fault(`after ${keyword} there must be ; or {, not ${what}`);
    return next !== "";
  }

  #noKeyword(word: string, position: Position): boolean {
    const lexer = this.#lexer;
    const found = word === "" ? lexer.peek() : word;
    lexer.fault(`"${found}" is no keyword`, position);
    if (word === "") lexer.take(found);
    lexer.skip();
    return !/["']/.test(found);
  }
}
