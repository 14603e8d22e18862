import { printXml, readData, readJson, writeJson } from "../../src/data/index.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";
import type { Chance } from "./chance.ts";
import { instances } from "./instance.ts";
import { sampleConfig, sampleSchema } from "./schemas.ts";
import { type FuzzTarget, holds, textTarget } from "./target.ts";

const values: readonly unknown[] = [
  ...[
    0,
    -1,
    1.5,
    1e300,
    256,
    "x",
    "",
    "7",
    true,
    null,
    [null],
    [],
    {},
    [[]],
    "s:cat",
    "sample:cat",
  ],
  ...["9007199254740993", { "sample:top": 1 }, "other:dog", ["a", "a"], { "@": { "x:y": 1 } }],
];
const keys = [
  "sample:top",
  "top",
  "name",
  "other:extra",
  "@name",
  "item",
  "no:such",
  "",
  "any",
  "seq",
];

/** JSON and XML instance data: all that is wrong is told; the one form says what the other says. */
export const json: FuzzTarget = textTarget({
  name: "json",
  quick: 80,
  make(chance) {
    const schema = sampleSchema();
    const xml = chance.happens(0.3)
      ? sampleConfig
      : instances(chance, schema.dataChildren, { schema, form: "data" });
    if (chance.happens(0.3)) return xml;
    const { tree } = treeOf(xml, "data");
    const text = JSON.stringify(
      chance.happens(0.7) ? altered(chance, writeJson(tree.children)) : writeJson(tree.children),
    );
    return chance.happens(0.2)
      ? chance.damagedText(text, ["{", "}", "[", "]", '"', ",", ":", "null"])
      : text;
  },
  run(input) {
    const schema = sampleSchema();
    for (const type of ["config", "data"] as const) {
      const { tree, faults } = input.startsWith("<")
        ? treeOf(input, type)
        : readJson(parsed(input), schema, { type });
      for (const { message } of faults) holds(message !== "", () => "a fault without words");
      if (faults.length > 0) continue;
      const xml = printXml(tree.children, { schema });
      const again = treeOf(xml, type);
      holds(
        again.faults.length === 0,
        () => `what is printed is refused: ${again.faults[0]?.message}\n${xml}`,
      );
      holds(printXml(again.tree.children, { schema }) === xml, () => `it changes: ${xml}`);
      const text = JSON.stringify(writeJson(tree.children));
      // RFC 7951 section 5.5: what anydata holds may be read otherwise without its module.
      if (text.includes('"sample:any"') || text.includes('"any"')) continue;
      const other = readJson(JSON.parse(text), schema, { type });
      holds(
        other.faults.length === 0,
        () => `its JSON is refused: ${other.faults[0]?.message}\n${text}`,
      );
      const back = printXml(other.tree.children, { schema });
      holds(back === xml, () => `JSON says something else:\n${xml}\n${back}`);
    }
  },
});

function treeOf(xml: string, type: "config" | "data") {
  const document = parseXml(`<config>${xml}</config>`);
  const elements = isXmlFault(document) ? [] : document.children;
  return readData(elements, sampleSchema(), { type });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function altered(chance: Chance, value: unknown): unknown {
  if (chance.happens(0.1)) return chance.pick(values);
  if (Array.isArray(value)) {
    const list = value.map((one) => altered(chance, one));
    return chance.happens(0.1) ? [...list, ...list] : list;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => {
    const name = chance.happens(0.03) ? chance.pick(keys) : key;
    return [name, altered(chance, one)] as const;
  });
  return Object.fromEntries(chance.happens(0.05) ? [...entries, [chance.pick(keys), 1]] : entries);
}
