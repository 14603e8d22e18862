import { describe, expect, test } from "vitest";
import { KeyVault } from "../../src/agent/index.ts";
import type { Random } from "../../src/base/index.ts";

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const other = Uint8Array.from({ length: 32 }, (_, i) => i + 1);

function counting(start: number): Random {
  let next = start;
  return {
    bytes: (length) => Uint8Array.from({ length }, () => next++ & 0xff),
    fraction: () => 0.5,
  };
}

describe("the vault", () => {
  test.each([0, 1, 15, 16, 17, 255])("opens what it sealed: %i octets", (length) => {
    const plain = Uint8Array.from({ length }, (_, i) => (i * 37) & 0xff);
    const vault = new KeyVault(key, counting(7));
    const text = vault.seal(plain);
    expect(text).toMatch(/^[\x21-\x7e]+$/);
    expect(vault.open(text)).toEqual(plain);
    expect(new KeyVault(key, counting(99)).open(text)).toEqual(plain);
    expect(new KeyVault(other, counting(7)).open(text)).toBeUndefined();
    expect(vault.seal(plain)).not.toBe(text);
  });

  test("does not open an altered text, whichever character is altered", () => {
    const vault = new KeyVault(key, counting(7));
    const text = vault.seal(new TextEncoder().encode("a secret of some length"));
    for (let i = 0; i < text.length; i++) {
      const altered = `${text.slice(0, i)}${text[i] === "A" ? "B" : "A"}${text.slice(i + 1)}`;
      expect(vault.open(altered), `character ${i}`).toBeUndefined();
      expect(vault.open(text.slice(0, i)), `cut at ${i}`).toBeUndefined();
    }
  });

  test.each([16, 17, 18])(
    "opens one text for %i octets, not another that means the same",
    (length) => {
      const vault = new KeyVault(key, counting(7));
      const text = vault.seal(new Uint8Array(length));
      const last = text.replace(/=*$/, "").length - 1;
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      const opening = [...alphabet].filter((character) => {
        const other = text.slice(0, last) + character + text.slice(last + 1);
        return vault.open(other) !== undefined;
      });
      expect(opening).toEqual([text[last]]);
    },
  );

  test("agrees with RFC 8452's own octets", () => {
    // Appendix C.2: AEAD_AES_256_GCM_SIV of 0100000000000000 under the key 01 00…
    const vectorKey = new Uint8Array(32);
    vectorKey[0] = 1;
    const nonce = new Uint8Array(12);
    nonce[0] = 3;
    const random: Random = { bytes: () => nonce, fraction: () => 0 };
    const text = new KeyVault(vectorKey, random).seal(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
    const sealed = Buffer.from(text.split("$").at(-1) ?? "", "base64").subarray(12);
    expect(sealed.toString("hex")).toBe("c2ef328e5c71c83b843122130f7364b761e0b97427e3df28");
  });
});
