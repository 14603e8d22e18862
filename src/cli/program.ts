import { Argument, Command, Option } from "commander";
import { ownVersion, ownYangFolder } from "../host/index.ts";
import type { CheckCommand } from "./check.ts";
import { instanceTypes, logLevels, moduleFormats } from "./choices.ts";
import { completionScript, shells } from "./completion.ts";
import { addLoginOptions, type LoginWords } from "./login.ts";
import { addManagerCommands } from "./manager-commands.ts";
import { addReplay } from "./replay.ts";
import {
  defaultStateDirectory,
  parseClock,
  parseFeatures,
  parseListen,
  parseModule,
  parseThreads,
  repeated,
  type ServeArguments,
  serveOptions,
} from "./serve-arguments.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
const text = (value: string): string => value;

/**
 * All commands and their options. What carries a command out is loaded when it is called: each
 * starts faster without the others.
 */
export function buildProgram(): Command {
  const program = new Command("ntpconfd")
    .description("a NETCONF/YANG management agent with an NTP engine inside")
    .version(ownVersion(), "-V, --version", "print the version")
    .exitOverride()
    .showHelpAfterError("(--help tells more)");
  program.commandsGroup("Begin here:");
  addDemo(program.command("demo"));
  addServe(program.command("serve"));
  program.commandsGroup("A running agent:");
  addManagerCommands(program);
  addCli(program.command("cli"));
  addReplay(program.command("replay"));
  program.commandsGroup("Keys and passwords:");
  addSecrets(program);
  program.commandsGroup("YANG:");
  addCheck(program.command("check"));
  addGenerate(program.command("generate"));
  program.commandsGroup("The shell and this program:");
  addCompletion(program);
  program.helpCommand("help [command]", "what a command takes");
  return program;
}

/** An option that may be given several times. */
function many<T>(flags: string, description: string, parse: (text: string) => T): Option {
  return new Option(flags, `${description}; repeatable`)
    .argParser(repeated(parse))
    .default([], "none");
}

function addServe(command: Command): void {
  command
    .description("run the agent until SIGTERM or SIGINT")
    .option("--state-dir <dir>", "all that the agent keeps", defaultStateDirectory())
    .addOption(
      new Option(
        "--netconf <addr:port>",
        "NETCONF over SSH; repeatable; port 0: a free one; [::] is IPv6 alone",
      )
        .argParser(repeated(parseListen))
        .default([parseListen("127.0.0.1:1830")], "127.0.0.1:1830"),
    )
    .addOption(many("--http <addr:port>", "a status page and /metrics, in plain HTTP", parseListen))
    .option("--user <name>", "the recovery user, whom access control lets pass", "admin")
    .option("--password-file <file>", "its password (or NTPCONFD_PASSWORD); else one is made")
    .option("--authorized-keys <file>", "OpenSSH public keys that log in as that user")
    .option("--factory-default <file>", "an XML <config> to begin with, on the first start")
    .option("--no-startup", "no startup datastore: running is kept and boots again")
    .addOption(many("--yang-dir <dir>", "a further place to find modules", text))
    .addOption(many("--implement <module[:f,g|:*]>", "one more module, with features", parseModule))
    .addOption(many("--feature <module:f,g|:*>", "features of an imported module", parseFeatures))
    .addOption(
      new Option("--clock <clock>", "software[:offset=SECONDS,ppm=PPM] | system")
        .argParser(parseClock)
        .default({ offset: 0, ppm: 0 }, "software"),
    )
    .addOption(
      new Option("--ntp-threads <n>", "threads that answer NTP clients, 1 to 16")
        .argParser(parseThreads)
        .default(1),
    )
    .option("--record <file>", "every event, sealed under the at-rest key, for a replay")
    .addOption(
      new Option("--log-level <level>", "how much goes to stderr")
        .choices(logLevels)
        .default("info"),
    )
    .action(async (words: ServeArguments) => {
      const { serve } = await import("../host/index.ts");
      await serve(serveOptions(words));
    });
}

/** What commander makes of the words after `ntpconfd check`. */
interface CheckArguments
  extends Pick<CheckCommand, "data" | "type" | "format" | "operational" | "request"> {
  readonly yangDir: readonly string[];
  readonly feature: CheckCommand["features"];
  readonly deviation: readonly string[];
}

function addCheck(command: Command): void {
  command
    .argument("<module...>", "names, name@revision, or files")
    .description("compile modules and say what is wrong with them, or with a document")
    .addOption(many("--yang-dir <dir>", "a further place to find modules", text))
    .addOption(
      many("--feature <module:f,g|:*>", "the features of a module, else all", parseFeatures),
    )
    .addOption(many("--deviation <module>", "a module of deviations", text))
    .option("--data <file>", "validate an instance document too, XML or JSON")
    .addOption(
      new Option("--type <type>", "what the document is").choices(instanceTypes).default("config"),
    )
    .option("--operational <file>", "the datastore that a message refers to, else an empty one")
    .option("--request <file>", "the rpc that the <rpc-reply> answers")
    .addOption(new Option("--format <format>", "print the modules").choices(moduleFormats))
    .action(async (modules: string[], words: CheckArguments) => {
      const { yangDir, feature: features, deviation: deviations, ...others } = words;
      const yangFolders = [...yangDir, ownYangFolder];
      const named = { modules, deviations, features, yangFolders };
      const { checkCommand } = await import("./check.ts");
      process.exitCode = checkCommand({ ...named, ...others, print, complain });
    });
}

function addGenerate(command: Command): void {
  command
    .argument("<module...>", "what to compile")
    .description("YANG to TypeScript")
    .addOption(many("--yang-dir <dir>", "a further place to find modules", text))
    .requiredOption("--out <dir>", "where the files go")
    .action(async (modules: string[], { yangDir, out }: { yangDir: string[]; out: string }) => {
      const yangFolders = [...yangDir, ownYangFolder];
      const { runGenerate } = await import("./generate.ts");
      process.exitCode = runGenerate({ modules, yangFolders, out, complain });
    });
}

function addSecrets(program: Command): void {
  program
    .command("encrypt-key")
    .description("print the cipher-string of the key on standard input")
    .option("--state-dir <dir>", "the agent that is to use it", defaultStateDirectory())
    .action(async ({ stateDir }: { stateDir: string }) => {
      const { encryptKey } = await import("./secrets.ts");
      print(await encryptKey(stateDir));
    });

  program
    .command("rotate-key")
    .description("seal all that a stopped agent has stored under a new at-rest key")
    .option("--state-dir <dir>", "the agent's", defaultStateDirectory())
    .action(async ({ stateDir }: { stateDir: string }) => {
      const { rotateKeyCommand } = await import("./secrets.ts");
      print(rotateKeyCommand(stateDir));
    });

  program
    .command("host-key")
    .description("print the fingerprints of the agent's SSH host keys")
    .option("--state-dir <dir>", "the agent's", defaultStateDirectory())
    .option("--known-hosts-line <addr:port>", "the keys as lines of known_hosts", parseListen)
    .action(
      async (words: { stateDir: string; knownHostsLine?: ReturnType<typeof parseListen> }) => {
        const { hostKeyLines } = await import("./secrets.ts");
        for (const line of hostKeyLines(words.stateDir, words.knownHostsLine)) print(line);
      },
    );

  program
    .command("hash-password")
    .description("print the $6$ hash of the password on standard input")
    .action(async () => {
      const { hashPasswordCommand } = await import("./secrets.ts");
      print(await hashPasswordCommand());
    });
}

function addCli(command: Command): void {
  addLoginOptions(command)
    .description("the command line of router engineers, on a running agent")
    .addOption(many("-c, --command <line>", "carry this out and end", text))
    .action(async (words: LoginWords & { readonly command: readonly string[] }) => {
      const { cliCommand } = await import("./cli.ts");
      process.exitCode = await cliCommand(words, words.command);
    });
}

function addCompletion(program: Command): void {
  program
    .command("completion")
    .addArgument(new Argument("<shell>", "whose script is printed").choices(shells))
    .description('Tab for this program: eval "$(ntpconfd completion bash)"')
    .action(async (shell: (typeof shells)[number]) => {
      const { dataPaths } = await import("../generated/data-paths.ts");
      process.stdout.write(completionScript(program, shell, dataPaths));
    });
}

function addDemo(command: Command): void {
  command
    .description("the procedure, shown live: two agents until one follows the other")
    .addOption(new Option("--inside").hideHelp())
    .action(async ({ inside }: { inside?: boolean }) => {
      const { demoCommand } = await import("./demo.ts");
      process.exitCode = await demoCommand(inside === true);
    });
}
