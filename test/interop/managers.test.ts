import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  isSynchronized,
  Network,
  ntpState,
  password,
  type RunningAgent,
  user,
  within,
} from "./agents.ts";
import { peer, python, pythonModule, run } from "./peers.ts";
import { authentication, config, manycastServer, master, secrets } from "./procedure.ts";

// Other people's NETCONF clients do the procedure: ncclient, Ansible, yangcli, OpenSSH.

let network: Network;
let server: RunningAgent;
let client: RunningAgent;

beforeAll(async () => {
  network = new Network();
  server = await network.agent("server");
  client = await network.agent("client", "software:offset=0.5,ppm=40");
  const key = { id: 10, algorithm: "aes-128-cmac", secret: secrets["aes-128-cmac"] } as const;
  await server.netconf.configure(config(master, authentication(key), manycastServer("224.0.1.1")));
});

afterAll(async () => {
  await network.close();
});

const here = import.meta.dirname;

describe.skipIf(pythonModule("ncclient") === undefined)("ncclient", () => {
  test("edits, is refused with a message that helps, validates, commits, reads back", async () => {
    const { status, output } = await run(python, [
      join(here, "ncclient_story.py"),
      ...[server.host.ipv4, String(server.port), user, password],
    ]);
    expect(output).toContain("all as expected");
    expect(status).toBe(0);
  });
});

describe.skipIf(peer("ansible") === undefined)("Ansible's netconf_config", () => {
  test("changes the first time, nothing the second, and the clock follows", async () => {
    const play = async (changed: boolean): Promise<string> => {
      const inventory = join(network.directory, "inventory");
      writeFileSync(
        inventory,
        `[agents]\nagent ansible_host=${client.host.ipv4}\n[agents:vars]\n` +
          `ansible_port=${client.port}\nansible_user=${user}\nansible_password="${password}"\n` +
          "ansible_connection=ansible.netcommon.netconf\nansible_host_key_checking=false\n" +
          `ansible_python_interpreter=${python}\nexpect_changed=${changed}\n`,
      );
      const outcome = await run(
        "ansible-playbook",
        ["-i", inventory, join(here, "ansible/manycast.yml")],
        {
          env: {
            HOME: network.directory,
            ANSIBLE_HOME: join(network.directory, "ansible"),
            ANSIBLE_LOCAL_TEMP: join(network.directory, "ansible-tmp"),
            ANSIBLE_PERSISTENT_CONTROL_PATH_DIR: join(network.directory, "pc"),
            ANSIBLE_HOST_KEY_CHECKING: "False",
            ANSIBLE_NOCOLOR: "1",
          },
        },
      );
      expect(outcome.output).toContain("failed=0");
      expect(outcome.status).toBe(0);
      return outcome.output;
    };
    expect(await play(true)).toMatch(/changed=1/);
    expect(await play(false)).toMatch(/changed=0/);
    expect(await within(60, () => isSynchronized(client))).toBe(true);
  });
});

describe.skipIf(peer("yangcli") === undefined)("yangcli", () => {
  test("connects, reads our modules and the configuration", async () => {
    const { output } = await run(
      "yangcli",
      [
        `--server=${server.host.ipv4}`,
        `--ncport=${server.port}`,
        `--user=${user}`,
        `--password=${password}`,
        "--batch-mode",
        "--run-command=get-config source=running",
      ],
      { env: { HOME: network.directory }, seconds: 60 },
    );
    expect(output).toContain("224.0.1.1");
  });
});

describe.skipIf(peer("ssh") === undefined || peer("sshpass") === undefined)("OpenSSH", () => {
  test("ssh -s HOST netconf: a hello, a reply, the end", async () => {
    const hello =
      '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>' +
      "urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>";
    const rpc = (id: number, inner: string): string =>
      `<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="${id}">${inner}</rpc>]]>]]>`;
    const { status, output } = await run(
      "sshpass",
      [
        ...["-p", password, "ssh", "-p", String(server.port)],
        ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"],
        ...["-s", `${user}@${server.host.ipv4}`, "netconf"],
      ],
      {
        input:
          hello +
          rpc(1, "<get-config><source><running/></source></get-config>") +
          rpc(2, "<close-session/>"),
      },
    );
    expect(output).toContain("224.0.1.1");
    expect(output).toContain('message-id="2"');
    expect(status).toBe(0);
  });
});

test("what they left behind is what was committed", async () => {
  expect((await ntpState(server))?.children.length).toBeGreaterThan(0);
});
