import type { Building } from "./building.ts";
import type { Position } from "./diagnostic.ts";
import { hint } from "./hint.ts";
import { parseStatements } from "./parser.ts";
import type { Report } from "./report.ts";
import type { Source, SourceFinder } from "./source.ts";
import type { Statement } from "./statement.ts";
import { argumentOf, substatement, substatements } from "./substatement.ts";

/** One file: a module or a submodule, with what its prefixes and includes lead to. */
export interface Unit {
  readonly kind: "module" | "submodule";
  readonly name: string;
  readonly version: "1" | "1.1";
  readonly revision: string | undefined;
  readonly source: Source;
  readonly statement: Statement;
  readonly module: LinkedModule;
  /** Its own prefix among them; undefined: the import failed, which has been reported. */
  readonly prefixes: ReadonlyMap<string, LinkedModule | undefined>;
  /** What it includes itself. */
  readonly includes: readonly Unit[];
}

/** A module with its submodules. */
export interface LinkedModule {
  readonly name: string;
  readonly revision: string | undefined;
  readonly namespace: string;
  readonly prefix: string;
  readonly version: "1" | "1.1";
  readonly statement: Statement;
  /** The module's own file, then its submodules in the order of their first include. */
  readonly units: readonly Unit[];
}

/** Import chains longer than this are refused, so that they cannot exhaust the stack. */
const CHAIN_MAX = 300;

/** Finds, parses and joins modules (RFC 7950 sections 5.1, 7.1.5 and 7.1.6). */
export class Linker {
  readonly #finder: SourceFinder;
  readonly #report: Report;
  /** Revisions that imports without a revision-date get. */
  readonly #preferred: ReadonlyMap<string, string | undefined>;
  readonly #asked = new Map<string, LinkedModule | undefined>();
  readonly #loaded = new Map<string, LinkedModule>();
  readonly #open: string[] = [];

  constructor(
    finder: SourceFinder,
    report: Report,
    preferred: ReadonlyMap<string, string | undefined>,
  ) {
    this.#finder = finder;
    this.#report = report;
    this.#preferred = preferred;
  }

  /** All that has been loaded, by name and then revision. */
  get modules(): readonly LinkedModule[] {
    return [...this.#loaded.values()].sort(
      (a, b) => compare(a.name, b.name) || compare(a.revision ?? "", b.revision ?? ""),
    );
  }

  /** A module and all that it imports; undefined, and reported, if there is none. */
  load(
    name: string,
    revision: string | undefined,
    from: Statement | undefined,
  ): LinkedModule | undefined {
    const wanted = revision ?? this.#preferred.get(name);
    const key = `${name}@${wanted ?? ""}`;
    if (this.#asked.has(key)) return this.#asked.get(key);
    const at = from?.position ?? { file: name, line: 1, column: 1 };
    const read = this.#read("module", name, wanted, at);
    const module = read === undefined ? undefined : (this.#known(read) ?? this.#link(read, at));
    this.#asked.set(key, module);
    return module;
  }

  #known({ statement }: Read): LinkedModule | undefined {
    return this.#loaded.get(`${statement.argument}@${revisionOf(statement) ?? ""}`);
  }

  #read(
    kind: "module" | "submodule",
    name: string,
    revision: string | undefined,
    at: Position,
  ): Read | undefined {
    const what = `${kind} "${name}"${revision === undefined ? "" : ` of revision ${revision}`}`;
    const source = this.#finder.find(name, revision);
    if (source === undefined) {
      const meant = this.#report.isFull ? "" : hint(name, this.#finder.names?.() ?? []);
      this.#report.errorAt(at, `${what} is not found${meant}`);
      return undefined;
    }
    const { statements, diagnostics } = parseStatements(source);
    for (const diagnostic of diagnostics) this.#report.add(diagnostic);
    const statement = statements.find((s) => s.keyword === kind);
    const [, second] = statements;
    if (second !== undefined) this.#report.error(second, "a file holds one module and no more");
    if (statement === undefined || statement.argument !== name) {
      const first = statements[0];
      const found = first === undefined ? "nothing" : `${first.keyword} "${first.argument}"`;
      const position = first?.position ?? { file: source.file, line: 1, column: 1 };
      if (diagnostics.length === 0 || first !== undefined) {
        this.#report.errorAt(position, `this should be ${what}, but it is ${found}`);
      }
      return undefined;
    }
    if (revision !== undefined && revisionOf(statement) !== revision) {
      const found = revisionOf(statement) ?? "none";
      this.#report.errorAt(at, `${what} is not found: the newest in ${source.file} is ${found}`);
      return undefined;
    }
    return { source, statement };
  }

  #link(read: Read, at: Position): LinkedModule | undefined {
    const { statement } = read;
    const name = statement.argument ?? "";
    if (this.#open.length >= CHAIN_MAX) {
      this.#report.errorAt(at, `the chain of imports is longer than ${CHAIN_MAX}`);
      return undefined;
    }
    const units: Unit[] = [];
    const module: LinkedModule = {
      name,
      revision: revisionOf(statement),
      namespace: argumentOf(statement, "namespace") ?? "",
      prefix: argumentOf(statement, "prefix") ?? "",
      version: versionOf(statement),
      statement,
      units,
    };
    this.#loaded.set(`${name}@${module.revision ?? ""}`, module);
    this.#open.push(name);
    const main = this.#unit(read, module, units, []);
    this.#open.pop();
    this.#checkIncludes(main, units);
    return module;
  }

  /** RFC 7950 section 5.1 asks it of modules of version 1.1; nothing hangs on it here. */
  #checkIncludes(main: Unit, units: readonly Unit[]): void {
    if (main.version === "1") return;
    for (const unit of units) {
      if (unit === main || main.includes.includes(unit)) continue;
      const message = `module "${main.name}" should include submodule "${unit.name}" itself`;
      this.#report.warning(main.statement, message);
    }
  }

  /** One file and the submodules that it includes, which are added to `units`. */
  #unit(read: Read, module: LinkedModule, units: Unit[], chain: readonly string[]): Unit {
    const { statement, source } = read;
    const kind = statement.keyword === "module" ? "module" : "submodule";
    const own = kind === "module" ? statement : substatement(statement, "belongs-to");
    const prefixes = new Map<string, LinkedModule | undefined>();
    const prefix = own === undefined ? undefined : argumentOf(own, "prefix");
    if (prefix !== undefined) prefixes.set(prefix, module);
    const includes: Unit[] = [];
    const unit: Building<Unit> = {
      kind,
      name: statement.argument ?? "",
      version: versionOf(statement),
      revision: revisionOf(statement),
      source,
      statement,
      module,
      prefixes,
      includes,
    };
    units.push(unit);
    this.#imports(unit, prefixes);
    for (const include of substatements(statement, "include")) {
      const found = this.#include(include, unit, units, [...chain, unit.name]);
      if (found === undefined) continue;
      if (includes.includes(found)) {
        this.#report.error(include, `submodule "${found.name}" is included twice`);
      } else includes.push(found);
    }
    return unit;
  }

  #imports(unit: Unit, prefixes: Map<string, LinkedModule | undefined>): void {
    const revisions = new Map<string, LinkedModule>();
    for (const statement of substatements(unit.statement, "import")) {
      const name = statement.argument ?? "";
      const date = substatement(statement, "revision-date");
      const prefix = substatement(statement, "prefix");
      const module = this.#import(name, date?.argument, statement);
      if (module !== undefined) this.#checkVersions(unit, module, date, revisions);
      if (prefix?.argument === undefined) continue;
      const holder = prefixes.get(prefix.argument);
      if (prefixes.has(prefix.argument)) {
        const whose = holder === undefined ? "" : ` by module "${holder.name}"`;
        this.#report.error(prefix, `prefix "${prefix.argument}" is taken already${whose}`);
      } else prefixes.set(prefix.argument, module);
    }
  }

  #import(name: string, revision: string | undefined, at: Statement): LinkedModule | undefined {
    const start = this.#open.indexOf(name);
    if (start === -1) return this.load(name, revision, at);
    const cycle = [...this.#open.slice(start), name].join(" → ");
    this.#report.error(at, `modules may not import each other: ${cycle}`);
    return undefined;
  }

  #checkVersions(
    unit: Unit,
    module: LinkedModule,
    date: Statement | undefined,
    revisions: Map<string, LinkedModule>,
  ): void {
    if (unit.version !== "1") return;
    // RFC 7950 section 12.
    if (date !== undefined && module.version === "1.1") {
      const message = `a module of YANG version 1 may not import one of 1.1 by revision`;
      this.#report.error(date, message);
    }
    // RFC 7950 section 7.1.5 allows it, RFC 6020 does not.
    const other = revisions.get(module.name);
    if (other !== undefined && other !== module) {
      const message = `module "${module.name}" is imported in two revisions, which needs 1.1`;
      this.#report.error(date ?? unit.statement, message);
    }
    revisions.set(module.name, module);
  }

  #include(at: Statement, unit: Unit, units: Unit[], chain: readonly string[]): Unit | undefined {
    const name = at.argument ?? "";
    const revision = argumentOf(at, "revision-date");
    if (chain.includes(name)) {
      // RFC 6020 section 5.1; RFC 7950 lets submodules include each other.
      if (unit.version === "1" || name === unit.name) {
        const cycle = [...chain.slice(chain.indexOf(name)), name].join(" → ");
        this.#report.error(at, `submodules may not include each other: ${cycle}`);
        return undefined;
      }
    }
    const known = units.find((other) => other.name === name && other.kind === "submodule");
    if (known !== undefined) {
      if (revision === undefined || known.revision === revision) return known;
      this.#report.error(at, `submodule "${name}" is included in another revision already`);
      return undefined;
    }
    if (chain.length > CHAIN_MAX) {
      this.#report.error(at, `the chain of includes is longer than ${CHAIN_MAX}`);
      return undefined;
    }
    const read = this.#read("submodule", name, revision, at.position);
    if (read === undefined) return undefined;
    return this.#belongs(read, unit, at) ? this.#unit(read, unit.module, units, chain) : undefined;
  }

  #belongs({ statement }: Read, { module }: Unit, at: Statement): boolean {
    const owner = argumentOf(statement, "belongs-to");
    if (owner !== undefined && owner !== module.name) {
      this.#report.error(at, `submodule "${statement.argument}" belongs to module "${owner}"`);
      return false;
    }
    const version = versionOf(statement);
    if (version !== module.version) {
      // RFC 7950 section 12.
      const message = `submodule "${statement.argument}" is of YANG version ${version}`;
      this.#report.error(at, `${message}, module "${module.name}" of ${module.version}`);
    }
    return true;
  }
}

interface Read {
  readonly source: Source;
  readonly statement: Statement;
}

/** The newest revision, in whatever order they stand. */
function revisionOf(statement: Statement): string | undefined {
  return substatements(statement, "revision")
    .flatMap((revision) => revision.argument ?? [])
    .sort(compare)
    .at(-1);
}

function versionOf(statement: Statement): "1" | "1.1" {
  return argumentOf(statement, "yang-version") === "1.1" ? "1.1" : "1";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
