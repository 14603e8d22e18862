import { describe, expect, test } from "vitest";
import { generate } from "../../src/codegen/index.ts";
import { compile } from "../../src/yang/index.ts";
import { typeErrors } from "./compile.ts";

const base = `module base {
  yang-version 1.1; namespace "urn:base"; prefix b;
  revision 2026-01-02;
  identity animal { description "What lives."; }
  identity cat { base animal; }
  typedef state { type enumeration { enum up { description "It works."; } enum down; } }
  container zoo {
    presence "there is a zoo";
    description "All of it. */ Not the end.";
    leaf name { type string; mandatory true; }
    leaf port { type uint16; default "123"; units "ports"; }
    leaf big { type uint64; }
    leaf money { type decimal64 { fraction-digits 2; } }
    leaf on { type boolean; }
    leaf mark { type empty; }
    leaf octets { type binary; }
    leaf flags { type bits { bit r; bit w; } }
    leaf state { type state; }
    leaf kind { type identityref { base animal; } }
    leaf either { type union { type uint8; type enumeration { enum none; } type boolean; } }
    leaf text-or-number { type union { type int64; type string; type enumeration { enum x; } } }
    leaf-list tags { type string; ordered-by user; }
    leaf-list levels { type uint8; default "1"; default "2"; }
    leaf friend { type leafref { path "../cage/id"; } }
    container door { leaf open { type boolean; default "false"; } }
    container guard { presence "guarded"; leaf count { type uint8; } }
    list cage {
      key "id size";
      leaf id { type string; } leaf size { type int8; }
      leaf locked { type boolean; default "true"; }
      action feed { input { leaf what { type string; mandatory true; } } output { leaf left { type uint8; } } }
    }
    list visit { config false; leaf at { type string; } }
    container seen { config false; leaf count { type uint32; mandatory true; } }
    choice way {
      case car { leaf plate { type string; mandatory true; } leaf seats { type uint8; default "4"; } }
      case foot { leaf shoes { type string; } choice speed { leaf slow { type empty; } leaf fast { type empty; } } }
    }
    choice only { case one { leaf lonely { type string; } } }
    leaf maybe { when "../on = 'true'"; type string; default "x"; }
    anydata any;
    leaf leaf-one { type string; }
  }
  rpc open { input { leaf who { type string; } } output { leaf done { type boolean; mandatory true; } } }
  rpc nothing;
  notification escaped { leaf kind { type identityref { base animal; } } }
}`;

const more = `module more {
  yang-version 1.1; namespace "urn:more"; prefix m;
  import base { prefix b; }
  identity dog { base b:animal; }
  augment "/b:zoo" { leaf price { type uint8; default "5"; } leaf port { type string; } }
  container shop { leaf sells { type identityref { base b:animal; } } leaf state { type b:state; } }
}`;

const uses = `
import type { EffectiveZoo, Zoo, EscapedNotification, BaseOperations, ZooCageFeedInput } from "./base.ts";
import type { Shop } from "./more.ts";
declare const zoo: Zoo;
declare const full: EffectiveZoo;
export const asExplicit: Zoo = full;
export const port: number = full["port"];
// @ts-expect-error: nobody need have set it
export const maybePort: number = zoo["port"];
export const price: number = full["more:price"];
export const other: string | undefined = full["more:port"];
// @ts-expect-error: a when may keep it away, default or not
export const maybe: string = full["maybe"];
export const open: boolean = full["door"]["open"];
export const big: bigint | undefined = zoo["big"];
export const locked: boolean | undefined = full["cage"]?.get("x")?.locked;
export const levels: readonly number[] = full["levels"];
export const kind: "base:cat" | "more:dog" | undefined = zoo["kind"];
export const flags: ReadonlySet<"r" | "w"> | undefined = zoo["flags"];
export const either: number | "none" | boolean | undefined = zoo["either"];
export const text: string | undefined = zoo["text-or-number"];
// @ts-expect-error: readonly throughout
zoo["name"] = "x";
export const good: Zoo = { name: "x", door: {} };
export const car: Zoo = { name: "x", door: {}, plate: "p" };
export const foot: Zoo = { name: "x", door: {}, shoes: "s", slow: true };
// @ts-expect-error: one case or the other
export const both: Zoo = { name: "x", door: {}, plate: "p", shoes: "s" };
// @ts-expect-error: one nested case or the other
export const fast: Zoo = { name: "x", door: {}, slow: true, fast: true };
// @ts-expect-error: mandatory
export const nameless: Zoo = { door: {} };
// @ts-expect-error: not a name of the module
export const renamed: Zoo = { name: "x", door: {}, leafOne: "y" };
export const input: ZooCageFeedInput = { what: "hay" };
export const done: BaseOperations["base:open"]["output"] = { done: true };
export const none: BaseOperations["base:nothing"]["input"] = {};
export const note: EscapedNotification = { kind: "more:dog" };
export const shop: Shop = { sells: "base:cat", state: "up" };
`;

function files(...names: readonly string[]): ReadonlyMap<string, string> {
  const sources = new Map([
    ["base", base],
    ["more", more],
  ]);
  const { schema, diagnostics } = compile(
    { implement: [{ name: "base" }, { name: "more" }], features: new Map(), otherFeatures: "all" },
    {
      find: (name) => {
        const text = sources.get(name);
        return text === undefined ? undefined : { file: `${name}.yang`, text };
      },
    },
  );
  expect(diagnostics).toEqual([]);
  return new Map(generate(schema, names, "a test").map((file) => [file.name, file.text]));
}

describe("generated types", () => {
  test("hold what the modules say, and refuse what they refuse", () => {
    const generated = files("base", "more");
    expect(typeErrors(new Map([...generated, ["uses.ts", uses]]))).toEqual([]);
  });

  test("of one module stand alone", () => {
    expect(typeErrors(files("more"))).toEqual([]);
    expect(files("more").get("more.ts")).not.toContain("import");
  });

  test("begin with where they come from, and keep the words of the module", () => {
    const text = files("base", "more").get("base.ts") ?? "";
    expect(text.split("\n")[0]).toBe("// Generated from base@2026-01-02 by a test");
    expect(text).toContain("All of it. *\\/ Not the end.");
    expect(text).toContain('/** up: It works. */\nexport type State = "up" | "down";');
    expect(text).toContain("uint16. Unit: ports. Default: 123.");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });
});
