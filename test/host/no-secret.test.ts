import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atRestVault } from "../../src/host/key-file.ts";
import { systemRandom } from "../../src/host/random.ts";
import { FileStorage } from "../../src/host/storage.ts";
import { ended } from "../ended.ts";
import { certify, pkcs8 } from "./certificates.ts";
import { freePort } from "./free-port.ts";

// Secrets of every form go into the agent as it was built, and all that comes out of it, by all its
// ways at once, is searched for them.

const main = join(import.meta.dirname, "../../dist/main.js");
const base = "urn:ietf:params:xml:ns:netconf:base:1.0";
const NTP = "urn:ietf:params:xml:ns:yang:ietf-ntp";
const ND = "urn:ntpconfd:yang:ntp";
const SERVER = "urn:ntpconfd:yang:server";
const certified = certify({ subject: "agent" });
const der = pkcs8(certified);
/** The secret number alone: the rest of the file tells nothing. */
const scalar = Buffer.from(String(certified.key.export({ format: "jwk" }).d), "base64url");
const hexKey = Buffer.from("9f3c5a7715e2d8b40c6619ab", "hex");

const secrets: Readonly<Record<string, Buffer>> = {
  keystring: Buffer.from("Plain-Key-Secret-71"),
  "hexadecimal-string": hexKey,
  "cipher-string": Buffer.from("Sealed-Key-Secret-82"),
  "a key that is refused": Buffer.from("refusedkeysecret"),
  "a password": Buffer.from("Password-Secret-93!"),
  "a password that is no log-in": Buffer.from("Wrong-Login-Secret-15"),
  "a private key": scalar,
  "the recovery user's password": Buffer.from("Recovery-Secret-04!"),
};

/** How octets may be written: as they are, in hexadecimal, in base64 wherever they stand. */
function formsOf(secret: Buffer): readonly string[] {
  const hex = secret.toString("hex");
  const colons = hex.replace(/..(?!$)/g, "$&:");
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), secret]).toString("base64");
    // Without what depends on its neighbours.
    const [start, end] = [
      Math.ceil((before * 8) / 6),
      Math.floor(((before + secret.length) * 8) / 6),
    ];
    return text.slice(start, end);
  });
  return [
    secret.toString("latin1"),
    hex,
    hex.toUpperCase(),
    colons,
    colons.toUpperCase(),
    ...base64,
  ];
}

function found(where: Buffer | string): readonly string[] {
  const text = typeof where === "string" ? where : where.toString("latin1");
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => text.includes(form)) ? [name] : [],
  );
}

/** A manager who keeps all that he is told. */
class Manager {
  readonly client = new ssh2.Client();
  #channel: ssh2.ClientChannel | undefined;
  said = "";
  #read = 0;

  async connect(port: number, username: string, password: string): Promise<this> {
    // An agent that ends may reset the connection: nothing is wrong with that.
    this.client.on("error", () => undefined);
    this.client.connect({ host: "127.0.0.1", port, username, password });
    await once(this.client, "ready");
    this.#channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
      this.client.subsys("netconf", (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    this.#channel.on("data", (bytes: Buffer) => {
      this.said += bytes.toString("latin1");
    });
    this.#channel.write(
      `<hello xmlns="${base}"><capabilities><capability>urn:ietf:params:netconf:base:1.0` +
        "</capability></capabilities></hello>]]>]]>",
    );
    await this.#next();
    return this;
  }

  async rpc(content: string): Promise<string> {
    this.#channel?.write(`<rpc xmlns="${base}" message-id="1">${content}</rpc>]]>]]>`);
    return this.#next();
  }

  async #next(): Promise<string> {
    for (;;) {
      const end = this.said.indexOf("]]>]]>", this.#read);
      if (end >= 0) {
        const message = this.said.slice(this.#read, end);
        this.#read = end + 6;
        return message;
      }
      await once(this.#channel ?? this.client, "data");
    }
  }
}

let directory = "";
let state = "";
let agent: ChildProcess;
let output = "";
let port = 0;
let ntpPort = 0;
let page = "";
const managers: Manager[] = [];

async function manager(user: string, password: Buffer): Promise<Manager> {
  const one = await new Manager().connect(port, user, password.toString());
  managers.push(one);
  return one;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ntpconfd-no-secret-"));
  ntpPort = await freePort();
  state = join(directory, "state");
  atRestVault(new FileStorage(state), systemRandom);
  writeFileSync(join(directory, "password"), secrets["the recovery user's password"] ?? "");
  agent = spawn(process.execPath, [
    ...[main, "serve", "--state-dir", state, "--netconf", "127.0.0.1:0", "--http", "127.0.0.1:0"],
    ...["--password-file", join(directory, "password"), "--log-level", "debug"],
    ...["--record", join(directory, "record")],
  ]);
  for (const stream of [agent.stdout, agent.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      output += bytes.toString("latin1");
    });
  }
  while (!/^ready .*\n/m.test(output)) await once(agent.stdout ?? agent, "data");
  const [, netconf, http] = /^ready netconf=\S+:(\d+) http=(\S+)$/m.exec(output) ?? [];
  port = Number(netconf);
  page = `http://${http}`;
});

afterAll(async () => {
  for (const { client } of managers) client.end();
  await ended(agent, "SIGKILL");
  rmSync(directory, { recursive: true });
});

const key = (id: number, inner: string): string =>
  `<authentication-keys><keyid>${id}</keyid><algorithm>nd:hmac-sha256</algorithm>` +
  `<key>${inner}</key><istrusted>true</istrusted></authentication-keys>`;
const keys = (...list: readonly string[]): string =>
  `<ntp xmlns="${NTP}" xmlns:nd="${ND}"><port>${ntpPort}</port><authentication>${list.join("")}</authentication></ntp>`;
const identity = (certificate: Uint8Array, privateKey: Uint8Array): string =>
  `<server xmlns="${SERVER}"><tls><identity><name>own</name><certificate>` +
  `${Buffer.from(certificate).toString("base64")}</certificate><private-key>` +
  `${Buffer.from(privateKey).toString("base64")}</private-key></identity></tls></server>`;
const user = (name: string, password: string): string =>
  '<system xmlns="urn:ietf:params:xml:ns:yang:ietf-system"><authentication><user>' +
  `<name>${name}</name><password>${password}</password></user></authentication></system>`;
const readers =
  '<nacm xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-acm"><write-default>permit</write-default>' +
  "</nacm>";
const edit = (config: string): string =>
  `<edit-config><target><candidate/></target><config>${config}</config></edit-config>`;
const copy = (source: string, target: string): string =>
  `<copy-config><target>${target}</target><source>${source}</source></copy-config>`;
const text = (name: string): string => secrets[name]?.toString() ?? "";

/** What is refused, each with a secret in it. */
function refusals(sealed: string): readonly string[] {
  const refused = text("a key that is refused");
  const broken = Buffer.from(der);
  broken[3] = 0x7f;
  return [
    edit(keys(key(3, `<keystring>${refused}</keystring>`))),
    edit(keys(key(3, `<keystring>${refused}</keystring><keystring>${refused}</keystring>`))),
    edit(keys(key(3, `<hexadecimal-string>${hexKey.toString("hex")}</hexadecimal-string>`))),
    edit(keys(key(3, `<nd:cipher-string>${sealed.slice(0, -8)}AAAA=</nd:cipher-string>`))),
    edit(keys(key(3, `<nd:cipher-string>${refused}</nd:cipher-string>`))),
    edit(user("u", `$7$${text("a password")}`)),
    edit(identity(certified.certificate, broken)),
    edit(keys(key(3, refused))),
    edit(keys(key(3, `<keystring><x>${refused}</x></keystring>`))),
    edit(keys(key(3, `<keystring x="${refused}">Plain-Key-0-Other</keystring>`))),
  ];
}

test("what is searched for would be found", () => {
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of formsOf(secret)) expect(found(`<${form}>`), name).toEqual([name]);
    const around = Buffer.concat([Buffer.from("ab"), secret, Buffer.from("cd")]);
    expect(found(around.toString("base64")), name).toEqual([name]);
    expect(found(around.toString("hex")), name).toEqual([name]);
  }
});

test("no way out of the agent has a secret in it", async () => {
  const admin = await manager("admin", secrets["the recovery user's password"] ?? hexKey);
  const sealed = atRestVault(new FileStorage(state), systemRandom).seal(
    secrets["cipher-string"] ?? hexKey,
  );
  const config = [
    keys(
      key(1, `<keystring>${text("keystring")}</keystring>`),
      key(
        2,
        `<hexadecimal-string>${hexKey.toString("hex").replace(/..(?!$)/g, "$&:")}</hexadecimal-string>`,
      ),
      key(4, `<nd:cipher-string>${sealed}</nd:cipher-string>`),
    ),
    user("oper", `$0$${text("a password")}`),
    identity(certified.certificate, der),
    readers,
  ].join("");
  // Somebody listens from before the first secret comes, with every right.
  const listener = await manager("admin", secrets["the recovery user's password"] ?? hexKey);
  const subscribe =
    '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>';
  expect(await listener.rpc(subscribe)).toContain("<ok/>");
  for (const refused of refusals(sealed)) {
    const replies = (await admin.rpc(refused)) + (await admin.rpc("<commit/>"));
    expect(replies, refused).toContain("<rpc-error>");
    expect(found(replies), replies).toEqual([]);
    expect(await admin.rpc("<discard-changes/>")).toContain("<ok/>");
  }
  expect(await admin.rpc(edit(config))).toContain("<ok/>");
  const committed = await admin.rpc("<commit/>");
  expect(committed).toContain("<ok/>");
  expect(await admin.rpc(copy("<running/>", "<startup/>"))).toContain("<ok/>");
  expect(await admin.rpc(copy("<running/>", "<url>file:///all</url>"))).toContain("<ok/>");
  expect(found(admin.said)).toEqual([]);
  const oper = await manager("oper", secrets["a password"] ?? hexKey);
  const push =
    '<establish-subscription xmlns="urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications" ' +
    'xmlns:yp="urn:ietf:params:xml:ns:yang:ietf-yang-push" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores">' +
    "<yp:datastore>ds:running</yp:datastore><yp:on-change/></establish-subscription>";
  for (const asked of [
    "<get/>",
    "<get-config><source><running/></source></get-config>",
    "<get-config><source><startup/></source></get-config>",
    copy("<running/>", "<candidate/>"),
    "<validate><source><candidate/></source></validate>",
    edit(keys(key(1, `<keystring>${text("a key that is refused")}</keystring>`))),
    push,
  ]) {
    await oper.rpc(asked);
  }
  expect(oper.said.length).toBeGreaterThan(10_000);
  expect(await admin.rpc(edit(keys(key(1, "<keystring>Another-Key-00</keystring>"))))).toContain(
    "ok",
  );
  expect(await admin.rpc("<commit/>")).toContain("<ok/>");
  const stranger = new ssh2.Client().on("error", () => undefined);
  stranger.connect({
    ...{ host: "127.0.0.1", port, username: "oper" },
    password: text("a password that is no log-in"),
  });
  await new Promise<void>((resolve) => stranger.once("close", () => resolve()));
  const pages = await Promise.all(
    ["/", "/metrics", "/api/status", "/api/history?hours=6"].map(async (path) => {
      const who = `admin:${text("the recovery user's password")}`;
      const authorization = `Basic ${Buffer.from(who).toString("base64")}`;
      return (await fetch(page + path, { headers: { authorization } })).text();
    }),
  );
  expect(pages[1]).toContain("ntpconfd_");
  // That it is all there: who may read it does.
  const shown = await admin.rpc("<get-config><source><startup/></source></get-config>");
  expect(found(shown)).toEqual(["keystring", "hexadecimal-string", "a private key"]);

  await ended(agent);
  expect(listener.said).toContain("netconf-config-change");
  expect(found(listener.said)).toEqual([]);
  expect(found(oper.said)).toEqual([]);
  expect(output).toContain('"msg":"log-in refused"');
  expect(found(output)).toEqual([]);
  expect(found(pages.join())).toEqual([]);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== "password",
  );
  const names = files.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["record", "startup", "notifications", "all"]));
  for (const { parentPath, name } of files) {
    expect(found(readFileSync(join(parentPath, name))), name).toEqual([]);
  }
});
