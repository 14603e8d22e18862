import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { firstLine } from "../../src/cli/lab.ts";
import { NetconfClient, textOf } from "../../src/cli/netconf-client.ts";
import { ended } from "../ended.ts";

// A real agent on a small disk of its own, which fills up and is mounted read-only.

const main = join(import.meta.dirname, "../../dist/main.js");
const password = "Interop-Pass-1!";
const isRoot = process.getuid?.() === 0;
const system = "urn:ietf:params:xml:ns:yang:ietf-system";
const contact = (text: string): string =>
  `<system xmlns="${system}"><contact>${text}</contact></system>`;
const save = "<copy-config><target><startup/></target><source><running/></source></copy-config>";

let directory = "";
let disk = "";
/** Holds the mount namespace until its input ends. */
let holder: ChildProcess;
const agents: ChildProcess[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-disk-"));
  disk = join(directory, "disk");
  mkdirSync(disk);
  writeFileSync(join(directory, "password"), password);
  const script = `mount -t tmpfs -o size=512k tmpfs '${disk}' && echo mounted && exec cat`;
  const enter = isRoot ? ["-m"] : ["-Urm"];
  holder = spawn("unshare", [...enter, "sh", "-c", script], { stdio: ["pipe", "pipe", "inherit"] });
  expect(await firstLine(holder)).toBe("mounted");
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await ended(agent, "SIGKILL");
});
afterAll(async () => {
  holder.stdin?.end();
  await once(holder, "exit");
  rmSync(directory, { recursive: true });
});

/** What enters the namespace that has the disk. */
function inside(...words: readonly string[]): readonly [string, string[]] {
  const user = isRoot ? [] : ["-U", "--preserve-credentials"];
  return ["nsenter", ["-t", `${holder.pid}`, "-m", ...user, "--", ...words]];
}

function run(...words: readonly string[]): string {
  const [command, rest] = inside(...words);
  return execFileSync(command, rest, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function fill(): void {
  run("sh", "-c", `cat /dev/zero >'${disk}/filler' || true`);
}

function serve(state: string, more: readonly string[] = []): ChildProcess & { said: () => string } {
  const [command, rest] = inside(
    ...[process.execPath, main, "serve", "--state-dir", join(disk, state)],
    ...["--netconf", "127.0.0.1:0", "--password-file", join(directory, "password"), ...more],
  );
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  agents.push(child);
  let said = "";
  child.stderr?.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  return Object.assign(child, { said: () => said });
}

/** A state directory that an agent has begun, and has saved one thing in. */
async function begun(state: string): Promise<void> {
  const agent = serve(state);
  const session = await manager(agent);
  await session.configure(contact("kept"));
  await session.rpc(save);
  await session.close();
  await ended(agent);
}

async function manager(agent: ChildProcess): Promise<NetconfClient> {
  const port = Number(/netconf=\S*:(\d+)/.exec(await firstLine(agent))?.[1]);
  return NetconfClient.connect({ host: "127.0.0.1", port, user: "admin", password });
}

async function contactIn(session: NetconfClient, source: string): Promise<string | undefined> {
  const reply = await session.rpc(`<get-config><source><${source}/></source></get-config>`);
  return textOf(reply, "data", "system", "contact");
}

/** More than what is left of a page. */
const during = "during ".repeat(1_000).trim();
const obstacles = [
  ["is full", fill, () => run("rm", join(disk, "filler")), /no space left on device/i],
  [
    "is mounted read-only",
    // Over itself: what is open for writing would not let it be mounted anew.
    () => run("sh", "-c", `mount --bind '${disk}' '${disk}' && mount -o remount,bind,ro '${disk}'`),
    () => run("umount", disk),
    /read-only file system/i,
  ],
] as const;

describe.each(obstacles)("where the disk %s", (what, happen, pass, message) => {
  test.each(["--no-startup", "startup"])(
    "a change that cannot be kept is refused, and the agent goes on (%s)",
    async (kind) => {
      const state = `${kind}-${what.replaceAll(" ", "-")}`;
      const isKept = kind === "--no-startup";
      const words = isKept ? [kind] : [];
      const agent = serve(state, words);
      const session = await manager(agent);
      const keep = async (text: string): Promise<void> => {
        await session.configure(contact(text));
        if (!isKept) await session.rpc(save);
      };
      await keep("before");
      happen();
      try {
        await expect(keep(during)).rejects.toThrow(message);
        // A commit that is kept nowhere is as good as ever.
        expect(await contactIn(session, "running")).toBe(isKept ? "before" : during);
        if (!isKept) expect(await contactIn(session, "startup")).toBe("before");
      } finally {
        pass();
      }
      await keep("after");
      await ended(agent, "SIGKILL");
      const next = await manager(serve(state, words));
      expect(await contactIn(next, "running")).toBe("after");
      await next.close();
    },
  );

  test("an agent that cannot begin there says why, and one that is there begins", async () => {
    const state = `begun-${what.replaceAll(" ", "-")}`;
    await begun(state);
    happen();
    try {
      const fresh = serve(`fresh-${what.replaceAll(" ", "-")}`);
      expect((await once(fresh, "close"))[0]).toBe(2);
      expect(fresh.said()).toMatch(message);
      expect(fresh.said()).not.toMatch(/\n {4}at /);
      const again = serve(state);
      const [status] = await Promise.race([
        once(again, "close"),
        firstLine(again).then(() => ["up"]),
      ]);
      // With or without room for its lock, it never comes up with nothing.
      if (status === "up") await expect.poll(again.said).toMatch(message);
      else expect([status, again.said()]).toEqual([2, expect.stringMatching(message)]);
    } finally {
      pass();
    }
    const last = await manager(serve(state));
    expect(await contactIn(last, "running")).toBe("kept");
    await last.close();
  });
});

test.each([
  ["cut off", (file: string) => run("truncate", "-s", "-30", file)],
  ["empty", (file: string) => run("truncate", "-s", "0", file)],
  ["of zeros", (file: string) => run("sh", "-c", `head -c 300 /dev/zero >'${file}'`)],
])("a startup that is %s is replaced by its copy, told of and kept aside", async (how, damage) => {
  const state = `damaged-${how.replaceAll(" ", "-")}`;
  await begun(state);
  damage(join(disk, state, "startup"));
  const again = serve(state);
  const next = await manager(again);
  expect(await contactIn(next, "running")).toBe("kept");
  await expect.poll(again.said).toContain("its copy startup.good is used instead");
  await next.close();
});
