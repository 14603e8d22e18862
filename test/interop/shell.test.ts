import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isSynchronized, Network, password, type RunningAgent, user, within } from "./agents.ts";
import { type Outcome, peer, run } from "./peers.ts";

// The procedure of a router's manual, typed at the command line of two agents through OpenSSH.

const ssh = peer("ssh");
const main = join(import.meta.dirname, "../../dist/main.js");
const secret = "Typed-Secret-Pass9";
const key = `ntp-service authentication-keyid 10 authentication-mode hmac-sha256 cipher ${secret}`;

const directory = mkdtempSync(join(tmpdir(), "ntpconfd-shell-"));
let network: Network;
let server: RunningAgent;
let client: RunningAgent;

beforeAll(async () => {
  network = new Network();
  server = await network.agent("server");
  client = await network.agent("client", "software:offset=0.5,ppm=40");
  const asks = join(directory, "password.sh");
  writeFileSync(asks, `#!/bin/sh\necho '${password}'\n`);
  chmodSync(asks, 0o700);
});

afterAll(async () => {
  await network.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What OpenSSH shows for keys that are typed, or for one command. */
function type(agent: RunningAgent, input: string, ...more: readonly string[]): Promise<Outcome> {
  const options = [
    ...["-o", "StrictHostKeyChecking=no", "-o", `UserKnownHostsFile=${directory}/known`],
    ...["-o", "LogLevel=ERROR", "-o", "PreferredAuthentications=password"],
  ];
  const where = ["-p", String(agent.port), `${user}@${agent.host.ipv4}`];
  return run(ssh ?? "ssh", [...options, ...where, ...more], {
    env: {
      SSH_ASKPASS: join(directory, "password.sh"),
      SSH_ASKPASS_REQUIRE: "force",
      DISPLAY: "none:0",
    },
    input,
    seconds: 30,
  });
}

describe.skipIf(ssh === undefined)("the command line, through OpenSSH", () => {
  test("the procedure is typed on a terminal, and the client synchronizes", async () => {
    const typed = (...lines: readonly string[]): string =>
      ["system-view", key, ...lines, "commit", "return", "quit", ""].join("\r");
    const atServer = await type(
      server,
      typed("ntp-service refclock-master 3", "interface eth 0", "ntp-service manycast-server"),
      "-tt",
    );
    expect(atServer.output).not.toContain("Error");
    expect(atServer.output).toMatch(/\[\*.*-eth0\]commit/);
    expect(atServer.status).toBe(0);
    const role = "ntp-service manycast-client ttl 3 authentication-keyid 10 minpoll 1";
    const atClient = await type(client, typed("interface eth0", role), "-tt");
    expect(atClient.output).toContain("Authentication is enabled");
    expect(atClient.status).toBe(0);
    expect(await within(60, () => isSynchronized(client))).toBe(true);
  });

  test("one command is carried out, with an exit status", async () => {
    const status = await type(client, "", "display ntp-service status | include clock");
    expect(status.output).toContain(" clock status: synchronized\n");
    expect(status.output).not.toContain("root delay");
    expect(status.status).toBe(0);
    const sessions = await type(client, "", "display ntp-service sessions verbose");
    expect(sessions.output).toContain(` clock source: ${server.host.ipv4}\n`);
    expect(sessions.output).toContain(" authentication: key 10\n");
    const wrong = await type(client, "", "display ntp-service stauts");
    expect(wrong.output).toContain("did you mean status?");
    expect(wrong.status).toBe(1);
  });

  test("a script comes in without a terminal; the configuration shows no key", async () => {
    const script = "display current-configuration\nsystem-view\nntp-service port 99\nquit\nquit\n";
    const { output, status } = await type(client, script);
    expect(output).toContain("interface eth0\n ntp-service manycast-client 224.0.1.1");
    expect(output).toContain("authentication-mode hmac-sha256 cipher $ntpconfd$");
    expect(output).not.toContain(secret);
    expect(output).toContain("Error: Wrong parameter found at '^' position.");
    expect(status).toBe(1);
  });

  test("a terminal completes, helps and remembers", async () => {
    const up = "\x1b[A";
    const keys = `disp\tntp-s\tstatu\t\r${up}\x17sessions\rdisplay ?\x15quit\r`;
    const { output, status } = await type(client, keys, "-tt");
    expect(output).toContain("synchronization state: clock synchronized");
    expect(output).toContain("Total sessions: 1");
    expect(output).toContain("current-configuration  What is running");
    expect(status).toBe(0);
  });
});

test("ntpconfd cli is the same command line", async () => {
  const known = ["--known-hosts", join(directory, "known-agents")];
  const agent = ["--netconf", `${client.host.ipv4}:${client.port}`, "--user", user];
  const where = ["cli", ...agent, ...known];
  const env = { NTPCONFD_PASSWORD: password };
  const command = "display ntp-service status";
  const stranger = await run(process.execPath, [main, ...where, "-c", command], { env });
  expect(stranger.status).toBe(2);
  expect(stranger.output).toContain("host key that is not known here: ssh-ed25519 SHA256:");
  const first = [main, ...where, "--accept-new", "-c", command];
  expect(await run(process.execPath, first, { env })).toMatchObject({ status: 0 });
  const one = await run(process.execPath, [main, ...where, "-c", command], { env });
  expect(one).toMatchObject({ status: 0 });
  expect(one.output).toContain("clock status: synchronized");
  const piped = await run(process.execPath, [main, ...where], { env, input: `${command}\nquit\n` });
  expect(piped.output).toContain("clock status: synchronized");
  // A script's own lines on standard input are not eaten by a command inside it.
  const quoted = [process.execPath, main, ...where, "-c", command].map((word) => `'${word}'`);
  const script = `${quoted.join(" ")}\necho the rest\n`;
  expect((await run("bash", [], { env, input: script })).output).toMatch(/the rest\n$/);
  const refused = await run(process.execPath, [main, ...where], {
    env: { NTPCONFD_PASSWORD: "wrong" },
  });
  expect(refused.status).toBe(2);
});
