import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Refused } from "../../src/cli/netconf-client.ts";
import { ended } from "../ended.ts";
import { isSynchronized, Network, pause, within } from "./agents.ts";
import {
  authentication,
  config,
  manycastClient,
  manycastServer,
  master,
  ntp,
  secrets,
} from "./procedure.ts";

// A client of manycast in a network of its own, recorded, and what it did done again.

const network = new Network();
afterAll(() => network.close());

const main = join(import.meta.dirname, "../../dist/main.js");
const group = "224.0.1.1";
const key = authentication({ id: 7, algorithm: "aes-128-cmac", secret: secrets["aes-128-cmac"] });

function replay(file: string, state: string): { status: number | null; stdout: string } {
  const words = [main, "replay", "--state-dir", join(network.directory, state), file];
  return spawnSync(process.execPath, words, { encoding: "utf8" });
}

test("what happened to a real agent happens again", async () => {
  const server = await network.agent("server");
  await server.netconf.configure(config(key, master, manycastServer(group)));
  const file = join(network.directory, "record");
  const clock = "software:offset=0.3,ppm=30";
  const client = await network.agent("client", clock, ["--no-startup", "--record", file]);
  await client.netconf.configure(config(key, manycastClient(group, { key: 7 })));
  expect(await within(30, () => isSynchronized(client))).toBe(true);
  await expect(client.netconf.configure(ntp("<port>99</port>"))).rejects.toThrow(Refused);
  const edit = `<edit-config><target><candidate/></target><config>${ntp("<port>2000</port>")}</config></edit-config>`;
  await client.netconf.rpc(edit);
  await client.netconf.rpc("<commit><confirmed/><confirm-timeout>1</confirm-timeout></commit>");
  await pause(2);
  // While it is still being written, and then to the end.
  expect(replay(file, "client")).toMatchObject({ status: 0 });
  await client.netconf.close();
  await ended(client.process);
  const { status, stdout } = replay(file, "client");
  expect(stdout).toMatch(/^\d{2,} events replayed over \d+\.\d s, all effects as recorded\n$/);
  expect(status).toBe(0);

  const lines = readFileSync(file, "latin1").split("\n");
  const altered = join(network.directory, "altered");
  writeFileSync(altered, lines.with(20, lines[19] ?? "").join("\n"));
  expect(replay(altered, "client")).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^\d+ events .*then line 21 is damaged or altered\n$/),
  });
  expect(replay(file, "server")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("line 1 is sealed under another at-rest key"),
  });
});
