import fc from "fast-check";

/** Random content for the module "law", as XML with operations now and then. */
const operations = ["merge", "replace", "create", "delete", "remove"] as const;

const attribute = fc
  .option(fc.constantFrom(...operations), { nil: undefined, freq: 4 })
  .map((operation) => (operation === undefined ? "" : ` nc:operation="${operation}"`));

function leaf(name: string, ...values: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(attribute, fc.constantFrom(...values))
    .map(([operation, value]) => `<${name}${operation}>${value}</${name}>`);
}

function some(parts: readonly fc.Arbitrary<string>[], max = 3): fc.Arbitrary<string> {
  return fc
    .uniqueArray(fc.nat(parts.length - 1), { maxLength: max })
    .chain((chosen) => fc.tuple(...chosen.map((i) => parts[i] ?? fc.constant(""))))
    .map((texts) => texts.join(""));
}

function around(
  name: string,
  inner: fc.Arbitrary<string>,
  keys: fc.Arbitrary<string> = fc.constant(""),
): fc.Arbitrary<string> {
  return fc
    .tuple(attribute, keys, inner)
    .map(([operation, key, content]) => `<${name}${operation}>${key}${content}</${name}>`);
}

const ids = ["1", "2", "3", "4"] as const;
const id = fc.constantFrom(...ids);

const sub = around(
  "sub",
  some([leaf("to", "x", "y"), leaf("only", "o")]),
  fc.constantFrom("<k>x</k>", "<k>y</k>", "<k>z</k>"),
);

const item = around(
  "item",
  some(
    [
      leaf("name", "ann", "bob"),
      leaf("ip", "i1", "i2"),
      leaf("port", "1", "2"),
      leaf("peer", ...ids),
      leaf("friend", "x", "y"),
      leaf("same", "s", "t"),
      leaf("up", "/l:top/l:item[l:id='1']", "/l:top/l:mark[.='m1']"),
      leaf("either", "m0", "m1", "7"),
      sub,
      sub,
    ],
    4,
  ),
  id.map((value) => `<id>${value}</id>`),
);

const mark = fc
  .tuple(attribute, fc.constantFrom("m0", "m1", "m2"), fc.constantFrom("", ` yang:insert="first"`))
  .map(([operation, value, insert]) =>
    /delete|remove/.test(operation)
      ? `<mark${operation}>${value}</mark>`
      : `<mark${operation}${insert}>${value}</mark>`,
  );

const step = fc
  .tuple(
    fc.constantFrom("", ` nc:operation="remove"`, ` yang:insert="first"`),
    fc.constantFrom("a", "b", "c"),
    fc.constantFrom("", "<first/>"),
  )
  .map(([attributes, name, first]) => `<step${attributes}><name>${name}</name>${first}</step>`);

const top = around(
  "top",
  some(
    [
      leaf("on", "true", "false"),
      leaf("mode", "a", "b", "c"),
      leaf("gated", "g"),
      leaf("chained", "yes", "no"),
      leaf("follows", "free", "bound"),
      leaf("limit", "1", "2", "4"),
      leaf("kind", "round", "square"),
      around(
        "inner",
        some([
          leaf("low", "1", "8", "12"),
          leaf("high", "5", "20"),
          around("deep", some([leaf("need", "n"), leaf("x", "2")])),
        ]),
      ),
      around(
        "strict",
        some(
          [
            leaf("must-have", "h"),
            leaf("two", "1", "2"),
            leaf("two", "3"),
            leaf("c1", "c"),
            around("c2", some([leaf("x", "x")])),
          ],
          4,
        ),
      ),
      leaf("judge", "j", "any"),
      leaf("pace", "6", "7"),
      around("shoes", some([leaf("size", "40")])),
      leaf("bike", "red"),
      leaf("gears", "18"),
      leaf("plane", "jet"),
      item,
      item,
      item,
      mark,
      mark,
      step,
      step,
      leaf("back", "m0", "m1", "m2"),
    ],
    4,
  ),
);

const log = around(
  "log",
  some([leaf("of", "ann", "bob")]),
  fc.constantFrom("<n>1</n>", "<n>2</n>"),
);

/** What stands inside <config>. */
export const randomEdit: fc.Arbitrary<string> = fc
  .tuple(top, fc.option(log, { nil: "", freq: 3 }))
  .map(([first, second]) => {
    const inLaw = (text: string): string =>
      text.replace(/^<(\w+)/, `<$1 xmlns="urn:law" xmlns:l="urn:law"`);
    return inLaw(first) + (second === "" ? "" : inLaw(second));
  });
