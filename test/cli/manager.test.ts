import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agentSchema } from "../../src/cli/agent-schema.ts";
import {
  type Agent,
  deletePath,
  differences,
  editFile,
  getLines,
  hasChanges,
  setValue,
} from "../../src/cli/configuration.ts";
import { firstLine } from "../../src/cli/lab.ts";
import { NetconfClient } from "../../src/cli/netconf-client.ts";

// get, set, edit and diff against the program as it was built.

const main = join(import.meta.dirname, "../../dist/main.js");
const directory = mkdtempSync(join(tmpdir(), "ntpconfd-manager-"));
const keys = "/ntp/authentication/authentication-keys";
const password = "Manager-Pass-1!";
let place = "";
let agent: ChildProcess;
let client: NetconfClient;
let session: Agent;

beforeAll(async () => {
  const file = join(directory, "password");
  writeFileSync(file, `${password}\n`);
  const where = ["--state-dir", join(directory, "state"), "--netconf", "127.0.0.1:0"];
  const options = ["--password-file", file, "--log-level", "error"];
  agent = spawn(process.execPath, [main, "serve", ...where, ...options]);
  const port = Number(/netconf=.*:(\d+)/.exec(await firstLine(agent))?.[1]);
  const login = { host: "127.0.0.1", port, user: "admin", password };
  place = `127.0.0.1:${port}`;
  client = await NetconfClient.connect(login);
  const schema = await agentSchema(client);
  session = { client, schema: () => Promise.resolve(schema) };
});

afterAll(async () => {
  await client.close();
  // It writes there to its end.
  const ended = once(agent, "exit");
  agent.kill();
  await ended;
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  await client.rpc("<discard-changes/>");
});

const pending = (): Promise<readonly string[]> => differences(session, "running", "candidate");

describe("set", () => {
  test("goes into the candidate, secrets unseen in what is said of it", async () => {
    expect(await setValue(session, "/ntp/port", "11997")).toBe("/ietf-ntp:ntp/port 11997");
    await setValue(session, `${keys}[10]/algorithm`, "hmac-sha256");
    const said = await setValue(session, `${keys}[keyid='10']/key/keystring`, "A-Secret-of-2026!");
    expect(said).toBe("/ietf-ntp:ntp/authentication/authentication-keys[keyid='10']/key/keystring");
    expect(await pending()).toEqual([
      "+ /ietf-ntp:ntp",
      "+   port  11997",
      "+   authentication",
      "+     authentication-keys 10",
      "+       algorithm  ntpconfd-ntp:hmac-sha256",
      "+       key",
      "+         keystring  (secret)",
    ]);
    expect(await hasChanges(session)).toBe(true);
  });

  test.each<[string, string | undefined, string]>([
    ["/ntp/prot", "1", 'there is no "prot" in /ietf-ntp:ntp: did you mean "port"?'],
    ["/ntp/port", "99", "port: 99 is not in the range 123 | 1024..65535"],
    ["/ntp/port", undefined, "/ietf-ntp:ntp/port wants a value"],
    ["/ntp/port/x", "1", "/ietf-ntp:ntp/port is a leaf: nothing is below it"],
    ["/ntp", "1", "/ietf-ntp:ntp is a container: it has no value"],
    ["/ntp/clock-state", undefined, "/ietf-ntp:ntp/clock-state is state: it cannot be set"],
    [`${keys}[10]/algorithm`, "hmac-sha265", 'did you mean "hmac-sha256"?'],
    [`${keys}/istrusted`, "true", "which entry of authentication-keys is meant?"],
    ["/ntp/unicast-configuration[address=1.2.3.4]", undefined, "[address=…][type=…]"],
    [`${keys}[keyid=0]/istrusted`, "true", "keyid: 0 is not in the range"],
    [
      "/ntp/interfaces/interface[name=lo]/manycast-client[192.0.2.1]/ttl",
      "1",
      '"192.0.2.1" is no multicast group (224.0.0.0/4, ff00::/8)',
    ],
    [
      "/ntp/unicast-configuration[address=1.2.3][type=uc-server]/minpoll",
      "4",
      '"1.2.3" is no IPv4 or IPv6 address',
    ],
    ["/ntp port", "1", "a slash stands between two"],
    ["", "1", "a path is wanted"],
  ])("%s %s is refused, and nothing changes", async (path, value, message) => {
    await expect(setValue(session, path, value)).rejects.toThrow(message);
    expect(await pending()).toEqual([]);
  });
});

test("delete takes away what is there, and refuses what is not", async () => {
  await setValue(session, "/ntp/refclock-master", undefined);
  await expect(deletePath(session, "/ntp/port")).rejects.toThrow("cannot be deleted");
  expect(await deletePath(session, "/ntp/refclock-master")).toBe("/ietf-ntp:ntp/refclock-master");
  await deletePath(session, "/ntp");
  expect(await hasChanges(session)).toBe(false);
});

describe("edit", () => {
  const file = join(directory, "change");
  const json = '{"ietf-ntp:ntp":{"refclock-master":{"master-stratum":4}}}';
  const xml =
    '<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"><refclock-master>' +
    "<master-stratum>4</master-stratum></refclock-master></ntp>";

  test.each([json, xml, `<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">${xml}</config>`])(
    "takes %s",
    async (text) => {
      writeFileSync(file, text);
      await editFile(session, file, "merge");
      expect(await pending()).toContain("+     master-stratum  4");
    },
  );

  test.each([
    [json.replace("4", "17"), "master-stratum: 17 is not in the range 1..16"],
    [json.replace("}}}", "}}"), ":1:57: Expected"],
    [xml.replace("</ntp>", ""), `${file}:1:`],
    [xml.replace("4", "17"), "17 is not in the range 1..16"],
  ])("refuses %s whole", async (text, message) => {
    writeFileSync(file, text);
    await expect(editFile(session, file, "merge")).rejects.toThrow(message);
    expect(await pending()).toEqual([]);
  });
});

describe("get", () => {
  const format = "text";
  const candidate = { source: "candidate", format } as const;

  test("a leaf is its value alone, an identity without the module's own name", async () => {
    const path = "/ntp/clock-state/system-status/clock-state";
    await expect(getLines(session, path, { format })).rejects.toThrow("there is nothing at");
    await setValue(session, `${keys}[10]/algorithm`, "ietf-ntp:md5");
    expect(await getLines(session, `${keys}/algorithm`, candidate)).toEqual(["md5"]);
  });

  test("JSON and XML can be fed back", async () => {
    await setValue(session, `${keys}[7]/algorithm`, "aes-128-cmac");
    const before = await pending();
    for (const format of ["json", "xml"] as const) {
      const lines = await getLines(session, "/ntp", { source: "candidate", format });
      await client.rpc("<discard-changes/>");
      const file = join(directory, format);
      writeFileSync(file, lines.join("\n"));
      await editFile(session, file, "merge");
      expect(await pending()).toEqual(before);
    }
  });
});

describe("what is printed goes to somebody who", () => {
  async function printedTo(
    stdout: "pipe" | number,
    ...words: readonly string[]
  ): Promise<readonly [status: unknown, said: string]> {
    const env = { ...process.env, NTPCONFD_NETCONF: place, NTPCONFD_PASSWORD: password };
    const child = spawn(process.execPath, [main, ...words], {
      env,
      stdio: ["ignore", stdout, "pipe"],
    });
    // Before anything is printed: whatever is, finds the pipe closed.
    child.stdout?.destroy();
    const said = child.stderr === null ? "" : text(child.stderr);
    const [status] = await once(child, "close");
    return [status, await said];
  }

  test.each([
    [["get", "/interfaces"]],
    [["status", "--watch", "1"]],
    [["cli", "-c", "display current-configuration"]],
    [["completion", "bash"]],
  ])("has seen enough: %j ends, and is no failure", async (words) => {
    expect(await printedTo("pipe", ...words)).toEqual([0, ""]);
  });

  test("cannot take it, a full disk say: that is told, and is a failure", async () => {
    const full = openSync("/dev/full", "w");
    const [status, said] = await printedTo(full, "completion", "bash");
    closeSync(full);
    expect(status).toBe(1);
    expect(said).toMatch(/^ntpconfd: cannot print: ENOSPC[^\n]*\n$/);
  });
});
