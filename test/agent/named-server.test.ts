import { expect, test } from "vitest";
import { config, master } from "../interop/procedure.ts";
import { World } from "./world.ts";

// From the bytes of a commit to the clock and back to <get>, with a name between.

const server = "192.0.2.21";
const named =
  "<nd:named-server><nd:name>ntp.example.net</nd:name><nd:iburst>true</nd:iburst></nd:named-server>";
const asked =
  '<get><filter><ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp">' +
  '<named-server xmlns="urn:ntpconfd:yang:ntp"/></ntp></filter></get>';

test("a commit waits for no name; what the name comes to is shown, and gives time", () => {
  const world = new World();
  world.host({ address: server }).session().apply(config(master));
  const client = world.host({ address: "192.0.2.10", offset: 0.5, ppm: 40 });
  const session = client.session();
  expect(session.apply(config(named))).toContain("<ok/>");
  const [question] = client.questions;
  expect(question).toMatchObject({ name: "ntp.example.net", family: 0 });
  if (question === undefined) return;
  expect(session.rpc(asked)).toContain("<name>ntp.example.net</name>");
  const answer = (query: number, addresses: readonly string[], failure?: string): void => {
    const { name } = question;
    client.perform(
      client.agent.handle({
        kind: "name-resolved",
        at: world.now,
        answer: { query, name, addresses, failure },
      }),
    );
  };
  answer(question.query, [], "no server of names answers");
  expect(session.rpc(asked)).toContain(
    "<last-failure>no server of names answers</last-failure><last-failure-time>",
  );
  expect(client.log.join("\n")).toContain("ntp.example.net cannot be found");
  expect(world.run(5, () => client.questions.length === 2)).toBe(true);
  answer(client.questions[1]?.query ?? 0, [server]);
  expect(world.run(60, () => client.ask().synchronized)).toBe(true);
  expect(session.rpc(asked)).toContain(`<address>${server}</address><resolved-time>`);
});
