import type { Schema } from "../../src/yang/index.ts";
import { schemaOf } from "../data/schemas.ts";
import type { SeededRandom } from "../random.ts";

/**
 * Modules drawn at random, with all that a validation has to look at, and random content for them.
 * Not every module that comes out is legal: the caller compiles it and takes the next one.
 */
export interface RandomModule {
  readonly text: string;
  readonly tops: readonly RandomNode[];
}

export interface RandomNode {
  readonly kind: "container" | "list" | "leaf" | "leaf-list" | "choice" | "case";
  readonly name: string;
  readonly parent: RandomNode | undefined;
  readonly children: RandomNode[];
  /** Statements other than those of children. */
  readonly own: string[];
  /** What a leaf or leaf-list may be set to. */
  values: readonly string[];
  isKey: boolean;
  isUserOrdered: boolean;
  /** How it comes into its parent: written there, or by an augment or uses with a when. */
  through: { readonly kind: "augment" | "uses"; readonly when: string } | undefined;
}

const DEPTH_MAX = 3;

/** Chance, in the words of this file. */
export class Dice {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  chance(probability: number): boolean {
    return this.#random.fraction() < probability;
  }

  below(limit: number): number {
    return Math.floor(this.#random.fraction() * limit);
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error("there is nothing to pick from");
    return found;
  }
}

const types: readonly (readonly [text: string, values: readonly string[]])[] = [
  ["type uint8;", ["1", "2", "3"]],
  ["type uint8;", ["1", "2", "3"]],
  ["type string;", ["x", "y", "z"]],
  ["type enumeration { enum a; enum b; enum c; }", ["a", "b", "c"]],
  ["type boolean;", ["true", "false"]],
  ["type decimal64 { fraction-digits 2; }", ["1.5", "2.0", "-0.25"]],
  ["type int64;", ["9007199254740993", "9007199254740992", "-1"]],
  ["type bits { bit p; bit q; }", ["p", "p q", ""]],
  ["type identityref { base shape; }", ["r:round", "r:square"]],
  ["type union { type uint8; type enumeration { enum a; } }", ["1", "2", "a"]],
];

/** Of lists with these keys there are many entries, so that they are worth an index. */
const many = Array.from({ length: 80 }, (_, i) => `${i}`);

export function isOfMany({ values }: RandomNode): boolean {
  return values === many;
}

/**
 * `portable`: without what yanglint 2.1.30 is known to take otherwise than RFC 7950 has it, or
 * otherwise than we chose: positions in node sets of several parents, deref() of what is no
 * reference, instance-identifiers of defaults, musts of non-presence containers that nobody set.
 */
export function randomModule(random: SeededRandom, portable = false): RandomModule {
  return new ModuleMaker(new Dice(random), portable).make();
}

/** undefined: it is no legal module, with a circle of leafrefs or whens, say. */
export function compiledModule(module: RandomModule): Schema | undefined {
  try {
    return schemaOf({ random: module.text });
  } catch {
    return undefined;
  }
}

class ModuleMaker {
  readonly #dice: Dice;
  readonly #portable: boolean;
  readonly #all: RandomNode[] = [];
  #names = 0;

  constructor(dice: Dice, portable: boolean) {
    this.#dice = dice;
    this.#portable = portable;
  }

  make(): RandomModule {
    const top = this.#node("container", undefined, "top");
    if (this.#dice.chance(0.2)) top.own.push('presence "it";');
    this.#fill(top, 1);
    const tops = [top];
    if (this.#dice.chance(0.5)) {
      const second = this.#list(undefined);
      this.#fill(second, DEPTH_MAX);
      tops.push(second);
    }
    for (const node of [...this.#all]) this.#constrain(node);
    return { text: printModule(tops, this.#all), tops };
  }

  #node(kind: RandomNode["kind"], parent: RandomNode | undefined, name?: string): RandomNode {
    const node: RandomNode = {
      kind,
      name: name ?? `n${++this.#names}`,
      parent,
      children: [],
      own: [],
      values: [],
      isKey: false,
      isUserOrdered: false,
      through: undefined,
    };
    parent?.children.push(node);
    this.#all.push(node);
    return node;
  }

  #fill(parent: RandomNode, depth: number): void {
    const count = 2 + this.#dice.below(depth === 1 ? 5 : 3);
    for (let i = 0; i < count; i++) this.#child(parent, depth);
  }

  #child(parent: RandomNode, depth: number): void {
    const kinds: readonly RandomNode["kind"][] =
      depth >= DEPTH_MAX
        ? ["leaf", "leaf", "leaf-list"]
        : ["leaf", "leaf", "leaf", "leaf-list", "container", "list", "list", "choice"];
    const kind = this.#dice.pick(kinds);
    if (kind === "choice") this.#choice(parent, depth);
    else if (kind === "list") this.#fill(this.#list(parent), depth + 1);
    else if (kind === "container") this.#container(parent, depth);
    else this.#leaf(kind, parent);
  }

  #container(parent: RandomNode, depth: number): void {
    const container = this.#node("container", parent);
    if (this.#dice.chance(0.3)) container.own.push('presence "it";');
    this.#fill(container, depth + 1);
  }

  #choice(parent: RandomNode, depth: number): void {
    const choice = this.#node("choice", parent);
    for (let i = 0; i < 2 + this.#dice.below(2); i++) {
      const one = this.#node("case", choice);
      for (let j = 0; j < 1 + this.#dice.below(2); j++) this.#child(one, depth + 1);
    }
    if (this.#dice.chance(0.4))
      choice.own.push(`default ${this.#dice.pick(choice.children).name};`);
    else if (this.#dice.chance(0.3)) choice.own.push("mandatory true;");
  }

  #list(parent: RandomNode | undefined): RandomNode {
    const list = this.#node("list", parent);
    const keys = Array.from({ length: this.#dice.chance(0.7) ? 1 : 2 }, () => {
      const key = this.#node("leaf", list);
      key.isKey = true;
      this.#type(key);
      return key;
    });
    const [first] = keys;
    if (keys.length === 1 && first !== undefined && this.#dice.chance(0.1)) {
      first.own.splice(0, first.own.length, "type uint8;");
      first.values = many;
    }
    list.own.push(`key "${keys.map(({ name }) => name).join(" ")}";`);
    this.#order(list);
    return list;
  }

  #leaf(kind: RandomNode["kind"], parent: RandomNode): void {
    const leaf = this.#node(kind, parent);
    this.#type(leaf);
    if (kind === "leaf-list") {
      this.#order(leaf);
      if (this.#dice.chance(0.2)) leaf.own.push(`default "${this.#dice.pick(leaf.values)}";`);
    } else if (this.#dice.chance(0.35)) {
      leaf.own.push(`default "${this.#dice.pick(leaf.values)}";`);
    } else if (this.#dice.chance(0.15)) {
      leaf.own.push("mandatory true;");
    }
  }

  #type(leaf: RandomNode): void {
    const [text, values] = this.#dice.pick(types);
    leaf.own.push(text);
    leaf.values = values;
  }

  #order(node: RandomNode): void {
    const isBounded = !node.own.some((text) => text.startsWith("default"));
    if (this.#dice.chance(0.4)) {
      node.own.push("ordered-by user;");
      node.isUserOrdered = true;
    }
    if (isBounded && this.#dice.chance(0.1)) node.own.push("min-elements 1;");
    if (this.#dice.chance(0.2)) node.own.push("max-elements 2;");
  }

  /** Adds what looks at other nodes, now that all are there. */
  #constrain(node: RandomNode): void {
    const dice = this.#dice;
    const isLeaf = node.kind === "leaf" || node.kind === "leaf-list";
    if (isLeaf && dice.chance(0.25)) this.#refer(node);
    if (node.kind === "list" && dice.chance(0.4)) this.#unique(node);
    const isData = node.kind !== "choice" && node.kind !== "case";
    const isVague = this.#portable && node.kind === "container";
    if (isData && !isVague && dice.chance(0.3)) {
      node.own.push(`must "${this.#condition(node)}";`);
    }
    if (node.parent === undefined || node.isKey) return;
    const outer = dataParent(node);
    if (dice.chance(0.15)) {
      const from = node.kind === "choice" || node.kind === "case" ? outer : node;
      if (from !== undefined) node.own.push(`when "${this.#condition(from, node)}";`);
    }
    if (outer === undefined || !/container|list/.test(node.parent.kind)) return;
    if (dice.chance(0.1) && !node.own.some((text) => /mandatory|min-/.test(text))) {
      const when = this.#condition(outer, node);
      node.through = { kind: dice.pick(["augment", "uses"]), when };
    }
  }

  /** Makes a leaf a leafref, plain or with a predicate, or an instance-identifier. */
  #refer(leaf: RandomNode): void {
    const dice = this.#dice;
    const targets = this.#all.filter(
      (node) => (node.kind === "leaf" || node.kind === "leaf-list") && node !== leaf,
    );
    if (targets.length === 0 || leaf.own.some((text) => text.startsWith("default"))) return;
    const at = leaf.own.findIndex((text) => text.startsWith("type"));
    if (!this.#portable && dice.chance(0.15)) {
      const lists = this.#all.filter(({ kind }) => kind !== "choice" && kind !== "case");
      leaf.values = Array.from({ length: 3 }, () => this.#instance(dice.pick(lists)));
      leaf.own[at] = "type instance-identifier;";
      return;
    }
    const target = dice.pick(targets);
    const path = dice.chance(0.5) ? relative(leaf, target) : absolute(target);
    const reference = `type leafref { path "${path}"; }`;
    const isUnion = dice.chance(0.2);
    leaf.own[at] = isUnion ? `type union { ${reference} type uint16 { range 700; } }` : reference;
    leaf.values = isUnion ? [...target.values, "700"] : target.values;
  }

  #instance(node: RandomNode): string {
    let path = "";
    for (const at of ancestry(node)) {
      path += `/r:${at.name}`;
      if (at.kind === "list") {
        for (const key of at.children.filter(({ isKey }) => isKey)) {
          path += `[r:${key.name}='${this.#dice.pick(key.values)}']`;
        }
      } else if (at.kind === "leaf-list") path += `[.='${this.#dice.pick(at.values)}']`;
    }
    return path;
  }

  #unique(list: RandomNode): void {
    const leaves = list.children.flatMap((child) =>
      child.kind === "container" ? child.children : child,
    );
    const fit = leaves.filter(({ kind, isKey }) => kind === "leaf" && !isKey);
    if (fit.length === 0) return;
    const chosen = new Set([this.#dice.pick(fit), this.#dice.pick(fit)]);
    const paths = [...chosen].map((leaf) =>
      leaf.parent === list ? leaf.name : `${leaf.parent?.name}/${leaf.name}`,
    );
    list.own.push(`unique "${paths.join(" ")}";`);
  }

  /** An expression for a context node. `but`: not about this one or what is inside. */
  #condition(context: RandomNode, but?: RandomNode): string {
    const dice = this.#dice;
    const fit = this.#all.filter(
      (node) => node.kind !== "choice" && node.kind !== "case" && !isWithin(node, but),
    );
    const target = dice.pick(fit);
    const path = dice.chance(0.7) ? relative(context, target) : absolute(target);
    const other = relative(context, dice.pick(fit));
    const value = target.values.length > 0 ? dice.pick(target.values) : "x";
    const forms: (() => string)[] = [
      () => path,
      () => `not(${path})`,
      () => `${path} = '${value}'`,
      () => `not(${path} = '${value}')`,
      () => `${path} != '${value}'`,
      () => `${path} or ${other}`,
      () => `not(${path}) or ${other}`,
      () => `not(${path} = ${other})`,
      () => `count(${path}) < 2`,
      () => `count(${path}) <= count(${other})`,
      () => `${path} >= 2 or not(${path})`,
      () => `not(${path}[. = current()/${other}])`,
      () => `not(${path}/preceding-sibling::r:${target.name})`,
      () => `count(${path}/ancestor-or-self::*) < 5`,
      () => `count(${path}/..//*) < 9`,
    ];
    if (target.values.length > 0) {
      forms.push(
        () => `string-length(${path}) < 4`,
        () => `string(${path}) != '${value}'`,
      );
    }
    const others: readonly (() => string)[] = [
      () => `not(deref(${path}) = '${value}')`,
      () => `not(${path}/following-sibling::*[2])`,
      () => `not(${path}[2]) or ${path}[last()] = '${value}'`,
    ];
    return dice.pick(this.#portable ? forms : [...forms, ...others])();
  }
}

function isWithin(node: RandomNode, ancestor: RandomNode | undefined): boolean {
  if (ancestor === undefined) return false;
  for (let at: RandomNode | undefined = node; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

function dataParent(node: RandomNode): RandomNode | undefined {
  let at = node.parent;
  while (at?.kind === "choice" || at?.kind === "case") at = at.parent;
  return at;
}

/** The data nodes from the top down to a node. */
function ancestry(node: RandomNode): readonly RandomNode[] {
  const up = dataParent(node);
  return up === undefined ? [node] : [...ancestry(up), node];
}

function absolute(node: RandomNode): string {
  return ancestry(node)
    .map(({ name }) => `/r:${name}`)
    .join("");
}

function relative(from: RandomNode, to: RandomNode): string {
  const [a, b] = [ancestry(from), ancestry(to)];
  let common = 0;
  while (common < a.length && a[common] === b[common]) common++;
  // A path to an ancestor or to itself goes one up and comes back, so that names decide.
  if (common === b.length) common--;
  const up = Array.from({ length: a.length - common }, () => "..");
  return [...up, ...b.slice(common).map(({ name }) => `r:${name}`)].join("/");
}

function printModule(tops: readonly RandomNode[], all: readonly RandomNode[]): string {
  const lines = [
    'module random { yang-version 1.1; namespace "urn:random"; prefix r;',
    "identity shape; identity round { base shape; } identity square { base shape; }",
  ];
  for (const node of all) {
    if (node.through?.kind === "uses") lines.push(`grouping g-${node.name} {`, print(node), "}");
  }
  lines.push(...tops.map(print));
  for (const node of all) {
    if (node.through?.kind !== "augment" || node.parent === undefined) continue;
    lines.push(`augment "${schemaPath(node.parent)}" {`, `when "${node.through.when}";`);
    lines.push(print(node), "}");
  }
  lines.push("}");
  return lines.join("\n");
}

function schemaPath(node: RandomNode): string {
  return `${node.parent === undefined ? "" : schemaPath(node.parent)}/r:${node.name}`;
}

function print(node: RandomNode): string {
  const children = node.children.map((child) => {
    if (child.through?.kind === "augment") return "";
    if (child.through === undefined) return print(child);
    return `uses g-${child.name} { when "${child.through.when}"; }`;
  });
  return [`${node.kind} ${node.name} {`, ...node.own, ...children, "}"].join("\n");
}
