import { describe, expect, test } from "vitest";
import { KeyVault } from "../../src/agent/index.ts";
import {
  authentication,
  config,
  manycastClient,
  manycastServer,
  master,
  ntp,
  secrets,
  sessionLimit,
} from "../interop/procedure.ts";
import {
  eth0,
  MemoryStorage,
  SeededRandom,
  type Session,
  type SimulatedHost,
  World,
} from "./world.ts";

const ntpFilter = '<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"/>';
const ok = "<ok/>";
const auth = authentication({ id: 7, algorithm: "hmac-sha256", secret: secrets["hmac-sha256"] });
const port = (number: number): string => `<port>${number}</port>`;
const running = (session: Session): string =>
  session.rpc("<get-config><source><running/></source></get-config>");
const confirmed = "<commit><confirmed/><confirm-timeout>30</confirm-timeout></commit>";

function alone(options: Partial<Parameters<World["host"]>[0]> = {}) {
  const world = new World();
  const host = world.host({ address: "192.0.2.1", ...options });
  return { world, host, session: host.session() };
}

describe("the first start", () => {
  test("has the kernel's interfaces and the admin group, and no NTP", () => {
    const { host, session } = alone();
    const config = running(session);
    expect(config).toMatch(/<name>eth0<\/name><type [^>]*>iana-if-type:ethernetCsmacd</);
    expect(config).toContain("<group><name>admin</name></group>");
    expect(config).not.toContain("ietf-ntp");
    expect(session.get(ntpFilter)).toContain("<data/>");
    expect(host.plan).toBeUndefined();
    expect(host.ask().stratum).toBe(0);
  });

  test("takes another factory default, hashing the passwords in it", () => {
    const system = "urn:ietf:params:xml:ns:yang:ietf-system";
    const factoryDefault =
      '<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">' +
      `<system xmlns="${system}"><authentication><user><name>eve</name>` +
      "<password>$0$clear-text</password></user></authentication></system></config>";
    const { host, session } = alone({ factoryDefault });
    expect(running(session)).not.toContain("clear-text");
    expect(running(session)).not.toContain("interfaces");
    expect(host.agent.user("eve")?.passwordHash).toMatch(/^\$6\$/);
    expect([...host.storage.files.values()].join()).not.toContain("clear-text");
  });

  test("the admin group may do everything, others may read", () => {
    const { host, session } = alone();
    const nacm = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";
    const member =
      `<nacm xmlns="${nacm}"><groups><group><name>admin</name>` +
      "<user-name>alice</user-name></group></groups></nacm>";
    expect(session.apply(member)).toContain(ok);
    expect(host.session("alice", false).apply(ntp(master))).toContain(ok);
    expect(host.session("bob", false).edit(ntp(port(1024)))).toContain("access-denied");
  });
});

describe("a commit", () => {
  test("opens the port and the groups, and goes through again without a change", () => {
    const { host, session } = alone();
    const parts = [port(1123), manycastServer("224.0.1.1"), manycastServer("ff0e::101")];
    expect(session.apply(config(...parts))).toContain(ok);
    expect(host.plan).toEqual({
      port: 1123,
      groups: [
        { interface: "eth0", group: "224.0.1.1" },
        { interface: "eth0", group: "ff0e::101" },
      ],
    });
    const lines = host.log.length;
    expect(session.apply(config(...parts))).toContain(ok);
    expect(host.log).toHaveLength(lines);
  });

  test("that the network refuses changes nothing, and says which port and why", () => {
    const { host, session } = alone();
    expect(session.apply(ntp(master))).toContain(ok);
    const before = [running(session), host.plan, host.ask().stratum];
    host.refusal = ({ port: wanted }) => (wanted === 1999 ? "another program has it" : undefined);
    const reply = session.apply(ntp(port(1999)));
    expect(reply).toContain("<error-tag>operation-failed</error-tag>");
    expect(reply).toContain("NTP cannot be served on UDP port 1999: another program has it");
    expect(reply).toMatch(/<error-path[^>]*>\/ietf-ntp:ntp\/ietf-ntp:port<\/error-path>/);
    expect([running(session), host.plan, host.ask().stratum]).toEqual(before);
    expect(session.apply(ntp(port(2000)))).toContain(ok);
    expect(host.plan?.port).toBe(2000);
  });

  test("that the disk refuses changes nothing", () => {
    const { host, session } = alone({ hasStartup: false });
    expect(session.apply(ntp(master))).toContain(ok);
    const before = [running(session), host.plan];
    host.storage.failing = true;
    expect(session.apply(ntp(port(1999)))).toContain("<rpc-error>");
    expect([running(session), host.plan]).toEqual(before);
    host.storage.failing = false;
    expect(session.commit()).toContain(ok);
    expect(host.plan?.port).toBe(1999);
  });

  test("that is not confirmed in time takes the engine back with it", () => {
    const { world, host, session } = alone();
    expect(session.apply(ntp(master))).toContain(ok);
    session.edit(ntp(port(1999), manycastServer("224.0.1.1")));
    expect(session.rpc(confirmed)).toContain(ok);
    expect(host.plan?.port).toBe(1999);
    world.run(31);
    expect(host.plan).toEqual({ port: 123, groups: [] });
    expect(running(session)).not.toContain("1999");
  });

  test("is undone even where the network no longer lets it: the role is down, and tried again", () => {
    const { world, host, session } = alone();
    expect(session.apply(ntp(port(1111)))).toContain(ok);
    session.edit(ntp(port(1999)));
    expect(session.rpc(confirmed)).toContain(ok);
    host.refusal = ({ port: wanted }) => (wanted === 1111 ? "taken meanwhile" : undefined);
    world.run(31);
    expect(running(session)).toContain(port(1111));
    expect(host.log.join("\n")).toContain("the NTP port cannot be opened; it is tried again");
    host.refusal = undefined;
    world.run(6);
    expect(host.plan?.port).toBe(1111);
    expect(host.log.at(-1)).toContain("the NTP sockets are open");
  });

  test("warns of what is legal and will not do", () => {
    const { host, session } = alone();
    const key = { id: 7, algorithm: "aes-128-cmac", secret: secrets["aes-128-cmac"] } as const;
    const untrusted = authentication({ ...key, trusted: false });
    const parts = [untrusted, manycastClient("224.0.1.1", { key: 7 }), "<refclock-master/>"];
    expect(session.apply(config(...parts))).toContain(ok);
    const log = host.log.join("\n");
    expect(log).toContain(
      "warn key 7 is not trusted and verifies nothing: manycast-client 224.0.1.1 on eth0 needs it",
    );
    expect(log).toContain("warn refclock-master with master-stratum 16");
  });

  test("takes a key in cipher form, and refuses one that is not of this agent", () => {
    const { host, session } = alone();
    const cipher = (text: string): string =>
      ntp(
        "<authentication><authentication-keys><keyid>9</keyid>" +
          "<algorithm>nd:aes-128-cmac</algorithm><key>" +
          `<nd:cipher-string>${text}</nd:cipher-string></key></authentication-keys></authentication>`,
      );
    const sealed = host.vault.seal(new TextEncoder().encode("sixteen-octets!!"));
    expect(session.apply(cipher(sealed))).toContain(ok);
    const foreign = new World().host({ address: "192.0.2.2", vaultSeed: 99 }).vault;
    const reply = session.apply(cipher(foreign.seal(Uint8Array.of(1, 2, 3))));
    expect(reply).toContain("<error-tag>invalid-value</error-tag>");
    expect(reply).toContain("key 9: the cipher-string does not open under this agent");
    expect(reply).toContain(
      "/ietf-ntp:authentication-keys[ietf-ntp:keyid='9']/ietf-ntp:key/ntpconfd-ntp:cipher-string<",
    );
    expect(running(session)).toContain(sealed);
  });
});

describe("what boots", () => {
  /** Everything that an agent has kept once this is committed and copied to startup. */
  function kept(...parts: readonly string[]): MemoryStorage {
    const { host, session } = alone();
    expect(session.apply(config(...parts))).toContain(ok);
    const copy =
      "<copy-config><target><startup/></target><source><running/></source></copy-config>";
    expect(session.rpc(copy)).toContain(ok);
    return host.storage;
  }

  test("is startup, with the engine on it from the first event", () => {
    const { host, world } = alone({ storage: kept(master, manycastServer("224.0.1.1")) });
    expect(host.plan).toEqual({ port: 123, groups: [{ interface: "eth0", group: "224.0.1.1" }] });
    expect(world.run(5, () => host.ask().synchronized)).toBe(true);
    expect(host.ask().stratum).toBe(3);
  });

  test("comes up without the group that cannot be joined, and joins it later", () => {
    const storage = kept(manycastServer("224.0.1.1"), manycastServer("ff0e::101"));
    const { host, world } = alone({
      storage,
      refusal: ({ groups }) =>
        groups.some(({ group }) => group === "ff0e::101") ? "no IPv6 here" : undefined,
    });
    expect(host.plan?.groups.map(({ group }) => group)).toEqual(["224.0.1.1"]);
    expect(host.log.filter((line) => line.includes("a group cannot be joined"))).toEqual([
      'warn a group cannot be joined; it is tried again {"interface":"eth0","group":"ff0e::101","reason":"no IPv6 here"}',
    ]);
    world.run(12);
    expect(host.log.filter((line) => line.includes("cannot be joined"))).toHaveLength(1);
    host.refusal = undefined;
    world.run(6);
    expect(host.plan?.groups).toHaveLength(2);
  });

  test("leaves NTP down where a key cannot be used, and the manager can mend it", () => {
    const other = new KeyVault(new Uint8Array(32).fill(99), new SeededRandom(1));
    const sealed = other.seal(new TextEncoder().encode("sixteen-octets!!"));
    const key =
      "<authentication><authentication-keys><keyid>9</keyid><algorithm>nd:aes-128-cmac</algorithm>" +
      `<key><nd:cipher-string>${sealed}</nd:cipher-string></key></authentication-keys></authentication>`;
    const storage = new MemoryStorage();
    const kept = `<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">${ntp(master, key)}</config>`;
    storage.files.set("startup", new TextEncoder().encode(kept));
    const { host } = alone({ storage });
    expect(host.log.join("\n")).toContain("error NTP is down: its configuration cannot be used");
    expect(host.plan).toBeUndefined();
    const mended = host.vault.seal(new TextEncoder().encode("sixteen-octets!!"));
    expect(host.session().apply(ntp(key.replace(sealed, mended)))).toContain(ok);
    expect(host.plan?.port).toBe(123);
  });
});

describe("an interface", () => {
  test("that is configured and not there waits; it comes and goes with its roles", () => {
    const { host, session } = alone({ interfaces: [] });
    expect(session.apply(config(manycastServer("224.0.1.1")))).toContain(ok);
    const shown = (): string =>
      session.get('<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"/>');
    expect(host.plan?.groups).toEqual([]);
    expect(shown()).toContain("<oper-status>not-present</oper-status>");
    host.interfaces([eth0("192.0.2.1")]);
    expect(host.plan?.groups).toHaveLength(1);
    expect(shown()).toContain("<oper-status>up</oper-status>");
    host.interfaces([{ ...eth0("192.0.2.1"), up: false }]);
    expect(shown()).toContain("<oper-status>down</oper-status>");
    host.interfaces([]);
    expect(host.plan?.groups).toEqual([]);
  });

  test("of the kernel that nobody configured is shown by its state alone", () => {
    const { session, host } = alone();
    host.interfaces([eth0("192.0.2.1"), { name: "lo", index: 1, up: true, addresses: [] }]);
    const state = session.get(
      '<interfaces-state xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"/>',
    );
    expect(state).toMatch(/<name>lo<\/name><type [^>]*>iana-if-type:softwareLoopback</);
    expect(running(session)).not.toContain(">lo<");
  });
});

describe("users", () => {
  const user = (password: string): string =>
    '<system xmlns="urn:ietf:params:xml:ns:yang:ietf-system"><authentication><user>' +
    `<name>alice</name><password>${password}</password><authorized-key><name>k</name>` +
    "<algorithm>ssh-ed25519</algorithm><key-data>AAEC</key-data></authorized-key></user>" +
    "</authentication></system>";

  test("log in with what running has of them; a password in clear is kept nowhere", () => {
    const { host, session } = alone();
    expect(session.edit(user("$0$open sesame"))).toContain(ok);
    expect(host.agent.user("alice")).toBeUndefined();
    const candidate = session.rpc("<get-config><source><candidate/></source></get-config>");
    expect(candidate).not.toContain("open sesame");
    expect(candidate).toContain("<password>$6$salt");
    expect(session.commit()).toContain(ok);
    expect(host.agent.user("alice")).toEqual({
      name: "alice",
      passwordHash: expect.stringMatching(/^\$6\$salt/),
      authorizedKeys: [{ algorithm: "ssh-ed25519", data: Uint8Array.of(0, 1, 2) }],
    });
    expect(host.agent.user("mallory")).toBeUndefined();
  });

  test("a file of :url holds no password in clear", () => {
    const { host, session } = alone();
    const config = `<source><config>${user("$0$open sesame")}</config></source>`;
    const file = "<target><url>file:///users.xml</url></target>";
    expect(session.rpc(`<copy-config>${file}${config}</copy-config>`)).toContain(ok);
    const text = new TextDecoder().decode(host.files.read("users.xml"));
    expect(text).toContain("<password>$6$salt");
    expect(text).not.toContain("open sesame");
  });

  test("a password that is sent again changes nothing, another one does", () => {
    const { host, session } = alone();
    const hash = (): string | undefined => host.agent.user("alice")?.passwordHash;
    expect(session.apply(user("$0$open sesame"))).toContain(ok);
    const first = hash();
    expect(first).toMatch(/^\$6\$/);
    const before = running(session);
    expect(session.apply(user("$0$open sesame"))).toContain(ok);
    expect(running(session)).toBe(before);
    const whole = before.slice(before.indexOf("<data>") + 6, before.indexOf("</data>"));
    const sent = whole.replace(first ?? "", "$0$open sesame");
    const target = "<target><candidate/></target>";
    const copied = `<copy-config>${target}<source><config>${sent}</config></source></copy-config>`;
    expect(session.rpc(copied)).toContain(ok);
    expect(session.commit()).toContain(ok);
    expect(hash()).toBe(first);
    expect(session.apply(user("$0$close sesame"))).toContain(ok);
    expect(hash()).not.toBe(first);
  });

  test("who may not write a password does not learn whether he guessed it", () => {
    const { host, session } = alone();
    expect(session.apply(user("$0$open sesame"))).toContain(ok);
    const bob = host.session("bob", false);
    const answers = ["$0$open sesame", "$0$a guess"].map((guess) => bob.edit(user(guess)));
    for (const answer of answers) expect(answer).toContain("access-denied");
    expect(answers[0]?.replace(/message-id="\d+"/, "")).toBe(
      answers[1]?.replace(/message-id="\d+"/, ""),
    );
  });

  test("a hash is kept as it is", () => {
    const { host, session } = alone();
    const hash = `$5$rounds=1000$abc$${"x".repeat(43)}`;
    expect(session.apply(user(hash))).toContain(ok);
    expect(host.agent.user("alice")?.passwordHash).toBe(hash);
  });
});

describe("operations of the modules", () => {
  const reset = (inner: string): string =>
    `<statistics-reset xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp">${inner}</statistics-reset>`;
  const sent = (host: SimulatedHost): readonly number[] => {
    const shown = host.session().get(ntpFilter);
    return [...shown.matchAll(/<packet-sent>(\d+)</g)].map(([, count]) => Number(count));
  };

  test("statistics-reset of one association, and of all", () => {
    const world = new World();
    const server = world.host({ address: "192.0.2.21" });
    const client = world.host({ address: "192.0.2.10" });
    server.session().apply(config(master, auth, manycastServer("224.0.1.1")));
    client.session().apply(config(auth, manycastClient("224.0.1.1", { key: 7 })));
    expect(world.run(30, () => client.ask().synchronized)).toBe(true);
    const [one = 0, all = 0] = sent(client);
    expect(Math.min(one, all)).toBeGreaterThan(0);
    const session = client.session();
    const names = (address: string): string =>
      `<associations-address>${address}</associations-address>` +
      "<associations-local-mode>client</associations-local-mode>" +
      "<associations-isconfigured>false</associations-isconfigured>";
    expect(session.rpc(reset(names("192.0.2.21")))).toContain(ok);
    expect(sent(client)).toEqual([0, all]);
    expect(session.rpc(reset(""))).toContain(ok);
    expect(sent(client)).toEqual([0, 0]);
    expect(session.rpc(reset(names("192.0.2.99")))).toContain("<rpc-error>");
  });

  test("set-current-datetime is refused: the time is NTP's", () => {
    const { session } = alone();
    const reply = session.rpc(
      '<set-current-datetime xmlns="urn:ietf:params:xml:ns:yang:ietf-system">' +
        "<current-datetime>2026-01-01T00:00:00Z</current-datetime></set-current-datetime>",
    );
    expect(reply).toContain("<error-tag>operation-failed</error-tag>");
    expect(reply).toContain("<error-app-tag>ntp-active</error-app-tag>");
  });

  test("system-state tells the machine and the time", () => {
    const { world, session } = alone({ offset: 100 });
    const read = (): string =>
      session.get('<system-state xmlns="urn:ietf:params:xml:ns:yang:ietf-system"/>');
    expect(read()).toContain("<os-name>Sim</os-name>");
    const boot = /<boot-datetime>(.*?)</.exec(read())?.[1];
    world.run(1800);
    const now = /<current-datetime>(.*?)</.exec(read())?.[1];
    expect(Date.parse(now ?? "") - Date.parse(boot ?? "")).toBe(1_800_000);
    expect(/<boot-datetime>(.*?)</.exec(read())?.[1]).toBe(boot);
  });
});

describe("the session limit", () => {
  test("lowering it ends no session, and refuses new ones", () => {
    const world = new World();
    const auths = authentication({
      id: 7,
      algorithm: "aes-128-cmac",
      secret: secrets["aes-128-cmac"],
    });
    for (const address of ["192.0.2.21", "192.0.2.22"]) {
      world
        .host({ address })
        .session()
        .apply(config(master, auths, manycastServer("224.0.1.1")));
    }
    const client = world.host({ address: "192.0.2.10" });
    const session = client.session();
    session.apply(config(auths, manycastClient("224.0.1.1", { key: 7 })));
    const sessions = (): number => {
      const shown = session.get(ntpFilter);
      return Number(/<dynamic-sessions [^>]*>(\d+)</.exec(shown)?.[1]);
    };
    expect(world.run(60, () => sessions() === 2)).toBe(true);
    expect(session.apply(ntp(sessionLimit(1)))).toContain(ok);
    world.run(60);
    expect(sessions()).toBe(2);
    world
      .host({ address: "192.0.2.23" })
      .session()
      .apply(config(master, auths, manycastServer("224.0.1.1")));
    world.run(300);
    expect(sessions()).toBe(2);
    expect(session.get(ntpFilter)).toMatch(/<dynamic-sessions-refused [^>]*>[1-9]/);
  });
});
