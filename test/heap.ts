import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Octets of the heap that are in use more after `act` than before it, garbage left out. */
export function octetsHeld(act: () => void): number {
  setFlagsFromString("--expose-gc");
  const once: () => void = runInNewContext("gc");
  // What a collection finalizes the next one frees: of other tests there may be much.
  const collect = (): void => {
    for (let i = 0; i < 4; i++) once();
  };
  collect();
  const before = process.memoryUsage().heapUsed;
  act();
  collect();
  return process.memoryUsage().heapUsed - before;
}
