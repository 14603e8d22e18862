import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../src/cli/lab.ts";
import { isSynchronized, Network, type RunningAgent, within } from "./agents.ts";
import { peer, run } from "./peers.ts";
import { config, master } from "./procedure.ts";

// ntpq of ntpsec looks at our associations, over IPv4 and IPv6: those who may, and nobody else.

const ntpq = peer("ntpq");

describe.skipIf(ntpq === undefined)("ntpq", () => {
  let network: Network;
  let server: RunningAgent;
  let client: RunningAgent;
  let stranger: LabHost;

  beforeAll(async () => {
    network = new Network();
    server = await network.agent("server");
    client = await network.agent("client");
    stranger = await network.host("stranger");
    await server.netconf.configure(config(master));
    const unicast =
      `<unicast-configuration><address>${server.host.ipv4}</address><type>uc-server</type>` +
      "<minpoll>3</minpoll><iburst>true</iburst></unicast-configuration>";
    const queries =
      '<server xmlns="urn:ntpconfd:yang:ntp"><control-queries-enabled>true' +
      "</control-queries-enabled></server>";
    await client.netconf.configure(config(unicast, queries));
    expect(await within(30, () => isSynchronized(client))).toBe(true);
  });

  afterAll(async () => {
    await network.close();
  });

  async function ask(from: LabHost, ...args: readonly string[]): Promise<string> {
    const inside = ["-t", String(from.holder.pid), "-n", ntpq ?? ""];
    const { output } = await run("nsenter", [...inside, "-n", ...args], { seconds: 30 });
    return output;
  }

  for (const where of ["127.0.0.1", "::1"]) {
    test(`-p shows the server that the clock follows, over ${where}`, async () => {
      const shown = await ask(client.host, "-p", where);
      const row = shown.split("\n").find((line) => line.startsWith("*"));
      const [remote, refid, stratum, type, , , reach] = row?.slice(1).trim().split(/\s+/) ?? [];
      expect([remote, refid, stratum, type]).toEqual([server.host.ipv4, "127.127.1.0", "3", "u"]);
      expect(Number.parseInt(reach ?? "0", 8)).toBeGreaterThan(0);
    });
  }

  test("-c rv shows the system's variables, and those of each peer", async () => {
    const system = await ask(client.host, "-c", "rv", "127.0.0.1");
    expect(system).toContain("sync_ntp");
    expect(system).toMatch(/stratum=4,/);
    expect(system).toContain(`refid=${server.host.ipv4}`);
    const variables = await ask(client.host, "-c", "as", "-c", "rv &1", "127.0.0.1");
    expect(variables).toMatch(/yes\s+yes\s+none\s+sys\.peer/);
    expect(variables).toContain(`srcadr=${server.host.ipv4}`);
    expect(variables).toMatch(/filtdelay/);
    expect(variables).not.toContain("Traceback");
  });

  test("nobody else is answered", async () => {
    const shown = await ask(stranger, "-c", "timeout 500", "-c", "rv", client.host.ipv4);
    expect(shown).toMatch(/timed out/i);
  });
});
