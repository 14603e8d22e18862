// Loaded into an agent before its own program: tells who started it, when asked, what it holds and
// how late its loop was since the last time. It changes nothing of the agent.

import { monitorEventLoopDelay } from "node:perf_hooks";

/** What the agent's process says of itself. */
export interface Sample {
  /** Octets that are in use after a collection, and that the process has. */
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
  /** ms since the last sample that the loop was late by. */
  readonly delayP50: number;
  readonly delayP99: number;
  readonly delayMax: number;
  readonly cpuSeconds: number;
}

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on("message", () => {
  const late = (ns: number): number => Math.max(0, ns / 1e6 - 1);
  const [p50, p99, most] = [delay.percentile(50), delay.percentile(99), delay.max];
  // A young collection first: what is promoted by it is seen by the second.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const sample: Sample = {
    heap: heapUsed,
    external: external + arrayBuffers,
    resident: rss,
    delayP50: late(p50),
    delayP99: late(p99),
    delayMax: late(most),
    cpuSeconds: (user + system) / 1e6,
  };
  process.send?.(sample);
  // The collection itself is none of the agent's delays.
  setImmediate(() => delay.reset());
});
// Nobody waits for a question.
process.channel?.unref();
