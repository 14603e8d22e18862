import { describe, expect, test } from "vitest";
import { type RunningConfig, readNtpConfig } from "../../src/agent/ntp-config.ts";
import { RpcError } from "../../src/base/index.ts";
import { toObject } from "../../src/data/index.ts";
import { parseConfig } from "../../src/datastore/index.ts";
import { defaultPolicy } from "../../src/ntp/index.ts";
import { ntp } from "../interop/procedure.ts";
import { servedSchema } from "./served.ts";

function read(...parts: readonly string[]): ReturnType<typeof readNtpConfig> {
  const text = `<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">${parts.join("")}</config>`;
  const tree = parseConfig(new TextEncoder().encode(text), servedSchema(), "test");
  const typed = toObject(tree, { defaults: true }) as RunningConfig;
  return readNtpConfig(typed, servedSchema(), () => undefined);
}

const on = (role: string): string =>
  ntp(`<interfaces><interface><name>eth0</name>${role}</interface></interfaces>`);
const common = { minpoll: 6, maxpoll: 10, port: 123, version: 4 };
const nothing = {
  port: 123,
  refclockMaster: undefined,
  authEnabled: false,
  keys: [],
  maxDynamicSessions: 100,
  unicast: [],
  interfaces: [],
  accessRules: [],
  policy: defaultPolicy,
};
const idle = {
  name: "eth0",
  multicastServers: [],
  multicastClients: [],
  manycastServers: [],
  manycastClients: [],
};

describe("running as the engine takes it", () => {
  test("no /ntp is no configuration", () => {
    expect(read()).toEqual({ config: undefined, warnings: [] });
  });

  test("an empty /ntp has RFC 9249's defaults and ours", () => {
    expect(read(ntp(""))).toEqual({ config: nothing, warnings: [] });
  });

  test("what routers have beyond RFC 9249", () => {
    const nd = 'xmlns="urn:ntpconfd:yang:ntp"';
    const { config, warnings } = read(
      ntp(
        "<authentication>" +
          `<dynamic-sessions-authenticated ${nd}>true</dynamic-sessions-authenticated>` +
          "</authentication>" +
          `<server ${nd}><ipv6-enabled>false</ipv6-enabled><kod-enabled>true</kod-enabled>` +
          `<interleaved>true</interleaved>` +
          "<discard><average-interval>3</average-interval></discard></server>" +
          `<clock ${nd}><max-distance>0.25</max-distance><step-threshold>0.5</step-threshold>` +
          "<panic-threshold>0</panic-threshold></clock>" +
          `<interfaces><interface><name>eth0</name><receive-enabled ${nd}>false` +
          "</receive-enabled><manycast-client><address>224.0.1.1</address></manycast-client>" +
          "</interface></interfaces>",
      ),
    );
    expect(config?.policy).toEqual({
      server: { ipv4: true, ipv6: false },
      kissOfDeath: true,
      interleaved: true,
      discard: { minimumInterval: 1, averageInterval: 3 },
      controlQueries: false,
      maxDistance: 0.25,
      stepThreshold: 0.5,
      panicThreshold: undefined,
      dynamicAuthentication: true,
    });
    expect(config?.interfaces).toMatchObject([{ name: "eth0", deaf: true }]);
    expect(warnings).toEqual([
      "manycast-client 224.0.1.1 on eth0 has no keyid, and finds nobody while " +
        "dynamic-sessions-authenticated is true",
    ]);
  });

  test("a server by name has the knobs of one by address, and its key is looked at too", () => {
    const nd = 'xmlns="urn:ntpconfd:yang:ntp"';
    const { config, warnings } = read(
      ntp(
        "<authentication><authentication-keys><keyid>7</keyid>" +
          "<algorithm>nd:aes-128-cmac</algorithm><key><keystring>Aa1-567890123456</keystring></key>" +
          "</authentication-keys></authentication>" +
          `<named-server ${nd}><name>a.example.net</name></named-server>` +
          `<named-server ${nd}><name>b.example.net</name><address-family>ipv6</address-family>` +
          "<max-addresses>4</max-addresses><authentication><keyid>7</keyid></authentication>" +
          "<prefer>true</prefer><burst>true</burst><iburst>true</iburst>" +
          "<interleaved>true</interleaved><port>1123</port>" +
          "<minpoll>4</minpoll><maxpoll>8</maxpoll><version>3</version></named-server>",
      ),
    );
    const plain = {
      keyId: undefined,
      prefer: false,
      burst: false,
      iburst: false,
      source: undefined,
    };
    expect(config?.named).toEqual([
      { name: "a.example.net", maxAddresses: 1, family: 0, ...plain, ...common },
      {
        ...{ name: "b.example.net", maxAddresses: 4, family: 6, keyId: 7, source: undefined },
        ...{ prefer: true, burst: true, iburst: true, interleaved: true },
        ...{ port: 1123, minpoll: 4, maxpoll: 8, version: 3 },
      },
    ]);
    expect(warnings).toEqual([
      "key 7 is not trusted and verifies nothing: named-server b.example.net needs it",
    ]);
  });

  test("a manycast client has the contract's defaults, and beacon is maxpoll's", () => {
    const { config } = read(
      on(
        "<manycast-client><address>224.0.1.1</address></manycast-client>" +
          "<manycast-client><address>ff0e::101</address><ttl>3</ttl><minclock>1</minclock>" +
          "<maxclock>4</maxclock><beacon>12</beacon><minpoll>4</minpoll><maxpoll>8</maxpoll>" +
          "<port>11123</port><version>3</version><authentication><keyid>7</keyid>" +
          "</authentication></manycast-client>",
      ),
    );
    const given = { ttl: 3, minclock: 1, maxclock: 4, beacon: 12 };
    expect(config?.interfaces).toEqual([
      {
        ...idle,
        manycastClients: [
          {
            address: "224.0.1.1",
            keyId: undefined,
            ttl: 255,
            minclock: 3,
            maxclock: 10,
            beacon: 10,
            ...common,
          },
          {
            address: "ff0e::101",
            keyId: 7,
            ...given,
            minpoll: 4,
            maxpoll: 8,
            port: 11123,
            version: 3,
          },
        ],
      },
    ]);
  });

  test("every other role of an interface", () => {
    const { config } = read(
      on(
        "<broadcast-server><authentication><keyid>7</keyid></authentication></broadcast-server>" +
          "<broadcast-client/><multicast-server><address>224.0.1.1</address></multicast-server>" +
          "<multicast-client><address>224.0.1.2</address></multicast-client>" +
          "<manycast-server><address>224.0.1.3</address></manycast-server>",
      ),
    );
    expect(config?.interfaces).toEqual([
      {
        ...idle,
        broadcastServer: { keyId: 7, ttl: 1, ...common },
        broadcastClient: true,
        multicastServers: [{ address: "224.0.1.1", keyId: undefined, ttl: 16, ...common }],
        multicastClients: ["224.0.1.2"],
        manycastServers: ["224.0.1.3"],
      },
    ]);
  });

  test("servers and peers", () => {
    const { config } = read(
      ntp(
        "<unicast-configuration><address>192.0.2.7</address><type>uc-server</type>" +
          "<iburst>true</iburst><prefer>true</prefer><source>eth0</source>" +
          '<interleaved xmlns="urn:ntpconfd:yang:ntp">true</interleaved></unicast-configuration>' +
          "<unicast-configuration><address>2001:db8::7</address><type>ntp:uc-peer</type>" +
          "<authentication><keyid>7</keyid></authentication></unicast-configuration>",
      ),
    );
    const plain = { prefer: false, burst: false, iburst: false, source: undefined };
    expect(config?.unicast).toEqual([
      {
        address: "192.0.2.7",
        type: "server",
        keyId: undefined,
        ...common,
        ...plain,
        prefer: true,
        iburst: true,
        interleaved: true,
        source: "eth0",
      },
      { address: "2001:db8::7", type: "peer", keyId: 7, ...common, ...plain },
    ]);
  });

  test("all faults of all keys, each with its path", () => {
    const key = (id: number, secret: string): string =>
      `<authentication-keys><keyid>${id}</keyid><algorithm>nd:aes-128-cmac</algorithm>` +
      `<key>${secret}</key></authentication-keys>`;
    const bad = key(1, "<keystring>ééééééééé</keystring>");
    const sealed = key(2, "<nd:cipher-string>$ntpconfd$1$AAAA</nd:cipher-string>");
    const good = key(3, "<keystring>x</keystring>");
    let thrown: unknown;
    try {
      read(ntp(`<authentication>${bad}${sealed}${good}</authentication>`));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RpcError);
    const faults = thrown instanceof RpcError ? thrown.faults : [];
    const base = "/ietf-ntp:ntp/ietf-ntp:authentication/ietf-ntp:authentication-keys";
    expect(faults.map(({ tag, path }) => [tag, path?.text])).toEqual([
      ["invalid-value", `${base}[ietf-ntp:keyid='1']/ietf-ntp:key/ietf-ntp:keystring`],
      ["invalid-value", `${base}[ietf-ntp:keyid='2']/ietf-ntp:key/ntpconfd-ntp:cipher-string`],
    ]);
  });

  test("roles with keys that are not trusted are warned of, each by its name", () => {
    const key =
      "<authentication><authentication-keys><keyid>7</keyid><algorithm>nd:hmac-sha256</algorithm>" +
      "<key><keystring>x</keystring></key></authentication-keys></authentication>";
    const auth = "<authentication><keyid>7</keyid></authentication>";
    const { warnings } = read(
      ntp(
        `${key}<unicast-configuration><address>192.0.2.7</address><type>uc-peer</type>${auth}` +
          "</unicast-configuration><interfaces><interface><name>eth0</name>" +
          `<broadcast-server>${auth}</broadcast-server>` +
          `<multicast-server><address>224.0.1.1</address>${auth}</multicast-server>` +
          "<manycast-server><address>224.0.1.1</address></manycast-server></interface></interfaces>",
      ),
    );
    const says = "key 7 is not trusted and verifies nothing: ";
    expect(warnings).toEqual([
      `${says}unicast peer 192.0.2.7 needs it`,
      `${says}broadcast-server on eth0 needs it`,
      `${says}multicast-server 224.0.1.1 on eth0 needs it`,
    ]);
  });
});

describe("access rules", () => {
  const acl = (matches: string, action: string): string =>
    '<acls xmlns="urn:ietf:params:xml:ns:yang:ietf-access-control-list"><acl><name>near</name>' +
    `<aces>${matches}<ace><name>last</name><actions><forwarding>${action}</forwarding></actions>` +
    "</ace></aces></acl></acls>";
  const ace = (name: string, inner: string): string =>
    `<ace><name>${name}</name><matches>${inner}</matches>` +
    "<actions><forwarding>accept</forwarding></actions></ace>";
  const rule = (mode: string): string =>
    `<access-rule><access-mode>${mode}</access-mode><acl>near</acl></access-rule>`;
  const rules = (...modes: readonly string[]): string =>
    ntp(`<access-rules>${modes.map(rule).join("")}</access-rules>`);
  const v4 = ace("b", "<ipv4><source-ipv4-network>192.0.2.0/24</source-ipv4-network></ipv4>");
  const v6 = ace("a", "<ipv6><source-ipv6-network>2001:db8::/32</source-ipv6-network></ipv6>");

  test("are prefixes in the order of the list, modes from the widest on", () => {
    const { config } = read(
      acl(v4 + v6, "drop"),
      rules("query-only-access-mode", "server-access-mode"),
    );
    const entries = [
      { prefix: "192.0.2.0/24", permit: true },
      { prefix: "2001:db8::/32", permit: true },
      { prefix: "0.0.0.0/0", permit: false },
      { prefix: "::/0", permit: false },
    ];
    expect(config?.accessRules).toEqual([
      { mode: "server", entries },
      { mode: "query-only", entries },
    ]);
  });

  test("that ask of a packet what NTP does not look at are refused", () => {
    const narrow = ace("b", "<ipv4><ttl>255</ttl><dscp>46</dscp></ipv4>");
    expect(() => read(acl(narrow, "accept"), rules("peer-access-mode"))).toThrow(
      "acl near: entry b matches dscp, ttl: for NTP only source networks count",
    );
  });
});
