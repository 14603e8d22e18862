import { describe, expect, test } from "vitest";
import { authentication, ntp, secrets } from "../interop/procedure.ts";
import { type Session, type SimulatedHost, World } from "./world.ts";

// No one learns of keys who may not read them: two agents that differ in their keys alone answer
// such a user alike, to the octet.

const NACM = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";
const NTP = "urn:ietf:params:xml:ns:yang:ietf-ntp";
const NMDA =
  'xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-nmda" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"';
const secret = secrets["hmac-sha256"];
const other = "Other-Secret-Pass9";
const access =
  `<nacm xmlns="${NACM}"><write-default>permit</write-default><groups><group><name>g</name>` +
  "<user-name>oper</user-name></group></groups></nacm>";

interface Trial {
  readonly host: SimulatedHost;
  readonly admin: Session;
  readonly oper: Session;
}

/** An agent whose key 7 has that secret, given in hexadecimal if there is a colon in it. */
function withKey(text: string): Trial {
  const host = new World().host({ address: "192.0.2.1" });
  const admin = host.session();
  const key = authentication({ id: 7, algorithm: "hmac-sha256", secret: text });
  const given = text.includes(":") ? key.replaceAll("keystring", "hexadecimal-string") : key;
  expect(admin.apply(access + ntp(given))).toContain("<ok/>");
  const save = "<target><startup/></target><source><running/></source>";
  expect(admin.rpc(`<copy-config>${save}</copy-config>`)).toContain("<ok/>");
  const file = "<target><url>file:///all</url></target><source><running/></source>";
  expect(admin.rpc(`<copy-config>${file}</copy-config>`)).toContain("<ok/>");
  return { host, admin, oper: host.session("oper", false) };
}

const keyOf = (operation: string, inside = ""): string =>
  `<authentication><authentication-keys${operation && ` nc:operation="${operation}"`}>` +
  `<keyid>7</keyid>${inside}</authentication-keys></authentication>`;
const edit = (inside: string, more = ""): string =>
  `<edit-config><target><candidate/></target>${more}<config>` +
  `<ntp xmlns="${NTP}" xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0">${inside}</ntp>` +
  "</config></edit-config>";
const secretLeaf = (text: string, operation = ""): string =>
  `<key><keystring${operation && ` nc:operation="${operation}"`}>${text}</keystring></key>`;
const filtered = (filter: string): string =>
  `<get-config><source><running/></source>${filter}</get-config>`;
const subtree = (inside: string): string =>
  filtered(`<filter type="subtree"><ntp xmlns="${NTP}">${inside}</ntp></filter>`);
const xpath = (select: string): string =>
  `<get><filter type="xpath" xmlns:n="${NTP}" select="${select}"/></get>`;
const inKeys = (inside: string): string =>
  `<authentication><authentication-keys>${inside}</authentication-keys></authentication>`;
const lock = (select: string): string =>
  `<partial-lock xmlns="urn:ietf:params:xml:ns:netconf:partial-lock:1.0" xmlns:n="${NTP}"><select>${select}</select></partial-lock>`;
const file = "<url>file:///all</url>";
const none = "<default-operation>none</default-operation>";
const compare = (source: string, target: string): string =>
  `<compare xmlns="urn:ietf:params:xml:ns:yang:ietf-nmda-compare" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"><source>ds:${source}</source><target>ds:${target}</target></compare>`;

const asked: readonly (readonly [string, string])[] = [
  ["reads all", filtered("")],
  ["reads all state", "<get/>"],
  [
    "reads with defaults",
    filtered(
      '<with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">report-all</with-defaults>',
    ),
  ],
  ["reads startup", "<get-config><source><startup/></source></get-config>"],
  ["reads operational", `<get-data ${NMDA}><datastore>ds:operational</datastore></get-data>`],
  ["selects the key", subtree(inKeys("<keyid>7</keyid>"))],
  ["selects all keys", subtree("<authentication><authentication-keys/></authentication>")],
  ["matches the secret", subtree(inKeys(`<key><keystring>${secret}</keystring></key>`))],
  [
    "matches the secret beside what it may read",
    subtree(`<port/>${inKeys(`<key><keystring>${secret}</keystring></key>`)}`),
  ],
  ["selects by XPath", xpath("//n:authentication-keys")],
  ["asks XPath for the secret", xpath(`/n:ntp[.//n:keystring='${secret}']`)],
  ["counts keys", xpath("/n:ntp[count(.//n:keyid) = 1]")],
  ["deletes the key", edit(keyOf("delete"))],
  ["removes the key", edit(keyOf("remove"))],
  ["touches the key", edit(keyOf(""))],
  ["touches its secret part", edit(keyOf("", "<key/>"))],
  ["touches its secret part alone", edit(keyOf("", "<key/>"), none)],
  ["creates its secret part", edit(keyOf("", '<key nc:operation="create"/>'))],
  ["deletes its secret part", edit(keyOf("", '<key nc:operation="delete"/>'))],
  ["replaces its secret part", edit(keyOf("", '<key nc:operation="replace"/>'))],
  ["removes the secret without touching the key", edit(keyOf("", secretLeaf("", "remove")), none)],
  ["guesses the secret", edit(keyOf("", secretLeaf(secret)))],
  ["replaces by a guess", edit(keyOf("replace", secretLeaf(secret)))],
  ["creates the secret", edit(keyOf("", secretLeaf(secret, "create")))],
  ["deletes the secret", edit(keyOf("", secretLeaf(secret, "delete")))],
  ["tests an edit of the key", edit(keyOf("create"), "<test-option>test-only</test-option>")],
  ["sets an unknown algorithm", edit(keyOf("", "<algorithm>ntp:nonsense</algorithm>"))],
  ["compares datastores", compare("startup", "running")],
  ["compares with operational", compare("running", "operational")],
  ["locks the key", lock("//n:authentication-keys")],
  ["locks what has the secret", lock(`/n:ntp[.//n:keystring='${secret}']`)],
  [
    "copies startup to the candidate",
    "<copy-config><target><candidate/></target><source><startup/></source></copy-config>",
  ],
  ["validates a file with the key", `<validate><source>${file}</source></validate>`],
  [
    "copies a file with the key to the candidate",
    `<copy-config><target><candidate/></target><source>${file}</source></copy-config>`,
  ],
  [
    "edits by a file with the key",
    `<edit-config><target><candidate/></target>${file}</edit-config>`,
  ],
  [
    "calls nothing on the key",
    `<action xmlns="urn:ietf:params:xml:ns:yang:1"><ntp xmlns="${NTP}">${inKeys("<keyid>7</keyid><x/>")}</ntp></action>`,
  ],
];

describe("a user who may write all but read no keys", () => {
  test("finds no secret in the files on disk", () => {
    const { host, oper } = withKey(secret);
    const text = (): string => new TextDecoder().decode(host.files.read("all"));
    expect(text()).toMatch(/<sealed [^>]*>\$ntpconfd\$/);
    expect(text()).not.toContain(secret);
    expect(
      oper.rpc(`<copy-config><target>${file}</target><source><running/></source></copy-config>`),
    ).toContain("<ok/>");
    expect(text()).not.toContain("sealed");
  });

  test("a file with the key brings it back", () => {
    const { admin } = withKey(secret);
    const running = filtered("");
    const data = (reply: string): string => reply.slice(reply.indexOf("<data"));
    const before = data(admin.rpc(running));
    expect(before).toContain(secret);
    expect(admin.apply(ntp("<port>1234</port>"))).toContain("<ok/>");
    const back = `<target><candidate/></target><source>${file}</source>`;
    expect(admin.rpc(`<copy-config>${back}</copy-config>`)).toContain("<ok/>");
    expect(admin.commit()).toContain("<ok/>");
    expect(data(admin.rpc(running))).toBe(before);
  });

  test.each(asked)("learns nothing of them when he %s", (_, operation) => {
    const reply = withKey(secret).oper.rpc(operation);
    expect(reply).not.toContain(secret);
    // The time of day is in the state, and the same in all these worlds.
    expect(withKey(other).oper.rpc(operation)).toBe(reply);
    expect(withKey("01:23:45:67:89:ab").oper.rpc(operation)).toBe(reply);
  });

  test.each([
    ["all of NTP", edit("").replace("xmlns:nc", 'nc:operation="delete" xmlns:nc')],
    ["authentication", edit('<authentication nc:operation="replace"/>')],
    [
      "everything by a copy",
      `<copy-config><target><running/></target><source><config><ntp xmlns="${NTP}"/></config></source></copy-config>`,
    ],
  ])("is refused without their names where he would take away %s", (_, operation) => {
    const reply = withKey(secret).oper.rpc(operation);
    expect(reply).toContain("<error-tag>access-denied</error-tag>");
    expect(reply).toContain("something in it that this user may not read is in the way");
    expect(reply).not.toMatch(/keystring|key-string/);
  });

  test("is told without their names that another's key is not valid", () => {
    const { admin, oper } = withKey(secret);
    const weak = authentication({ id: 8, algorithm: "hmac-sha256", secret: "too-short" });
    const config = `<config>${ntp(weak)}</config>`;
    expect(
      admin.rpc(
        `<edit-config><target><candidate/></target><test-option>set</test-option>${config}</edit-config>`,
      ),
    ).toContain("<ok/>");
    for (const operation of ["<validate><source><candidate/></source></validate>", "<commit/>"]) {
      expect(admin.rpc(operation)).toContain("keystring");
      const reply = oper.rpc(operation);
      expect(reply).toContain("rpc-error");
      expect(reply).not.toMatch(/keystring|too-short|characters/);
    }
  });

  test("hears that something about a key has changed, and no more", () => {
    const { admin, oper } = withKey(secret);
    const subscribe =
      '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>';
    expect(oper.rpc(subscribe)).toContain("<ok/>");
    admin.apply(ntp(authentication({ id: 7, algorithm: "hmac-sha256", secret: other })));
    admin.apply(`<nacm xmlns="${NACM}"><groups><group><name>more</name></group></groups></nacm>`);
    const heard = oper.take();
    expect(heard).toContain("authentication-keys[ietf-ntp:keyid='7']</target>");
    expect(heard).not.toMatch(/keystring|more|Secret|nacm/);
  });

  test("may be given the right to write what he may not read", () => {
    const { admin, oper, host } = withKey(secret);
    const rule =
      `<nacm xmlns="${NACM}"><rule-list><name>l</name><group>g</group><rule><name>r</name>` +
      `<path xmlns:n="${NTP}">/n:ntp/n:authentication</path>` +
      "<access-operations>create update delete</access-operations><action>permit</action></rule></rule-list></nacm>";
    expect(admin.apply(rule)).toContain("<ok/>");
    expect(oper.rpc(edit(keyOf("", secretLeaf("New-Secret-Pass-9"))))).toContain("<ok/>");
    expect(oper.commit()).toContain("<ok/>");
    expect(oper.rpc(filtered(""))).not.toContain("New-Secret");
    expect(host.session().rpc(filtered(""))).toContain("New-Secret-Pass-9");
  });
});

test("45: no log line holds a key or a password", () => {
  const { admin, host } = withKey(secret);
  admin.apply(ntp(authentication({ id: 8, algorithm: "hmac-sha256", secret: "too-short" })));
  admin.apply(
    '<system xmlns="urn:ietf:params:xml:ns:yang:ietf-system"><authentication><user><name>u</name>' +
      "<password>$0$Clear-Pass-9</password></user></authentication></system>",
  );
  admin.rpc(`<unknown xmlns="urn:x">${secret}</unknown>`);
  expect(host.log.join("\n")).not.toMatch(/Secret-Pass|too-short|Clear-Pass/);
  expect(admin.rpc(filtered(""))).not.toContain("Clear-Pass");
});

describe("an error message does not repeat", () => {
  const hidden = "Zq-9";
  const inKey = (inside: string): string =>
    ntp(
      `<authentication><authentication-keys><keyid>8</keyid><algorithm>nd:hmac-sha256</algorithm><key>${inside}</key></authentication-keys></authentication>`,
    );
  const password = (text: string): string =>
    `<system xmlns="urn:ietf:params:xml:ns:yang:ietf-system"><authentication><user><name>u</name><password>${text}</password></user></authentication></system>`;

  test.each([
    [
      "a key in hexadecimal",
      inKey(`<hexadecimal-string>${hidden}</hexadecimal-string>`),
      "the value is no string of hexadecimal octets",
    ],
    ["a key in the wrong place", inKey(hidden), "text among its children"],
    [
      "a cipher-string",
      inKey(`<nd:cipher-string>${hidden}</nd:cipher-string>`),
      "nd:cipher-string|cipher-string",
    ],
    ["a weak key", inKey(`<keystring>${hidden}</keystring>`), "keystring"],
    ["a password", password(`$7$${hidden}`), "pattern"],
    [
      "a private key",
      `<server xmlns="urn:ntpconfd:yang:server"><tls><identity><name>i</name><certificate>AAAA</certificate><private-key>${hidden}</private-key></identity></tls></server>`,
      "private-key",
    ],
  ])("%s", (_, config, rule) => {
    const session = new World().host({ address: "192.0.2.1" }).session();
    const reply = session.apply(config);
    expect(reply).toContain("<rpc-error>");
    expect(reply).toMatch(new RegExp(`<error-message[^>]*>[^<]*(${rule})`));
    expect(reply).not.toContain(hidden);
  });
});
