import { describe, expect, test } from "vitest";
import { KeyVault } from "../../src/agent/index.ts";
import { MemoryStorage, SeededRandom, type Session, type SimulatedHost, World } from "./world.ts";

const namespace = "urn:ntpconfd:yang:server";
const server = (content: string): string => `<server xmlns="${namespace}">${content}</server>`;
const listener = (name: string, content: string): string =>
  server(`<listen><listener><name>${name}</name>${content}</listener></listen>`);
const ssh = (address: string, port: number): string =>
  `<ssh><address>${address}</address><port>${port}</port></ssh>`;
const peer = (content: string, name = "nms"): string =>
  server(`<call-home><peer><name>${name}</name>${content}</peer></call-home>`);
const endpoint = (name: string, address = "192.0.2.1", port = ""): string =>
  `<endpoint><name>${name}</name><address>${address}</address>${port}</endpoint>`;
const state = `<server xmlns="${namespace}"/>`;

function started(options: { storage?: MemoryStorage } = {}) {
  const world = new World();
  const host = world.host({ address: "192.0.2.10", ...options });
  return { world, host, admin: host.session() };
}

describe("listeners as data", () => {
  test("a commit opens them, with the defaults of their transport", () => {
    const { host, admin } = started();
    expect(admin.apply(listener("a", "<ssh><address>::1</address></ssh>"))).toContain("<ok/>");
    expect(host.served?.listeners).toEqual([
      { name: "a", transport: { kind: "ssh" }, address: "::1", port: 830 },
    ]);
    expect(admin.get(state)).toContain("<oper-status>up</oper-status>");
    const off = listener("a", "<enabled>false</enabled>");
    expect(admin.apply(off)).toContain("<ok/>");
    expect(host.served?.listeners).toEqual([]);
    expect(admin.get(state)).not.toContain("oper-status");
  });

  test("what cannot be refuses the commit, all of it, by name and with the reason", () => {
    const { host, admin } = started();
    host.serverFaults = [
      { part: "listener", name: "a", reason: "it is in use already (EADDRINUSE)" },
      { part: "listener", name: "b", reason: "the machine has no such address" },
    ];
    admin.edit(listener("a", ssh("127.0.0.1", 831)));
    const refusal = admin.apply(listener("b", ssh("127.0.0.9", 832)));
    expect(refusal).toContain("listener a: it is in use already (EADDRINUSE)");
    expect(refusal).toContain("listener b: the machine has no such address");
    expect(refusal).toContain("listener[ntpconfd-server:name='b']");
    expect(host.served).toBeUndefined();
    expect(admin.get(state)).not.toContain("<listener>");
    host.serverFaults = [];
    expect(admin.commit()).toContain("<ok/>");
  });

  test("at boot what cannot be is down, shown so, and tried again; it holds up no commit", () => {
    const storage = new MemoryStorage();
    const { admin } = started({ storage });
    admin.apply(listener("a", ssh("127.0.0.1", 831)));
    admin.rpc("<copy-config><target><startup/></target><source><running/></source></copy-config>");
    const world = new World();
    const fault = { part: "listener", name: "a", reason: "no such address" } as const;
    const host = world.host({ address: "192.0.2.10", storage, serverFaults: [fault] });
    const again = host.session();
    expect(again.get(state)).toContain("<down-reason>no such address</down-reason>");
    expect(again.apply(listener("b", ssh("127.0.0.1", 832)))).toContain("<ok/>");
    // But a change of it is held against what there is.
    expect(again.apply(listener("a", ssh("127.0.0.1", 833)))).toContain("no such address");
    again.rpc("<discard-changes/>");
    host.serverFaults = [];
    expect(again.get(state)).toContain("down");
    world.run(5);
    expect(again.get(state)).not.toContain("down");
    expect(host.log.some((line) => line.startsWith('info a listener is up {"name":"a"'))).toBe(
      true,
    );
  });

  test("one that fails later is down, and tried again", () => {
    const { world, host, admin } = started();
    admin.apply(listener("a", ssh("127.0.0.1", 831)));
    host.listenerFailed("a", "the system took it away");
    expect(admin.get(state)).toContain("<down-reason>the system took it away</down-reason>");
    world.run(5);
    expect(admin.get(state)).toContain("<oper-status>up</oper-status>");
  });

  test("a confirmed commit that is not confirmed takes its listener with it", () => {
    const { world, host, admin } = started();
    admin.edit(listener("a", ssh("127.0.0.1", 831)));
    admin.rpc("<commit><confirmed/><confirm-timeout>10</confirm-timeout></commit>");
    expect(host.served?.listeners).toHaveLength(1);
    world.run(11);
    expect(host.served?.listeners).toEqual([]);
  });

  test("the algorithms and bounds of connections are handed on", () => {
    const { host, admin } = started();
    const algorithms =
      "<algorithms><encryption>aes256-ctr</encryption><encryption>aes128-ctr</encryption>" +
      "</algorithms>";
    const bounds =
      "<sessions><max-unauthenticated>3</max-unauthenticated>" +
      "<login-timeout>7</login-timeout></sessions>";
    expect(admin.apply(server(`${bounds}<ssh>${algorithms}</ssh>`))).toContain("<ok/>");
    expect(host.served).toMatchObject({ unauthenticatedMax: 3, loginTimeout: 7 });
    expect(host.served?.sshAlgorithms.encryption).toEqual(["aes256-ctr", "aes128-ctr"]);
    const weak = server("<ssh><algorithms><mac>hmac-sha1</mac></algorithms></ssh>");
    expect(admin.edit(weak)).toContain("hmac-sha1");
  });
});

describe("keys and certificates as data", () => {
  const identity =
    "<tls><identity><name>i</name><certificate>AQID</certificate>" +
    "<private-key>BAUG</private-key></identity></tls>";

  test("the private key is for nobody's eyes, and sealed on disk", () => {
    const storage = new MemoryStorage();
    const { host, admin } = started({ storage });
    const startup = "<target><startup/></target><source><running/></source>";
    expect(admin.apply(server(identity))).toContain("<ok/>");
    admin.rpc(`<copy-config>${startup}</copy-config>`);
    const user = host.session("bob", false);
    expect(user.get(state)).toContain("<certificate>AQID</certificate>");
    expect(user.get(state)).not.toContain("private-key");
    for (const bytes of storage.files.values()) {
      expect(new TextDecoder().decode(bytes)).not.toContain("BAUG");
    }
    expect(host.served?.identities.get("i")).toEqual({
      certificates: [Uint8Array.of(1, 2, 3)],
      privateKey: Uint8Array.of(4, 5, 6),
    });
    expect(admin.get(state)).toContain("<fingerprint>04:00</fingerprint>");
    expect(admin.get(state)).toContain("<expires>2040-01-01T00:00:00Z</expires>");
  });

  test("a private key may come encrypted under the at-rest key, and is read back so", () => {
    const { host, admin } = started();
    const encrypted = (text: string): string => host.vault.seal(new TextEncoder().encode(text));
    const given = (form: string): string =>
      server(
        `<tls><identity><name>i</name><certificate>AQID</certificate>${form}</identity></tls>`,
      );
    const leaf = (text: string): string =>
      given(`<encrypted-private-key>${text}</encrypted-private-key>`);
    const file = (label: string, base64: string): string =>
      `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
    const params = file("EC PARAMETERS", "BggqhkjOPQMBBw==");
    const keyed = encrypted(`${params}${file("EC PRIVATE KEY", "BAUG\nBw==")}`);
    expect(admin.apply(leaf(keyed))).toContain("<ok/>");
    expect(host.served?.identities.get("i")?.privateKey).toEqual(Uint8Array.of(4, 5, 6, 7));
    // Whoever may read the rest may read this: it opens for this agent alone.
    expect(host.session("bob", false).get(state)).toContain(keyed);
    expect(admin.apply(given("<private-key>BAUG</private-key>"))).toContain("<ok/>");
    expect(admin.get(state)).not.toContain(keyed);
    const unopened = (text: string): unknown => {
      expect(admin.apply(leaf(text))).toContain("<ok/>");
      return host.served?.identities.get("i")?.privateKey;
    };
    const another = new KeyVault(new Uint8Array(32).fill(99), new SeededRandom(1));
    const fault = (words: string) => ({ fault: expect.stringContaining(words) });
    expect(unopened(another.seal(Uint8Array.of(1)))).toEqual(fault("ntpconfd encrypt-key makes"));
    expect(unopened("secret")).toEqual(fault("does not open under this agent's at-rest key"));
    const noPem = fault("is no PEM file of a private key");
    for (const text of ["BAUG", params, file("PRIVATE KEY", "BAU"), file("CERTIFICATE", "BAUG")]) {
      expect(unopened(encrypted(text))).toEqual(noPem);
    }
    const removed =
      '<encrypted-private-key xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0"' +
      ' nc:operation="remove"/>';
    expect(admin.apply(given(removed))).toContain("private-key-form");
  });

  test("revocation lists are handed on; what is refused for its certificate is counted", () => {
    const { host, admin } = started();
    host.serverWarnings = ["trust-anchor x has no revocation-list"];
    const list = "<tls><revocation-list><name>l</name><crl>AQID</crl></revocation-list></tls>";
    expect(admin.apply(server(list))).toContain("<ok/>");
    expect([...(host.served?.revocationLists ?? [])]).toEqual([["l", Uint8Array.of(1, 2, 3)]]);
    expect(host.log.some((line) => line.includes("x has no revocation-list"))).toBe(true);
    for (const isRevoked of [false, true, true]) host.certificateRefused(isRevoked);
    const shown = admin.get(state);
    expect(shown).toContain("<trust-anchor>ca</trust-anchor>");
    expect(shown).toContain("<next-update>2040-01-01T00:00:00Z</next-update>");
    expect(shown).toContain("<revoked-certificates>3</revoked-certificates>");
    expect(shown).toContain("<certificates-refused>3</certificates-refused>");
    expect(shown).toContain("<certificates-revoked>2</certificates-revoked>");
    host.serverFaults = [{ part: "revocation-list", name: "m", reason: "it is no list" }];
    const other = list.replace("<name>l<", "<name>m<");
    expect(admin.apply(server(other))).toContain("revocation-list m: it is no list");
  });

  test("a listener over TLS names an identity that there is", () => {
    const { host, admin } = started();
    const tls = "<tls><address>127.0.0.1</address><identity>i</identity></tls>";
    expect(admin.apply(listener("a", tls))).toContain("instance-required");
    expect(admin.apply(server(identity))).toContain("<ok/>");
    expect(admin.apply(listener("a", tls))).toContain("<ok/>");
    const nobody = host.log.filter((line) => line.includes("nobody can log in over TLS"));
    expect(nobody.map((line) => /has no ([\w-]+)/.exec(line)?.[1])).toEqual([
      "trust-anchor",
      "cert-to-name",
    ]);
  });

  test("a chain, and a certificate, are of some length and no more", () => {
    const { admin } = started();
    const chain = (count: number, octets: number): string => {
      const one = (_: unknown, i: number) =>
        `<certificate>${Buffer.alloc(octets, i + 1).toString("base64")}</certificate>`;
      const all = Array.from({ length: count }, one).join("");
      return server(
        `<tls><identity><name>i</name>${all}<private-key>BAUG</private-key></identity></tls>`,
      );
    };
    expect(admin.apply(chain(11, 10))).toContain("too-many-elements");
    admin.rpc("<discard-changes/>");
    expect(admin.edit(chain(1, 65_537))).toContain("they must be 1..65536");
    expect(admin.apply(chain(10, 65_536))).toContain("<ok/>");
  });

  test("cert-to-name is handed on in the order of its numbers", () => {
    const { host, admin } = started();
    const entry = (id: number, map: string): string =>
      `<cert-to-name><id>${id}</id><fingerprint>04:0A:ff</fingerprint>${map}</cert-to-name>`;
    const x509 = 'xmlns:x="urn:ietf:params:xml:ns:yang:ietf-x509-cert-to-name"';
    const specified = `<map-type ${x509}>x:specified</map-type><name>bob</name>`;
    const any = `<map-type ${x509}>x:san-any</map-type>`;
    const config = server(`<tls>${entry(10, any)}${entry(9, specified)}</tls>`);
    expect(admin.apply(config)).toContain("<ok/>");
    const fingerprint = Uint8Array.of(4, 10, 255);
    expect([...(host.served?.certToName ?? [])]).toEqual([
      [9, { fingerprint, map: { kind: "specified", name: "bob" } }],
      [10, { fingerprint, map: { kind: "san-any" } }],
    ]);
    const faults = [{ part: "cert-to-name", name: "11", reason: "no hash" } as const];
    host.serverFaults = faults;
    const refusal = admin.apply(server(`<tls>${entry(11, any)}</tls>`));
    expect(refusal).toContain("cert-to-name 11: no hash");
    expect(refusal).toContain("<error-tag>invalid-value</error-tag>");
  });
});

describe("limits of sessions as data", () => {
  const sessions = (content: string): string => server(`<sessions>${content}</sessions>`);

  test("fewer sessions than there are end none, and let in no more", () => {
    const { host, admin } = started();
    const other = host.session();
    expect(admin.apply(sessions("<max-sessions>1</max-sessions>"))).toContain("<ok/>");
    expect(host.greet()).toBe("");
    expect(host.refusals).toEqual(["there are 2 sessions, as many as may be"]);
    expect(other.get(state)).toContain("<max-sessions>1<");
    expect(admin.apply(sessions("<max-sessions>3</max-sessions>"))).toContain("<ok/>");
    expect(host.greet()).toContain("<hello");
  });

  test("a shorter time-out is for those who are there already", () => {
    const { world, host, admin } = started();
    const idle = host.session();
    world.run(50);
    admin.apply(sessions("<idle-timeout>60</idle-timeout>"));
    world.run(9);
    expect(idle.get(state)).not.toBe("");
    world.run(59);
    expect(admin.get(state)).toBe("");
    expect(idle.get(state)).not.toBe("");
  });

  test("a larger message than is allowed ends the session", () => {
    const { host, admin } = started();
    admin.apply(sessions("<max-message-size>65536</max-message-size>"));
    const bounded = host.session();
    expect(bounded.get(`<x xmlns="${"y".repeat(60_000)}"/>`)).toContain("<data/>");
    expect(bounded.get(`<x xmlns="${"y".repeat(70_000)}"/>`)).toBe("");
  });
});

describe("who is there", () => {
  test("a session over TLS is known as one, by its user and its host", () => {
    const { host, admin } = started();
    admin.rpc('<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>');
    const alice = host.session("alice", false, { transport: "netconf-tls", host: "192.0.2.77" });
    const started6470 = admin.take();
    expect(started6470).toContain("<netconf-session-start");
    expect(started6470).toContain("<username>alice</username>");
    expect(started6470).toContain("<source-host>192.0.2.77</source-host>");
    const monitored = alice.get(
      '<netconf-state xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"><sessions>' +
        "<session><username>alice</username></session></sessions></netconf-state>",
    );
    expect(monitored).toContain("<transport>netconf-tls</transport>");
    expect(monitored).toContain("<source-host>192.0.2.77</source-host>");
  });
});

describe("calls home", () => {
  const called = ({ calls }: SimulatedHost): readonly string[] =>
    calls.map(({ address, port }) => `${address} ${port}`);

  test("a manager is called at once, on its transport's port, and shown so", () => {
    const { world, host, admin } = started();
    expect(admin.apply(peer(`<ssh/>${endpoint("a")}`))).toContain("<ok/>");
    world.run(0.01);
    expect(host.calls).toHaveLength(1);
    expect(host.calls[0]).toMatchObject({
      transport: { kind: "ssh" },
      ...{ address: "192.0.2.1", port: 4334, maxWait: 5 },
      keepAlives: { idleTime: 30, maxProbes: 3, probeInterval: 10 },
    });
    expect(admin.get(state)).toContain("<status>connecting</status>");
    host.progress(1, "connected");
    expect(admin.get(state)).toContain("<status>connected</status>");
    host.progress(1, "established");
    expect(admin.get(state)).toContain("<status>established</status>");
    expect(admin.get(state)).toMatch(/<connected-since>20\d\d-/);
  });

  test("without an endpoint, or with an identity that is not there, it is no peer", () => {
    const { admin } = started();
    expect(admin.apply(peer("<ssh/>"))).toContain("too-few-elements");
    admin.rpc("<discard-changes/>");
    const nobody = `<tls><identity>i</identity></tls>${endpoint("a")}`;
    expect(admin.apply(peer(nobody))).toContain("instance-required");
  });

  test("each endpoint has its attempts, with longer and longer waits", () => {
    const { world, host, admin } = started();
    const strategy =
      "<reconnect-strategy><max-attempts>2</max-attempts><max-delay>8</max-delay>" +
      "</reconnect-strategy>";
    const port = "<port>9</port>";
    admin.apply(peer(`<ssh/>${endpoint("a")}${endpoint("b", "nms.example", port)}${strategy}`));
    const waits: number[] = [];
    for (let call = 1; call <= 6; call++) {
      const before = world.now;
      world.run(10, () => host.calls.length === call);
      waits.push(Number(world.now - before) / 1e9);
      host.callEnded(call, "connection refused");
    }
    const [a, b] = ["192.0.2.1 4334", "nms.example 9"];
    expect(called(host)).toEqual([a, a, b, b, a, a]);
    const bounds = [0, 1, 2, 4, 8, 8];
    for (const [i, bound] of bounds.entries()) {
      expect(waits[i]).toBeLessThanOrEqual(bound);
      expect(waits[i]).toBeGreaterThanOrEqual(bound / 2);
    }
    expect(admin.get(state)).toContain("<last-failure>connection refused</last-failure>");
    expect(admin.get(state)).toMatch(/<next-attempt>20\d\d-/);
    expect(admin.get(state)).toContain("<attempts>6</attempts>");
  });

  test.each([
    ["first-listed", ["a", "b", "a"]],
    ["last-connected", ["a", "b", "b"]],
  ] as const)("after a connection it starts over with the %s", (strategy, names) => {
    const { world, host, admin } = started();
    const how =
      `<reconnect-strategy><start-with>${strategy}</start-with>` +
      "<max-attempts>1</max-attempts></reconnect-strategy>";
    admin.apply(peer(`<ssh/>${endpoint("a", "a")}${endpoint("b", "b")}${how}`));
    world.run(1, () => host.calls.length === 1);
    host.callEnded(1, "refused");
    world.run(2, () => host.calls.length === 2);
    host.progress(2, "connected");
    host.progress(2, "established");
    host.callEnded(2, "gone");
    expect(world.run(1.1, () => host.calls.length === 3)).toBe(true);
    expect(host.calls.map(({ address }) => address)).toEqual(names);
  });

  test("at random every endpoint is the first one sometimes", () => {
    const { world, host, admin } = started();
    const how =
      "<reconnect-strategy><start-with>random-selection</start-with></reconnect-strategy>";
    admin.apply(peer(`<ssh/>${endpoint("a", "a")}${endpoint("b", "b")}${how}`));
    for (let call = 1; call <= 20; call++) {
      world.run(2, () => host.calls.length === call);
      host.progress(call, "established");
      host.callEnded(call, "gone");
    }
    expect(new Set(host.calls.map(({ address }) => address))).toEqual(new Set(["a", "b"]));
  });

  test("from time to time is from the start of one call to that of the next", () => {
    const { world, host, admin } = started();
    const periodic = "<periodic><period>2</period><idle-timeout>20</idle-timeout></periodic>";
    admin.apply(peer(`<ssh/>${endpoint("a")}${periodic}`));
    world.run(1, () => host.calls.length === 1);
    expect(host.calls[0]).toMatchObject({ idleTimeout: 20 });
    host.progress(1, "established");
    world.run(50);
    host.callEnded(1, "gone");
    expect(world.run(69, () => host.calls.length === 2)).toBe(false);
    expect(world.run(1.1, () => host.calls.length === 2)).toBe(true);
    // One that has lasted longer than the period is followed by the next at once.
    host.progress(2, "established");
    world.run(200);
    host.callEnded(2, "gone");
    expect(world.run(0.1, () => host.calls.length === 3)).toBe(true);
  });

  test("with an anchor calls start at whole multiples of the period from it", () => {
    const { world, host, admin } = started();
    const periodic = (anchor: string): string =>
      `<periodic><period>5</period><anchor-time>${anchor}</anchor-time></periodic>`;
    admin.apply(peer(`<ssh/>${endpoint("a")}${periodic("2000-01-01T02:02:00+02:00")}`));
    expect(admin.get(state)).toContain("<next-attempt>2023-08-02T21:37:0");
    const moments: number[] = [];
    for (let call = 1; call <= 4; call++) {
      expect(world.run(301, () => host.calls.length === call)).toBe(true);
      moments.push(Number(world.now));
      host.progress(call, "established");
      // Over at once, and the next one is in its own time nevertheless.
      if (call !== 3) host.callEnded(call, "gone");
      else world.run(400, () => false);
      if (call === 3) host.callEnded(call, "gone");
    }
    const [first = 0, ...rest] = moments;
    expect(rest.map((moment) => Math.round((moment - first) / 1e9))).toEqual([300, 600, 1200]);
    // One that fails is tried again as any other, and the series goes on.
    expect(world.run(301, () => host.calls.length === 5)).toBe(true);
    host.callEnded(5, "refused");
    expect(world.run(1.1, () => host.calls.length === 6)).toBe(true);
    host.progress(6, "established");
    host.callEnded(6, "gone");
    expect(world.run(290, () => host.calls.length === 7)).toBe(false);
    expect(world.run(11, () => host.calls.length === 7)).toBe(true);
    expect(admin.edit(peer(periodic("2000-13-01T00:00:00Z")))).toContain(
      "there is no such date or time of day",
    );
  });

  test("a call comes from where it is to come from", () => {
    const { world, host, admin } = started();
    const from = (address: string, local: string): string =>
      endpoint("a", address, `<local-address>${local}</local-address>`);
    expect(admin.apply(peer(`<ssh/>${from("192.0.2.1", "192.0.2.10")}`))).toContain("<ok/>");
    world.run(0.1);
    expect(host.calls[0]).toMatchObject({ address: "192.0.2.1", localAddress: "192.0.2.10" });
    for (const [address, local] of [
      ["192.0.2.1", "2001:db8::1"],
      ["2001:db8::2", "192.0.2.10"],
    ]) {
      const refusal = admin.apply(peer(`<ssh/>${from(address ?? "", local ?? "")}`));
      expect(refusal).toContain("of different families");
      admin.rpc("<discard-changes/>");
    }
    expect(admin.apply(peer(`<ssh/>${from("nms.example", "2001:db8::1")}`))).toContain("<ok/>");
  });

  test("its sessions have the idle time-out of the call", () => {
    const { world, host } = started();
    const dialled = host.session("admin", true, { idleTimeout: 20 });
    world.run(19);
    expect(dialled.get(state)).not.toBe("");
    world.run(21);
    expect(dialled.get(state)).toBe("");
  });

  test("what is established stays when its peer changes or goes; what is not is given up", () => {
    const { world, host, admin } = started();
    admin.apply(peer(`<ssh/>${endpoint("a")}`));
    world.run(1, () => host.calls.length === 1);
    // Another peer is no change of this one.
    admin.apply(peer(`<ssh/>${endpoint("a")}`, "other"));
    world.run(1, () => host.calls.length === 2);
    expect(host.ended).toEqual([]);
    admin.apply(peer(endpoint("a", "192.0.2.7")));
    expect(host.ended).toEqual([1]);
    world.run(1, () => host.calls.length === 3);
    host.callEnded(1, "what we ended ourselves is no news");
    expect(host.calls[2]?.address).toBe("192.0.2.7");
    host.progress(3, "connected");
    host.progress(3, "established");
    admin.apply(peer("<enabled>false</enabled>"));
    expect(admin.get(state)).toContain("<status>established</status>");
    const gone = '<peer xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="delete">';
    admin.apply(server(`<call-home>${gone}<name>other</name></peer></call-home>`));
    expect(host.ended).toEqual([1, 2]);
    host.callEnded(3, "gone");
    expect(admin.get(state)).toContain("<status>disabled</status>");
    world.run(100);
    expect(host.calls).toHaveLength(3);
    admin.apply(peer("<enabled>true</enabled>"));
    world.run(0.1);
    expect(host.calls).toHaveLength(4);
  });

  test("it is called again after the agent has started again", () => {
    const storage = new MemoryStorage();
    const { admin } = started({ storage });
    admin.apply(peer(`<ssh/>${endpoint("a")}`));
    admin.rpc("<copy-config><target><startup/></target><source><running/></source></copy-config>");
    const { world, host } = started({ storage });
    world.run(0.1);
    expect(called(host)).toEqual(["192.0.2.1 4334"]);
  });
});

describe("what happens to listeners and calls is told", () => {
  const told = (session: Session): readonly string[] => {
    const form = /<(listener-state-changed|call-home-[a-z]+) xmlns="[^"]*">(.*?)<\/\1>/g;
    return [...session.take().matchAll(form)].map(([, name = "", inside = ""]) => {
      return [name, ...[...inside.matchAll(/>([^<]+)</g)].map(([, value]) => value)].join(" ");
    });
  };
  const subscribe = (session: Session): void => {
    const create = '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>';
    expect(session.rpc(create)).toContain("<ok/>");
  };

  test("a listener that goes down and is up again, once each", () => {
    const { world, host, admin } = started();
    const watch = host.session();
    subscribe(watch);
    admin.apply(listener("a", ssh("127.0.0.1", 831)));
    expect(told(watch)).toEqual([]);
    const reason = "the system took it away";
    host.serverFaults = [{ part: "listener", name: "a", reason }];
    host.listenerFailed("a", reason);
    world.run(11);
    expect(told(watch)).toEqual([`listener-state-changed a down ${reason}`]);
    host.serverFaults = [];
    world.run(6);
    expect(told(watch)).toEqual(["listener-state-changed a up"]);
  });

  test("a manager that is called: given up, logged in, gone", () => {
    const { world, host, admin } = started();
    const watch = host.session();
    subscribe(watch);
    const strategy = "<reconnect-strategy><max-attempts>2</max-attempts></reconnect-strategy>";
    admin.apply(peer(`<ssh/>${endpoint("a")}${endpoint("b")}${strategy}`));
    for (const call of [1, 2]) {
      world.run(3, () => host.calls.length === call);
      expect(told(watch)).toEqual([]);
      host.callEnded(call, `refused ${call}`);
    }
    expect(told(watch)).toEqual(["call-home-failed nms a 2 refused 2"]);
    world.run(5, () => host.calls.length === 3);
    host.progress(3, "connected");
    expect(told(watch)).toEqual([]);
    host.progress(3, "established");
    expect(told(watch)).toEqual(["call-home-established nms b"]);
    host.callEnded(3, "gone");
    expect(told(watch)).toEqual(["call-home-ended nms b"]);
  });

  test("access control has the last word", () => {
    const { host, admin } = started();
    const nacm = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm";
    const rule =
      "<rule><name>n</name><module-name>ntpconfd-server</module-name>" +
      "<notification-name>listener-state-changed</notification-name><action>deny</action></rule>";
    const rules =
      "<groups><group><name>g</name><user-name>bob</user-name></group></groups>" +
      `<rule-list><name>l</name><group>g</group>${rule}</rule-list>`;
    expect(admin.apply(`<nacm xmlns="${nacm}">${rules}</nacm>`)).toContain("<ok/>");
    admin.apply(listener("a", ssh("127.0.0.1", 831)));
    const [alice, bob] = [host.session("alice", false), host.session("bob", false)];
    for (const session of [alice, bob]) subscribe(session);
    host.listenerFailed("a", "gone");
    expect(told(alice)).toHaveLength(1);
    expect(told(bob)).toEqual([]);
  });
});
