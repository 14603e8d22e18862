import { expect, test } from "vitest";
import type { Raw } from "../../src/base/index.ts";
import { emptyTree, readData, type Tree } from "../../src/data/index.ts";
import { Datastores, editConfig } from "../../src/datastore/index.ts";
import { type Element, isXmlFault, parseXml } from "../../src/xml/index.ts";
import { schemaOf } from "../data/schemas.ts";
import { octetsHeld } from "../heap.ts";
import { MemoryStorage } from "./storage.ts";

// What configuration holds on to, in octets of the heap.

const schema = schemaOf({
  held: `module held {
    yang-version 1.1; namespace "urn:held"; prefix h;
    container top {
      list entry {
        key id;
        leaf id { type uint32; }
        leaf a { type string; }
        leaf b { type boolean; }
        leaf c { type enumeration { enum client; enum server; } }
        leaf d { type string; }
        leaf e { type string; }
      }
    }
  }`,
});

const COUNT = 5_000;
const entries = Array.from(
  { length: COUNT },
  (_, i) => `<entry><id>${i}</id><a>n${i}</a><b>true</b><c>client</c><d>x</d><e>y</e></entry>`,
).join("");

/** As it comes over the wire: one text, in which everything stands. */
function inTop(xml: string): readonly Element[] {
  const root = parseXml(`<config><top xmlns="urn:held">${xml}</top></config>`);
  if (isXmlFault(root)) throw new Error(root.message);
  return root.children;
}

/** Both ways in which configuration is read: as a document, and as an edit. */
const ways: readonly (readonly [string, (xml: string) => Tree])[] = [
  ["a document", (xml) => readData(inTop(xml), schema, { type: "config" }).tree],
  ["an edit", (xml) => editConfig(emptyTree, inTop(xml), schema).tree],
];

test.each(ways)("%s: an entry of six leaves takes 420 octets at most", (_, read) => {
  const trees = [read(entries)];
  const held = octetsHeld(() => {
    trees.push(read(entries));
  });
  expect(trees.map(({ children }) => children.length)).toEqual([1, 1]);
  expect(held / COUNT).toBeLessThan(420);
});

test.each(ways)("%s: a long value does not hold the message that it came in", (_, read) => {
  const long = "a value that is long enough to be a view of the text around it";
  let tree = emptyTree;
  const held = octetsHeld(() => {
    const much = "<entry><id>2</id><a>n</a></entry>".repeat(30_000);
    tree = read(`<entry><id>1</id><a>${long}</a></entry><!--${much}-->`);
  });
  expect(tree.children).toHaveLength(1);
  expect(held).toBeLessThan(400_000);
});

test("what is committed and then kept at startup is held once", () => {
  const datastores = new Datastores({
    schema,
    storage: new MemoryStorage(),
    factory: emptyTree,
    hasStartup: true,
    subscribers: [],
  });
  const at = 0n as Raw;
  datastores.edit({ target: "candidate", config: inTop(entries) }, 1, at);
  datastores.commit({}, 1, at);
  datastores.copy("running", "startup", 1, at);
  const [running] = datastores.read("running").children;
  expect(datastores.read("candidate").children[0]).toBe(running);
  expect(datastores.read("startup").children[0]).toBe(running);
});
