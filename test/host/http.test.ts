import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstLine } from "../../src/cli/lab.ts";
import { NetconfClient } from "../../src/cli/netconf-client.ts";
import { ended } from "../ended.ts";
import { freePort } from "./free-port.ts";

// The page of the program as it was built, asked as a browser and as Prometheus ask.

const main = join(import.meta.dirname, "../../dist/main.js");
const ntp = "urn:ietf:params:xml:ns:yang:ietf-ntp";
/** Somebody who may read all of NTP but its associations. */
const reader =
  '<system xmlns="urn:ietf:params:xml:ns:yang:ietf-system"><authentication><user>' +
  "<name>reader</name><password>$0$Reader-Pass-1!</password></user></authentication></system>" +
  '<nacm xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-acm">' +
  "<groups><group><name>guests</name><user-name>reader</user-name></group></groups>" +
  "<rule-list><name>guests</name><group>guests</group><rule><name>none</name>" +
  `<path xmlns:ntp="${ntp}">/ntp:ntp/ntp:associations/ntp:association</path>` +
  "<access-operations>read</access-operations><action>deny</action></rule></rule-list></nacm>";
const config = (port: number): string =>
  `<ntp xmlns="${ntp}"><port>${port}</port><unicast-configuration><address>127.0.0.9</address>` +
  "<type>uc-server</type><port>11996</port></unicast-configuration></ntp>";

const hasSix = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === "::1"),
);
let directory = "";
let agent: ChildProcess;
let page = "";
let six = "";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-http-"));
  const file = join(directory, "password");
  writeFileSync(file, "Page-Pass-1!\n");
  agent = spawn(process.execPath, [
    ...[main, "serve", "--state-dir", join(directory, "state"), "--netconf", "127.0.0.1:0"],
    ...["--http", "127.0.0.1:0", ...(hasSix ? ["--http", "[::]:0"] : [])],
    ...["--password-file", file, "--log-level", "error"],
  ]);
  const [, netconf, http, port] =
    /^ready netconf=127\.0\.0\.1:(\d+) http=(127\.0\.0\.1:\d+)(?: http=\[::\]:(\d+))?$/.exec(
      await firstLine(agent),
    ) ?? [];
  page = `http://${http}`;
  six = port ?? "";
  const login = { host: "127.0.0.1", port: Number(netconf), user: "admin" };
  const client = await NetconfClient.connect({ ...login, password: "Page-Pass-1!" });
  await client.configure(reader + config(await freePort()));
  await client.close();
});

afterAll(async () => {
  await ended(agent);
  rmSync(directory, { recursive: true });
});

const admin = "admin:Page-Pass-1!";
const guest = "reader:Reader-Pass-1!";

function ask(path: string, who?: string, method = "GET"): Promise<Response> {
  const authorization = `Basic ${Buffer.from(who ?? "").toString("base64")}`;
  return fetch(page + path, { method, headers: who === undefined ? {} : { authorization } });
}

interface Status {
  readonly clock: { readonly state: string };
  readonly associations: readonly object[];
}

async function status(who: string): Promise<Status> {
  return (await (await ask("/api/status", who)).json()) as Status;
}

describe("--http", () => {
  test("lets nobody in without the password of a user", async () => {
    for (const who of [undefined, "admin:wrong", "nobody:Page-Pass-1!", "admin"]) {
      for (const path of ["/", "/metrics", "/api/status"]) {
        const answer = await ask(path, who);
        expect(answer.status, `${who} ${path}`).toBe(401);
        expect(answer.headers.get("www-authenticate")).toContain("Basic");
      }
    }
  });

  test.skipIf(!hasSix)("[::] is all of IPv6 and nothing else, as with --netconf", async () => {
    expect((await fetch(`http://[::1]:${six}/`)).status).toBe(401);
    await expect(fetch(`http://127.0.0.1:${six}/`)).rejects.toThrow();
    expect((await fetch(`${page}/`)).status, "the other address beside it").toBe(401);
  });

  test("gives the page and its parts, for itself alone", async () => {
    const types = { "/": "html", "/page.js": "javascript", "/page.css": "css" };
    for (const [path, type] of Object.entries({ ...types, "/uplot.js": "javascript" })) {
      const answer = await ask(path, admin);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toContain(type);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
    expect((await ask("/../package.json", admin)).status).toBe(404);
    expect((await ask("/", admin, "POST")).status).toBe(405);
  });

  test("shows a user what <get> shows that user, and no more", async () => {
    const whole = await status(admin);
    expect(whole.clock.state).toBe("unsynchronized");
    expect(whole.associations).toMatchObject([{ address: "127.0.0.9", configured: true }]);
    const part = await status(guest);
    expect(part.clock.state).toBe("unsynchronized");
    expect(part.associations).toEqual([]);
    const metrics = await (await ask("/metrics", guest)).text();
    expect(metrics).toContain("ntpconfd_clock_synchronized 0");
    expect(metrics).not.toContain("127.0.0.9");
    expect(await (await ask("/metrics", admin)).text()).toContain("127.0.0.9");
    const history = await (await ask("/api/history?hours=6", guest)).text();
    expect(history).not.toContain("127.0.0.9");
  });
});
