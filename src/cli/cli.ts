import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";

/** What `ntpconfd cli` is told. */
export interface CliArguments {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly passwordFile: string | undefined;
  /** Lines to be carried out instead of what is typed. */
  readonly commands: readonly string[];
}

/**
 * `ntpconfd cli`: the agent's own command line, over SSH like any other. Gives its exit status; 2
 * where there is no agent, or it does not let the user in.
 */
export async function cliCommand(asked: CliArguments): Promise<number> {
  const connection = new Client();
  try {
    const password = await passwordOf(asked);
    await connected(connection, { ...loginOf(asked), password });
    const channel = await opened(connection, asked.commands);
    return await attended(channel);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`ntpconfd: ${asked.host}:${asked.port}: ${reason}\n`);
    return 2;
  } finally {
    connection.end();
    process.stdin.destroy();
  }
}

function loginOf({ host, port, user }: CliArguments): ConnectConfig {
  const agent = process.env.SSH_AUTH_SOCK;
  return { host, port, username: user, ...(agent !== undefined && { agent }) };
}

/** From the file, the environment, or whoever sits at the terminal. */
async function passwordOf({ passwordFile, user }: CliArguments): Promise<string> {
  if (passwordFile !== undefined) return readFileSync(passwordFile, "utf8").replace(/\r?\n$/, "");
  const { NTPCONFD_PASSWORD: given } = process.env;
  if (given !== undefined || !process.stdin.isTTY) return given ?? "";
  process.stderr.write(`Password of ${user}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  const password = await new Promise<string>((resolve) => reader.question("", resolve));
  reader.close();
  process.stderr.write("\n");
  return password;
}

function connected(connection: Client, login: ConnectConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once("error", reject);
    connection.once("ready", resolve);
    connection.connect(login);
  });
}

function opened(connection: Client, commands: readonly string[]): Promise<ClientChannel> {
  const { stdout, stdin } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  const size = { rows: stdout.rows, cols: stdout.columns, term: process.env.TERM ?? "vt100" };
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, channel: ClientChannel): void =>
      error === undefined ? resolve(channel) : reject(error);
    if (commands.length > 0) connection.exec(commands.join("\n"), done);
    else connection.shell(isTerminal ? size : false, done);
  });
}

/** Joins the terminal and the channel until the channel ends; gives the exit status. */
async function attended(channel: ClientChannel): Promise<number> {
  const { stdin, stdout } = process;
  const resized = (): void => channel.setWindow(stdout.rows, stdout.columns, 0, 0);
  if (stdin.isTTY) {
    stdin.setRawMode(true);
    stdout.on("resize", resized);
  }
  channel.pipe(stdout, { end: false });
  stdin.pipe(channel);
  let status = 1;
  channel.on("exit", (code: unknown) => {
    // Where a signal ended it there is no number.
    status = typeof code === "number" ? code : 1;
  });
  await new Promise((resolve) => channel.once("close", resolve));
  stdin.unpipe(channel);
  if (stdin.isTTY) stdin.setRawMode(false);
  return status;
}
