import { expect, test } from "vitest";
import type { Raw, Storage } from "../../src/base/index.ts";
import { emptyTree, printXml, writeXml } from "../../src/data/index.ts";
import { Datastores } from "../../src/datastore/index.ts";
import { elements, schemaOf } from "../data/schemas.ts";

const ENTRIES = 100_000;

const schema = schemaOf({
  scale: `module scale {
    yang-version 1.1; namespace "urn:scale"; prefix s;
    container top {
      list entry {
        key id;
        must "not(low) or low <= high";
        leaf id { type uint32; }
        leaf name { type string; mandatory true; }
        leaf low { type uint16; }
        leaf high { type uint16; default 1000; }
        leaf key { type leafref { path "/top/keys/id"; } }
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

/** Not a benchmark: bounds that only work proportional to the whole could break. */
test("beside a hundred thousand entries a commit costs what it changes", () => {
  const datastores = new Datastores({
    schema,
    storage: endless,
    factory: emptyTree,
    hasStartup: false,
    subscribers: [],
  });
  const commit = (xml: string) => {
    datastores.edit({ target: "candidate", config: inTop(xml) }, 1, at);
    datastores.commit({}, 1, at);
  };
  const entry = (i: number) =>
    `<entry><id>${i}</id><name>n${i}</name><low>${i % 1000}</low><key>${i % 3}</key></entry>`;
  const all = Array.from({ length: ENTRIES }, (_, i) => entry(i)).join("");
  commit(`<keys><id>0</id></keys><keys><id>1</id></keys><keys><id>2</id></keys>${all}`);

  const changing = Array.from({ length: 200 }, (_, i) =>
    timed(() => commit(`<entry><id>${i * 400}</id><low>${i}</low></entry>`)),
  );
  expect(median(changing)).toBeLessThan(3);
  const deleting = Array.from({ length: 50 }, (_, i) =>
    timed(() => commit(`<entry nc:operation="delete"><id>${i * 400 + 1}</id></entry>`)),
  );
  expect(median(deleting)).toBeLessThan(3);

  const tree = datastores.read("running");
  const before = datastores.read("running");
  commit(entry(1));
  const [first] = writeXml(tree.children, { schema });
  expect(first?.length, "the first piece does not wait for the rest").toBeLessThan(20_000);
  expect(printXml(before.children, { schema }).length).toBeGreaterThan(ENTRIES * 60);
}, 60_000);
