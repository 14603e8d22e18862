import type { Features } from "./features.ts";
import type { LinkedModule } from "./link.ts";
import type { Definition, Scope, Scopes } from "./module-scope.ts";
import type { Report } from "./report.ts";
import type { Identity, Module } from "./schema.ts";
import type { Statement } from "./statement.ts";
import { argumentOf, substatements } from "./substatement.ts";
import { identityName } from "./types.ts";

interface Entry {
  readonly identity: Identity;
  readonly bases: Identity[];
  readonly definition: Definition;
  readonly enabled: boolean;
}

/** Identities and what is derived from what (RFC 7950 section 7.18). */
export class Identities {
  readonly #scopes: Scopes;
  readonly #report: Report;
  readonly #entries = new Map<string, Entry>();
  readonly #children = new Map<Identity, Entry[]>();
  readonly #derived = new Map<Identity, readonly Identity[]>();
  readonly #values = new Map<Identity, ReadonlyMap<string, Identity>>();

  /** `modules`: implemented ones first among those of a name, so that theirs are the ones known. */
  constructor(
    modules: readonly (readonly [LinkedModule, Module])[],
    scopes: Scopes,
    features: Features,
    report: Report,
  ) {
    this.#scopes = scopes;
    this.#report = report;
    for (const [linked, module] of modules) {
      for (const [name, definition] of scopes.ofModule(linked, "identity")) {
        const key = `${linked.name}:${name}`;
        if (this.#entries.has(key)) continue;
        const bases: Identity[] = [];
        const description = argumentOf(definition.statement, "description");
        const identity = { module, name, bases, description };
        const enabled = features.allow(definition.statement, definition.scope.unit);
        this.#entries.set(key, { identity, bases, definition, enabled });
      }
    }
    for (const entry of this.#entries.values()) this.#link(entry);
    this.#findCycles();
  }

  get all(): readonly Identity[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.enabled)
      .map((entry) => entry.identity);
  }

  /** The identity that a name means where it stands. */
  find(name: string, scope: Scope): Identity | undefined {
    const found = this.#scopes.find("identity", name, scope);
    return found === undefined ? undefined : this.#entryOf(found)?.identity;
  }

  /** The statement that defines an identity. */
  statementOf(identity: Identity): Statement | undefined {
    return this.#entries.get(`${identity.module.name}:${identity.name}`)?.definition.statement;
  }

  /**
   * By canonical value, enabled ones of implemented modules: RFC 7950 section 9.10.2 allows no
   * others. One map for all types of that base.
   */
  derived(base: Identity): ReadonlyMap<string, Identity> {
    const known = this.#values.get(base);
    if (known !== undefined) return known;
    const legal = this.allDerived(base).filter((identity) => identity.module.implemented);
    const values = new Map(legal.map((identity) => [identityName(identity), identity] as const));
    this.#values.set(base, values);
    return values;
  }

  /** Those of modules that are only imported, too. */
  allDerived(base: Identity): readonly Identity[] {
    const known = this.#derived.get(base);
    if (known !== undefined) return known;
    const found = new Set<Entry>(this.#children.get(base));
    for (const entry of found) {
      for (const child of this.#children.get(entry.identity) ?? []) found.add(child);
    }
    const list = [...found].filter((entry) => entry.enabled).map((entry) => entry.identity);
    this.#derived.set(base, list);
    return list;
  }

  #entryOf({ statement, scope }: Definition): Entry | undefined {
    return this.#entries.get(`${scope.unit.module.name}:${statement.argument}`);
  }

  #link(entry: Entry): void {
    const { statement, scope } = entry.definition;
    const wanted = substatements(statement, "base");
    const second = wanted[1];
    if (second !== undefined && scope.unit.version === "1") {
      this.#report.error(second, "more than one base needs yang-version 1.1");
    }
    for (const base of wanted) {
      const found = this.find(base.argument ?? "", scope);
      if (found === undefined) {
        const name = base.argument ?? "";
        const meant = this.#scopes.hint("identity", name, scope);
        this.#report.error(base, `there is no identity "${name}"${meant}`);
        continue;
      }
      entry.bases.push(found);
      const children = this.#children.get(found);
      if (children === undefined) this.#children.set(found, [entry]);
      else children.push(entry);
    }
  }

  /**
   * Section 7.18.2. Takes away what has no base left, and what has nothing derived from it, again
   * and again: what stays is a circle, or stands between two.
   */
  #findCycles(): void {
    const entries = [...this.#entries.values()];
    const above = new Map(entries.map(({ identity, bases }) => [identity, bases.length] as const));
    trim(above, (identity) => (this.#children.get(identity) ?? []).map((entry) => entry.identity));
    const inside = entries.filter(({ identity }) => above.has(identity));
    const below = new Map(
      inside.map(({ identity }) => [identity, this.#children.get(identity)?.length ?? 0] as const),
    );
    trim(below, (identity) => identity.bases);
    for (const { identity, definition } of inside) {
      if (!below.has(identity)) continue;
      this.#report.error(
        definition.statement,
        `identity "${identity.name}" is derived from itself`,
      );
    }
  }
}

/** Takes away what counts zero, and counts down what that leads to. */
function trim(
  counts: Map<Identity, number>,
  next: (identity: Identity) => readonly Identity[],
): void {
  const free = [...counts].filter(([, count]) => count === 0).map(([identity]) => identity);
  for (let at = free.pop(); at !== undefined; at = free.pop()) {
    counts.delete(at);
    for (const other of next(at)) {
      const count = counts.get(other);
      if (count === undefined) continue;
      counts.set(other, count - 1);
      if (count === 1) free.push(other);
    }
  }
}
