import { describe, expect, test } from "vitest";
import type { DataNode } from "../../src/data/index.ts";
import { type Fault, faultsOf, type Manager, top, World } from "./world.ts";

const NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda";
const DS = "urn:ietf:params:xml:ns:yang:ietf-datastores";
const OR = "urn:ietf:params:xml:ns:yang:ietf-origin";

/** Counts, beside what is configured: an entry that nobody configured. */
function withState(): World {
  const world: World = new World({
    operational: () => {
      const node = (name: string, children: readonly DataNode[]): DataNode => {
        const schema = world.schema.dataChildren.find(
          (one) => one.name === name && one.module.name === "lab",
        );
        if (schema?.kind !== "container") throw new Error(name);
        return { kind: "container", schema, children };
      };
      const live = world.schema.dataChildren.find(({ name }) => name === "live");
      const [ticks] = live?.kind === "container" ? live.dataChildren : [];
      const other = world.schema.dataChildren.find(
        ({ name, module }) => name === "other" && module.name === "lab",
      );
      const [note] = other?.kind === "container" ? other.dataChildren : [];
      if (ticks?.kind !== "leaf" || note?.kind !== "leaf") throw new Error("no leaf");
      return {
        kind: "tree",
        schema: undefined,
        children: [
          node("other", [{ kind: "leaf", schema: note, value: "learned", type: note.type }]),
          node("live", [{ kind: "leaf", schema: ticks, value: "7", type: ticks.type }]),
        ],
      };
    },
  });
  world.open().put("<name>x</name><item><id>a</id><inner><a>1</a></inner></item>");
  return world;
}

function getData(manager: Manager, datastore: string, inner = ""): string {
  return manager.rpc(
    `<get-data xmlns="${NMDA}" xmlns:ds="${DS}" xmlns:or="${OR}">` +
      `<datastore>ds:${datastore}</datastore>${inner}</get-data>`,
  );
}

const subtree = (inner: string): string => `<subtree-filter>${inner}</subtree-filter>`;
const data = (inner: string): string =>
  inner === "" ? `<data xmlns="${NMDA}"/>` : `<data xmlns="${NMDA}">${inner}</data>`;
const item = "<item><id>a</id><inner><a>1</a></inner></item>";
const origin = (value: string): string =>
  ` xmlns:ietf-origin="${OR}" ietf-origin:origin="ietf-origin:${value}"`;

describe("get-data (RFC 8526 section 3.1.1)", () => {
  const SIZE = "<size>10</size>";
  const live = `<live xmlns="urn:lab"><ticks>7</ticks></live>`;
  const all = subtree(`${top("")}<live xmlns="urn:lab"/><other xmlns="urn:lab"/>`);
  const defaults = `<name>x</name><dflt>7</dflt><item><id>a</id>${SIZE}<inner><a>1</a></inner></item>`;
  const learned = `<other xmlns="urn:lab"><note>learned</note></other>`;
  const table: readonly (readonly [string, string, string, string])[] = [
    ["running", "running", all, top(`<name>x</name>${item}`)],
    ["intended", "intended", all, top(`<name>x</name>${item}`)],
    ["startup", "startup", all, ""],
    ["operational, with the defaults in use", "operational", all, top(defaults) + learned + live],
    ["a subtree filter", "running", subtree(top("<name/>")), top("<name>x</name>")],
    [
      "an XPath filter",
      "running",
      `<xpath-filter xmlns:l="urn:lab">/l:top/l:name</xpath-filter>`,
      top("<name>x</name>"),
    ],
    ["no filter", "running", "", top(`<name>x</name>${item}`)],
    [
      "with-defaults",
      "running",
      `${subtree(top("<dflt/>"))}<with-defaults>report-all</with-defaults>`,
      top("<dflt>7</dflt>"),
    ],
    [
      "configuration alone",
      "operational",
      `${all}<config-filter>true</config-filter>`,
      top(defaults) + learned,
    ],
    ["state alone", "operational", `${all}<config-filter>false</config-filter>`, live],
    ["one level", "running", `${all}<max-depth>1</max-depth>`, top("")],
    [
      "two levels, keys with them",
      "running",
      `${all}<max-depth>2</max-depth>`,
      top("<name>x</name><item><id>a</id></item>"),
    ],
    [
      "levels are those of what a filter selects: what it matches is there too",
      "running",
      `${subtree(top("<item><inner><a>1</a></inner></item>"))}<max-depth>1</max-depth>`,
      top("<item><id>a</id><inner><a>1</a></inner></item>"),
    ],
    [
      "one level of each entry",
      "running",
      `${subtree(top("<item/>"))}<max-depth>1</max-depth>`,
      top("<item><id>a</id></item>"),
    ],
    [
      "one level of each entry, by XPath",
      "running",
      `<xpath-filter>/lab:top/lab:item</xpath-filter><max-depth>1</max-depth>`,
      top("<item><id>a</id></item>"),
    ],
    [
      "one level of a node and another below it",
      "running",
      `<xpath-filter>/lab:top/lab:item | //lab:a</xpath-filter><max-depth>1</max-depth>`,
      top("<item><id>a</id><inner><a>1</a></inner></item>"),
    ],
    [
      "one level from the root on",
      "running",
      `<xpath-filter>/</xpath-filter><max-depth>1</max-depth>`,
      top(""),
    ],
    [
      "unbounded",
      "running",
      `${all}<max-depth>unbounded</max-depth>`,
      top(`<name>x</name>${item}`),
    ],
    [
      "origins",
      "operational",
      `${subtree(`${top("<name/><dflt/>")}<live xmlns="urn:lab"/><other xmlns="urn:lab"/>`)}<with-origin/>`,
      `<top xmlns="urn:lab"${origin("intended")}><name>x</name><dflt${origin("default")}>7</dflt></top>` +
        `<other xmlns="urn:lab"${origin("system")}><note>learned</note></other>${live}`,
    ],
    [
      "an origin",
      "operational",
      `${subtree(top(""))}<origin-filter>or:default</origin-filter>`,
      top(`<dflt>7</dflt><item><id>a</id>${SIZE}</item>`),
    ],
    [
      "no such origin",
      "operational",
      `${subtree(`<other xmlns="urn:lab"/>`)}<origin-filter>or:intended</origin-filter>`,
      "",
    ],
    [
      "all but an origin",
      "operational",
      `${subtree(top(""))}<negated-origin-filter>or:default</negated-origin-filter><negated-origin-filter>or:system</negated-origin-filter>`,
      top(`<name>x</name>${item}`),
    ],
  ];
  test.each(table)("%s", (_, datastore, inner, shown) => {
    expect(getData(withState().open(), datastore, inner)).toBe(data(shown));
  });

  const refused: readonly (readonly [string, string, string, Partial<Fault>])[] = [
    ["another datastore", "nowhere", "", { tag: "invalid-value" }],
    [
      "two filters",
      "running",
      `${subtree("")}<xpath-filter>/</xpath-filter>`,
      { tag: "bad-element" },
    ],
    ["origins elsewhere", "running", "<with-origin/>", { tag: "invalid-value" }],
    [
      "no identity of an origin",
      "operational",
      "<origin-filter>or:bogus</origin-filter>",
      { tag: "invalid-value", info: "<bad-element>origin-filter</bad-element>" },
    ],
    [
      "an origin of another module",
      "operational",
      "<origin-filter>ds:intended</origin-filter>",
      { tag: "invalid-value", info: "<bad-element>origin-filter</bad-element>" },
    ],
    [
      "both kinds of origin filters",
      "operational",
      "<origin-filter>or:intended</origin-filter><negated-origin-filter>or:default</negated-origin-filter>",
      { tag: "bad-element", info: "<bad-element>negated-origin-filter</bad-element>" },
    ],
    [
      "an expression that selects no nodes",
      "running",
      "<xpath-filter>count(/lab:top)</xpath-filter>",
      { tag: "invalid-value", info: "<bad-element>xpath-filter</bad-element>" },
    ],
    ["no depth", "running", "<max-depth>0</max-depth>", { tag: "invalid-value" }],
  ];
  test.each(refused)("%s is refused", (_, datastore, inner, fault) => {
    expect(faultsOf(getData(new World().open(), datastore, inner))).toMatchObject([fault]);
  });

  test("an undeclared prefix names no datastore", () => {
    const reply = new World()
      .open()
      .rpc(`<get-data xmlns="${NMDA}"><datastore>ds:running</datastore></get-data>`);
    expect(faultsOf(reply)).toMatchObject([{ tag: "invalid-value" }]);
  });
});

describe("edit-data and the identities of datastores", () => {
  const named = (operation: string, where: string, datastore: string): string =>
    `<${operation}><${where}><datastore xmlns="${NMDA}" xmlns:ds="${DS}">ds:${datastore}</datastore></${where}></${operation}>`;

  test("edits candidate and running, nothing else", () => {
    const manager = new World().open();
    const edit = (datastore: string): string =>
      manager.rpc(
        `<edit-data xmlns="${NMDA}" xmlns:ds="${DS}"><datastore>ds:${datastore}</datastore>` +
          `<config>${top("<name>x</name>")}</config></edit-data>`,
      );
    expect(edit("candidate")).toBe("<ok/>");
    expect(getData(manager, "candidate")).toBe(data(top("<name>x</name>")));
    expect(getData(manager, "running")).toBe(data(""));
    expect(edit("running")).toBe("<ok/>");
    expect(getData(manager, "running")).toBe(data(top("<name>x</name>")));
    expect(faultsOf(edit("operational"))).toMatchObject([{ tag: "invalid-value" }]);
  });

  test("lock, unlock and validate take a datastore by its identity", () => {
    const manager = new World().open();
    expect(manager.rpc(named("lock", "target", "candidate"))).toBe("<ok/>");
    expect(manager.rpc(named("unlock", "target", "candidate"))).toBe("<ok/>");
    expect(manager.rpc(named("validate", "source", "running"))).toBe("<ok/>");
    expect(faultsOf(manager.rpc(named("lock", "target", "operational")))).toMatchObject([
      { tag: "invalid-value" },
    ]);
    expect(faultsOf(manager.rpc(named("get-config", "source", "running")))).toMatchObject([
      { tag: "unknown-element" },
    ]);
  });
});
