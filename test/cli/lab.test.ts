import { ChildProcess } from "node:child_process";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { firstLine } from "../../src/cli/lab.ts";

/** The first line of a child whose exit is told before what it printed. */
function lineAfterExit(words: string): Promise<string> {
  const stdout = new PassThrough();
  const child = Object.assign(new ChildProcess(), { stdout });
  const line = firstLine(child);
  child.emit("exit", 3, null);
  stdout.once("close", () => child.emit("close", 3, null));
  stdout.end(words);
  return line;
}

test("what a child printed is read, though its end is told first", async () => {
  await expect(lineAfterExit("one\ntwo\n")).resolves.toBe("one");
});

test("a child that printed nothing is told with its status", async () => {
  await expect(lineAfterExit("")).rejects.toThrow("ended with 3");
});
