import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks whoever sits at the terminal, without showing what is typed; undefined: nobody does. */
export async function askSecret(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  const answer = await new Promise<string | undefined>((resolve) => {
    reader.once("close", () => resolve(undefined));
    reader.question("", resolve);
  });
  reader.close();
  process.stderr.write("\n");
  return answer;
}
