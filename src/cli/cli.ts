import type { Client, ClientChannel } from "ssh2";
import { logIn } from "./log-in.ts";
import { connectionFault, type LoginWords } from "./login.ts";
import { sshConnection } from "./netconf-client.ts";

/**
 * `ntpconfd cli`: the agent's own command line, over SSH like any other; `commands` are carried out
 * instead of what is typed. Gives its exit status.
 */
export async function cliCommand(words: LoginWords, commands: readonly string[]): Promise<number> {
  const connection = await logIn(words, sshConnection);
  try {
    return await run(connection, commands);
  } catch (error) {
    throw connectionFault(words.netconf, words.user, error);
  } finally {
    connection.end();
    process.stdin.destroy();
  }
}

/** Opens the channel and attends to it; gives the exit status. */
function run(connection: Client, commands: readonly string[]): Promise<number> {
  const { stdout, stdin } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  const size = { rows: stdout.rows, cols: stdout.columns, term: process.env.TERM ?? "vt100" };
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, channel: ClientChannel): void => {
      // At once: the answer, its status and the end may all have come in the same packet.
      if (error === undefined) resolve(attended(channel, commands.length === 0));
      else reject(error);
    };
    if (commands.length > 0) connection.exec(commands.join("\n"), done);
    else connection.shell(isTerminal ? size : false, done);
  });
}

/**
 * Joins the terminal and the channel until the channel ends; gives the exit status. Where nothing
 * is typed, standard input is somebody else's: a script's rest, say.
 */
async function attended(channel: ClientChannel, isTyped: boolean): Promise<number> {
  const { stdin, stdout } = process;
  const resized = (): void => channel.setWindow(stdout.rows, stdout.columns, 0, 0);
  const isTerminal = isTyped && stdin.isTTY;
  if (isTerminal) {
    stdin.setRawMode(true);
    stdout.on("resize", resized);
  }
  channel.pipe(stdout, { end: false });
  // Where nobody reads any more, what comes is dropped: the channel ends behind it.
  stdout.once("error", () => channel.resume());
  if (isTyped) stdin.pipe(channel);
  else channel.end();
  let status: number | undefined;
  channel.on("exit", (code: unknown) => {
    // Where a signal ended it there is no number.
    status = typeof code === "number" ? code : 1;
  });
  await new Promise((resolve) => channel.once("close", resolve));
  stdin.unpipe(channel);
  if (isTerminal) stdin.setRawMode(false);
  if (status === undefined) throw new Error("the agent closed the session");
  return status;
}
