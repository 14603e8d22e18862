import {
  compile,
  parseStatements,
  printTree,
  printYang,
  type Statement,
} from "../../src/yang/index.ts";
import { sampleModules } from "../../test/data/sample.yang.ts";
import { labModule, twinModule } from "../../test/netconf/lab.yang.ts";
import type { Chance } from "./chance.ts";
import { finder } from "./schemas.ts";
import { type FuzzTarget, holds, once, textTarget } from "./target.ts";

const modules = [labModule, twinModule, sampleModules.sample, sampleModules.other];
const arguments_ = [
  ...["a", "string", "uint8", "l:x", "no:such", "1..max", "min..5|7", "true", "false", "unbounded"],
  ...["../a", "/top/item[id=current()/../ref]/id", "not(", "[a-z]+", "(a*)*", "(", "1 | 2", "user"],
  ...["on and off", "not on", "9223372036854775808", "-1", "0x1F", "2026-02-30", "1.1", "current"],
  ...[
    "enumeration",
    "leafref",
    "identityref",
    "union",
    "bits",
    "decimal64",
    "animal",
    "/l:top/l:item",
  ],
];
const keywords = [
  ...["leaf", "leaf-list", "list", "container", "choice", "case", "grouping", "uses", "augment"],
  ...["refine", "deviation", "deviate", "typedef", "type", "range", "length", "pattern", "path"],
  ...["must", "when", "if-feature", "feature", "identity", "base", "key", "unique", "default"],
  ...["mandatory", "config", "status", "ordered-by", "min-elements", "max-elements", "import"],
  ...["include", "belongs-to", "submodule", "rpc", "action", "input", "output", "notification"],
  ...["extension", "argument", "anydata", "anyxml", "presence", "revision", "fraction-digits"],
  ...["bit", "position", "enum", "value", "require-instance", "modifier", "l:extension", "prefix"],
];
const tokens = [...keywords, ...arguments_, "{", "}", ";", '"', "'", "+", "//", "/*", "*/", "\\"];

const trees = once(() =>
  modules.map((text) => parseStatements({ file: "m.yang", text }).statements[0] as Statement),
);

/** YANG modules: all that is wrong is told with its place; what compiles can be printed. */
export const yang: FuzzTarget = textTarget({
  name: "yang",
  quick: 15,
  make(chance) {
    const root = chance.pick(trees());
    const changes = 1 + chance.integer(4);
    let tree = root;
    for (let i = 0; i < changes; i++) tree = changed(chance, tree);
    const text = printYang(tree).join("\n");
    return chance.happens(0.3) ? chance.damagedText(text, tokens) : text;
  },
  run(text) {
    const parsed = parseStatements({ file: "fuzz.yang", text });
    const name = parsed.statements[0]?.argument ?? "fuzz";
    if (parsed.diagnostics.length === 0) {
      const printed = parsed.statements.flatMap(printYang).join("\n");
      const again = parseStatements({ file: "fuzz.yang", text: printed }).statements;
      holds(shape(again) === shape(parsed.statements), () => `printed, it differs:\n${printed}`);
    }
    const known = Object.fromEntries(modules.map((one) => [/module (\S+)/.exec(one)?.[1], one]));
    const request = { implement: [{ name }], features: new Map(), otherFeatures: "all" } as const;
    const { schema, diagnostics } = compile(request, finder({ ...known, [name]: text }));
    for (const { message, position } of diagnostics) {
      const isPlaced = position.line >= 0 && position.column >= 0 && message !== "";
      holds(isPlaced, () => `no place for "${message}"`);
    }
    if (diagnostics.some(({ severity }) => severity === "error")) return;
    for (const module of schema.modules) printTree(schema, module);
  },
});

function shape(statements: readonly Statement[]): string {
  return JSON.stringify(statements, (key, value) => (key === "position" ? undefined : value));
}

/** A statement with one below it taken out, doubled, moved, renamed or given another argument. */
function changed(chance: Chance, statement: Statement): Statement {
  const { substatements: below } = statement;
  if (below.length === 0 || chance.happens(0.15)) return ownChange(chance, statement);
  const i = chance.integer(below.length);
  const one = below[i] as Statement;
  if (chance.happens(0.7)) {
    return { ...statement, substatements: below.with(i, changed(chance, one)) };
  }
  const other = chance.pick(chance.pick(trees()).substatements);
  const substatements = chance.oneOf(
    () => below.toSpliced(i, 1),
    () => below.toSpliced(i, 0, one),
    () => below.toSpliced(i, 1, other),
    () => below.toSpliced(chance.integer(below.length + 1), 0, other),
    () => below.toReversed(),
  );
  return { ...statement, substatements };
}

function ownChange(chance: Chance, statement: Statement): Statement {
  const nested = (depth: number): Statement =>
    depth === 0 ? statement : { ...statement, substatements: [nested(depth - 1)] };
  return chance.oneOf(
    () => ({ ...statement, keyword: chance.pick(keywords) }),
    () => ({ ...statement, argument: chance.pick(arguments_) }),
    () => ({ ...statement, argument: chance.pick([undefined, "", `${statement.argument}x`]) }),
    () => nested(chance.integer(chance.happens(0.9) ? 5 : 250)),
  );
}
