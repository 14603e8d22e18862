import type { SeededRandom } from "../random.ts";
import { Dice, isOfMany, type RandomModule, type RandomNode } from "./random-schema.ts";

/** Random content for a random module, as XML without a wrapper. */
export interface ContentOptions {
  /** Operations and insert attributes now and then; else a document with one case of each choice. */
  readonly isEdit: boolean;
  /** How likely a child is there, 0 to 1. */
  readonly fullness: number;
}

export function randomContent(
  module: RandomModule,
  random: SeededRandom,
  options: ContentOptions,
): string {
  const maker = new ContentMaker(new Dice(random), options);
  return module.tops.map((top) => maker.node(top)).join("");
}

const operations = ["merge", "replace", "create", "delete", "remove"] as const;

class ContentMaker {
  readonly #dice: Dice;
  readonly #options: ContentOptions;

  constructor(dice: Dice, options: ContentOptions) {
    this.#dice = dice;
    this.#options = options;
  }

  /** Elements of a node; of a top they declare the namespace. */
  node(node: RandomNode): string {
    switch (node.kind) {
      case "choice": {
        const one = this.#dice.pick(node.children);
        return one.children.map((child) => this.#maybe(child)).join("");
      }
      case "leaf":
        return this.#leaf(node);
      case "leaf-list":
        return this.#values(node);
      case "container": {
        const children = this.#children(node);
        const isNothing = children === "" && !this.#options.isEdit && node.parent !== undefined;
        return isNothing ? "" : this.#element(node, children);
      }
      case "list":
        return this.#entries(node);
      case "case":
        return "";
    }
  }

  #maybe(node: RandomNode): string {
    return this.#dice.chance(this.#options.fullness) ? this.node(node) : "";
  }

  #children(node: RandomNode): string {
    return node.children
      .filter(({ isKey }) => !isKey)
      .map((child) => this.#maybe(child))
      .join("");
  }

  #leaf(node: RandomNode): string {
    return this.#element(node, this.#dice.pick(node.values));
  }

  #values(node: RandomNode): string {
    const values = new Set<string>();
    for (let i = 0; i < 1 + this.#dice.below(3); i++) values.add(this.#dice.pick(node.values));
    return [...values].map((value) => this.#element(node, value)).join("");
  }

  #entries(node: RandomNode): string {
    const entries = new Map<string, string>();
    const isFilled = node.children.some(isOfMany) && this.#dice.chance(0.5);
    const count = isFilled ? 60 : 1 + this.#dice.below(3);
    for (let i = 0; i < count; i++) {
      const keys = node.children
        .filter(({ isKey }) => isKey)
        .map((key) => `<${key.name}>${this.#dice.pick(key.values)}</${key.name}>`)
        .join("");
      if (!entries.has(keys)) entries.set(keys, this.#element(node, keys + this.#children(node)));
    }
    return [...entries.values()].join("");
  }

  #element(node: RandomNode, content: string): string {
    const declared = node.parent === undefined ? ' xmlns="urn:random" xmlns:r="urn:random"' : "";
    return `<${node.name}${declared}${this.#attributes(node)}>${content}</${node.name}>`;
  }

  #attributes(node: RandomNode): string {
    if (!this.#options.isEdit) return "";
    const operation = this.#dice.chance(0.15)
      ? ` nc:operation="${this.#dice.pick(operations)}"`
      : "";
    const isPlaced = node.isUserOrdered && this.#dice.chance(0.3);
    return operation + (isPlaced ? ` yang:insert="${this.#dice.pick(["first", "last"])}"` : "");
  }
}
