import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { CallFault } from "./call-fault.ts";
import type { TrustWords } from "./host-key.ts";
import { askSecret } from "./prompt.ts";
import { parseListen } from "./serve-arguments.ts";

/** What commander makes of the options that say which agent is meant, and who logs in. */
export interface LoginWords extends TrustWords {
  readonly netconf: ReturnType<typeof parseListen>;
  readonly user: string;
  readonly passwordFile?: string;
  readonly identity?: string;
}

/** Who logs in, and with what. */
export interface Credentials {
  readonly user: string;
  readonly password: string | undefined;
  /** A private key, as OpenSSH writes them. */
  readonly privateKey: Buffer | undefined;
  /** The socket of an SSH agent. */
  readonly agent: string | undefined;
}

/** The options by which every command finds its agent. */
export function addLoginOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--netconf <addr:port>", "where the agent listens")
        .argParser(parseListen)
        .env("NTPCONFD_NETCONF")
        .default(parseListen("127.0.0.1:1830"), "127.0.0.1:1830"),
    )
    .option("--user <name>", "who logs in", "admin")
    .option("--password-file <file>", "the password (or NTPCONFD_PASSWORD); else it is asked for")
    .option("-i, --identity <file>", "a private key to log in with (or an SSH agent)")
    .addOption(
      new Option("--known-hosts <file>", "the agents' host keys, instead of the usual lists").env(
        "NTPCONFD_KNOWN_HOSTS",
      ),
    )
    .option("--accept-new", "keep the host key of an agent that is not known, without asking");
}

/** Gathers what there is to log in with; asks for a password where there is nothing else. */
export async function credentialsOf(words: LoginWords): Promise<Credentials> {
  const { user, passwordFile, identity } = words;
  const { NTPCONFD_PASSWORD: given, SSH_AUTH_SOCK: agent } = process.env;
  const fromFile =
    passwordFile === undefined
      ? undefined
      : fileText("password", passwordFile)
          .toString("utf8")
          .replace(/\r?\n$/, "");
  const privateKey = identity === undefined ? undefined : fileText("private key", identity);
  const password = fromFile ?? given;
  const found = { user, password, privateKey, agent };
  const nothing = [password, privateKey, agent].every((one) => one === undefined);
  return nothing ? withPassword(found) : found;
}

/** The same with a password that somebody types. */
export async function withPassword(credentials: Credentials): Promise<Credentials> {
  const password = await askSecret(`Password of ${credentials.user}: `);
  if (password !== undefined) return { ...credentials, password };
  throw new CallFault(
    `no password for ${credentials.user}: give --password-file, NTPCONFD_PASSWORD or --identity`,
  );
}

function fileText(what: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CallFault(`cannot read the ${what} file: ${reasonOf(error)}`);
  }
}

/** What became of an attempt to reach an agent, for whoever made it. */
export function connectionFault(
  { host, port }: LoginWords["netconf"],
  user: string,
  error: unknown,
): CallFault {
  const where = placeName({ host, port });
  if (isLoginFault(error)) {
    return new CallFault(`${where} does not let ${user} in: wrong user, password or key`);
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ECONNREFUSED") {
    return new CallFault(
      `nothing listens on ${where}: is the agent running, and is --netconf right?`,
    );
  }
  return new CallFault(`${where}: ${reasonOf(error)}`);
}

/** An address and a port, as they are given. */
export function placeName({ host, port }: LoginWords["netconf"]): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether the agent was reached, and knew nothing of what it was shown. */
export function isLoginFault(error: unknown): boolean {
  return error instanceof Error && "level" in error && error.level === "client-authentication";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
