import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type Schema, type SourceFinder } from "../../src/yang/index.ts";
import { sampleModules } from "../../test/data/sample.yang.ts";
import { labModule, twinModule } from "../../test/netconf/lab.yang.ts";
import { once } from "./target.ts";

/** The modules that are served, wherever the program runs from: npm starts it at the top. */
const folder = "yang";

const files = once(() => readdirSync(folder).sort());

/** Modules by text first, then those in yang/. */
export function finder(texts: Readonly<Record<string, string>>): SourceFinder {
  return {
    find(name) {
      const text = texts[name];
      if (text !== undefined) return { file: `${name}.yang`, text };
      const file = files().findLast((one) => one.startsWith(`${name}@`) || one === `${name}.yang`);
      return file === undefined
        ? undefined
        : { file, text: readFileSync(join(folder, file), "utf8") };
    },
  };
}

function compiled(
  texts: Readonly<Record<string, string>>,
  implement: readonly string[],
  deviations: readonly string[] = [],
): Schema {
  const features = new Map([
    ["lab", new Set(["on"])],
    ["ietf-subscribed-notifications", new Set(["encode-xml", "replay", "subtree", "xpath"])],
  ]);
  const names = implement.map((name) => ({ name }));
  const request = { implement: names, features, deviations, otherFeatures: "all" } as const;
  const { schema, diagnostics } = compile(request, finder(texts));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return schema;
}

/** Nodes and types of every kind. */
export const sampleSchema = once(() => compiled(sampleModules, ["sample", "other"]));

/** One of everything that the protocol treats in its own way, and the protocol's own modules. */
export const labSchema = once(() =>
  compiled(
    { lab: labModule, twin: twinModule },
    [
      ...["ietf-netconf", "ietf-netconf-monitoring", "ietf-netconf-acm", "ietf-yang-push"],
      ...["ietf-netconf-with-defaults", "ietf-netconf-notifications", "ietf-netconf-nmda"],
      ...["ietf-nmda-compare", "ietf-netconf-partial-lock", "ietf-datastores", "ietf-origin"],
      ...["ietf-yang-library", "ietf-subscribed-notifications", "nc-notifications"],
      ...["notifications", "lab", "twin"],
    ],
    ["ntpconfd-subscription-deviations"],
  ),
);

/** Something everywhere in the sample modules. */
export const sampleConfig =
  '<top xmlns="urn:sample"><name>n n</name><big>-9007199254740993</big><small>7</small>' +
  "<dec>1.25</dec><flag>true</flag><nothing/><mask>a c</mask><octets>AAE=</octets><uni>7</uni>" +
  "<who>cat</who><tag>x</tag><tag>y</tag><num>-3</num><num>4</num><seq>b</seq><seq>a</seq>" +
  "<item><id>a</id><in><a>1</a></in></item><item><id>b</id><size>9</size></item><ref>a</ref>" +
  "<pair><n>2</n><who>cat</who><note>yes</note></pair><step><n>z</n><t>t</t></step>" +
  "<step><n>y</n></step><wheels>4</wheels><pres><x>p</x></pres><any><z xmlns='urn:z'/></any>" +
  '<extra xmlns="urn:other">more</extra></top><alone xmlns="urn:other"><x>y</x></alone>';
