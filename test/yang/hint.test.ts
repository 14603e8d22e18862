// A name that is nearly right is answered with the right one, wherever names are looked up.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearest } from "../../src/base/index.ts";
import { diagnosticsOf } from "./modules.ts";

const OTHER = `module other { yang-version 1.1; namespace "urn:o"; prefix o;
  typedef speed { type uint8; } identity colour; grouping address { leaf street { type string; } }
  feature blink; extension mark; container interfaces { container interface; } }`;

function said(body: string): string {
  const head =
    'module t { yang-version 1.1; namespace "urn:t"; prefix t; import other { prefix o; }';
  return diagnosticsOf({ t: `${head} ${body} }`, other: OTHER }).join("\n");
}

describe("what was meant", () => {
  test.each<[body: string, meant: string | undefined]>([
    ["leaf a { type strnig; }", "string"],
    ["typedef percent { type int8; } leaf a { type precent; }", "percent"],
    ["leaf a { type o:sped; }", "o:speed"],
    ["leaf a { type oo:speed; }", "o:speed"],
    ["leaf a { type identityref { base o:color; } }", "o:colour"],
    ["identity a { base o:colours; }", "o:colour"],
    ["uses o:adress;", "o:address"],
    ["grouping local { leaf x { type int8; } } uses locale;", "local"],
    ["leaf a { type int8; if-feature o:blimk; }", "o:blink"],
    ["leaf a { type int8; o:marks; }", "o:mark"],
    ["leaf a { type int8; descripton x; }", "description"],
    ["augment /o:interfaces/o:interfaec { leaf a { type int8; } }", "interface"],
    ["deviation /o:interface { deviate not-supported; }", "interfaces"],
    ["uses o:address { refine stret { default x; } }", "street"],
    ["list l { key nmae; leaf name { type string; } }", "name"],
    [
      "list l { key name; unique adress; leaf name { type int8; } leaf address { type int8; } }",
      "address",
    ],
    ["leaf speed { type int8; } leaf a { type leafref { path ../sped; } }", "speed"],
    ["choice kind { default fsat; leaf fast { type empty; } }", "fast"],
    ['leaf a { type int8; must "cuont(.) = 1"; }', "count"],
    ["leaf a { type nothing-like-it; }", undefined],
    ["leaf a { type xy; }", undefined],
  ])("%s", (body, meant) => {
    const [, found] = /did you mean "([^"]*)"\?/.exec(said(body)) ?? [];
    expect([said(body).split("\n").length, found]).toEqual([1, meant]);
  });

  test("nobody looks for it once more is found than is told", () => {
    const many = Array.from({ length: 600 }, (_, i) => i);
    const leaves = many.map((i) => `leaf l${i} { type strnig; }`).join(" ");
    const lines = said(leaves).split("\n");
    expect(lines).toHaveLength(500);
    expect(lines.every((line) => line.endsWith('did you mean "string"?'))).toBe(true);
  });
});

test("the nearest is the first of the least mistakes, however early others are given up", () => {
  const mistakes = (a: string, b: string): number => {
    if (a === "" || b === "") return a.length + b.length;
    const [x, y] = [a.slice(1), b.slice(1)];
    const swapped = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0];
    return Math.min(
      mistakes(x, y) + (a[0] === b[0] ? 0 : 1),
      mistakes(x, b) + 1,
      mistakes(a, y) + 1,
      swapped ? mistakes(a.slice(2), b.slice(2)) + 1 : Number.POSITIVE_INFINITY,
    );
  };
  const name = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(name, fc.array(name, { maxLength: 8 }), (text, names) => {
      const near = names
        .map((one) => ({ one, count: mistakes(text, one) }))
        .filter(({ one, count }) => count <= Math.max(1, Math.floor(one.length / 3)))
        .sort((a, b) => a.count - b.count);
      expect(nearest(text, names)).toBe(near[0]?.one);
    }),
    { numRuns: 300 },
  );
});
