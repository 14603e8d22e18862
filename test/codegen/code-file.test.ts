import { describe, expect, test } from "vitest";
import { CodeFile, docComment, Names, typeName } from "../../src/codegen/index.ts";

describe("doc comments", () => {
  test.each([
    ["", "", []],
    ["Short.", "", ["/** Short. */"]],
    ["Short.\n   and\tgone on", "  ", ["  /** Short. and gone on */"]],
    ["It ends */ here", "", ["/** It ends *\\/ here */"]],
    ["One.\n\nTwo.", "", ["/**", " * One.", " *", " * Two.", " */"]],
  ])("%j", (text, indent, lines) => {
    expect(docComment(text, indent)).toEqual(lines);
  });

  test("lines keep to 100 columns and lose no word, whatever the words are", () => {
    for (let length = 1; length < 97; length++) {
      const words = Array.from({ length: 80 }, (_, i) => "w".repeat(((i * length) % 89) + 1));
      const lines = docComment(words.join(" "), "    ");
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
      const back = lines.slice(1, -1).flatMap((line) => line.replace(/^ *\* /, "").split(" "));
      expect(back).toEqual(words);
    }
  });
});

describe("names", () => {
  test.each([
    [["ntp"], "Ntp"],
    [["interfaces", "manycast-client"], "InterfacesManycastClient"],
    [["iana_if.type"], "IanaIfType"],
    [["x500"], "X500"],
    [["_1st"], "Node1st"],
    [["_"], "Node"],
  ])("%j is %s", (identifiers, name) => {
    expect(typeName(identifiers)).toBe(name);
  });

  test("what is taken gives way to the next wanted name, then to a number; a key keeps its name", () => {
    const names = new Names();
    expect(names.of("a", "LeafOne", "LeafOneValue")).toBe("LeafOne");
    expect(names.of("b", "LeafOne", "LeafOneValue")).toBe("LeafOneValue");
    expect(names.of("c", "LeafOne", "LeafOneValue")).toBe("LeafOneValue2");
    expect(names.of("d", "LeafOne", "LeafOneValue")).toBe("LeafOneValue3");
    expect(names.of("b", "Other")).toBe("LeafOneValue");
    expect(names.of("e", "ReadonlyMap")).toBe("ReadonlyMap2");
  });
});

test("imports collect themselves, sorted, each once, and wrap where they are long", () => {
  const file = new CodeFile("// Head");
  file.print("type A = B;");
  file.importType("./z.ts", "B", "B");
  file.importType("./a.ts", "Second", "Other");
  file.importType("./a.ts", "First", "First");
  file.importType("./z.ts", "B", "B");
  const imports =
    'import type { First, Second as Other } from "./a.ts";\nimport type { B } from "./z.ts";';
  expect(file.toString()).toBe(`// Head\n\n${imports}\n\ntype A = B;\n`);
  const long = Array.from({ length: 9 }, (_, i) => `AVeryLongNameOfAType${i}`);
  for (const name of long) file.importType("./z.ts", name, name);
  expect(file.toString()).toContain(
    `import type {\n  ${long.join(",\n  ")},\n  B,\n} from "./z.ts";`,
  );
});
