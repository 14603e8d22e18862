import { describe, expect, test } from "vitest";
import { faultsOf, type Manager, top, World } from "./world.ts";

const NS = "urn:ietf:params:xml:ns:yang:ietf-nmda-compare";
const DS = "urn:ietf:params:xml:ns:yang:ietf-datastores";

function compare(manager: Manager, source: string, target: string, inner = ""): string {
  return manager.rpc(
    `<compare xmlns="${NS}" xmlns:ds="${DS}" xmlns:l="urn:lab">` +
      `<source>ds:${source}</source><target>ds:${target}</target>${inner}</compare>`,
  );
}

function differences(...edits: readonly string[]): string {
  const all = edits.map((edit, i) => `<edit><edit-id>${i + 1}</edit-id>${edit}</edit>`).join("");
  return (
    `<differences xmlns="${NS}"><yang-patch><patch-id>differences</patch-id>${all}` +
    "</yang-patch></differences>"
  );
}

function edit(operation: string, target: string, more: string): string {
  return `<operation>${operation}</operation><target>${target}</target>${more}`;
}

const value = (inner: string): string => `<value>${inner}</value>`;
const source = (inner: string): string => `<source-value>${inner}</source-value>`;

describe("compare (RFC 9144)", () => {
  const before =
    "<name>x</name><tag>t</tag><seq>1</seq><seq>2</seq><seq>3</seq><item><id>a</id></item>" +
    "<pair><x>1</x><y>cat</y><note>p/q</note></pair>";

  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ["nothing", "", []],
    [
      "a value",
      "<name>y</name>",
      [
        edit(
          "replace",
          "/lab:top/name",
          value(`<name xmlns="urn:lab">y</name>`) + source(`<name xmlns="urn:lab">x</name>`),
        ),
      ],
    ],
    [
      "a new entry",
      "<item><id>b,c/d</id><value>v</value></item>",
      [
        edit(
          "create",
          "/lab:top/item=b%2Cc%2Fd",
          value(`<item xmlns="urn:lab"><id>b,c/d</id><value>v</value></item>`),
        ),
      ],
    ],
    [
      "what is gone",
      `<tag nc:operation="delete">t</tag><pair nc:operation="delete"><x>1</x><y>cat</y></pair>`,
      [
        edit("delete", "/lab:top/tag=t", source(`<tag xmlns="urn:lab">t</tag>`)),
        edit(
          "delete",
          "/lab:top/pair=1,lab%3Acat",
          source(`<pair xmlns="urn:lab"><x>1</x><y>cat</y><note>p/q</note></pair>`),
        ),
      ],
    ],
    [
      "a move",
      `<seq xmlns:yang="urn:ietf:params:xml:ns:yang:1" yang:insert="after" yang:value="1">3</seq>`,
      [edit("move", "/lab:top/seq=3", "<point>/lab:top/seq=1</point><where>after</where>")],
    ],
  ];
  test.each(table)("%s", (_, change, edits) => {
    const manager = new World().open();
    manager.put(before);
    if (change !== "") expect(manager.edit(top(change))).toBe("<ok/>");
    expect(compare(manager, "running", "candidate")).toBe(differences(...edits));
    expect(compare(manager, "candidate", "intended").match(/<edit>/g)?.length ?? 0).toBe(
      edits.length,
    );
  });

  test("a filter bounds what is compared; what selects nothing is told", () => {
    const manager = new World().open();
    manager.edit(top("<name>x</name><num>4</num>"));
    manager.rpc("<commit/>");
    manager.edit(top(`<name>y</name><num nc:operation="delete"/>`));
    expect(
      compare(manager, "running", "candidate", "<xpath-filter>/l:top/l:num</xpath-filter>"),
    ).toMatch(
      /<operation>delete<\/operation><target>\/lab:top(\/num)?<\/target><source-value>.*4.*<\/source-value>/,
    );
    const nothing = `<subtree-filter>${top("<flag/>")}</subtree-filter>`;
    expect(compare(manager, "running", "candidate", nothing)).toBe(`<no-matches xmlns="${NS}"/>`);
  });

  test("a datastore that there is not is refused", () => {
    const manager = new World().open();
    expect(faultsOf(compare(manager, "running", "nowhere"))).toMatchObject([
      { tag: "invalid-value" },
    ]);
    expect(faultsOf(manager.rpc(`<compare xmlns="${NS}"/>`))).toMatchObject([
      { tag: "missing-element", info: "<bad-element>source</bad-element>" },
    ]);
  });
});
