import { describe, expect, test } from "vitest";
import { ThreadPrecedence } from "../../src/host/precedence.ts";
import { forSeeds } from "../random.ts";

const ms = 1e6;

interface Kernel {
  /** The policy of whoever started the process. */
  readonly policy?: number;
  readonly realTime?: boolean;
  readonly nice?: boolean;
  readonly slice?: boolean;
}

/** A thread under a scheduler that grants what it is told to, and remembers what it was asked. */
class Thread {
  readonly asked: { policy: number; nice: number; priority: number; slice: number }[] = [];
  readonly precedence: ThreadPrecedence;
  now = 5_000 * ms;
  #spent = 0;

  constructor({ policy = 0, realTime = true, nice = true, slice = true }: Kernel = {}) {
    this.precedence = new ThreadPrecedence({
      sched_getscheduler: () => policy,
      clock_gettime: (_, words) => {
        const view = new DataView((words as Int32Array).buffer);
        view.setBigUint64(0, BigInt(Math.floor(this.#spent / 1e9)), true);
        view.setBigUint64(8, BigInt(this.#spent % 1e9), true);
        return 0;
      },
      syscall: (call, thread, attributes) => {
        expect([call, thread]).toEqual([process.arch === "x64" ? 314 : 274, 0]);
        const view = attributes as DataView;
        expect([view.byteLength, view.getUint32(0, true)]).toEqual([48, 48]);
        expect(view.getBigUint64(8, true), "children inherit nothing").toBe(1n);
        const asked = {
          policy: view.getUint32(4, true),
          nice: view.getInt32(16, true),
          priority: view.getUint32(20, true),
          slice: Number(view.getBigUint64(24, true)),
        };
        const granted = asked.policy === 1 ? realTime : asked.nice < 0 ? nice : slice;
        if (granted) this.asked.push(asked);
        return granted ? 0 : -1;
      },
    });
  }

  /** Works on one thing after the other for so long, and spends a share of the time on it. */
  works(forMs: number, share: number, pieceMs = 2): void {
    for (let done = 0; done < forMs; done += pieceMs) {
      this.now += pieceMs * ms;
      this.#spent += Math.round(pieceMs * ms * share);
      this.precedence.review(this.now);
    }
  }

  get policy(): number | undefined {
    return this.asked.at(-1)?.policy;
  }
}

describe("a thread asks for the best that it is granted", () => {
  test.each<[string, Kernel, object[]]>([
    ["real-time", {}, [{ policy: 1, nice: 0, priority: 1, slice: 0 }]],
    ["nice", { realTime: false }, [{ policy: 0, nice: -10, priority: 0, slice: 100_000 }]],
    ["slice", { realTime: false, nice: false }, [{ policy: 0, priority: 0, slice: 100_000 }]],
    ["unchanged", { realTime: false, nice: false, slice: false }, []],
    // Whoever started the process with chrt has decided.
    ["unchanged", { policy: 3 }, []],
    ["unchanged", { policy: 2 }, []],
  ])("%s", (granted, kernel, asked) => {
    const thread = new Thread(kernel);
    expect(thread.precedence.granted).toBe(granted);
    expect(thread.asked).toMatchObject(asked);
    expect(thread.asked.length).toBe(asked.length);
  });
});

describe("precedence", () => {
  test("is kept by a thread that has little to do", () => {
    const thread = new Thread();
    thread.works(20_000, 0.45);
    thread.works(5_000, 0.01, 500);
    expect(thread.asked.length).toBe(1);
  });

  test("is given back in a flood, and held again when that is over", () => {
    for (const kernel of [{}, { realTime: false }]) {
      const thread = new Thread(kernel);
      const [best] = thread.asked;
      thread.works(1_000, 0.1);
      thread.works(210, 1);
      expect(thread.asked.at(-1)).toMatchObject({ policy: 0, priority: 0, slice: 100_000 });
      thread.works(10_000, 1);
      thread.works(900, 0.1);
      expect(thread.asked.length).toBe(2);
      thread.works(300, 0.1);
      expect(thread.asked.length).toBe(3);
      expect(thread.asked.at(-1)).toEqual(best);
    }
  });

  test("a thread that slept long has not earned a long flood", () => {
    const thread = new Thread();
    thread.works(60_000, 0, 500);
    thread.works(210, 1);
    expect(thread.policy).toBe(0);
  });

  test("never has a processor to itself, whatever comes", () => {
    forSeeds(50, (random) => {
      const thread = new Thread();
      let held = 0;
      const from = thread.now;
      while (thread.now - from < 60_000 * ms) {
        const before = thread.now;
        const share = random.fraction() < 0.5 ? 1 : random.fraction();
        const real = thread.policy === 1;
        thread.works(100, share);
        if (real) held += (thread.now - before) * share;
      }
      expect(held / (thread.now - from)).toBeLessThan(0.5);
    });
  });

  test("without a right to it, nothing is given back or taken", () => {
    const thread = new Thread({ realTime: false, nice: false });
    thread.works(5_000, 1);
    thread.works(5_000, 0.1);
    expect(thread.asked.length).toBe(1);
  });
});
