import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstLine } from "../../src/cli/lab.ts";
import { NetconfClient } from "../../src/cli/netconf-client.ts";
import { ended } from "../ended.ts";
import { peer, run } from "./peers.ts";

// Every kind of key logs in with OpenSSH's own client, as the recovery user's and as a user's that is
// data (RFC 7317).

const main = join(import.meta.dirname, "../../dist/main.js");
const password = "Interop-Pass-1!";
const ready = peer("ssh") !== undefined;

/** What ssh-keygen makes, and with which signatures such a key logs in. */
const kinds = [
  { file: "ed25519", type: "ed25519", bits: "256", signatures: ["ssh-ed25519"] },
  { file: "nistp256", type: "ecdsa", bits: "256", signatures: ["ecdsa-sha2-nistp256"] },
  { file: "nistp384", type: "ecdsa", bits: "384", signatures: ["ecdsa-sha2-nistp384"] },
  { file: "nistp521", type: "ecdsa", bits: "521", signatures: ["ecdsa-sha2-nistp521"] },
  { file: "rsa", type: "rsa", bits: "3072", signatures: ["rsa-sha2-256", "rsa-sha2-512"] },
];

let directory = "";
let agent: ChildProcess | undefined;
let port = 0;
let log = "";

beforeAll(async () => {
  if (!ready) return;
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-keys-"));
  const publicKeys: string[] = [];
  for (const { file, type, bits } of kinds) {
    const path = join(directory, file);
    const made = await run("ssh-keygen", ["-q", "-t", type, "-b", bits, "-N", "", "-f", path]);
    expect(made.status, made.output).toBe(0);
    publicKeys.push(readFileSync(`${path}.pub`, "utf8"));
  }
  const authorized = join(directory, "authorized_keys");
  writeFileSync(authorized, publicKeys.join(""));
  agent = spawn(
    process.execPath,
    [
      ...[main, "serve", "--state-dir", join(directory, "state"), "--netconf", "127.0.0.1:0"],
      ...["--authorized-keys", authorized],
    ],
    { env: { ...process.env, NTPCONFD_PASSWORD: password } },
  );
  agent.stderr?.on("data", (bytes: Buffer) => {
    log += bytes.toString();
  });
  port = Number(/netconf=\S*:(\d+)/.exec(await firstLine(agent))?.[1]);
  const keys = publicKeys.map((line, i) => {
    const [algorithm = "", data = ""] = line.split(" ");
    const name = kinds[i]?.file;
    const entry = `<name>${name}</name><algorithm>${algorithm}</algorithm>`;
    return `<authorized-key>${entry}<key-data>${data}</key-data></authorized-key>`;
  });
  const netconf = await NetconfClient.connect({ host: "127.0.0.1", port, user: "admin", password });
  await netconf.configure(
    '<system xmlns="urn:ietf:params:xml:ns:yang:ietf-system"><authentication><user>' +
      `<name>alice</name>${keys.join("")}</user></authentication></system>`,
  );
  await netconf.close();
});

afterAll(async () => {
  if (agent !== undefined) await ended(agent);
  if (directory !== "") rmSync(directory, { recursive: true, force: true });
});

/** Logs in with one key and one kind of signature, and says hello; all that OpenSSH printed. */
async function logIn(user: string, file: string, signature: string): Promise<string> {
  const options = {
    IdentityFile: join(directory, file),
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    BatchMode: "yes",
    PreferredAuthentications: "publickey",
    PubkeyAcceptedAlgorithms: signature,
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: "/dev/null",
  };
  const args = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const base = "urn:ietf:params:xml:ns:netconf:base:1.0";
  const capability = "<capability>urn:ietf:params:netconf:base:1.0</capability>";
  const input =
    `<hello xmlns="${base}"><capabilities>${capability}</capabilities></hello>]]>]]>` +
    `<rpc xmlns="${base}" message-id="1"><close-session/></rpc>]]>]]>`;
  const where = ["-F", "none", "-v", "-p", String(port), `${user}@127.0.0.1`, "-s", "netconf"];
  const { output } = await run("ssh", [...args, ...where], { input, seconds: 20 });
  return output;
}

const table = kinds.flatMap(({ file, signatures }) =>
  signatures.flatMap((signature) => ["admin", "alice"].map((user) => ({ user, file, signature }))),
);

describe.skipIf(!ready)("OpenSSH's client logs in by key", () => {
  test.each(table)("$user with $file and $signature", async ({ user, file, signature }) => {
    const output = await logIn(user, file, signature);
    expect(output).toContain("<session-id>");
    expect(output).toContain('<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"');
    expect(log).toMatch(new RegExp(`"user":"${user}"[^\n]*"method":"publickey"`));
  });

  test.each(["admin", "alice"])("%s not with a signature over SHA-1", async (user) => {
    const output = await logIn(user, "rsa", "ssh-rsa");
    expect(output).toMatch(
      /server-sig-algs=<(?!.*ssh-rsa)[^>]*nistp521,rsa-sha2-512,rsa-sha2-256>/,
    );
    expect(output).toContain("Permission denied");
    expect(output).not.toContain("<session-id>");
  });

  test("a key that is somebody else's logs nobody in", async () => {
    const path = join(directory, "stranger");
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
    expect(await logIn("alice", "stranger", "ssh-ed25519")).toContain("Permission denied");
  });
});
