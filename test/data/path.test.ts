import { describe, expect, test } from "vitest";
import {
  instancePath,
  nodeAt,
  parseInstancePath,
  readData,
  stepsOf,
  xpathRoot,
} from "../../src/data/index.ts";
import { placeFrom, readablePath } from "../../src/data/path.ts";
import { sampleModules } from "./sample.yang.ts";
import { elements, schemaOf } from "./schemas.ts";

const schema = schemaOf(sampleModules);
const xml = `<top xmlns="urn:sample"><item><id>a'b</id></item><pair><n>-3</n><who>cat</who></pair><tag>t</tag><extra xmlns="urn:other">e</extra></top>`;
const { tree } = readData(elements(xml), schema, { type: "config" });

describe("instance paths", () => {
  test.each([
    ["/sample:top", "/sample:top"],
    [`/sample:top/item[id="a'b"]/in`, `/sample:top/sample:item[sample:id="a'b"]/sample:in`],
    [
      "/sample:top/pair[n='-3'][who='sample:cat']/n",
      "/sample:top/sample:pair[sample:n='-3'][sample:who='sample:cat']/sample:n",
    ],
    ["/sample:top/tag[.='t']", "/sample:top/sample:tag[.='t']"],
    ["/sample:top/other:extra", "/sample:top/other:extra"],
  ])("%s is parsed, found and printed", (canonical, printed) => {
    const steps = parseInstancePath(canonical, schema) ?? [];
    const path = instancePath(steps);
    expect(path.text).toBe(printed);
    for (const prefix of path.text.replaceAll(/'[^']*'|"[^"]*"/g, "").matchAll(/([\w-]+):/g)) {
      expect(path.namespaces.get(prefix[1] ?? "")).toBe(`urn:${prefix[1]}`);
    }
    expect(readablePath(placeFrom(steps))).toBe(canonical);
    expect(stepsOf(placeFrom(steps)).map(({ key }) => key)).toEqual(steps.map(({ key }) => key));
    expect(nodeAt(xpathRoot(tree, schema), steps)).toBeDefined();
    // A prefix on every step is as good.
    expect(instancePath(parseInstancePath(printed, schema) ?? [])).toEqual(path);
  });

  test.each([
    "",
    "top",
    "/top",
    "/sample:nope",
    "/sample:top/item[size='1']",
    "/sample:top/pair[n='1']",
    "/sample:top/name[.='x']",
    "/sample:top/item[id='1'",
  ])("%s is none", (text) => {
    expect(parseInstancePath(text, schema)).toBeUndefined();
  });

  test("a key with both quotes is put together", () => {
    const item = parseInstancePath("/sample:top/item[id='x']", schema) ?? [];
    const steps = item.map((step, i) => (i === 1 ? { ...step, key: `a'b"c` } : step));
    expect(instancePath(steps).text).toBe(
      `/sample:top/sample:item[sample:id=concat('a',"'",'b"c')]`,
    );
  });
});
