import { evaluateIfFeature, type IfFeatureExpression, parseIfFeature } from "./if-feature.ts";
import type { LinkedModule, Unit } from "./link.ts";
import type { Definition, Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Statement } from "./statement.ts";
import { substatements } from "./substatement.ts";

/** Which features are wanted: of the modules named, and of all others. */
export interface FeatureRequest {
  readonly features: ReadonlyMap<string, ReadonlySet<string> | "all">;
  readonly otherFeatures: "all" | "none";
}

/** An if-feature statement and the file it stands in. */
export interface Guard {
  readonly statement: Statement;
  readonly unit: Unit;
}

const ATOMS_MAX = 12;

/** Features that depend on each other are followed by recursion. */
const CHAIN_MAX = 200;

/** Features and if-feature expressions (RFC 7950 sections 7.20.1 and 7.20.2). */
export class Features {
  readonly #request: FeatureRequest;
  readonly #scopes: Scopes;
  readonly #report: Report;
  readonly #states = new Map<Statement, boolean | "open">();
  readonly #conditions = new Map<Statement, boolean>();
  #depth = 0;

  constructor(request: FeatureRequest, scopes: Scopes, report: Report) {
    this.#request = request;
    this.#scopes = scopes;
    this.#report = report;
  }

  /** True if all the if-feature statements hold. */
  enabled(ifFeatures: readonly Statement[], unit: Unit): boolean {
    return ifFeatures.every((statement) => this.#holds(statement, unit));
  }

  /** As enabled(), of the if-feature statements in a statement. */
  allow(statement: Statement, unit: Unit): boolean {
    for (const sub of statement.substatements) {
      if (sub.keyword === "if-feature" && !this.#holds(sub, unit)) return false;
    }
    return true;
  }

  /** The features of a module: all, and those that are on. */
  of(module: LinkedModule): { declared: ReadonlySet<string>; enabled: ReadonlySet<string> } {
    const definitions = this.#scopes.ofModule(module, "feature");
    const enabled = [...definitions].filter(([, found]) => this.#isOn(found));
    return {
      declared: new Set(definitions.keys()),
      enabled: new Set(enabled.map(([name]) => name)),
    };
  }

  /** Names in the request that the module does not have. */
  checkRequest(module: LinkedModule): void {
    const wanted = this.#request.features.get(module.name);
    if (wanted === undefined || wanted === "all") return;
    const declared = this.#scopes.ofModule(module, "feature");
    for (const name of wanted) {
      if (declared.has(name)) continue;
      this.#report.error(module.statement, `module "${module.name}" has no feature "${name}"`);
    }
  }

  /** Every if-feature in a file, used or not. */
  check(unit: Unit): void {
    const open: Statement[] = [unit.statement];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const sub of at.substatements) {
        if (sub.keyword === "if-feature") this.#holds(sub, unit);
        else if (sub.substatements.length > 0) open.push(sub);
      }
    }
  }

  /** True if, whatever features are on, the conclusions hold whenever the premises do. */
  implies(premises: readonly Guard[], conclusions: readonly Guard[]): boolean {
    const open = conclusions.filter(
      ({ statement, unit }) =>
        !premises.some(
          (p) => p.unit.module === unit.module && p.statement.argument === statement.argument,
        ),
    );
    if (open.length === 0) return true;
    const atoms = new Set<Definition>();
    for (const guard of [...premises, ...open]) this.#atoms(guard, atoms);
    // More would take too long, and no module has them.
    if (atoms.size > ATOMS_MAX) return true;
    const list = [...atoms];
    for (let bits = 0; bits < 2 ** list.length; bits += 1) {
      const isOn = (found: Definition): boolean =>
        (bits & (1 << list.indexOf(found))) !== 0 &&
        substatements(found.statement, "if-feature").every((statement) =>
          this.#evaluate({ statement, unit: found.scope.unit }, isOn),
        );
      if (!premises.every((guard) => this.#evaluate(guard, isOn))) continue;
      if (!open.every((guard) => this.#evaluate(guard, isOn))) return false;
    }
    return true;
  }

  #evaluate({ statement, unit }: Guard, isOn: (found: Definition) => boolean): boolean {
    const expression = parseIfFeature(statement.argument ?? "", unit.version);
    if ("message" in expression) return false;
    return evaluateIfFeature(expression, (prefix, name) => {
      const found = this.#find(prefix, name, unit);
      return found === undefined ? undefined : isOn(found);
    });
  }

  /** The features that a condition hangs on, directly or not. */
  #atoms(guard: Guard, atoms: Set<Definition>): void {
    const expression = parseIfFeature(guard.statement.argument ?? "", guard.unit.version);
    if ("message" in expression) return;
    for (const found of this.#named(expression, guard.unit)) {
      if (atoms.has(found)) continue;
      atoms.add(found);
      for (const statement of substatements(found.statement, "if-feature")) {
        this.#atoms({ statement, unit: found.scope.unit }, atoms);
      }
    }
  }

  #named(expression: IfFeatureExpression, unit: Unit): readonly Definition[] {
    switch (expression.kind) {
      case "feature":
        return [this.#find(expression.prefix, expression.name, unit)].flatMap((f) => f ?? []);
      case "not":
        return this.#named(expression.operand, unit);
      default:
        return [...this.#named(expression.left, unit), ...this.#named(expression.right, unit)];
    }
  }

  #holds(statement: Statement, unit: Unit): boolean {
    const known = this.#conditions.get(statement);
    if (known !== undefined) return known;
    const text = statement.argument ?? "";
    const expression = parseIfFeature(text, unit.version);
    let result = false;
    if ("message" in expression) {
      this.#report.error(statement, `if-feature "${text}": ${expression.message}`);
    } else {
      this.#checkNames(expression, statement, unit);
      result = evaluateIfFeature(expression, (prefix, name) => {
        const found = this.#find(prefix, name, unit);
        return found === undefined ? undefined : this.#isOn(found);
      });
    }
    this.#conditions.set(statement, result);
    return result;
  }

  #checkNames(expression: IfFeatureExpression, statement: Statement, unit: Unit): void {
    switch (expression.kind) {
      case "feature": {
        const { prefix, name } = expression;
        if (this.#find(prefix, name, unit) !== undefined) return;
        const written = prefix === undefined ? name : `${prefix}:${name}`;
        if (name === "") return;
        const meant = this.#scopes.hint("feature", written, this.#scopes.top(unit));
        this.#report.error(statement, `there is no feature "${written}"${meant}`);
        return;
      }
      case "not":
        this.#checkNames(expression.operand, statement, unit);
        return;
      default:
        this.#checkNames(expression.left, statement, unit);
        this.#checkNames(expression.right, statement, unit);
    }
  }

  #find(prefix: string | undefined, name: string, unit: Unit): Definition | undefined {
    const written = prefix === undefined ? name : `${prefix}:${name}`;
    return this.#scopes.find("feature", written, this.#scopes.top(unit));
  }

  #isOn({ statement, scope }: Definition): boolean {
    const known = this.#states.get(statement);
    if (known === "open") {
      this.#report.error(statement, `feature "${statement.argument}" depends on itself`);
      return false;
    }
    if (known !== undefined) return known;
    if (this.#depth >= CHAIN_MAX) {
      const message = `feature "${statement.argument}" ends a chain of more than ${CHAIN_MAX}`;
      this.#report.error(statement, message);
      return false;
    }
    this.#states.set(statement, "open");
    this.#depth += 1;
    const { unit } = scope;
    // All are asked, so that a cycle is found whatever is wanted.
    const allowed = substatements(statement, "if-feature").map((s) => this.#holds(s, unit));
    this.#depth -= 1;
    const on =
      this.#isWanted(unit.module.name, statement.argument ?? "") && !allowed.includes(false);
    this.#states.set(statement, on);
    return on;
  }

  #isWanted(module: string, name: string): boolean {
    const wanted = this.#request.features.get(module) ?? this.#request.otherFeatures;
    if (wanted === "all") return true;
    return wanted === "none" ? false : wanted.has(name);
  }
}
