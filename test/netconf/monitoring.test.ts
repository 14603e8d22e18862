import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { labModule } from "./lab.yang.ts";
import {
  acceptance,
  faultsOf,
  hasAcceptance,
  helloOf,
  type Manager,
  schemaOf,
  top,
  World,
} from "./world.ts";

const MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
const LIBRARY = "urn:ietf:params:xml:ns:yang:ietf-yang-library";

function get(manager: Manager, filter: string): string {
  const reply = manager.rpc(`<get><filter>${filter}</filter></get>`);
  expect(reply).toMatch(/^<data>.*<\/data>$/);
  return reply.slice("<data>".length, -"</data>".length);
}

function state(manager: Manager, inner: string): string {
  return get(manager, `<netconf-state xmlns="${MONITORING}">${inner}</netconf-state>`);
}

function all(text: string, name: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, "g"))].map(
    ([, value = ""]) => value,
  );
}

describe("netconf-state (RFC 6022)", () => {
  test("capabilities are those of the hello", () => {
    const manager = new World().open();
    const told = all(manager.messages[0] ?? "", "capability");
    expect(all(state(manager, "<capabilities/>"), "capability")).toEqual(told.toSorted());
  });

  test("datastores and who locks them", () => {
    const world = new World();
    const manager = world.open();
    world.pass(5);
    manager.rpc("<lock><target><candidate/></target></lock>");
    world.pass(5);
    expect(state(manager, "<datastores/>")).toContain(
      "<datastore><name>candidate</name><locks><global-lock>" +
        `<locked-by-session>1</locked-by-session><locked-time>1970-01-01T00:00:05.000Z</locked-time>` +
        "</global-lock></locks></datastore>",
    );
    manager.rpc("<unlock><target><candidate/></target></unlock>");
    expect(state(manager, "<datastores/>")).not.toContain("lock");
    expect(all(state(manager, "<datastores/>"), "name").toSorted()).toEqual([
      "candidate",
      "running",
      "startup",
    ]);
  });

  test("sessions: who, from where, since when", () => {
    const world = new World();
    const manager = world.open();
    world.connect();
    world.pass(3);
    world.open({ user: "carol", host: "::1" });
    const sessions = state(manager, "<sessions/>");
    expect(all(sessions, "session-id")).toEqual(["1", "3"]);
    expect(all(sessions, "transport")).toEqual(["netconf-ssh", "netconf-ssh"]);
    expect(all(sessions, "username")).toEqual(["admin", "carol"]);
    expect(all(sessions, "source-host")).toEqual(["127.0.0.1", "::1"]);
    expect(all(sessions, "login-time")[1]).toBe("1970-01-01T00:00:03.000Z");
  });

  test("the counters move as the RFC says", () => {
    const world = new World({ limits: { idleTimeout: 100, helloTimeout: 10 } });
    const manager = world.open();
    const counters = (): Readonly<Record<string, number>> =>
      Object.fromEntries(
        [
          ...state(manager, "<statistics/>").matchAll(/<((?:in|out|dropped)-[a-z-]+)>([0-9]+)</g),
        ].map(([, name = "", value]) => [name, Number(value)]),
      );
    expect(counters()).toEqual({
      "in-bad-hellos": 0,
      "in-sessions": 1,
      "dropped-sessions": 0,
      "in-rpcs": 1,
      "in-bad-rpcs": 0,
      "out-rpc-errors": 0,
      "out-notifications": 0,
    });
    manager.message("<rpc");
    manager.message(`<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><get/></rpc>`);
    manager.rpc("<nonsense/>");
    world.connect().write(`${helloOf([])}]]>]]>`);
    world.open().write("x");
    world.open().rpc("<close-session/>");
    const killed = world.open();
    manager.rpc(`<kill-session><session-id>${killed.id}</session-id></kill-session>`);
    expect(counters()).toEqual({
      "in-bad-hellos": 1,
      "in-sessions": 5,
      "dropped-sessions": 1,
      "in-rpcs": 5,
      "in-bad-rpcs": 2,
      "out-rpc-errors": 3,
      "out-notifications": 0,
    });
    const own = state(manager, "<sessions/>");
    expect([all(own, "in-rpcs"), all(own, "in-bad-rpcs"), all(own, "out-rpc-errors")]).toEqual([
      ["5"],
      ["2"],
      ["3"],
    ]);
  });

  test("every schema that is listed can be had, to the byte", () => {
    const world = new World();
    const manager = world.open();
    const listed = state(manager, "<schemas/>");
    const names = all(listed, "identifier");
    const versions = all(listed, "version");
    expect(names).toContain("lab");
    for (const [i, name] of names.entries()) {
      const reply = getSchema(manager, name, versions[i] ?? "");
      const text = unescaped(
        reply.replace(`<data xmlns="${MONITORING}">`, "").replace("</data>", ""),
      );
      const module = world.schema.modules.find((one) => one.name === name);
      expect(text).toBe(name === "lab" ? labModule : module?.text);
    }
  });

  test("what cannot be had is told", () => {
    const manager = new World().open();
    expect(faultsOf(getSchema(manager, "nothing", ""))).toMatchObject([{ tag: "invalid-value" }]);
    expect(faultsOf(getSchema(manager, "lab", "1999-01-01"))).toMatchObject([
      { tag: "invalid-value" },
    ]);
    expect(faultsOf(manager.rpc(`<get-schema xmlns="${MONITORING}"/>`))).toMatchObject([
      { tag: "missing-element", info: "<bad-element>identifier</bad-element>" },
    ]);
    expect(
      faultsOf(
        manager.rpc(
          `<get-schema xmlns="${MONITORING}"><identifier>lab</identifier><format>xsd</format></get-schema>`,
        ),
      ),
    ).toMatchObject([{ tag: "invalid-value" }]);
  });

  test("several revisions and none named: operation-failed, data-not-unique", () => {
    const schema = schemaOf("lab");
    const module = schema.modules.find(({ name }) => name === "lab");
    if (module === undefined) throw new Error("no module");
    const older = { ...module, revision: "2020-01-01", implemented: false };
    const world = new World({ schema: { ...schema, modules: [...schema.modules, older] } });
    const manager = world.open();
    expect(
      faultsOf(
        manager.rpc(`<get-schema xmlns="${MONITORING}"><identifier>lab</identifier></get-schema>`),
      ),
    ).toMatchObject([{ tag: "operation-failed", appTag: "data-not-unique" }]);
    expect(getSchema(manager, "lab", "2020-01-01")).toContain("module lab");
  });
});

test.skipIf(!hasAcceptance)("submodules are schemas too, their text to the byte", () => {
  const manager = new World({ schema: schemaOf("acc-test") }).open();
  expect(all(state(manager, "<schemas/>"), "identifier")).toContain("acc-test-sub");
  const reply = getSchema(manager, "acc-test-sub", "2026-01-01");
  const text = unescaped(reply.replace(`<data xmlns="${MONITORING}">`, "").replace("</data>", ""));
  expect(text).toBe(readFileSync(resolve(acceptance, "acc-test-sub.yang"), "utf8"));
  expect(text).toContain("é");
  expect(reply).toContain("&#233;");
  const library = `<yang-library xmlns="${LIBRARY}"><module-set><module><name>acc-test</name></module></module-set></yang-library>`;
  expect(get(manager, library)).toContain("<submodule><name>acc-test-sub</name>");
});

function getSchema(manager: Manager, identifier: string, version: string): string {
  const more = version === "" ? "" : `<version>${version}</version>`;
  return manager.rpc(
    `<get-schema xmlns="${MONITORING}"><identifier>${identifier}</identifier>${more}</get-schema>`,
  );
}

function unescaped(text: string): string {
  return text
    .replace(/&#([0-9]+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

describe("the YANG library (RFC 8525, RFC 7895)", () => {
  const module = (manager: Manager, name: string): string =>
    get(
      manager,
      `<yang-library xmlns="${LIBRARY}"><module-set><module><name>${name}</name></module></module-set></yang-library>`,
    );

  test("has every module with features and deviations, and every datastore", () => {
    const world = new World();
    const manager = world.open();
    expect(module(manager, "lab")).toContain(
      "<module><name>lab</name><revision>2026-01-01</revision><namespace>urn:lab</namespace><feature>on</feature></module>",
    );
    const library = get(manager, `<yang-library xmlns="${LIBRARY}"/>`);
    for (const { name } of world.schema.modules) expect(library).toContain(`<name>${name}</name>`);
    for (const name of ["running", "candidate", "startup", "operational"]) {
      expect(library).toMatch(
        new RegExp(
          `<datastore><name xmlns:[a-z-]+="[^"]+">[a-z-]+:${name}</name><schema>all</schema>`,
        ),
      );
    }
    const old = get(
      manager,
      `<modules-state xmlns="${LIBRARY}"><module><name>lab</name></module></modules-state>`,
    );
    expect(old).toContain("<feature>on</feature><conformance-type>implement</conformance-type>");
  });

  test("the content-id is that of the hello, and another one for other modules", () => {
    const idOf = (...names: readonly string[]): string => {
      const manager = new World({ schema: schemaOf(...names) }).open();
      const hello = manager.messages[0] ?? "";
      const told = /content-id=([0-9a-f]+)/.exec(hello)?.[1] ?? "none";
      expect(hello).toContain(`module-set-id=${told}<`);
      expect(
        get(manager, `<yang-library xmlns="${LIBRARY}"><content-id/></yang-library>`),
      ).toContain(`<content-id>${told}</content-id>`);
      return told;
    };
    expect(idOf("lab")).toBe(idOf("lab"));
    expect(idOf("lab")).not.toBe(idOf("lab", "twin"));
  });
});

test("state of other rooms is merged with running", () => {
  const world: World = new World({
    operational: () => {
      const live = world.schema.dataChildren.find(({ name }) => name === "live");
      const [ticks] = live?.kind === "container" ? live.dataChildren : [];
      if (live?.kind !== "container" || ticks?.kind !== "leaf") throw new Error("no state");
      const leaf = { kind: "leaf", schema: ticks, value: "7", type: ticks.type } as const;
      const container = { kind: "container", schema: live, children: [leaf] } as const;
      return { kind: "tree", schema: undefined, children: [container] };
    },
  });
  const manager = world.open();
  manager.put("<name>x</name>");
  const live = `<live xmlns="urn:lab"><ticks>7</ticks></live>`;
  expect(get(manager, `${top("")}<live xmlns="urn:lab"/>`)).toBe(top("<name>x</name>") + live);
  expect(manager.rpc("<get-config><source><running/></source></get-config>")).not.toContain("live");
});
