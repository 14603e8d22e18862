import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type NetconfClient, textOf } from "../src/cli/netconf-client.ts";
import type { Element } from "../src/xml/index.ts";
import { SeededRandom } from "../test/random.ts";
import { type AgentProcess, startAgent } from "./agent-process.ts";

export interface KillRun {
  readonly times: number;
  readonly seed: number;
  /** True: startup is saved to; false: running is kept at each commit. */
  readonly hasStartup: boolean;
  readonly report?: (line: string) => void;
}

export interface KillFigures {
  readonly kills: number;
  /** Changes of what boots that were acknowledged. */
  readonly acknowledged: number;
  /** Restarts that showed a change whose acknowledgement had not come. */
  readonly unanswered: number;
  /** Restarts that undid a commit that nobody had confirmed. */
  readonly reverted: number;
}

/** So many entries are there, each of the commit that wrote it last. */
const ENTRIES = 20;
const system = "urn:ietf:params:xml:ns:yang:ietf-system";
const interfaces = "urn:ietf:params:xml:ns:yang:ietf-interfaces";

/**
 * Kills an agent under a stream of commits at random moments, again and again on the same state
 * directory, and throws if a restart shows anything but what was acknowledged (or what was about
 * to be).
 */
export async function killRuns(run: KillRun): Promise<KillFigures> {
  const directory = mkdtempSync(join(tmpdir(), "ntpconfd-kill-"));
  try {
    return await new Killer(run, directory).run();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

class Killer {
  readonly #run: KillRun;
  readonly #directory: string;
  readonly #random: SeededRandom;
  /** The commit that must boot, and the one that may. */
  #kept = 0;
  #sent = 0;
  #isUnconfirmed = false;
  #acknowledged = 0;
  #unanswered = 0;
  #reverted = 0;

  constructor(run: KillRun, directory: string) {
    this.#run = run;
    this.#directory = directory;
    this.#random = new SeededRandom(run.seed);
  }

  async run(): Promise<KillFigures> {
    const options = this.#run.hasStartup ? [] : ["--no-startup"];
    for (let kills = 0; ; kills++) {
      const agent = await startAgent(this.#directory, options);
      try {
        const session = await agent.connect();
        await this.#check(session, kills, agent);
        if (kills === this.#run.times) {
          const [acknowledged, unanswered] = [this.#acknowledged, this.#unanswered];
          return { kills, acknowledged, unanswered, reverted: this.#reverted };
        }
        await this.#commitUntilKilled(session, agent);
      } finally {
        await agent.kill();
      }
      if (kills % 50 === 49) this.#run.report?.(`${kills + 1} kills, commit ${this.#kept}`);
    }
  }

  async #check(session: NetconfClient, kills: number, agent: AgentProcess): Promise<void> {
    const reply = await session.rpc("<get-config><source><running/></source></get-config>");
    const shown = shownIn(reply);
    const found = [this.#kept, this.#sent].find((commit) => shown === expected(commit));
    if (found === undefined) {
      throw new Error(
        `seed ${this.#run.seed}, after ${kills} kills: commit ${this.#kept} was acknowledged, ` +
          `${this.#sent} was under way, and this is there: ${shown}\n${agent.log()}`,
      );
    }
    // What is damaged, or was put right, would have been told.
    if (agent.log() !== "") throw new Error(`the agent complains: ${agent.log()}`);
    if (found !== this.#kept) this.#unanswered++;
    else if (this.#isUnconfirmed) this.#reverted++;
    this.#kept = found;
    this.#sent = found;
    this.#isUnconfirmed = false;
  }

  async #commitUntilKilled(session: NetconfClient, agent: AgentProcess): Promise<void> {
    let isOver = false;
    const end = delay(this.#random.fraction() * 600).then(() => {
      isOver = true;
      return agent.kill();
    });
    try {
      while (!isOver) await this.#commit(session, this.#kept + 1);
    } catch (error) {
      if (!isOver) throw error;
    }
    await end;
  }

  async #commit(session: NetconfClient, commit: number): Promise<void> {
    const config = configOf(commit);
    await session.rpc(
      `<edit-config><target><candidate/></target><config>${config}</config></edit-config>`,
    );
    if (!this.#run.hasStartup && this.#random.fraction() < 0.3) {
      this.#isUnconfirmed = true;
      await session.rpc("<commit><confirmed/><confirm-timeout>60</confirm-timeout></commit>");
    }
    if (this.#run.hasStartup) await session.rpc("<commit/>");
    this.#sent = commit;
    const save =
      "<copy-config><target><startup/></target><source><running/></source></copy-config>";
    await session.rpc(this.#run.hasStartup ? save : "<commit/>");
    this.#kept = commit;
    this.#isUnconfirmed = false;
    this.#acknowledged++;
  }
}

/** Two leaves far apart and one entry of a list: a commit is seen whole or it is not. */
function configOf(commit: number): string {
  return (
    `<system xmlns="${system}"><contact>${commit}</contact><location>${commit}</location></system>` +
    `<interfaces xmlns="${interfaces}"><interface><name>if${commit % ENTRIES}</name>` +
    '<type xmlns:t="urn:ietf:params:xml:ns:yang:iana-if-type">t:ethernetCsmacd</type>' +
    `<description>${commit}</description></interface></interfaces>`
  );
}

/** What is there after so many commits, as shownIn() tells it. */
function expected(commit: number): string {
  const first = Math.max(1, commit - ENTRIES + 1);
  const entries = Array.from({ length: commit - first + 1 }, (_, i) => first + i);
  const lines = entries.map((n) => `if${n % ENTRIES}=${n}`).sort();
  return [commit === 0 ? "" : `${commit} ${commit}`, ...lines].join(" ").trim();
}

function shownIn(reply: Element): string {
  const tops = reply.children[0]?.children ?? [];
  const one = tops.find(({ name }) => name === "system");
  const leaves = one ? `${textOf(one, "contact")} ${textOf(one, "location")}` : "";
  const list = tops.find(({ name }) => name === "interfaces")?.children ?? [];
  const lines = list.map((entry) => `${textOf(entry, "name")}=${textOf(entry, "description")}`);
  return [leaves, ...lines.sort()].join(" ").trim();
}
