import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, afterEach, expect, test } from "vitest";
import { withAgent } from "../../src/cli/agent-session.ts";
import { CallFault } from "../../src/cli/call-fault.ts";
import { cliCommand } from "../../src/cli/cli.ts";

// Agents that go away, or are none: whoever calls is told so in one line.

const directory = mkdtempSync(join(tmpdir(), "ntpconfd-lost-agent-"));
const passwordFile = join(directory, "password");
writeFileSync(passwordFile, "Lost-Agent-Pass-1!\n");
afterAll(() => rmSync(directory, { recursive: true }));

const { private: hostKey } = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
const main = join(import.meta.dirname, "../../dist/main.js");
const base = "urn:ietf:params:xml:ns:netconf:base:1.0";
const helloOf = (version: string): string =>
  `<hello xmlns="${base}"><capabilities><capability>urn:ietf:params:netconf:base:${version}` +
  "</capability></capabilities><session-id>1</session-id></hello>]]>]]>";

type Behaviour = (connection: ssh2.Connection) => void;

/** Lets everybody in, and opens the channel of a session. */
function opening(attend: (channel: ssh2.ServerChannel) => void): Behaviour {
  return (connection) => {
    connection.on("authentication", (attempt) => attempt.accept());
    connection.on("session", (accept) => {
      const session = accept();
      session.on("subsystem", (open) => attend(open()));
      session.on("exec", (open) => attend(open()));
    });
  };
}

/** Says hello, and answers the first message so. */
function answering(answer: (channel: ssh2.ServerChannel) => void): Behaviour {
  return opening((channel) => {
    let heard = "";
    channel.write(helloOf("1.1"));
    channel.on("data", (bytes: Buffer) => {
      heard += bytes.toString();
      if (!heard.includes("</rpc>")) return;
      heard = "";
      answer(channel);
    });
  });
}

const framed = (text: string): string => `\n#${text.length}\n${text}\n##\n`;

const servers: ssh2.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function agentThat(behave: Behaviour): Promise<{ host: string; port: number }> {
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connection.on("error", () => undefined);
    behave(connection);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return { host: "127.0.0.1", port };
}

const fault = (error: unknown): unknown => error;

async function wordsFor(behave: Behaviour) {
  const netconf = await agentThat(behave);
  return { netconf, user: "admin", passwordFile, knownHosts: "/dev/null" };
}

function expectFault(error: unknown, message: string): void {
  expect(error).toBeInstanceOf(CallFault);
  const line = expect.stringMatching(/^127\.0\.0\.1:\d+: [^\n]*$/);
  expect(error).toMatchObject({ status: 2, message: line });
  expect(String(error)).toMatch(new RegExp(message));
}

const refused = "Unable to exec";
/** By what was under way when its end came. */
const gone = "No response from server|Not connected|the agent closed the connection";
test.each<readonly [string, Behaviour, string, string | undefined]>([
  [
    "ends while somebody logs in",
    (connection) => connection.on("authentication", () => connection.end()),
    "the agent closed the connection",
    "the agent closed the connection",
  ],
  [
    "ends when somebody has logged in",
    (connection) => {
      connection.on("authentication", (attempt) => attempt.accept());
      connection.on("ready", () => connection.end());
    },
    gone,
    gone,
  ],
  [
    "has no such service",
    (connection) => {
      connection.on("authentication", (attempt) => attempt.accept());
      connection.on("session", (accept) => {
        accept().on("subsystem", (_open, reject) => reject());
      });
    },
    "Unable to start subsystem: netconf",
    refused,
  ],
  [
    "ends the session before its hello",
    opening((channel) => channel.end()),
    "the agent closed the session",
    "the agent closed the session",
  ],
  [
    "says no hello",
    opening((channel) => channel.end("junk ]]>]]>")),
    "no NETCONF agent",
    undefined,
  ],
  [
    "speaks base:1.0 alone",
    opening((channel) => channel.end(helloOf("1.0"))),
    "the agent does not speak urn:ietf:params:netconf:base:1.1",
    undefined,
  ],
  [
    "ends instead of an answer",
    answering((channel) => channel.end()),
    "the agent closed the session",
    undefined,
  ],
  [
    "breaks the framing",
    answering((channel) => channel.write("nonsense")),
    "the agent's framing is broken",
    undefined,
  ],
  [
    "answers what is no XML",
    answering((channel) => channel.write(framed("<rpc-reply>"))),
    "the agent's reply is not XML",
    undefined,
  ],
])("an agent that %s", async (_, behave, status, cli) => {
  const words = await wordsFor(behave);
  const asked = withAgent(words, ({ client }) => client.rpc("<get/>"));
  expectFault(await asked.catch(fault), status);
  if (cli !== undefined) expectFault(await cliCommand(words, ["display clock"]).catch(fault), cli);
});

test("status --watch tells that its agent has gone meanwhile", async () => {
  const reply = framed(`<rpc-reply xmlns="${base}"><data/></rpc-reply>`);
  const { netconf } = await wordsFor(answering((channel) => channel.end(reply)));
  const login = ["--netconf", `127.0.0.1:${netconf.port}`, "--password-file", passwordFile];
  const words = [main, "status", "--watch", "1", ...login, "--known-hosts", "/dev/null"];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  const [code] = await once(child, "close");
  expect(said).toMatch(/^ntpconfd: 127\.0\.0\.1:\d+: the agent closed the session\n$/);
  expect(code).toBe(2);
});
