import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Chance } from "./chance.ts";
import { type FuzzTarget, LawBroken } from "./target.ts";

/** A single input may take so long, in ms. */
const hangMs = 1_000;
const standardSteps = 900_000_000;
/** What a run may hold on to that it did not hold after the first inputs, in octets. */
const growthMax = 32 * 1024 * 1024;

export interface Failure {
  readonly target: string;
  readonly seed: number;
  readonly message: string;
  /** As small as it was to be had. */
  readonly input: Uint8Array;
}

/** Tries one input; undefined: every law holds. */
export function tried(target: FuzzTarget, input: Uint8Array): string | undefined {
  const began = performance.now();
  try {
    target.run(input);
  } catch (error) {
    if (error instanceof LawBroken) return error.message;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return performance.now() - began > hangMs && isSlow(target, input)
    ? `it takes more than ${hangMs} ms`
    : undefined;
}

/** Whether it is the input, and not a machine that others use: what both take is compared. */
function isSlow(target: FuzzTarget, input: Uint8Array): boolean {
  return [1, 2, 3].every(() => msOf(() => target.run(input)) > msOf(standardWork));
}

function msOf(act: () => void): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}

/** Takes about `hangMs` where nothing else goes on: each step waits for the one before. */
function standardWork(): number {
  let x = 1;
  for (let i = 0; i < standardSteps; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return x;
}

/** Tries the input of one seed. */
export function trySeed(target: FuzzTarget, seed: number): Failure | undefined {
  const input = target.make(new Chance(seed));
  const message = tried(target, input);
  if (message === undefined) return undefined;
  const small = smaller(target, input, kindOf(message));
  return { target: target.name, seed, message: tried(target, small) ?? message, input: small };
}

/** Takes pieces out of an input for as long as it fails in the same way. */
function smaller(target: FuzzTarget, input: Uint8Array, kind: string): Uint8Array {
  let best = input;
  const deadline = performance.now() + 5_000;
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length && performance.now() < deadline; ) {
      const cut = Uint8Array.of(...best.subarray(0, at), ...best.subarray(at + size));
      const message = tried(target, cut);
      if (message !== undefined && kindOf(message) === kind) best = cut;
      else at += size;
    }
  }
  return best;
}

/** The same mistake, wherever it was made and whatever it was made with. */
function kindOf(message: string): string {
  return message.slice(0, 40).replace(/\d+/g, "0");
}

/** Octets of the heap that are in use, once all that is not has been cleared away. */
export function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") for (let i = 0; i < 3; i++) collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

/** What is wrong with how much is held on to; undefined: nothing. */
export function growthFault(before: number, after: number): string | undefined {
  if (after - before <= growthMax) return undefined;
  const grown = ((after - before) / 1024 / 1024).toFixed(0);
  return `${grown} MiB more are in use than after the first inputs`;
}
