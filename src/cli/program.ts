import { Command, Option } from "commander";
import { logLevels, ownYangFolder, serve } from "../host/index.ts";
import { type CheckCommand, checkCommand, formats } from "./check.ts";
import { type CliArguments, cliCommand } from "./cli.ts";
import { demoCommand } from "./demo.ts";
import { runGenerate } from "./generate.ts";
import { instanceTypes } from "./instance.ts";
import { encryptKey, hashPasswordCommand, rotateKeyCommand } from "./secrets.ts";
import {
  defaultStateDirectory,
  parseClock,
  parseFeatures,
  parseListen,
  parseModule,
  repeated,
  type ServeArguments,
  serveOptions,
} from "./serve-arguments.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
const text = (value: string): string => value;

/** All commands and their options. */
export function buildProgram(): Command {
  const program = new Command("ntpconfd")
    .description("a NETCONF/YANG management agent with an NTP engine inside")
    .exitOverride()
    .showHelpAfterError("(--help tells more)");
  addServe(program.command("serve"));
  addCheck(program.command("check"));
  addGenerate(program.command("generate"));
  addSecrets(program);
  addDemo(program.command("demo"));
  addCli(program.command("cli"));
  return program;
}

function addServe(command: Command): void {
  command
    .description("run the agent until SIGTERM or SIGINT")
    .option("--state-dir <dir>", "all that the agent keeps", defaultStateDirectory())
    .option(
      "--netconf <addr:port>",
      "listen for NETCONF over SSH; repeatable; port 0: a free one",
      repeated(parseListen),
      [parseListen("127.0.0.1:1830")],
    )
    .option("--http <addr:port>", "a status page and /metrics, in plain HTTP", parseListen)
    .option("--user <name>", "the recovery user, whom access control lets pass", "admin")
    .option("--password-file <file>", "its password (or NTPCONFD_PASSWORD); else one is made")
    .option("--authorized-keys <file>", "OpenSSH public keys that log in as that user")
    .option("--factory-default <file>", "an XML <config> to begin with, on the first start")
    .option("--no-startup", "no startup datastore: running is kept and boots again")
    .option("--yang-dir <dir>", "a further place to find modules; repeatable", repeated(text), [])
    .option(
      "--implement <module[:f,g|:*]>",
      "one more module, with features; repeatable",
      repeated(parseModule),
      [],
    )
    .option(
      "--feature <module:f,g|:*>",
      "features of an imported module; repeatable",
      repeated(parseFeatures),
      [],
    )
    .option("--clock <clock>", "software[:offset=SECONDS,ppm=PPM]", parseClock, {
      offset: 0,
      ppm: 0,
    })
    .option("--record <file>", "every event, sealed under the at-rest key, for a replay")
    .addOption(
      new Option("--log-level <level>", "how much goes to stderr")
        .choices(logLevels)
        .default("info"),
    )
    .action((words: ServeArguments) => serve(serveOptions(words)));
}

/** What commander makes of the words after `ntpconfd check`. */
interface CheckArguments extends Pick<CheckCommand, "data" | "type" | "format"> {
  readonly yangDir: readonly string[];
  readonly feature: CheckCommand["features"];
  readonly deviation: readonly string[];
}

function addCheck(command: Command): void {
  command
    .argument("<module...>", "names, name@revision, or files")
    .description("compile modules and say what is wrong with them, or with a document")
    .option("--yang-dir <dir>", "a further place to find modules; repeatable", repeated(text), [])
    .option(
      "--feature <module:f,g|:*>",
      "the features of a module, else all; repeatable",
      repeated(parseFeatures),
      [],
    )
    .option("--deviation <module>", "a module of deviations; repeatable", repeated(text), [])
    .option("--data <file>", "validate an instance document too")
    .addOption(
      new Option("--type <type>", "what the document is").choices(instanceTypes).default("config"),
    )
    .addOption(new Option("--format <format>", "print the modules").choices(formats))
    .action((modules: string[], words: CheckArguments) => {
      const { yangDir, feature, deviation, data, type, format } = words;
      const yangFolders = [...yangDir, ownYangFolder];
      const named = { modules, deviations: deviation, features: feature, yangFolders };
      process.exitCode = checkCommand({ ...named, data, type, format, print, complain });
    });
}

function addGenerate(command: Command): void {
  command
    .argument("<module...>", "what to compile")
    .description("YANG to TypeScript")
    .option("--yang-dir <dir>", "a further place to find modules; repeatable", repeated(text), [])
    .requiredOption("--out <dir>", "where the files go")
    .action((modules: string[], { yangDir, out }: { yangDir: string[]; out: string }) => {
      const yangFolders = [...yangDir, ownYangFolder];
      process.exitCode = runGenerate({ modules, yangFolders, out, complain });
    });
}

function addSecrets(program: Command): void {
  program
    .command("encrypt-key")
    .description("print the cipher-string of the key on standard input")
    .option("--state-dir <dir>", "the agent that is to use it", defaultStateDirectory())
    .action(({ stateDir }: { stateDir: string }) => print(encryptKey(stateDir)));

  program
    .command("rotate-key")
    .description("seal all that a stopped agent has stored under a new at-rest key")
    .option("--state-dir <dir>", "the agent's", defaultStateDirectory())
    .action(({ stateDir }: { stateDir: string }) => print(rotateKeyCommand(stateDir)));

  program
    .command("hash-password")
    .description("print the $6$ hash of the password on standard input")
    .action(() => print(hashPasswordCommand()));
}

/** What commander makes of the words after `ntpconfd cli`. */
interface CliWords extends Pick<CliArguments, "user" | "passwordFile"> {
  readonly netconf: ReturnType<typeof parseListen>;
  readonly command: readonly string[];
}

function addCli(command: Command): void {
  command
    .description("the command line of a running agent")
    .option("--netconf <addr:port>", "where it listens", parseListen, parseListen("127.0.0.1:1830"))
    .option("--user <name>", "who logs in", "admin")
    .option("--password-file <file>", "the password (or NTPCONFD_PASSWORD); else it is asked for")
    .option("-c, --command <line>", "carry this out and end; repeatable", repeated(text), [])
    .action(async ({ netconf, user, passwordFile, command: commands }: CliWords) => {
      process.exitCode = await cliCommand({ ...netconf, user, passwordFile, commands });
    });
}

function addDemo(command: Command): void {
  command
    .description("the procedure, shown live: two agents until one follows the other")
    .addOption(new Option("--inside").hideHelp())
    .action(async ({ inside }: { inside?: boolean }) => {
      process.exitCode = await demoCommand(inside === true);
    });
}
