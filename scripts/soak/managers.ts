import { setTimeout as delay } from "node:timers/promises";
import { type NetconfClient, Refused } from "../../src/cli/netconf-client.ts";
import type { SeededRandom } from "../../test/random.ts";
import type { AgentProcess } from "../agent-process.ts";

const NTP = "urn:ietf:params:xml:ns:yang:ietf-ntp";
const SYSTEM = "urn:ietf:params:xml:ns:yang:ietf-system";
const NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0";

/** What managers do that read: all of it is answered without an error. */
const reads: readonly string[] = [
  `<get><filter type="subtree"><ntp xmlns="${NTP}"/></filter></get>`,
  "<get-config><source><running/></source></get-config>",
  "<get-config><source><candidate/></source></get-config>",
  `<get><filter type="xpath" xmlns:n="${NTP}" select="/n:ntp/n:clock-state"/></get>`,
  "<validate><source><running/></source></validate>",
  '<get-schema xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">' +
    "<identifier>ietf-ntp</identifier></get-schema>",
  '<get><filter type="subtree"><netconf-state ' +
    'xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"><sessions/></netconf-state></filter></get>',
];

/** What happened so far. */
export interface Tally {
  sessions: number;
  open: number;
  rpcs: number;
  commits: number;
  late: number;
  failures: string[];
}

export interface Managers {
  readonly agent: AgentProcess;
  readonly random: SeededRandom;
  readonly tally: Tally;
  /** True: the end has come. */
  readonly isOver: () => boolean;
}

/** One place for a session: as soon as one is gone the next comes. */
export async function comeAndGo(managers: Managers, meanSeconds: number): Promise<void> {
  const { agent, random, tally, isOver } = managers;
  await delay(random.fraction() * meanSeconds * 500);
  while (!isOver()) {
    try {
      const client = await agent.connect();
      tally.sessions++;
      tally.open++;
      try {
        await session(client, managers, meanSeconds);
      } finally {
        tally.open--;
        client.leave();
      }
    } catch (error) {
      if (isOver()) return;
      tally.failures.push(error instanceof Error ? error.message : String(error));
      await delay(1_000);
    }
  }
}

async function session(client: NetconfClient, managers: Managers, mean: number): Promise<void> {
  const { random, tally, isOver } = managers;
  // One in ten listens and then asks nothing: its events would come between the replies.
  const listens = random.fraction() < 0.1;
  if (listens) await client.rpc(`<create-subscription xmlns="${NOTIFICATION}"/>`);
  const until = performance.now() + random.exponential() * mean * 1_000;
  while (performance.now() < until && !isOver()) {
    if (!listens) {
      await client.rpc(reads[Math.floor(random.fraction() * reads.length)] ?? "");
      tally.rpcs++;
    }
    await delay(1_000 + random.fraction() * 4_000);
  }
  // Half say good-bye, the other half is just gone.
  if (!listens && random.fraction() < 0.5) await client.close();
}

/** Commits at a steady pace, each of them another state of what is configured. */
export async function commitSteadily(managers: Managers, rate: number): Promise<void> {
  const { agent, tally, isOver } = managers;
  const client = await agent.connect();
  const began = performance.now();
  for (let n = 1; !isOver(); n++) {
    try {
      await client.rpc(
        `<edit-config><target><candidate/></target><config>${configOf(n)}</config></edit-config>`,
      );
      await client.rpc("<commit/>");
      tally.commits++;
    } catch (error) {
      if (!(error instanceof Refused) || isOver()) throw error;
      tally.failures.push(error.message);
    }
    const early = began + (n * 1_000) / rate - performance.now();
    if (early > 0) await delay(early);
    else if (early < -1_000 / rate) tally.late++;
  }
  await client.close();
}

/** A key that comes and goes, a server that changes, a word that is always another. */
function configOf(n: number): string {
  const key =
    n % 4 < 2
      ? '<authentication-keys xmlns:nd="urn:ntpconfd:yang:ntp"><keyid>7</keyid><algorithm>nd:hmac-sha256</algorithm>' +
        `<key><keystring>Manycast-Key-${n}!</keystring></key><istrusted>true</istrusted></authentication-keys>`
      : '<authentication-keys xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="remove"><keyid>7</keyid></authentication-keys>';
  return (
    `<system xmlns="${SYSTEM}"><contact>commit ${n}</contact></system>` +
    `<ntp xmlns="${NTP}"><authentication>${key}</authentication><unicast-configuration>` +
    `<address>192.0.2.1</address><type>uc-server</type><minpoll>${4 + (n % 3)}</minpoll>` +
    "</unicast-configuration></ntp>"
  );
}
