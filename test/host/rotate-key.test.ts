import { expect, test } from "vitest";
import { parseConfig } from "../../src/datastore/index.ts";
import { atRestVault, rotateKey } from "../../src/host/key-file.ts";
import { systemRandom } from "../../src/host/random.ts";
import { servedSchema } from "../agent/served.ts";
import { MemoryStorage, World } from "../agent/world.ts";
import { Crash, FaultyStorage } from "../datastore/faulty-storage.ts";
import { authentication, ntp, secrets } from "../interop/procedure.ts";

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const ok = "<ok/>";

/** A state directory with keys in clear and as cipher-strings, in all the forms that are stored. */
function disk(hasStartup: boolean): { files: Map<string, Uint8Array>; cipher: string } {
  const storage = new MemoryStorage();
  const vault = atRestVault(storage, systemRandom);
  const cipher = vault.seal(octets("Sealed-Secret-1!"));
  const world = new World();
  const host = world.host({ address: "192.0.2.1", hasStartup, storage, vault });
  const session = host.session();
  const key = { id: 7, algorithm: "hmac-sha256", secret: secrets["hmac-sha256"] } as const;
  expect(session.apply(ntp(authentication(key)))).toContain(ok);
  const sealed =
    "<authentication><authentication-keys><keyid>8</keyid><algorithm>nd:hmac-sha256</algorithm>" +
    `<key><nd:cipher-string>${cipher}</nd:cipher-string></key></authentication-keys></authentication>`;
  expect(session.apply(ntp(sealed))).toContain(ok);
  const confirmed = "<commit><confirmed/><confirm-timeout>600</confirm-timeout></commit>";
  if (hasStartup) {
    const save = "<target><startup/></target><source><running/></source>";
    expect(session.rpc(`<copy-config>${save}</copy-config>`)).toContain(ok);
  } else {
    expect(
      session.edit(ntp("<refclock-master><master-stratum>4</master-stratum></refclock-master>")),
    ).toContain(ok);
    expect(session.rpc(confirmed)).toContain(ok);
  }
  return { files: storage.files, cipher };
}

/** What boots, with its keys in clear, as the recovery user reads it. */
function booted(files: ReadonlyMap<string, Uint8Array>, hasStartup: boolean): string {
  const storage = new MemoryStorage();
  for (const [name, bytes] of files) storage.files.set(name, bytes);
  const vault = atRestVault(storage, systemRandom);
  const host = new World().host({ address: "192.0.2.1", hasStartup, storage, vault });
  expect(host.log.join("\n")).not.toMatch(/cannot be used|damaged|does not open/);
  const config = host.session().rpc("<get-config><source><running/></source></get-config>");
  // Each sealing is another: what counts is what it opens to.
  return config.replace(/\$ntpconfd\$1\$[A-Za-z0-9+/=]+/g, (text) =>
    new TextDecoder().decode(vault.open(text)),
  );
}

test.each([true, false])(
  "a new key opens all, whenever the machine stops (startup: %s)",
  (hasStartup) => {
    const { files, cipher } = disk(hasStartup);
    const before = booted(files, hasStartup);
    expect(before).toContain("Sealed-Secret-1!");
    const url = new MemoryStorage();
    const others = {
      names: () => [...url.files.keys()],
      read: (name: string) => url.read(name),
      write: (name: string, bytes: Uint8Array) => url.write(name, bytes),
    };
    for (let n = 1; ; n++) {
      url.write("backup", octets(`<config>${cipher}</config>`));
      const storage = new FaultyStorage(files, [n, "crashes-after"]);
      let names: readonly string[] = [];
      try {
        names = rotateKey(storage, systemRandom, others);
      } catch (fault) {
        if (!(fault instanceof Crash)) throw fault;
        expect(booted(storage.files, hasStartup), `crashed after ${n}`).toBe(before);
        names = rotateKey(new FaultyStorage(storage.files), systemRandom, others);
        const again = new FaultyStorage(storage.files);
        rotateKey(again, systemRandom, others);
        expect(booted(again.files, hasStartup), `crashed after ${n}, done again`).toBe(before);
      }
      expect(names).toContain(hasStartup ? "startup" : "running");
      if (storage.operations < n) {
        expect(storage.files.has("at-rest-key.old")).toBe(false);
        expect(storage.files.get("at-rest-key")).not.toEqual(files.get("at-rest-key"));
        const vault = atRestVault(storage, systemRandom);
        expect(vault.open(cipher), "what the old key sealed").toBeUndefined();
        const [token = ""] =
          /\$ntpconfd[^<]*/.exec(new TextDecoder().decode(url.read("backup"))) ?? [];
        expect(new TextDecoder().decode(vault.open(token))).toBe("Sealed-Secret-1!");
        return;
      }
    }
  },
);

test("what is stored says nothing of a key", () => {
  for (const hasStartup of [true, false]) {
    const { files, cipher } = disk(hasStartup);
    for (const [name, bytes] of files) {
      const text = new TextDecoder().decode(bytes);
      expect(text, name).not.toContain(secrets["hmac-sha256"]);
      expect(text, name).not.toContain(cipher);
      expect(text, name).not.toContain("keystring");
    }
    const document = files.get(hasStartup ? "startup" : "running.good");
    expect(() => parseConfig(document ?? new Uint8Array(), servedSchema(), "it")).toThrow("sealed");
  }
});
