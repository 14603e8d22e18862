import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks whoever sits at the terminal, without showing what is typed; undefined: nobody does. */
export async function askSecret(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await asked("", silent);
  process.stderr.write("\n");
  return answer;
}

/** Says something to whoever sits at the terminal, and asks; undefined: nobody does. */
export async function ask(said: string, question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  process.stderr.write(`${said}\n`);
  return asked(question, process.stderr);
}

async function asked(question: string, output: NodeJS.WritableStream): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  const answer = await new Promise<string | undefined>((resolve) => {
    reader.once("close", () => resolve(undefined));
    reader.question(question, resolve);
  });
  reader.close();
  return answer;
}
