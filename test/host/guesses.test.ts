import { setTimeout as delay } from "node:timers/promises";
import type { AuthContext } from "ssh2";
import { describe, expect, test } from "vitest";
import { Guesses, guessLimits } from "../../src/host/guesses.ts";
import { Login } from "../../src/host/login.ts";

/** Guesses against a clock that is moved by hand. */
function guesses(): { readonly of: Guesses; pass(ms: number): void } {
  let now = 0;
  const of = new Guesses(guessLimits, () => now);
  return {
    of,
    pass: (ms) => {
      now += ms;
    },
  };
}

function refuse(of: Guesses, address: string, times: number, user?: string): void {
  for (let i = 0; i < times; i++) of.refused(address, user);
}

const right = async (): Promise<string> => "in";

test("whoever has the password is let in at once, two hundred sessions at a time", async () => {
  const { of } = guesses();
  let most = 0;
  let underWay = 0;
  const all = Array.from({ length: 200 }, () =>
    of.look("192.0.2.1", "ann", async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return "in";
    }),
  );
  expect(new Set(await Promise.all(all))).toEqual(new Set(["in"]));
  expect(most).toBe(guessLimits.free);
});

describe("whoever guesses passwords", () => {
  test("waits longer and longer, over however many connections", () => {
    const { of } = guesses();
    refuse(of, "192.0.2.1", 5);
    expect(of.wait("192.0.2.1")).toBe(0);
    expect(of.wait("192.0.2.1")).toBe(1_000);
    of.refused("192.0.2.1");
    expect(of.wait("192.0.2.1")).toBe(2_000);
    refuse(of, "192.0.2.1", 10);
    expect(of.wait("192.0.2.1")).toBe(4_000);
    expect(of.wait("192.0.2.1")).toBe(12_000);
    expect(of.wait("192.0.2.1")).toBe(20_000);
    expect(of.wait("192.0.2.1"), "too many wait").toBeUndefined();
  });

  test("has at most one try in eight seconds, however hard it tries", () => {
    const { of, pass } = guesses();
    let looked = 0;
    for (let second = 0; second < 3_600; second++) {
      for (let i = 0; i < 50; i++) {
        if (of.wait("192.0.2.1") === undefined) continue;
        looked++;
        of.refused("192.0.2.1");
      }
      pass(1_000);
    }
    expect(looked).toBeLessThan(3_600 / 8 + 20);
  });

  test("slows down nobody else, and a whole IPv6 network of 64 bits with itself", () => {
    const { of } = guesses();
    refuse(of, "192.0.2.1", 20);
    refuse(of, "2001:db8::1", 20);
    of.wait("192.0.2.1");
    of.wait("2001:db8::1");
    expect(of.wait("192.0.2.2")).toBe(0);
    expect(of.wait("2001:db8:0:0:5:6:7:8")).toBeGreaterThan(0);
    expect(of.wait("2001:db8:0:1::1")).toBe(0);
  });

  test("is forgiven when it gets in, or after a quarter of an hour", async () => {
    const { of, pass } = guesses();
    for (const address of ["192.0.2.1", "192.0.2.2"]) refuse(of, address, 20);
    expect(await of.look("192.0.2.1", "ann", right)).toBe("in");
    expect(of.wait("192.0.2.1", "ann")).toBe(0);
    for (const address of ["192.0.2.1", "192.0.2.2"]) of.wait(address, "bob");
    expect(of.wait("192.0.2.1", "bob")).toBeGreaterThan(0);
    expect(of.wait("192.0.2.2", "bob")).toBeGreaterThan(0);
    pass(guessLimits.forgetMs + 1);
    expect(of.wait("192.0.2.2", "bob")).toBe(0);
  });

  test("gets no more of them looked at in a burst than in turn", async () => {
    const { of } = guesses();
    let looked = 0;
    let refused = 0;
    for (let i = 0; i < 200; i++) {
      const outcome = of.look("192.0.2.1", `user ${i}`, async () => {
        looked++;
        await new Promise(setImmediate);
        return undefined;
      });
      void outcome.then(() => refused++);
    }
    for (let turn = 0; turn < 10; turn++) await delay(1);
    expect(looked, "five, and the first of those that wait for time").toBe(6);
    expect(refused, "the others are refused as they are, or wait").toBeGreaterThan(200 - 6 - 21);
  });

  test("buys no guesses at others by getting in as itself", async () => {
    const { of } = guesses();
    let looked = 0;
    for (let i = 0; i < 50; i++) {
      expect(await of.look("192.0.2.1", "ann", right)).toBe("in");
      if ((of.wait("192.0.2.1", "admin") ?? 1) > 0) continue;
      looked++;
      of.refused("192.0.2.1", "admin");
    }
    expect(looked).toBeLessThan(7);
    // Nor is it free of what it gets wrong in the name that it is known by.
    refuse(of, "192.0.2.1", 5, "ann");
    of.wait("192.0.2.1", "ann");
    expect(of.wait("192.0.2.1", "ann")).toBe(1_000);
  });

  test("costs memory for so many addresses and no more", () => {
    const { of } = guesses();
    for (let i = 0; i < 3 * guessLimits.addresses; i++)
      of.refused(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(of.size).toBe(guessLimits.addresses);
  });
});

test("whether a user exists does not show in how long a refusal takes", async () => {
  // A known user's hash takes long to check, a stranger's none at all.
  const took = async (user: string, checkMs: number): Promise<number> => {
    const login = new Login(
      {
        accounts: (name) =>
          name === "known"
            ? { name, passwordHash: "$6$x", authorizedKeys: [], recovery: false }
            : undefined,
        checkPassword: async () => {
          await delay(checkMs);
          return false;
        },
        refusalDelayMs: 120,
        guesses: new Guesses(),
      },
      "192.0.2.1",
    );
    const told: unknown[] = [];
    const reject = (methods: unknown): void => void told.push(methods);
    const context = { method: "password", username: user, password: "x", reject };
    const began = performance.now();
    const outcome = await login.answer(context as unknown as AuthContext);
    expect(outcome).toMatchObject({ kind: "refused", user });
    expect(told).toEqual([["publickey", "password", "keyboard-interactive"]]);
    return performance.now() - began;
  };
  // At the same time, so that a busy machine holds up both; it never makes any of them shorter.
  const least = async (user: string, checkMs: number): Promise<number> =>
    Math.min(...(await Promise.all(Array.from({ length: 5 }, () => took(user, checkMs)))));
  const [known, unknown] = await Promise.all([least("known", 80), least("unknown", 0)]);
  expect(known).toBeGreaterThan(115);
  expect(unknown).toBeGreaterThan(115);
  expect(Math.abs(known - unknown)).toBeLessThan(60);
});
