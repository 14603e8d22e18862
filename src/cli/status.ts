import { setTimeout } from "node:timers/promises";
import { readStatus, statusQuestion } from "../host/index.ts";
import { withAgent } from "./agent-session.ts";
import { type LoginWords, placeName } from "./login.ts";
import type { NetconfClient } from "./netconf-client.ts";
import { type Paint, painter, wantsColour } from "./paint.ts";
import { statusLines } from "./status-screen.ts";

/** What commander makes of the words after `ntpconfd status`. */
export interface StatusWords extends LoginWords {
  /** s between two looks, true for the usual 2; undefined: one look. */
  readonly watch?: number | true;
  readonly json?: boolean;
  /** Let the exit status say whether the clock is synchronized. */
  readonly check?: boolean;
}

/** `ntpconfd status`. Gives the exit status. */
export function statusCommand(words: StatusWords): Promise<number> {
  const where = placeName(words.netconf);
  const paint = painter(wantsColour(process.stdout));
  return withAgent(words, async ({ client }) => {
    if (words.watch !== undefined) return watch(client, words, where, paint);
    const status = readStatus(await client.rpc(statusQuestion));
    const lines = words.json
      ? [JSON.stringify(status, undefined, 2)]
      : statusLines(status, where, paint);
    process.stdout.write(`${lines.join("\n")}\n`);
    return words.check && status.clock.state !== "synchronized" ? 1 : 0;
  });
}

/**
 * Again and again until it is interrupted, or nobody reads it any more; on a terminal each look in
 * the place of the last.
 */
async function watch(
  client: NetconfClient,
  { watch: every, json = false }: StatusWords,
  where: string,
  paint: Paint,
): Promise<number> {
  const { stdout } = process;
  const seconds = typeof every === "number" ? every : 2;
  const isScreen = stdout.isTTY && !json;
  const interrupted = new Promise<"end">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve("end"));
    stdout.once("error", () => resolve("end"));
  });
  // The alternate screen, so that what stood on the terminal is there again afterwards.
  if (isScreen) stdout.write("\x1b[?1049h\x1b[?25l");
  try {
    for (;;) {
      const reply = await Promise.race([client.rpc(statusQuestion), interrupted]);
      if (reply === "end") {
        // Whoever is silent is not waited for.
        client.leave();
        return 0;
      }
      const status = readStatus(reply);
      if (json) stdout.write(`${JSON.stringify(status)}\n`);
      else stdout.write(screen(statusLines(status, where, paint), isScreen));
      const pause = new AbortController();
      const next = setTimeout(seconds * 1_000, "look", { signal: pause.signal });
      const what = await Promise.race([next, interrupted]);
      pause.abort();
      if (what === "end") return 0;
    }
  } finally {
    if (isScreen) stdout.write("\x1b[?25h\x1b[?1049l");
  }
}

/** Each line is cleared as it is written: nothing flickers. */
function screen(lines: readonly string[], isScreen: boolean): string {
  if (!isScreen) return `${lines.join("\n")}\n\n`;
  return `\x1b[H${lines.map((line) => `${line}\x1b[K`).join("\n")}\n\x1b[J`;
}
