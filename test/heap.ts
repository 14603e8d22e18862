import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Octets of the heap that are in use more after `act` than before it, garbage left out. */
export function octetsHeld(act: () => void): number {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  const before = process.memoryUsage().heapUsed;
  act();
  collect();
  return process.memoryUsage().heapUsed - before;
}
