import { translatePattern } from "../../src/yang/index.ts";
import type { Chance } from "./chance.ts";
import { type FuzzTarget, holds, textTarget } from "./target.ts";

const atoms = [
  ...["a", "b", ".", "\\d", "\\w", "\\i", "\\c", "\\P{L}", "\\p{IsBasicLatin}", "[a-c]", "[^a]"],
  ...["[a-z-[b]]", "\\.", "\\-", "é", "-", " ", "^", "$", "[]", "[a", "\\", "\\p{No}", "[b-a]"],
];
const quantifiers = [
  "",
  "",
  "",
  "?",
  "*",
  "+",
  "{2}",
  "{2,}",
  "{0,3}",
  "{999}",
  "{1,99999}",
  "{2,1}",
];

/** XSD patterns, and the texts held against them: however they are nested, in little time. */
export const pattern: FuzzTarget = textTarget({
  name: "pattern",
  quick: 200,
  make(chance) {
    const text = alternatives(chance, 0);
    const made = chance.happens(0.3) ? chance.damagedText(text, [...atoms, "(", ")", "|"]) : text;
    const subject = chance.join(40, () => chance.pick(["a", "b", "ab", "é", "-", "0", " "]));
    return `${made}\n${subject.repeat(chance.pick([1, 1, 1, 200]))}`;
  },
  run(input) {
    const [xsd = "", subject = ""] = input.split("\n");
    const made = translatePattern(xsd);
    if ("message" in made) {
      const isInside = made.offset >= 0 && made.offset <= xsd.length && made.message !== "";
      holds(isInside, () => `a fault at ${made.offset}`);
      return;
    }
    // A character costs at most the size: that is bounded by whoever hands the text in.
    const text = subject.slice(0, 5_000_000 / made.size);
    const [first, second] = [made.matches(text), made.matches(text)];
    holds(first === second, () => `first ${first}, then ${second}`);
  },
});

function alternatives(chance: Chance, depth: number): string {
  const branch = (): string => chance.join(4, () => atom(chance, depth) + chance.pick(quantifiers));
  return [branch(), ...chance.some(2, branch)].join("|");
}

function atom(chance: Chance, depth: number): string {
  return depth < 5 && chance.happens(0.3)
    ? `(${alternatives(chance, depth + 1)})`
    : chance.pick(atoms);
}
