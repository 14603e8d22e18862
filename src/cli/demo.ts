import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endChild, firstLine, insideOwnNamespace, Lab } from "./lab.ts";
import { descend, NetconfClient, textOf } from "./netconf-client.ts";
import { querySntp } from "./sntp.ts";

const USER = "admin";
const PASSWORD = "Demo-Password-1";
const KEY = "Manycast-Key-2026!";
const GROUP = "224.0.1.1";
/** How the client's clock starts out. */
const INITIAL_ERROR = "software:offset=0.5,ppm=40";
const LIMIT_SECONDS = 60;
/** s: the client is shown to follow once it is this near. */
const OFFSET_LIMIT = 0.005;

const IETF_NTP = "urn:ietf:params:xml:ns:yang:ietf-ntp";
const ND = "urn:ntpconfd:yang:ntp";
const IETF_INTERFACES = "urn:ietf:params:xml:ns:yang:ietf-interfaces";
const IANA_IF_TYPE = "urn:ietf:params:xml:ns:yang:iana-if-type";

/** What stands around the two agents of the demo. */
interface Stage {
  readonly interface: string;
  readonly interfaceType: string;
  readonly server: Place;
  readonly client: Place;
  close(): Promise<void>;
}

interface Place {
  /** Where the agent answers NTP, and its NETCONF listener's address. */
  readonly address: string;
  readonly ntpPort: number;
  start(args: readonly string[]): ChildProcess;
}

interface Running {
  readonly netconf: NetconfClient;
  readonly place: Place;
}

/**
 * `ntpconfd demo`: a manycast server and a manycast client, configured over NETCONF, until the
 * client
 * follows. Gives the exit status: 0 when it did within a minute.
 */
export async function demoCommand(inside: boolean): Promise<number> {
  const words = inside ? undefined : insideOwnNamespace();
  if (words !== undefined) return againInside(words);
  const stage = inside ? await namespaceStage() : loopbackStage();
  const directory = mkdtempSync(join(tmpdir(), "ntpconfd-demo-"));
  const interrupted = new Promise<number>((resolve) => onInterruption(() => resolve(1)));
  try {
    return await Promise.race([play(stage, directory), interrupted]);
  } finally {
    await stage.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The same command once more in a network namespace of its own. */
function againInside(words: readonly string[]): Promise<number> {
  const [command = "", ...args] = words;
  const child = spawn(command, [...args, process.execPath, main(), "demo", "--inside"], {
    stdio: "inherit",
  });
  // From a terminal it hears of it itself; from elsewhere perhaps this process alone.
  onInterruption((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** However often: what is tidied up then is not to be interrupted. */
function onInterruption(act: (signal: NodeJS.Signals) => void): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, act);
}

async function play(stage: Stage, directory: string): Promise<number> {
  title("Two agents, each with its own state, NETCONF over SSH and NTP engine");
  const server = await startAgent(stage.server, join(directory, "server"), []);
  const client = await startAgent(stage.client, join(directory, "client"), [
    "--clock",
    INITIAL_ERROR,
  ]);
  say(`server ${stage.server.address}, client ${stage.client.address}`);
  say(`the client's clock starts half a second and 40 ppm wrong`);

  title("The manycast server, as data over NETCONF");
  await step(server, "interface", interfaceXml(stage));
  await step(server, "authentication-keyid 10 authentication-mode hmac-sha256, reliable", keyXml());
  await step(
    server,
    "refclock-master",
    ntpXml("<refclock-master><master-stratum>5</master-stratum></refclock-master>"),
  );
  await step(
    server,
    `manycast-server ${GROUP}`,
    roleXml(stage, `<manycast-server><address>${GROUP}</address></manycast-server>`),
  );
  await commit(server, stage.server);

  title("The manycast client");
  await step(client, "interface", interfaceXml(stage));
  await step(client, "authentication-keyid 10 authentication-mode hmac-sha256, reliable", keyXml());
  await step(
    client,
    "max-dynamic-sessions 20",
    ntpXml(`<max-dynamic-sessions xmlns="${ND}">20</max-dynamic-sessions>`),
  );
  await step(
    client,
    `manycast-client ${GROUP} authentication-keyid 10 ttl 4`,
    roleXml(stage, manycastClientXml(stage)),
  );
  await commit(client, stage.client);

  title("The clock");
  const reached = await watch(client, stage.client);
  for (const agent of [server, client]) await agent.netconf.close();
  say(
    reached
      ? "synchronized: the client follows the server"
      : `not synchronized within ${LIMIT_SECONDS} s`,
  );
  return reached ? 0 : 1;
}

async function startAgent(
  place: Place,
  directory: string,
  more: readonly string[],
): Promise<Running> {
  const passwordFile = `${directory}.password`;
  writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  const child = place.start([
    ...["serve", "--state-dir", directory, "--netconf", `${place.address}:0`],
    ...["--user", USER, "--password-file", passwordFile, "--log-level", "error", ...more],
  ]);
  child.stderr?.pipe(process.stderr);
  const ready = await firstLine(child);
  const port = Number(/netconf=.*:(\d+)$/.exec(ready)?.[1]);
  const login = { host: place.address, port, user: USER, password: PASSWORD };
  return { netconf: await NetconfClient.connect(login), place };
}

/** One step of the procedure: said as a router's operator types it, sent as data. */
async function step(agent: Running, words: string, config: string): Promise<void> {
  say(`${words.padEnd(70)} edit-config`);
  await agent.netconf.rpc(
    `<edit-config><target><candidate/></target><config>${config}</config></edit-config>`,
  );
}

async function commit(agent: Running, place: Place): Promise<void> {
  if (place.ntpPort !== 123) {
    await step(
      agent,
      `(port ${place.ntpPort}: 123 is not ours to take here)`,
      ntpXml(`<port>${place.ntpPort}</port>`),
    );
  }
  await agent.netconf.rpc("<commit/>");
  say(`${"commit".padEnd(70)} ok`);
}

/**
 * The live line: true once the client says that it is synchronized and a stranger's query agrees.
 */
async function watch(client: Running, place: Place): Promise<boolean> {
  const started = performance.now();
  let good = 0;
  while (performance.now() - started < LIMIT_SECONDS * 1_000 && good < 3) {
    const status = descend(
      await client.netconf.get(`<ntp xmlns="${IETF_NTP}"><clock-state/></ntp>`),
      ["ntp", "clock-state", "system-status"],
    );
    const state = (status && textOf(status, "clock-state"))?.replace(/^.*:/, "") ?? "no state yet";
    const answer = await querySntp(place.address, place.ntpPort);
    const offset = answer === undefined ? "no answer" : `${(answer.offset * 1_000).toFixed(3)} ms`;
    const seconds = ((performance.now() - started) / 1_000).toFixed(0).padStart(3);
    const stratum = (status && textOf(status, "clock-stratum")) ?? "16";
    live(
      `${seconds} s   ${state.padEnd(16)} stratum ${stratum.padStart(2)}   ` +
        `asked from outside: ${offset}`,
    );
    const near = answer?.synchronized === true && Math.abs(answer.offset) < OFFSET_LIMIT;
    good = state === "synchronized" && near ? good + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  if (process.stdout.isTTY) process.stdout.write("\n");
  return good >= 3;
}

async function namespaceStage(): Promise<Stage> {
  const lab = new Lab();
  const place = async (name: string, number: number): Promise<Place> => {
    const host = await lab.host(name, number);
    return {
      address: host.ipv4,
      ntpPort: 123,
      start: (args) => lab.start(host, process.execPath, [main(), ...args]),
    };
  };
  return {
    interface: "eth0",
    interfaceType: "ethernetCsmacd",
    server: await place("server", 21),
    client: await place("client", 10),
    close: () => lab.close(),
  };
}

/**
 * Where no namespace may be made: both agents on this machine's loopback, on ports of their own.
 */
function loopbackStage(): Stage {
  say(
    "This machine lets no network namespace be made: loopback and IPv4 alone, on ports of our own.",
  );
  const children: ChildProcess[] = [];
  const place = (ntpPort: number): Place => ({
    address: "127.0.0.1",
    ntpPort,
    start: (args) => {
      const child = spawn(process.execPath, [main(), ...args], { stdio: ["pipe", "pipe", "pipe"] });
      children.push(child);
      return child;
    },
  });
  return {
    interface: "lo",
    interfaceType: "softwareLoopback",
    server: place(11_123),
    client: place(11_124),
    close: async () => {
      for (const child of children) await endChild(child);
    },
  };
}

function interfaceXml(stage: Stage): string {
  return (
    `<interfaces xmlns="${IETF_INTERFACES}"><interface><name>${stage.interface}</name>` +
    `<type xmlns:t="${IANA_IF_TYPE}">t:${stage.interfaceType}</type></interface></interfaces>`
  );
}

function ntpXml(inner: string): string {
  return `<ntp xmlns="${IETF_NTP}">${inner}</ntp>`;
}

function keyXml(): string {
  return ntpXml(
    "<authentication><auth-enabled>true</auth-enabled><authentication-keys><keyid>10</keyid>" +
      `<algorithm xmlns:nd="${ND}">nd:hmac-sha256</algorithm>` +
      `<key><keystring>${KEY}</keystring></key>` +
      "<istrusted>true</istrusted></authentication-keys></authentication>",
  );
}

function roleXml(stage: Stage, role: string): string {
  return ntpXml(
    `<interfaces><interface><name>${stage.interface}</name>${role}</interface></interfaces>`,
  );
}

function manycastClientXml(stage: Stage): string {
  return (
    `<manycast-client><address>${GROUP}</address>` +
    "<authentication><keyid>10</keyid></authentication><ttl>4</ttl><minpoll>1</minpoll>" +
    `<maxpoll>4</maxpoll><port>${stage.server.ntpPort}</port></manycast-client>`
  );
}

function main(): string {
  return join(import.meta.dirname, "..", "main.js");
}

function title(text: string): void {
  process.stdout.write(`\n${text}\n`);
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}

/** Written over itself on a terminal, a line of its own elsewhere. */
function live(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[2K  ${text}` : `  ${text}\n`);
}
