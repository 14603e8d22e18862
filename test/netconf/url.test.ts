import { describe, expect, test } from "vitest";
import { type Fault, faultsOf, type Manager, top, World } from "./world.ts";

const get = (source: string): string => `<get-config><source><${source}/></source></get-config>`;
const copy = (source: string, target: string, more = ""): string =>
  `<copy-config><target>${target}</target><source>${source}</source>${more}</copy-config>`;
const url = (name: string): string => `<url>${name}</url>`;
const backup = url("file:///backup.xml");
const running = "<running/>";

function text(world: World, name: string): string {
  return new TextDecoder().decode(world.files.read(name));
}

function put(world: World, name: string, content: string): void {
  world.files.write(name, new TextEncoder().encode(content));
}

function refused(manager: Manager, operation: string): Fault {
  const [fault, ...others] = faultsOf(manager.rpc(operation));
  if (fault === undefined || others.length > 0) throw new Error(`not one fault: ${operation}`);
  return fault;
}

describe("configurations in files (RFC 6241 section 8.8)", () => {
  test("the capability is announced where there is a place for files", () => {
    const uri = "<capability>urn:ietf:params:netconf:capability:url:1.0?scheme=file</capability>";
    expect(new World().open().messages[0]).toContain(uri);
    const without = new World({ hasUrl: false }).open();
    expect(without.messages[0]).not.toContain("capability:url");
    expect(refused(without, copy(running, backup))).toMatchObject({
      tag: "unknown-element",
      info: "<bad-element>url</bad-element>",
    });
  });

  test("what was copied to a file comes back the same, to each datastore", () => {
    const world = new World();
    const manager = world.open();
    manager.put(`<name>a &lt; b &amp; ü</name><tag>x</tag><item><id>1</id></item>`);
    const before = manager.rpc(get("running"));
    expect(manager.rpc(copy(running, backup))).toBe("<ok/>");
    expect(text(world, "backup.xml")).toMatch(/^<config xmlns="[^"]*"><top .*<\/config>\n$/);
    manager.put("<name>other</name><num>5</num>");
    for (const target of ["candidate", "startup", "running"]) {
      expect(manager.rpc(copy(backup, `<${target}/>`))).toBe("<ok/>");
      expect(manager.rpc(get(target))).toBe(before);
    }
    expect(manager.rpc(copy(backup, url("file:///second.xml")))).toBe("<ok/>");
    expect(text(world, "second.xml")).toBe(text(world, "backup.xml"));
    expect(manager.rpc(copy("<config/>", backup))).toBe("<ok/>");
    expect(manager.rpc(copy(backup, "<candidate/>"))).toBe("<ok/>");
    expect(manager.rpc(get("candidate"))).toBe("<data/>");
  });

  test.each([
    "file:///a.xml",
    "file:/a.xml",
    "file:a.xml",
    "FILE://localhost/a.xml",
    " file:///%61.xml\n",
  ])("%j is a.xml", (name) => {
    const world = new World();
    expect(world.open().rpc(copy(running, url(name)))).toBe("<ok/>");
    expect(text(world, "a.xml")).toContain("<config");
  });

  test("defaults are written as with-defaults asks (RFC 6243 section 4.4), and read back", () => {
    const world = new World();
    const manager = world.open();
    manager.put("<dflt>7</dflt><item><id>1</id></item>");
    const mode = (word: string): string =>
      `<with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">${word}</with-defaults>`;
    const written = (word: string): string => {
      expect(manager.rpc(copy(running, backup, mode(word)))).toBe("<ok/>");
      return text(world, "backup.xml");
    };
    expect(written("trim")).not.toContain("dflt");
    expect(written("explicit")).toContain("<dflt>7</dflt><item><id>1</id></item>");
    expect(written("report-all")).toContain("<size>10</size>");
    const before = manager.rpc(get("running"));
    expect(written("report-all-tagged")).toMatch(/<size [^>]*default="true">10<\/size>/);
    expect(manager.rpc(copy(backup, "<candidate/>"))).toBe("<ok/>");
    expect(manager.rpc(get("candidate"))).toBe(before);
  });

  test("an edit from a file does what it would do in the message", () => {
    const world = new World();
    const manager = world.open();
    manager.put("<name>a</name><tag>x</tag>");
    const nc = "urn:ietf:params:xml:ns:netconf:base:1.0";
    const tag = `<tag nc:operation="delete">x</tag>`;
    put(
      world,
      "edit",
      `<config xmlns="${nc}" xmlns:nc="${nc}">${top(`${tag}<num>3</num>`)}</config>`,
    );
    const edit = "<edit-config><target><candidate/></target><url>file:///edit</url></edit-config>";
    expect(manager.rpc(edit)).toBe("<ok/>");
    expect(manager.rpc(get("candidate"))).toContain(top("<name>a</name><num>3</num>"));
    expect(faultsOf(manager.rpc(edit))).toMatchObject([{ tag: "data-missing" }]);
    const both = edit.replace("<url>", "<config/><url>");
    expect(refused(manager, both)).toMatchObject({
      tag: "bad-element",
      info: "<bad-element>url</bad-element>",
    });
    const data =
      '<edit-data xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-nmda">' +
      '<datastore xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores">ds:candidate</datastore>' +
      "<url>file:///edit</url></edit-data>";
    expect(faultsOf(manager.rpc(data))).toMatchObject([{ tag: "data-missing" }]);
  });

  test("a file can be validated, and deleted once", () => {
    const world = new World();
    const manager = world.open();
    const validate = `<validate><source>${backup}</source></validate>`;
    const remove = `<delete-config><target>${backup}</target></delete-config>`;
    put(world, "backup.xml", `<config>${top("<name>a</name>")}</config>`);
    expect(manager.rpc(validate)).toBe("<ok/>");
    put(
      world,
      "backup.xml",
      `<config>${top("<limits><low>9</low><high>1</high></limits>")}</config>`,
    );
    expect(refused(manager, validate)).toMatchObject({ appTag: "low-high" });
    expect(manager.rpc(remove)).toBe("<ok/>");
    expect(world.files.read("backup.xml")).toBeUndefined();
    for (const operation of [remove, validate, copy(backup, "<candidate/>")]) {
      expect(refused(manager, operation)).toMatchObject({
        tag: "invalid-value",
        info: "<bad-element>url</bad-element>",
        message: "&lt;url&gt; file:///backup.xml: there is no such file",
      });
    }
  });
});

describe("what no URL reaches", () => {
  const bad: readonly (readonly [string, string])[] = [
    ["file:///../startup", "no folder"],
    ["file:///%2e%2e/startup", "no folder"],
    ["file:///..%2fstartup", "no folder"],
    ["file:///a/b.xml", "no folder"],
    ["file:////etc/passwd", "no folder"],
    ["file:///.hidden", "no dot in front"],
    ["file:///a.new", "is no name of a file here"],
    ["file:///a%00b", "is no name of a file here"],
    ["file:///a%zz", "is no name of a file here"],
    ["file:///", "is no name of a file here"],
    [`file:///${"a".repeat(300)}`, "is no name of a file here"],
    ["file://elsewhere/a.xml", "a file of another host"],
    ["https://example.net/a.xml", 'the scheme "https" is not served'],
    ["backup.xml", "it is no URL"],
    ["", "it is no URL"],
  ];
  test.each(bad)("%j: %s", (name, message) => {
    const world = new World();
    const manager = world.open();
    const fault = { tag: "invalid-value", info: "<bad-element>url</bad-element>" };
    for (const operation of [copy(running, url(name)), copy(url(name), "<candidate/>")]) {
      const refusal = refused(manager, operation);
      expect(refusal).toMatchObject(fault);
      expect(refusal.message).toContain(message);
    }
  });

  test.each([
    ["is not XML", "<config>", "line 1"],
    ["is no configuration", "<other/>", "the element is &lt;other&gt;, not &lt;config&gt;"],
    ["holds an entity", `<!DOCTYPE a [<!ENTITY b "c">]><config>&b;</config>`, "file backup.xml"],
  ])("a file that %s", (_, content, message) => {
    const world = new World();
    put(world, "backup.xml", content);
    const manager = world.open();
    const before = manager.rpc(get("candidate"));
    expect(refused(manager, copy(backup, "<candidate/>")).message).toContain(message);
    expect(manager.rpc(get("candidate"))).toBe(before);
  });

  test("source and target are two", () => {
    const world = new World();
    const manager = world.open();
    expect(manager.rpc(copy(running, backup))).toBe("<ok/>");
    expect(refused(manager, copy(backup, backup))).toMatchObject({ tag: "invalid-value" });
  });
});

describe("access control (RFC 8341)", () => {
  test("what may not be read is not written; what may not be written is not brought back", () => {
    const world = new World();
    const admin = world.open();
    admin.put("<name>a</name><hidden>secret</hidden>");
    const bob = world.open({ user: "bob" });
    expect(bob.rpc(copy(running, backup))).toBe("<ok/>");
    expect(text(world, "backup.xml")).toContain("<name>a</name>");
    expect(text(world, "backup.xml")).not.toContain("secret");
    expect(admin.rpc(copy(running, backup))).toBe("<ok/>");
    expect(text(world, "backup.xml")).toContain("secret");
    admin.put("<name>b</name>");
    const before = admin.rpc(get("candidate"));
    expect(faultsOf(bob.rpc(copy(backup, "<candidate/>")))[0]).toMatchObject({
      tag: "access-denied",
    });
    expect(admin.rpc(get("candidate"))).toBe(before);
    const remove = `<delete-config><target>${backup}</target></delete-config>`;
    expect(refused(bob, remove)).toMatchObject({ tag: "access-denied" });
    expect(world.files.read("backup.xml")).toBeDefined();
  });
});
