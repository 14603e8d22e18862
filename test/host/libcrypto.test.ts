import { describe, expect, test } from "vitest";
import { loadLibc } from "../../src/host/libc.ts";
import { nativeDigesters } from "../../src/host/libcrypto.ts";
import { type Algorithm, type Digester, portableDigester } from "../../src/ntp/index.ts";
import { forSeeds } from "../random.ts";

const libc = loadLibc();
const digesterOf = libc && nativeDigesters(libc);
const secretOctets: Readonly<Record<Algorithm, number | undefined>> = {
  md5: undefined,
  "sha-1": undefined,
  "hmac-sha256": undefined,
  "aes-128-cmac": 16,
  "aes-256-cmac": 32,
};

// The portable form is held against node:crypto and the standards' vectors in ntp/mac.test.ts.
describe.skipIf(digesterOf === undefined)("MACs by Node's own OpenSSL", () => {
  test("are those of the portable form, whatever keys take turns", () => {
    forSeeds(3, (random) => {
      const pairs: (readonly [string, Digester, Digester])[] = [];
      for (const [algorithm, octets] of Object.entries(secretOctets)) {
        for (let i = 0; i < 4; i++) {
          const secret = random.bytes(octets ?? 1 + (random.word() % 255));
          const kind = algorithm as Algorithm;
          const native = digesterOf?.(kind, secret) ?? portableDigester(kind, secret);
          pairs.push([algorithm, native, portableDigester(kind, secret)]);
        }
      }
      for (let i = 0; i < 400; i++) {
        const [algorithm, native, portable] = pairs[random.word() % pairs.length] ?? [];
        // Packets, and whatever else fits into a datagram that is taken.
        const length = i % 2 === 0 ? 48 : random.word() % 1_025;
        const room = random.bytes(Math.max(length, random.word() % 2_048));
        native?.run(room, length);
        portable?.run(room, length);
        expect([...(native?.out ?? [])], `${algorithm} of ${length} octets`).toEqual([
          ...(portable?.out ?? []),
        ]);
      }
    });
  });
});
