import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import type { CertToName } from "../../src/agent/index.ts";
import { Arrivals } from "../../src/host/arrivals.ts";
import {
  fingerprintOf,
  isKnownFingerprint,
  nameOfCertificate,
} from "../../src/host/cert-to-name.ts";
import { readDer } from "../../src/host/der.ts";
import { subjectOf, usableRevocationList } from "../../src/host/revocation-list.ts";
import { listenLater } from "../../src/host/tcp-listener.ts";
import { TlsServer, type TlsSettings } from "../../src/host/tls.ts";
import { usableAnchor, usableIdentity } from "../../src/host/tls-identity.ts";
import { WireSessions } from "../../src/host/wire-sessions.ts";
import { forSeeds } from "../random.ts";
import {
  address,
  type Certified,
  certify,
  dns,
  impostorOf,
  mail,
  pem,
  pemKey,
  pkcs8,
  principal,
  revocationList,
} from "./certificates.ts";

const authority = certify({ subject: "authority", isAuthority: true });
const other = certify({ subject: "other authority", isAuthority: true });
const server = certify({ subject: "agent", issuer: authority });
const alice = certify({ subject: "alice", issuer: authority });

/** With the names DNS:host and email:a@b, and always the same octets. */
const aCertificate =
  "MIIBNTCB3KADAgECAgkBzamhMyKVceQwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBeDAiGA8yMDI2MTEyNTE0" +
  "NTQzOVoYDzIwMjYxMjI2MTQ1NDM5WjAMMQowCAYDVQQDDAF4MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE" +
  "BuFTxkyp6rXpKJ5VteZJQMjbIiEp5xHnHEh1YbTv0nUOiD9Jj2N6sDwCNvTh/pcOAo4cgzrrygCRO1pF84oU" +
  "zaMjMCEwCQYDVR0TBAIwADAUBgNVHREEDTALggRob3N0gQNhQGIwCgYIKoZIzj0EAwIDSAAwRQIhAOHoBXij" +
  "BnBTOfYYyg84UxEBEGd6U91uErqubJjYutetAiB0gTpLEDS3+0QIg1LOzgys1QvrjDGAo9B0TUX24xoJmQ==";

function sha256(certificate: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(4), createHash("sha256").update(certificate).digest()]);
}

function entry(certified: Certified, kind: CertToName["map"]["kind"], name = ""): CertToName {
  const map = kind === "specified" ? ({ kind, name } as const) : ({ kind } as const);
  return { fingerprint: sha256(certified.certificate), map };
}

describe("a name is made of a certificate as RFC 7407 says", () => {
  const names = [
    mail("FooBar@Example.COM"),
    dns("Host.EXAMPLE"),
    address(192, 0, 2, 1),
    address(0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 0xff),
  ];
  const six = `20010db8${"0".repeat(22)}ff`;
  const nameOf = (kind: CertToName["map"]["kind"], using: typeof names, subject = "common") => {
    const { certificate } = certify({ subject, issuer: authority, names: using });
    const chain = [certificate, authority.certificate];
    return nameOfCertificate(chain, [entry(authority, kind, "named")]);
  };

  test.each<[CertToName["map"]["kind"], typeof names, string | undefined]>([
    ["specified", [], "named"],
    ["common-name", names, "common"],
    ["san-rfc822-name", names, "FooBar@example.com"],
    ["san-dns-name", names, "host.example"],
    ["san-ip-address", names, "192.0.2.1"],
    ["san-ip-address", names.slice(3), six],
    ["san-any", names, "FooBar@example.com"],
    ["san-any", names.slice(1), "host.example"],
    ["san-any", [principal("a")], undefined],
    ["san-dns-name", [], undefined],
    ["san-rfc822-name", [mail("no address")], undefined],
  ])("%s", (kind, using, expected) => expect(nameOf(kind, using)).toBe(expected));

  test("a comma in a name of one kind makes no name of another", () => {
    // Node's own text of this reads as two names.
    expect(nameOf("san-dns-name", [principal("x, DNS:admin")])).toBeUndefined();
    expect(nameOf("san-dns-name", [mail("x@y,DNS:admin"), dns("z")])).toBe("z");
    expect(nameOf("san-dns-name", [dns("x, DNS:admin")])).toBeUndefined();
  });

  test("several common names, or one that no XML can carry, are none", () => {
    const nameless = (subject: string | string[]): string | undefined => {
      const { certificate } = certify({ subject });
      const self = { fingerprint: sha256(certificate), map: { kind: "common-name" } } as const;
      return nameOfCertificate([certificate], [self]);
    };
    expect(nameless("alice")).toBe("alice");
    expect(nameless(["alice", "admin"])).toBeUndefined();
    expect(nameless("ali\u0000ce")).toBeUndefined();
    expect(nameless("ali\nce")).toBeUndefined();
  });

  test("entries are tried in order, and one that makes no name is passed over", () => {
    const { certificate } = certify({ subject: "c", issuer: authority, names: [dns("host")] });
    const chain = [certificate, authority.certificate];
    const of = (...entries: CertToName[]) => nameOfCertificate(chain, entries);
    expect(of(entry(other, "specified", "no"), entry(authority, "san-dns-name"))).toBe("host");
    expect(of(entry(authority, "san-ip-address"), entry(authority, "san-any"))).toBe("host");
    expect(of(entry(authority, "specified", "one"), entry(authority, "san-any"))).toBe("one");
    expect(of()).toBeUndefined();
    expect(nameOfCertificate([], [entry(authority, "specified", "one")])).toBeUndefined();
  });

  test("a fingerprint is of the hash that its first octet says", () => {
    const hashes = { md5: 1, sha1: 2, sha224: 3, sha256: 4, sha384: 5, sha512: 6 };
    for (const [hash, octet] of Object.entries(hashes)) {
      const digest = createHash(hash).update(alice.certificate).digest();
      const one = (first: number): CertToName => ({
        fingerprint: Buffer.concat([Buffer.of(first), digest]),
        map: { kind: "specified", name: hash },
      });
      expect(nameOfCertificate([alice.certificate], [one(octet)])).toBe(hash);
      expect(isKnownFingerprint(one(octet).fingerprint)).toBe(true);
      expect(isKnownFingerprint(one(octet).fingerprint.subarray(1))).toBe(false);
      expect(nameOfCertificate([alice.certificate], [one(octet === 4 ? 5 : 4)])).toBeUndefined();
    }
  });

  test("names are looked for in whatever octets without a fault", () => {
    const mapping = { kind: "san-any" } as const;
    const whole = Buffer.from(aCertificate, "base64");
    const self = { fingerprint: sha256(whole), map: mapping };
    expect(nameOfCertificate([whole], [self])).toBe("host");
    forSeeds(300, (random) => {
      const octets = Buffer.from(aCertificate, "base64");
      for (let i = random.word() % 8; i >= 0; i--) {
        octets[random.word() % octets.length] = random.word() & 0xff;
      }
      const name = nameOfCertificate([octets], [{ fingerprint: sha256(octets), map: mapping }]);
      expect(name === undefined || /^[!-~]+$/.test(name)).toBe(true);
    });
  });

  test("what is cut off, or is no DER, is read without a fault", () => {
    const whole = certify({ subject: "x", names: [dns("host")] }).certificate;
    for (let at = 0; at < whole.length; at++) readDer(whole.subarray(0, at));
    expect(readDer(Buffer.of(0x30, 0x85, 1, 1, 1, 1, 1))).toBeUndefined();
    expect(readDer(Buffer.of(0x1f, 0x81, 0))).toBeUndefined();
    expect(readDer(Buffer.of(0x30, 0x80))).toBeUndefined();
    expect(readDer(Buffer.of(0x30))).toBeUndefined();
  });
});

describe("what cannot be used is refused in words", () => {
  const usable = { certificates: [server.certificate], privateKey: pkcs8(server) };
  const below = certify({ subject: "intermediate", issuer: authority, isAuthority: true });
  const leaf = certify({ subject: "leaf", issuer: below });

  test("a chain, and keys in their three forms, can be", () => {
    const certificates = [leaf.certificate, below.certificate, authority.certificate];
    const forms = [pkcs8(leaf), leaf.key.export({ type: "sec1", format: "der" })];
    for (const privateKey of forms) {
      const { cert } = usableIdentity({ certificates, privateKey });
      expect(cert.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    }
  });

  test.each([
    ["another's key", { ...usable, privateKey: pkcs8(alice) }, /not that of the certificate/],
    ["junk for a key", { ...usable, privateKey: Buffer.from("junk") }, /^the private key is none/],
    [
      "junk for a certificate",
      { ...usable, certificates: [Buffer.from("junk")] },
      /^certificate 1 of the chain is no X.509 certificate/,
    ],
    [
      "PEM where DER is due",
      { ...usable, certificates: [Buffer.from(pem(server.certificate))] },
      /^certificate 1 of the chain is PEM, encoded once more/,
    ],
    [
      "a chain in disorder",
      { certificates: [leaf.certificate, authority.certificate], privateKey: pkcs8(leaf) },
      /^certificate 2 of the chain is not the issuer/,
    ],
    [
      "octets behind it",
      { ...usable, certificates: [Buffer.concat([server.certificate, Buffer.alloc(3)])] },
      /3 octets too many/,
    ],
  ])("%s", (_, identity, words) => expect(() => usableIdentity(identity)).toThrow(words));
});

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface World {
  readonly port: number;
  readonly events: string[];
  readonly sessions: WireSessions;
  readonly tls: TlsServer;
  until(start: string): Promise<string>;
  onDrained: () => void;
}

const settings: TlsSettings = {
  identities: new Map([
    ["agent", usableIdentity({ certificates: [server.certificate], privateKey: pkcs8(server) })],
  ]),
  trustAnchors: [usableAnchor(authority.certificate)],
  revocationLists: [],
  certToName: [entry(authority, "common-name")],
  minimumVersion: "TLSv1.2",
};

async function listen(more: Partial<TlsSettings> = {}): Promise<World> {
  const events: string[] = [];
  const waiting: { start: string; resolve: (event: string) => void }[] = [];
  const say = (event: string): void => {
    events.push(event);
    for (const w of waiting) if (event.startsWith(w.start)) w.resolve(event);
  };
  const sessions = new WireSessions({
    opened: (channel, peer) =>
      say(`opened ${channel} ${peer.user} ${peer.recovery} ${peer.host} ${peer.transport}`),
    received: (channel, bytes) => say(`received ${channel} ${new TextDecoder().decode(bytes)}`),
    drained: () => world.onDrained(),
    closed: (channel) => say(`closed ${channel}`),
    log: (level, message, fields) => say(`${level} ${message} ${fields.reason ?? ""}`),
  });
  const arrivals = new Arrivals({ loginTimeoutMs: 200, unauthenticatedMax: 4 }, sessions.log);
  const tls = new TlsServer(arrivals, sessions, (isRevoked) =>
    say(`refused ${isRevoked ? "for it is revoked" : ""}`),
  );
  tls.configure({ ...settings, ...more });
  const accept = (socket: Parameters<TlsServer["serve"]>[0]): void => tls.serve(socket, "agent");
  const listening = await listenLater({ host: "127.0.0.1", port: 0 }, accept);
  closing.push(() => {
    listening.server.close();
    arrivals.destroyAll();
  });
  const world: World = {
    port: listening.address.port,
    events,
    sessions,
    tls,
    until: (start) => {
      const seen = events.find((event) => event.startsWith(start));
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((resolve) => waiting.push({ start, resolve }));
    },
    onDrained: () => undefined,
  };
  return world;
}

type More = ConnectionOptions & { readonly allowHalfOpen?: boolean };

function dial(world: World, who: Certified | undefined, more: More = {}): TLSSocket {
  const socket = connect({
    host: "127.0.0.1",
    port: world.port,
    ca: pem(authority.certificate),
    checkServerIdentity: () => undefined,
    ...(who && { cert: pem(who.certificate), key: pemKey(who) }),
    ...more,
  });
  socket.on("error", () => undefined);
  closing.push(() => socket.destroy());
  return socket;
}

describe("NETCONF over TLS", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)("%s: a certificate lets in", async (version) => {
    const world = await listen();
    const manager = dial(world, alice, { minVersion: version, maxVersion: version });
    manager.write("hello");
    expect(await world.until("received")).toBe("received 1 hello");
    expect(world.events).toContain("opened 1 alice false 127.0.0.1 netconf-tls");
    world.sessions.write(1, Buffer.from("hello, alice"));
    expect(String((await once(manager, "data"))[0])).toBe("hello, alice");
    manager.end();
    await world.until("closed 1");
  });

  test("the rest of a long answer arrives before the end", async () => {
    const world = await listen();
    const manager = dial(world, alice);
    await world.until("opened");
    let octets = 0;
    manager.on("data", (bytes: Buffer) => {
      octets += bytes.length;
    });
    world.sessions.write(1, new Uint8Array(3_000_000));
    world.sessions.end(1);
    await once(manager, "close");
    expect(octets).toBe(3_000_000);
  });

  test("a peer that ends its half still gets its replies", async () => {
    const world = await listen();
    const manager = dial(world, alice, { allowHalfOpen: true });
    let octets = 0;
    manager.on("data", (bytes: Buffer) => {
      octets += bytes.length;
    });
    const piece = new Uint8Array(100_000);
    let left = 49;
    world.onDrained = () => {
      if (left-- > 0) world.sessions.write(1, piece);
    };
    const begun = world.until("received 1 go").then(() => world.sessions.write(1, piece));
    manager.end("go");
    await Promise.all([begun, once(manager, "close")]);
    expect(octets).toBe(5_000_000);
    await world.until("closed 1");
  });

  const impostor = impostorOf(authority);
  test.each<[string, Certified | undefined, RegExp]>([
    ["nobody's certificate", undefined, /the peer shows no certificate/],
    ["one of another authority", certify({ subject: "alice", issuer: other }), /UNABLE_TO/],
    ["one of an impostor", certify({ subject: "alice", issuer: impostor }), /./],
    ["one signed by itself", certify({ subject: "alice" }), /DEPTH_ZERO_SELF_SIGNED_CERT/],
    [
      "an old one",
      certify({ subject: "alice", issuer: authority, from: -9, until: -1 }),
      /CERT_HAS_EXPIRED/,
    ],
    [
      "one that is not yet valid",
      certify({ subject: "alice", issuer: authority, from: 1, until: 2 }),
      /CERT_NOT_YET_VALID/,
    ],
    [
      "one without a name",
      certify({ subject: [], issuer: authority }),
      /no cert-to-name entry makes a name of it/,
    ],
  ])("%s does not", async (_, who, reason) => {
    const world = await listen();
    const manager = dial(world, who);
    manager.write("hello");
    const [event] = await Promise.all([
      world.until("warn a certificate is refused"),
      once(manager, "close"),
    ]);
    expect(event).toMatch(reason);
    expect(world.events.filter((one) => one.startsWith("opened"))).toEqual([]);
  });

  describe("with lists of revoked certificates", () => {
    const below = certify({ subject: "department", issuer: authority, isAuthority: true });
    const bob = certify({ subject: "bob", issuer: authority });
    const carol = certify({ subject: "carol", issuer: below });
    const listed = (revoked: readonly Certified[], more: { until?: number } = {}): string =>
      usableRevocationList(revocationList({ issuer: authority, revoked, ...more })).pem;
    const belowListed = usableRevocationList(revocationList({ issuer: below })).pem;
    const cases: readonly [string, readonly string[], Certified, string][] = [
      ["who is on none is let in", [listed([bob])], alice, "opened 1 alice"],
      ["who is on one is not", [listed([bob])], bob, "CERT_REVOKED"],
      [
        "so is who comes by an authority that is on one",
        [listed([below]), belowListed],
        carol,
        "CERT_REVOKED",
      ],
      ["each authority has to have one", [listed([])], carol, "UNABLE_TO_GET_CRL"],
      [
        "and where each has, who is on none is let in",
        [listed([]), belowListed],
        carol,
        // These lose what is between the two (nodejs/node issue 65579), and it has to be said.
        /^v(24\.21\.0|26\.8\.)/.test(process.version)
          ? "does not tell who signed it"
          : "opened 1 carol",
      ],
      [
        "one that is no longer current lets nobody in",
        [listed([], { until: -1 })],
        alice,
        "CRL_HAS_EXPIRED",
      ],
      [
        "unless there is a newer one",
        [listed([], { until: -1 }), listed([])],
        alice,
        "opened 1 alice",
      ],
      [
        "one that somebody else has made in the authority's name lets nobody in",
        [usableRevocationList(revocationList({ issuer: impostorOf(authority) })).pem],
        alice,
        "CRL_SIGNATURE_FAILURE",
      ],
    ];
    test.each(cases)("%s", async (_, revocationLists, who, outcome) => {
      const world = await listen({ revocationLists });
      const cert = pem(who.certificate) + (who === carol ? pem(below.certificate) : "");
      dial(world, who, { cert });
      if (outcome.startsWith("opened")) {
        expect(await world.until("opened")).toContain(outcome);
        return;
      }
      expect(await world.until("warn a certificate is refused")).toContain(outcome);
      const counted = await world.until("refused");
      expect(counted).toBe(`refused ${outcome === "CERT_REVOKED" ? "for it is revoked" : ""}`);
      expect(world.events.some((event) => event.startsWith("opened"))).toBe(false);
    });

    test("what is no list is refused in words, and what is one is read", () => {
      const whole = revocationList({ issuer: authority, revoked: [alice, bob], until: 3 });
      const list = usableRevocationList(whole);
      expect(list.revoked).toBe(2);
      expect((list.nextUpdate?.getTime() ?? 0) - list.thisUpdate.getTime()).toBe(5 * 86_400_000);
      expect(list.issuer).toEqual(subjectOf(authority.certificate));
      const endless = revocationList({ issuer: authority, until: undefined });
      expect(usableRevocationList(endless)).toMatchObject({ nextUpdate: undefined, revoked: 0 });
      const none = /^it is no certificate revocation list in DER$/;
      expect(() => usableRevocationList(Buffer.from("junk"))).toThrow(none);
      expect(() => usableRevocationList(alice.certificate)).toThrow(none);
      expect(() => usableRevocationList(Buffer.concat([whole, Buffer.alloc(2)]))).toThrow(none);
      for (let at = 0; at < whole.length; at += 7) {
        expect(() => usableRevocationList(whole.subarray(0, at))).toThrow(none);
      }
      const delta = revocationList({ issuer: authority, isDelta: true });
      expect(() => usableRevocationList(delta)).toThrow(/delta list/);
      expect(() => usableRevocationList(Buffer.from(list.pem))).toThrow(/PEM, encoded once more/);
    });
  });

  test("an authority is whoever signed, not who has the same name", async () => {
    // Somebody trusted for other names sends along the certificate of one whose names count.
    const trustAnchors = [usableAnchor(impostor.certificate)];
    const world = await listen({ trustAnchors });
    const mallory = certify({ subject: "alice", issuer: impostor });
    dial(world, mallory, { cert: pem(mallory.certificate) + pem(authority.certificate) });
    expect(await world.until("warn")).toContain("a certificate is refused");
    expect(world.events.filter((one) => one.startsWith("opened"))).toEqual([]);
  });

  test("older versions are not spoken, nor 1.2 where 1.3 is the least", async () => {
    const old = await listen();
    const security = { ciphers: "DEFAULT@SECLEVEL=0" };
    dial(old, alice, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ...security });
    expect(await old.until("info a TLS handshake failed")).toMatch(/unsupported protocol|version/);
    const strict = await listen({ minimumVersion: "TLSv1.3" });
    dial(strict, alice, { maxVersion: "TLSv1.2" });
    await strict.until("info a TLS handshake failed");
  });

  test("a session is not taken up again past new trust anchors", async () => {
    const world = await listen();
    const first = dial(world, alice, { maxVersion: "TLSv1.2" });
    await once(first, "secureConnect");
    await world.until("opened 1");
    const session = first.getSession();
    world.tls.configure({ ...settings, trustAnchors: [usableAnchor(other.certificate)] });
    dial(world, alice, { maxVersion: "TLSv1.2", ...(session && { session }) });
    expect(await world.until("warn")).toContain("a certificate is refused");
    // Who was there before is there still.
    first.write("still here");
    expect(await world.until("received 1")).toBe("received 1 still here");
  });

  test("who connects and says nothing is let go, and there is room for few of them", async () => {
    const world = await listen();
    const silent = Array.from({ length: 6 }, () => connectTcp(world.port, "127.0.0.1"));
    await Promise.all(silent.map((socket) => once(socket.resume(), "close")));
    const dropped = "warn too many connections are logging in: one is dropped ";
    expect(world.events.filter((event) => event === dropped)).toHaveLength(2);
    dial(world, alice);
    await world.until("opened");
  });

  test("a peer that does not read is not read from, and costs no more than its window", async () => {
    const world = await listen();
    const manager = dial(world, alice);
    manager.pause();
    await world.until("opened");
    const piece = new Uint8Array(4 << 20);
    world.sessions.write(1, piece);
    manager.write("more");
    // What the manager said stays where it is until it reads.
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(world.events.some((event) => event.startsWith("received"))).toBe(false);
    manager.resume();
    expect(await world.until("received 1")).toBe("received 1 more");
  });

  test("a certificate's fingerprint is as cert-to-name has it", () => {
    expect(fingerprintOf(alice.certificate)).toMatch(/^04(:[0-9a-f]{2}){32}$/);
  });
});
