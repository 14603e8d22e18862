import type { AuthContext } from "ssh2";
import { expect, test } from "vitest";
import { Guesses } from "../../src/host/guesses.ts";
import { HttpLogin } from "../../src/host/http-login.ts";
import { Login } from "../../src/host/login.ts";

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
    guesses: new Guesses(),
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

test("who has guessed over SSH waits over HTTP too, as long as he would there", async () => {
  const guesses = new Guesses(undefined, () => 0);
  const looked: string[] = [];
  const options = {
    accounts: () => undefined,
    checkPassword: async (password: string) => {
      looked.push(password);
      return false;
    },
    refusalDelayMs: 0,
    guesses,
  };
  const context = { method: "password", username: "admin", password: "x", reject: () => {} };
  for (let i = 0; i < 12; i++) {
    await new Login(options, "192.0.2.1").answer(context as unknown as AuthContext);
    if (i >= 4) while (guesses.wait("192.0.2.1") !== undefined);
  }
  expect(looked, "twelve were sent, and five looked at").toHaveLength(5);
  const http = new HttpLogin(options);
  await http.account(basic("y"), "192.0.2.1");
  expect(looked, "nor is one over HTTP").toHaveLength(5);
  await http.account(basic("z"), "192.0.2.2");
  expect(looked.at(-1)).toBe("z");
});
