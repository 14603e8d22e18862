import ssh2, { type AuthContext, type ParsedKey } from "ssh2";
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/host/accounts.ts";
import { Guesses } from "../../src/host/guesses.ts";
import { Login, nobodysHash } from "../../src/host/login.ts";
import { ed25519Key } from "./ssh-keys.ts";

// One log-in by itself, without a network: what is looked at, what is counted, who is let in.

const ours = parsed(ed25519Key("ann").private);
const others = parsed(ed25519Key("another").private);
const blob = Buffer.from("what the client has to sign");

function parsed(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

function signed(key: ParsedKey, over: Buffer): Buffer {
  const signature = key.sign(over);
  if (signature instanceof Error) throw signature;
  return signature;
}

const data = new Uint8Array(ours.getPublicSSH());
const ann: Account = {
  name: "ann",
  passwordHash: "$6$right",
  authorizedKeys: [{ algorithm: "ssh-ed25519", data }],
  recovery: false,
};
const keyAlone: Account = { ...ann, name: "bob", passwordHash: undefined };

/** A log-in with what was asked of the password checker and of whom it is remembered. */
function attempt(owner: Account = ann) {
  const checked: string[] = [];
  const guesses = new Guesses();
  const login = new Login(
    {
      accounts: (name) => [owner, keyAlone].find((account) => account.name === name),
      checkPassword: async (password, hash) => {
        checked.push(hash);
        return password === "right" && hash === "$6$right";
      },
      refusalDelayMs: 0,
      guesses,
    },
    "192.0.2.7",
  );
  const ask = (more: object) => {
    const context = { username: "ann", accept: () => {}, reject: () => {}, ...more };
    return login.answer(context as unknown as AuthContext);
  };
  const password = (username: string, given: string) =>
    ask({ method: "password", username, password: given });
  const key = (more: object) =>
    ask({ method: "publickey", key: { algo: "ssh-ed25519", data: Buffer.from(data) }, ...more });
  return { login, guesses, checked, password, key };
}

describe("a password", () => {
  test("lets in whose it is", async () => {
    const { password, guesses } = attempt();
    expect(await password("ann", "right")).toMatchObject({ kind: "accepted", account: ann });
    for (let i = 0; i < 4; i++) guesses.refused("192.0.2.7", "eve");
    expect(guesses.wait("192.0.2.7", "ann")).toBe(0);
  });

  test.each([
    ["that is wrong", "ann", "wrong", "$6$right"],
    ["of nobody", "eve", "right", nobodysHash],
    ["of somebody who has none", "bob", "right", nobodysHash],
    ["that is too long", "ann", "right".padEnd(2_000), "$6$right"],
  ])(
    "%s is held against a hash all the same, refused and counted",
    async (_, user, given, hash) => {
      const { login, guesses, checked, password } = attempt();
      expect(await password(user, given)).toMatchObject({ kind: "refused", user });
      expect(checked).toEqual([hash]);
      expect(login.refusals).toBe(1);
      expect(guesses.size).toBe(1);
      expect(guesses.wait("192.0.2.7")).toBe(0);
      for (let n = 0; n < 5; n++) await password("ann", "wrong");
      expect(guesses.wait("192.0.2.7")).toBeGreaterThan(0);
    },
  );
});

describe("a key", () => {
  test("lets in who signs with it", async () => {
    const { key } = attempt();
    expect(await key({ blob, signature: signed(ours, blob) })).toMatchObject({ kind: "accepted" });
  });

  test("that is asked about lets nobody in", async () => {
    expect(await attempt().key({})).toEqual({ kind: "undecided" });
  });

  test.each([
    ["another key's", signed(others, blob)],
    ["over something else", signed(ours, Buffer.from("something else"))],
    ["empty", Buffer.alloc(0)],
  ])("with a signature that is %s is refused and counted", async (_, signature) => {
    const { guesses, key } = attempt();
    expect(await key({ blob, signature })).toMatchObject({ kind: "refused" });
    expect(guesses.size).toBe(1);
  });

  test("of RSA is not taken with SHA-1, not even where its signature is right", async () => {
    const rsa = parsed(ssh2.utils.generateKeyPairSync("rsa", { bits: 1024 }).private);
    const rsaData = rsa.getPublicSSH();
    const owner = { ...ann, authorizedKeys: [{ algorithm: "ssh-rsa", data: rsaData }] };
    const { key } = attempt(owner);
    const signature = (hash?: "sha256" | "sha512"): Buffer => {
      const made = rsa.sign(blob, hash);
      if (made instanceof Error) throw made;
      return made;
    };
    const given = { key: { algo: "ssh-rsa", data: rsaData }, blob };
    const accepted = { kind: "accepted" };
    for (const hashAlgo of ["sha256", "sha512"] as const) {
      expect(await key({ ...given, hashAlgo, signature: signature(hashAlgo) })).toMatchObject(
        accepted,
      );
    }
    expect(await key({ ...given, signature: signature() })).toEqual({ kind: "undecided" });
  });

  test("that nobody has given the user is not looked at", async () => {
    const { key } = attempt();
    const other = { algo: "ssh-ed25519", data: others.getPublicSSH() };
    const asked = await key({ key: other, blob, signature: signed(others, blob) });
    expect(asked).toEqual({ kind: "undecided" });
  });
});
