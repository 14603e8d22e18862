import { expect, test } from "vitest";
import { HttpLogin } from "../../src/host/http-login.ts";

// Guessing over HTTP is slowed down by address; who has the password is let in from elsewhere.

function basic(password: string): string {
  return `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
}

test("who guesses is not listened to for long, and holds up nobody else", async () => {
  const looked: string[] = [];
  const login = new HttpLogin({
    accounts: (name) => ({ name, recovery: true, passwordHash: "hash", authorizedKeys: [] }),
    checkPassword: async (password) => {
      looked.push(password);
      return password === "right";
    },
    refusalDelayMs: 0,
  });
  for (let i = 0; i < 5; i++) {
    expect(await login.account(basic(`guess ${i}`), "192.0.2.1")).toBeUndefined();
  }
  expect(looked).toHaveLength(5);
  // From now on each waits longer than the one before, and all beyond that are refused unlooked-at.
  const burst = Array.from({ length: 40 }, (_, i) =>
    login.account(basic(`more ${i}`), "192.0.2.1"),
  );
  const refusedAtOnce = await Promise.race([
    Promise.all(burst.slice(30)).then((all) => all.every((one) => one === undefined)),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500)),
  ]);
  expect(refusedAtOnce).toBe(true);
  expect(looked.length).toBeLessThan(8);
  expect(await login.account(basic("right"), "192.0.2.2")).toMatchObject({ name: "admin" });
});
