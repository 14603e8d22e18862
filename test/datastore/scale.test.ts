import { expect, test } from "vitest";
import type { Raw, Storage } from "../../src/base/index.ts";
import { emptyTree, printXml, writeXml } from "../../src/data/index.ts";
import { Datastores } from "../../src/datastore/index.ts";
import { elements, schemaOf } from "../data/schemas.ts";

/** Work proportional to the whole would take so many times as long beside the many. */
const [FEW, MANY] = [500, 20_000];
const ROUNDS = 60;

const schema = schemaOf({
  scale: `module scale {
    yang-version 1.1; namespace "urn:scale"; prefix s;
    container top {
      list entry {
        key id;
        unique name;
        must "not(low) or low <= high";
        leaf id { type uint32; }
        leaf name { type string; mandatory true; }
        leaf low { type uint16; }
        leaf high { type uint16; default 1000; }
        leaf key { type leafref { path "/top/keys/id"; } }
        leaf next { type leafref { path "../../entry/id"; } }
      }
      list keys { key id; leaf id { type uint32; } }
    }
  }`,
});

const inTop = (xml: string) => elements(`<top xmlns="urn:scale">${xml}</top>`);
const at = 0n as Raw;

/** A disk that costs nothing. */
const endless: Storage = {
  read: () => undefined,
  write: () => {},
  append: () => {},
  remove: () => {},
};

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}

function timed(act: () => void): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

class Filled {
  readonly datastores = new Datastores({
    schema,
    storage: endless,
    factory: emptyTree,
    hasStartup: false,
    subscribers: [],
  });

  constructor(count: number) {
    const all = Array.from({ length: count }, (_, i) => entry(i)).join("");
    this.commit(`<keys><id>0</id></keys><keys><id>1</id></keys><keys><id>2</id></keys>${all}`);
  }

  commit(xml: string): void {
    this.datastores.edit({ target: "candidate", config: inTop(xml) }, 1, at);
    this.datastores.commit({}, 1, at);
  }
}

function entry(i: number): string {
  const unique = `<name>n${i}</name><next>${i}</next>`;
  return `<entry><id>${i}</id>${unique}<low>${i % 1000}</low><key>${i % 3}</key></entry>`;
}

/** What is done to the i-th entry. */
const commits: readonly (readonly [string, (i: number) => string])[] = [
  ["a leaf that a must reads", (i) => `<entry><id>${i}</id><low>${i + 1}</low></entry>`],
  ["a leaf that is unique", (i) => `<entry><id>${i}</id><name>other${i}</name></entry>`],
  ["a leafref", (i) => `<entry><id>${i}</id><next>${i + 1}</next></entry>`],
  ["one more", (i) => entry(1e6 + i)],
  ["one less", (i) => `<entry nc:operation="delete"><id>${1e6 + i}</id></entry>`],
];

/** Not a benchmark: bounds that only work proportional to the whole could break. */
test("beside many entries a commit costs what it changes, as beside few", () => {
  const few = new Filled(FEW);
  const many = new Filled(MANY);
  for (const [name, xmlOf] of commits) {
    // In turn, so that whatever else the machine does meets both.
    const pairs = Array.from({ length: ROUNDS }, (_, i) => {
      const xml = xmlOf(i);
      return [timed(() => few.commit(xml)), timed(() => many.commit(xml))] as const;
    });
    const ratio = median(pairs.map(([, b]) => b)) / median(pairs.map(([a]) => a));
    expect(ratio, name).toBeLessThan(MANY / FEW / 5);
  }
});

test("a tree is printed piece by piece, and stays as it was read", () => {
  const filled = new Filled(2_000);
  const before = filled.datastores.read("running");
  const printed = printXml(before.children, { schema });
  filled.commit(entry(1e6));
  const [first] = writeXml(before.children, { schema });
  expect(first?.length, "the first piece does not wait for the rest").toBeLessThan(20_000);
  expect(printXml(before.children, { schema })).toBe(printed);
  expect(printed.length).toBeGreaterThan(2_000 * 60);
});
