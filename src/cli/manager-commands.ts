import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { dataFormats, datastoreNames } from "./choices.ts";
import type { Agent, GetWords } from "./configuration.ts";
import { addLoginOptions, type LoginWords } from "./login.ts";
import { type Paint, painter, wantsColour } from "./paint.ts";
import type { StatusWords } from "./status.ts";

/** A confirmed commit is of this name, so that a later call of the program can confirm it. */
const persistId = "ntpconfd-commit";
const notCommitted = "not committed yet: ntpconfd diff shows it, ntpconfd commit makes it so";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const hint = (line: string): void => void process.stderr.write(`${line}\n`);

type Configuration = typeof import("./configuration.ts");

/** A session with the agent, and what can be done over it: loaded when a command is called. */
async function withAgent(
  words: LoginWords,
  action: (agent: Agent, configuration: Configuration) => Promise<void>,
): Promise<void> {
  const session = await import("./agent-session.ts");
  const configuration = await import("./configuration.ts");
  await session.withAgent(words, (agent) => action(agent, configuration));
}

/** The commands by which a person reads and changes a running agent. */
export function addManagerCommands(program: Command): void {
  addStatus(program);
  addGet(program);
  addSet(program);
  addEdit(program);
  addDiff(program);
  addCommit(program);
  addSimple(program);
}

function addStatus(program: Command): void {
  addLoginOptions(program.command("status"))
    .description("the clock, its sources and its packets on one screen")
    .option("-w, --watch [seconds]", "again and again, until Ctrl-C", parseSeconds)
    .option("--json", "for programs")
    .option("--check", "exit status 1 unless the clock is synchronized")
    .action(async (words: StatusWords) => {
      const { statusCommand } = await import("./status.ts");
      process.exitCode = await statusCommand(words);
    });
}

function addGet(program: Command): void {
  addLoginOptions(program.command("get"))
    .argument("[path]", "such as /ntp/clock-state; left out: everything")
    .description("print what is there: configuration and state")
    .addOption(
      new Option("--source <datastore>", "configuration of this datastore alone").choices(
        datastoreNames,
      ),
    )
    .option("--defaults", "values that are nowhere set, too")
    .addOption(new Option("--format <format>", "how").choices(dataFormats).default("text"))
    .action((path: string | undefined, words: LoginWords & GetWords) =>
      withAgent(words, async (agent, { getLines }) => {
        for (const line of await getLines(agent, path, words)) print(line);
      }),
    );
}

interface ChangeWords extends LoginWords {
  readonly commit?: boolean;
}

function addSet(program: Command): void {
  const byHand = "make it so at once, with all that the candidate holds";
  addLoginOptions(program.command("set"))
    .argument(
      "<path>",
      "such as /ntp/interfaces/interface[name=eth0]/manycast-client[224.0.1.1]/ttl",
    )
    .argument(
      "[value]",
      "of a leaf; - reads it from standard input, where no list of processes shows",
    )
    .description("set a value, or make an entry, in the candidate")
    .option("--commit", byHand)
    .action((path: string, value: string | undefined, words: ChangeWords) =>
      change(words, async (agent, { setValue }) =>
        print(`+ ${await setValue(agent, path, value)}`),
      ),
    );
  addLoginOptions(program.command("delete"))
    .argument("<path>", "what is to go")
    .description("take a value or an entry out of the candidate")
    .option("--commit", byHand)
    .action((path: string, words: ChangeWords) =>
      change(words, async (agent, { deletePath }) => print(`- ${await deletePath(agent, path)}`)),
    );
}

function addEdit(program: Command): void {
  addLoginOptions(program.command("edit"))
    .argument("<file>", "XML or JSON, with or without <config> around it; - is standard input")
    .description("merge a file into the candidate")
    .addOption(
      new Option("--default-operation <operation>", "what happens where the file says nothing")
        .choices(["merge", "replace", "none"])
        .default("merge"),
    )
    .option("--commit", "make it so at once")
    .action((file: string, words: ChangeWords & { readonly defaultOperation: string }) =>
      change(words, (agent, { editFile }) => editFile(agent, file, words.defaultOperation)),
    );
}

/** What a change does after it: commits, or says that this is still to do. */
function change(
  words: ChangeWords,
  made: (agent: Agent, configuration: Configuration) => Promise<void>,
): Promise<void> {
  return withAgent(words, async (agent, configuration) => {
    await made(agent, configuration);
    if (words.commit) await commit(agent, {}, configuration);
    else if (process.stdout.isTTY) hint(notCommitted);
  });
}

function addDiff(program: Command): void {
  const store = (name: string, told: string, standard: string): Argument =>
    new Argument(name, told).choices(datastoreNames).default(standard);
  addLoginOptions(program.command("diff"))
    .addArgument(store("[from]", "what was", "running"))
    .addArgument(store("[to]", "what is to be", "candidate"))
    .description("what a commit would change")
    .option("--check", "exit status 1 if there is any difference")
    .action((from: Source, to: Source, words: LoginWords & { readonly check?: boolean }) =>
      withAgent(words, async (agent, { differences }) => {
        const lines = await differences(agent, from, to);
        const paint = painter(wantsColour(process.stdout));
        for (const line of lines) print(painted(line, paint));
        process.exitCode = words.check && lines.length > 0 ? 1 : 0;
      }),
    );
}

type Source = (typeof datastoreNames)[number];

function painted(line: string, paint: Paint): string {
  if (line.startsWith("+")) return paint("good", line);
  return line.startsWith("-") ? paint("bad", line) : line;
}

interface CommitWords {
  readonly confirmed?: number | true;
  readonly confirm?: boolean;
  readonly cancel?: boolean;
  readonly save?: boolean;
}

function addCommit(program: Command): void {
  addLoginOptions(program.command("commit"))
    .description("make the candidate the running configuration")
    .option(
      "--confirmed [seconds]",
      "take it back after so long (600) unless --confirm comes",
      parseSeconds,
    )
    .addOption(
      new Option("--confirm", "keep what was committed with --confirmed").conflicts([
        "confirmed",
        "cancel",
      ]),
    )
    .addOption(new Option("--cancel", "take it back at once").conflicts("confirmed"))
    .option("--save", "and keep it for the next start")
    .action((words: LoginWords & CommitWords) =>
      withAgent(words, (agent, configuration) => commit(agent, words, configuration)),
    );
}

async function commit(
  { client }: Agent,
  words: CommitWords,
  { hasChanges }: Configuration,
): Promise<void> {
  const { confirmed, confirm = false, cancel = false, save = false } = words;
  const id = `<persist-id>${persistId}</persist-id>`;
  if (cancel) {
    await client.rpc(`<cancel-commit>${id}</cancel-commit>`);
    print("taken back: running is what it was before");
    return;
  }
  if (confirm) {
    await client.rpc(`<commit>${id}</commit>`);
    print("confirmed");
  } else if (!(await hasChanges({ client }))) {
    print("nothing to commit: the candidate is what runs");
  } else if (confirmed === undefined) {
    await client.rpc("<commit/>");
    print("committed");
  } else {
    const seconds = confirmed === true ? 600 : confirmed;
    await client.rpc(
      `<commit><confirmed/><confirm-timeout>${seconds}</confirm-timeout>` +
        `<persist>${persistId}</persist></commit>`,
    );
    print(`committed for ${seconds} s: commit --confirm keeps it, commit --cancel takes it back`);
  }
  if (save) await saveRunning({ client });
}

function addSimple(program: Command): void {
  addLoginOptions(program.command("discard"))
    .description("forget what the candidate holds")
    .action((words: LoginWords) =>
      withAgent(words, async ({ client }) => {
        await client.rpc("<discard-changes/>");
        print("the candidate is what runs");
      }),
    );
  addLoginOptions(program.command("save"))
    .description("keep the running configuration for the next start")
    .action((words: LoginWords) => withAgent(words, saveRunning));
}

async function saveRunning({ client }: Pick<Agent, "client">): Promise<void> {
  await client.rpc(
    "<copy-config><target><startup/></target><source><running/></source></copy-config>",
  );
  print("saved: the next start begins with it");
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0 && seconds < 2 ** 31 / 1_000) return seconds;
  throw new InvalidArgumentError("It is a whole number of seconds, from 1.");
}
