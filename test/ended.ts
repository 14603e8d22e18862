import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Ends a process, if it has not ended; its status, once it is gone and all that it said is read. */
export async function ended(
  child: ChildProcess,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, "close");
    child.kill(signal);
    await closed;
  }
  return child.exitCode;
}
