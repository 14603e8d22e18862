import { expect, test } from "vitest";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";
import { all, below, outlineOf, readIndependently } from "../xml/independent.ts";
import { BASE, type Manager, top, World } from "./world.ts";

// A manager that reads with xml2js: all that this knows of the session it has from that reader.

const NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0";
const odd = `<&> "Zürich" \u{1D54F} ]]>`;
const escaped = odd.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** An operation in; its <rpc-reply> out, as xml2js reads it. */
function ask(manager: Manager, id: string, operation: string) {
  const message = manager.message(`<rpc xmlns="${BASE}" message-id="${id}">${operation}</rpc>`);
  const reply = readIndependently(message);
  expect(reply).toMatchObject({ namespace: BASE, name: "rpc-reply" });
  expect(reply.attributes).toEqual([["", "message-id", id]]);
  return reply;
}

test("a session of every kind of message, read by another reader than ours", () => {
  const world = new World();
  const manager = world.open();
  const hello = readIndependently(manager.messages[0] ?? "");
  expect(below(hello, "session-id").text).toBe(manager.id);
  expect(all(hello, "capability").map(({ text }) => text)).toContain(
    "urn:twin?module=twin&revision=2026-01-02",
  );

  const edit = (config: string): string =>
    `<edit-config><target><candidate/></target><config>${config}</config></edit-config>`;
  const data = top(`<name>${escaped}</name><tag>b</tag><tag> a</tag><nothing/>`);
  for (const operation of [
    `<create-subscription xmlns="${NOTIFICATION}"/>`,
    edit(`${data}<other xmlns="urn:twin"><note>two</note></other>`),
  ]) {
    expect(below(ask(manager, "1", operation), "ok").text).toBe("");
  }
  const read = "<get-config><source><candidate/></source></get-config>";
  const [lab, twin] = below(ask(manager, "2", read), "data").children;
  expect([lab?.namespace, lab?.name, twin?.namespace, twin?.name]).toEqual([
    ...["urn:lab", "top"],
    ...["urn:twin", "other"],
  ]);
  expect(lab?.children.map(({ name, text }) => [name, text])).toEqual([
    ["name", odd],
    ["nothing", ""],
    ["tag", " a"],
    ["tag", "b"],
  ]);

  const refused = ask(manager, "3", edit(top("<num>1000</num><bogus/>")));
  expect(all(refused, "error-tag").map(({ text }) => text)).toEqual([
    "invalid-value",
    "unknown-element",
  ]);
  expect(all(refused, "error-message")[0]?.text).toContain("1000");
  expect(below(refused, "bad-element").text).toBe("bogus");

  const before = manager.messages.length;
  manager.rpc("<commit/>");
  const told = manager.messages.slice(before).map(readIndependently);
  const change = told.find(({ name }) => name === "notification");
  expect(change?.namespace).toBe(NOTIFICATION);
  expect(below(change ?? hello, "username").text).toBe("admin");

  for (const message of manager.messages) {
    const ours = parseXml(message);
    if (isXmlFault(ours)) throw new Error(ours.message);
    expect(outlineOf(ours)).toEqual(readIndependently(message));
  }
});
