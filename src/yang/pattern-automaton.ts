import type { ParsedPattern, PatternNode } from "./pattern-parse.ts";
import type { CharacterSet } from "./pattern-set.ts";

/**
 * An automaton that reads a text once, whatever the pattern: nothing backtracks, so no pattern can
 * hang the agent. The states of a deterministic automaton are made when they are first needed and
 * kept, so that a text costs one table look-up for each character.
 */
export interface Automaton {
  matches(text: string): boolean;
}

/** Instructions beyond which a pattern is refused: its counted repetitions are written out. */
export const PROGRAM_MAX = 100_000;

/** How many instructions an expression takes. */
export function programSize(node: PatternNode): number {
  switch (node.kind) {
    case "set":
      return 1;
    case "sequence":
    case "choice":
      return node.items.reduce((sum, item) => sum + programSize(item) + 1, 1);
    case "repeat": {
      const copies = node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max;
      return copies * (programSize(node.item) + 1) + 1;
    }
  }
}

export function createAutomaton(pattern: ParsedPattern): Automaton {
  return new LazyAutomaton(pattern);
}

/** Thompson's construction: `set` ≥ 0 takes a character; FORK goes both ways; ACCEPT ends. */
interface Instruction {
  set: number;
  next: number;
  other: number;
}

const FORK = -1;
const ACCEPT = -2;

function createProgram(root: PatternNode): readonly Instruction[] {
  const program: Instruction[] = [];
  const add = (set: number): Instruction => {
    const instruction = { set, next: program.length + 1, other: -1 };
    program.push(instruction);
    return instruction;
  };
  const emit = (node: PatternNode): void => {
    switch (node.kind) {
      case "set":
        add(node.set);
        return;
      case "sequence":
        for (const item of node.items) emit(item);
        return;
      case "choice":
        emitChoice(node.items);
        return;
      case "repeat":
        emitRepeat(node.item, node.min, node.max);
    }
  };
  const emitChoice = (items: readonly PatternNode[]): void => {
    const exits: Instruction[] = [];
    for (const [i, item] of items.entries()) {
      const fork = i < items.length - 1 ? add(FORK) : undefined;
      emit(item);
      if (fork === undefined) continue;
      exits.push(add(FORK));
      fork.other = program.length;
    }
    for (const exit of exits) exit.next = program.length;
  };
  const emitRepeat = (item: PatternNode, min: number, max: number): void => {
    for (let i = 0; i < min; i += 1) emit(item);
    if (max === Number.POSITIVE_INFINITY) {
      const loop = program.length;
      const fork = add(FORK);
      emit(item);
      add(FORK).next = loop;
      fork.other = program.length;
      return;
    }
    const forks: Instruction[] = [];
    for (let i = min; i < max; i += 1) {
      forks.push(add(FORK));
      emit(item);
    }
    for (const fork of forks) fork.other = program.length;
  };
  emit(root);
  add(ACCEPT);
  return program;
}

/** A set of instructions that wait for a character. */
interface State {
  /** In rising order. */
  readonly places: Int32Array;
  readonly accepting: boolean;
  /** No text that leads here matches. */
  readonly dead: boolean;
  /** By class of characters; undefined where nobody has been yet. */
  readonly next: (State | undefined)[];
}

/** What the tables may hold before they are started anew. */
const PLACES_MAX = 1_000_000;
const CHARACTERS_MAX = 10_000;

class LazyAutomaton implements Automaton {
  readonly #program: readonly Instruction[];
  readonly #sets: readonly CharacterSet[];
  /** By a hash of their places. */
  readonly #states = new Map<number, State[]>();
  readonly #start: State;
  /** Class of each ASCII character; -1: not known yet. */
  readonly #ascii = new Int32Array(128).fill(-1);
  readonly #beyond = new Map<number, number>();
  /** Characters that are in the same sets are of one class. */
  readonly #classes = new Map<string, number>();
  /** For each class, which sets hold its characters. */
  readonly #holds: (readonly boolean[])[] = [];
  /** Marks of one closure; `#round` tells it from those before. */
  readonly #marks: Int32Array;
  /** Where a closure is gathered: no closure has more places than the program. */
  readonly #gathered: Int32Array;
  #round = 0;
  #places = 0;

  constructor({ root, sets }: ParsedPattern) {
    this.#program = createProgram(root);
    this.#sets = sets;
    this.#marks = new Int32Array(this.#program.length);
    this.#gathered = new Int32Array(this.#program.length);
    this.#start = this.#closure([0]);
  }

  matches(text: string): boolean {
    let state = this.#start;
    const ascii = this.#ascii;
    const { length } = text;
    for (let i = 0; i < length; i += 1) {
      const unit = text.charCodeAt(i);
      let kind = unit < 128 ? (ascii[unit] ?? -1) : -1;
      if (kind < 0) {
        const char = text.codePointAt(i) ?? unit;
        if (char > 0xffff) i += 1;
        kind = this.#classOf(char);
      }
      const known = state.next[kind];
      state = known === undefined ? this.#step(state, kind) : known;
      if (state.dead) return false;
    }
    return state.accepting;
  }

  #classOf(char: number): number {
    const known = this.#beyond.get(char);
    if (known !== undefined) return known;
    const holds = this.#sets.map((set) => set(char));
    const key = holds.map(Number).join("");
    let kind = this.#classes.get(key);
    if (kind === undefined) {
      kind = this.#holds.length;
      this.#classes.set(key, kind);
      this.#holds.push(holds);
    }
    if (char < 128) this.#ascii[char] = kind;
    else {
      if (this.#beyond.size >= CHARACTERS_MAX) this.#beyond.clear();
      this.#beyond.set(char, kind);
    }
    return kind;
  }

  #step(state: State, kind: number): State {
    const holds = this.#holds[kind] ?? [];
    const after: number[] = [];
    for (const place of state.places) {
      const instruction = this.#program[place];
      if (instruction !== undefined && holds[instruction.set]) after.push(instruction.next);
    }
    const next = this.#closure(after);
    state.next[kind] = next;
    return next;
  }

  /** The state of all that can be reached without a character. */
  #closure(from: readonly number[]): State {
    this.#round += 1;
    let count = 0;
    let accepting = false;
    const open = [...from];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const instruction = this.#program[place];
      if (instruction === undefined || this.#marks[place] === this.#round) continue;
      this.#marks[place] = this.#round;
      if (instruction.set >= 0) {
        this.#gathered[count] = place;
        count += 1;
      } else if (instruction.set === ACCEPT) accepting = true;
      else {
        open.push(instruction.next);
        if (instruction.other >= 0) open.push(instruction.other);
      }
    }
    return this.#state(this.#gathered.subarray(0, count).sort(), accepting);
  }

  #state(gathered: Int32Array, accepting: boolean): State {
    let hash = accepting ? 1 : 0;
    for (const place of gathered) hash = (Math.imul(hash, 31) + place) | 0;
    const alike = this.#states.get(hash) ?? [];
    const known = alike.find((one) => one.accepting === accepting && equals(one.places, gathered));
    if (known !== undefined) return known;
    const places = gathered.slice();
    this.#places += places.length + 1;
    if (this.#places > PLACES_MAX) this.#forget();
    const dead = places.length === 0 && !accepting;
    const state: State = { places, accepting, dead, next: [] };
    this.#states.set(hash, [...(this.#states.get(hash) ?? []), state]);
    return state;
  }

  /** Few patterns have so many states, and fewer texts go through them; those start over. */
  #forget(): void {
    for (const state of [...this.#states.values()].flat()) state.next.length = 0;
    this.#states.clear();
    this.#places = 0;
  }
}

function equals(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((place, i) => place === other[i]);
}
