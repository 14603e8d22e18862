import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HostKeyCheck, type TrustWords } from "../../src/cli/host-key.ts";
import {
  hostName,
  judge,
  knownHostLine,
  knownKinds,
  readKnownHosts,
} from "../../src/cli/known-hosts.ts";
import { hostKeyLines } from "../../src/cli/secrets.ts";
import { fingerprint } from "../../src/host/index.ts";

const directory = mkdtempSync(join(tmpdir(), "ntpconfd-host-key-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A private key, and what is shown of it. */
function makeKey(): { readonly pem: string; readonly key: Buffer } {
  const { private: pem } = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  return { pem, key: parsed.getPublicSSH() };
}

const mine = makeKey();
const other = makeKey();
const base64 = mine.key.toString("base64");
const kind = "ecdsa-sha2-nistp256";
const plain = `${kind} ${base64}`;

describe("a list of known hosts", () => {
  const place = hostName({ host: "192.0.2.1", port: 830 });

  test.each<[string, string, string]>([
    ["its host and port", `[192.0.2.1]:830 ${plain}`, "known"],
    ["several names", `a,[192.0.2.1]:830,b ${plain} a comment`, "known"],
    ["a pattern", `[192.0.2.*]:8?0 ${plain}`, "known"],
    ["stars that lead nowhere", `[192*2*2*2*.1]:831 ${plain}`, "unknown"],
    ["a pattern that leaves it out", `[192.0.2.*]:830,![*.1]:830 ${plain}`, "unknown"],
    ["another port", `[192.0.2.1]:831 ${plain}`, "unknown"],
    ["the host without a port, which is 22", `192.0.2.1 ${plain}`, "unknown"],
    ["a comment", `# [192.0.2.1]:830 ${plain}`, "unknown"],
    ["another key", knownHostLine("[192.0.2.1]:830", other.key), "changed"],
    ["the key, and another one", `${knownHostLine(place, other.key)}${place} ${plain}`, "known"],
    ["the key, revoked", `[192.0.2.1]:830 ${plain}\n@revoked * ${plain}`, "revoked"],
    ["an authority", `@cert-authority * ${plain}`, "unknown"],
    ["a kind that is not the key's", `[192.0.2.1]:830 ssh-ed25519 ${base64}`, "unknown"],
    ["junk", `[192.0.2.1]:830\n\n@\n|1|x ${kind}\n${place} ${kind} AAAA`, "unknown"],
    ["nothing", "", "unknown"],
  ])("with %s", (_, text, expected) => {
    expect(judge(readKnownHosts(text, "list"), place, mine.key).kind).toBe(expected);
  });

  test("is read back as it is written, IPv6 and port 22 as well", () => {
    for (const [host, port, name] of [
      ["FE80::1", 1830, "[fe80::1]:1830"],
      ["Agent.lab", 22, "agent.lab"],
    ] as const) {
      expect(hostName({ host, port })).toBe(name);
      const lines = readKnownHosts(knownHostLine(name, mine.key), "list");
      expect(judge(lines, name, mine.key)).toEqual({ kind: "known" });
      expect(knownKinds(lines, name)).toEqual([kind]);
    }
  });

  test("is what `ntpconfd host-key` prints for an address", () => {
    const state = join(directory, "agent");
    expect(() => hostKeyLines(state, undefined)).toThrow("agent holds no SSH host keys");
    mkdirSync(state);
    writeFileSync(join(state, "ssh-host-key-ecdsa"), mine.pem);
    expect(hostKeyLines(state, undefined)).toEqual([fingerprint(mine.key)]);
    expect(hostKeyLines(state, { host: "192.0.2.1", port: 830 })).toEqual([
      `[192.0.2.1]:830 ${plain}`,
    ]);
  });

  const keygen = (...args: string[]): string => execFileSync("ssh-keygen", args).toString();
  const hasKeygen = existsSync("/usr/bin/ssh-keygen");

  test.skipIf(!hasKeygen)("hashed by ssh-keygen is the same list; fingerprints are its own", () => {
    const file = join(directory, "hashed");
    writeFileSync(file, knownHostLine(place, mine.key));
    expect(keygen("-lf", file)).toContain(fingerprint(mine.key).split(" ")[1]);
    execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
    const lines = readKnownHosts(readFileSync(file, "utf8"), file);
    expect(readFileSync(file, "utf8")).toMatch(/^\|1\|/);
    expect(judge(lines, place, mine.key).kind).toBe("known");
    expect(judge(lines, place, other.key).kind).toBe("changed");
    expect(judge(lines, "[192.0.2.2]:830", mine.key).kind).toBe("unknown");
  });
});

describe("a host key", () => {
  const far = { host: "192.0.2.1", port: 830 };
  const known = join(directory, "lists/known");
  const words = (more: TrustWords = {}): TrustWords => ({ knownHosts: known, ...more });
  const shows = (check: HostKeyCheck, key: Buffer): boolean => check.options().hostVerifier(key);

  test("that is new is refused unless somebody says yes, kept on --accept-new, then held", async () => {
    const asked = new HostKeyCheck(far, words());
    expect(shows(asked, mine.key)).toBe(false);
    // Nobody sits at the terminal of a test.
    await expect(asked.isMended()).rejects.toThrow(fingerprint(mine.key));
    expect(existsSync(known)).toBe(false);

    const accepting = new HostKeyCheck(far, words({ acceptNew: true }));
    expect(shows(accepting, mine.key)).toBe(false);
    expect(await accepting.isMended()).toBe(true);
    expect(shows(accepting, mine.key)).toBe(true);
    expect(statSync(known).mode & 0o777).toBe(0o600);
    expect(shows(new HostKeyCheck(far, words()), mine.key)).toBe(true);

    const changed = new HostKeyCheck(far, words({ acceptNew: true }));
    expect(shows(changed, other.key)).toBe(false);
    const fault: Error = await changed.isMended().then(
      () => new Error("mended"),
      (error) => error,
    );
    for (const said of [mine.key, other.key].map(fingerprint))
      expect(fault.message).toContain(said);
    expect(fault.message).toContain(`${known}, line 1`);
    expect(readFileSync(known, "utf8")).toBe(knownHostLine("[192.0.2.1]:830", mine.key));
  });

  test("is added behind a last line without an end", async () => {
    const file = join(directory, "no-end");
    writeFileSync(file, "a b");
    const check = new HostKeyCheck(far, { knownHosts: file, acceptNew: true });
    shows(check, mine.key);
    await check.isMended();
    expect(readFileSync(file, "utf8")).toBe(`a b\n${knownHostLine("[192.0.2.1]:830", mine.key)}`);
  });

  test("is accepted once by a list that keeps nothing", async () => {
    const check = new HostKeyCheck(far, { knownHosts: "/dev/null", acceptNew: true });
    shows(check, mine.key);
    expect(await check.isMended()).toBe(true);
    expect(shows(check, mine.key)).toBe(true);
    expect(shows(check, other.key)).toBe(false);
  });

  test("of a kind that is known is asked for first, and none over SHA-1", () => {
    const algorithms = new HostKeyCheck(far, words()).options().algorithms?.serverHostKey;
    expect(algorithms).toEqual([
      kind,
      "ssh-ed25519",
      "ecdsa-sha2-nistp384",
      "ecdsa-sha2-nistp521",
      "rsa-sha2-512",
      "rsa-sha2-256",
    ]);
  });

  test("a list that cannot be read is an error, not an empty list", () => {
    const check = new HostKeyCheck(far, { knownHosts: directory });
    expect(() => check.options()).toThrow("cannot read the list of known hosts");
  });

  test.each(["127.0.0.1", "127.8.9.1", "::1", "localhost", "LocalHost"])(
    "of %s is taken while nobody has recorded one, and held where somebody has",
    (host) => {
      const file = join(directory, `loopback-${host}`);
      const check = new HostKeyCheck({ host, port: 1830 }, { knownHosts: file });
      expect(shows(check, other.key)).toBe(true);
      writeFileSync(file, knownHostLine(hostName({ host, port: 1830 }), mine.key));
      expect(shows(check, mine.key)).toBe(true);
      expect(shows(check, other.key)).toBe(false);
    },
  );
});

describe("ntpconfd status", () => {
  const main = join(import.meta.dirname, "../../dist/main.js");
  const file = join(directory, "of-the-program");
  const passwords: string[] = [];
  let server: ssh2.Server;
  let name = "";

  beforeAll(async () => {
    server = new ssh2.Server({ hostKeys: [mine.pem] }, (client) => {
      client.on("error", () => undefined);
      client.on("authentication", (attempt) => {
        if (attempt.method === "password") passwords.push(attempt.password);
        attempt.reject(["password"]);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    name = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterAll(() => server.close());

  async function status(...more: string[]): Promise<{ code: unknown; said: string }> {
    const { SSH_AUTH_SOCK: _, ...outer } = process.env;
    const env = { ...outer, NTPCONFD_PASSWORD: "Told-To-One-1!" };
    const args = [main, "status", "--netconf", name, "--known-hosts", file, ...more];
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
    });
    const [code] = await once(child, "close");
    return { code, said };
  }

  test("tells the password to the agent it knows, and not to another one", async () => {
    const first = await status("--accept-new");
    expect(first.said).toContain(`kept in ${file}: [127.0.0.1]:`);
    expect(first.said).toContain("does not let admin in");
    expect(passwords).toEqual(["Told-To-One-1!"]);

    writeFileSync(file, readFileSync(file, "utf8").replace(base64, other.key.toString("base64")));
    const second = await status();
    expect(second.code).toBe(2);
    expect(second.said).toContain(`shown     ${fingerprint(mine.key)}`);
    expect(second.said).toContain(`recorded  ${fingerprint(other.key)}   ${file}, line 1`);
    expect(passwords).toEqual(["Told-To-One-1!"]);
  });
});
