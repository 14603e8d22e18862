// npm run kill -- [--times N] [--seed N]
// Kills a real agent under a stream of commits, N times in each of its two ways to keep
// configuration, both at once, and checks each restart against what was acknowledged.

import { parseArgs } from "node:util";
import { killRuns } from "./kill-run.ts";

const { values } = parseArgs({
  options: { times: { type: "string", default: "500" }, seed: { type: "string", default: "1" } },
});

/** Each way has a state directory and a core of its own: most of a kill is the start after it. */
await Promise.all([false, true].map(killed));

async function killed(hasStartup: boolean): Promise<void> {
  const began = performance.now();
  const what = hasStartup ? "startup" : "--no-startup";
  const figures = await killRuns({
    times: Number(values.times),
    seed: Number(values.seed),
    hasStartup,
    report: (line) => console.log(`${what}: ${line}`),
  });
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(
    `${what}: ${figures.kills} kills, ${figures.acknowledged} acknowledged changes, none lost; ` +
      `${figures.unanswered} had been kept unanswered, ${figures.reverted} unconfirmed commits ` +
      `undone; ${seconds} s, ${(Number(seconds) / figures.kills).toFixed(2)} s each`,
  );
}
