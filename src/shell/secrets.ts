import type { Element } from "../xml/index.ts";
import { childAt, textOf } from "./task.ts";

/** The agent's at-rest key, as far as the shell needs it. */
export interface SecretDoor {
  /** Cipher text of a key. */
  seal(plain: Uint8Array): string;
  /** Whether it is cipher text that this agent made. */
  opens(text: string): boolean;
}

const sealedPrefix = "$ntpconfd$";

/** How keys are taken and shown: never as they are. */
export class Secrets {
  readonly #door: SecretDoor;
  /** Cipher text is not the same twice: what was shown once is shown so again. */
  readonly #shown = new Map<string, string>();

  constructor(door: SecretDoor) {
    this.#door = door;
  }

  /** Whether it looks like cipher text; whose it is remains to be seen. */
  isSealed(text: string): boolean {
    return text.startsWith(sealedPrefix);
  }

  opens(text: string): boolean {
    return this.#door.opens(text);
  }

  sealText(text: string): string {
    const octets = new TextEncoder().encode(text);
    return this.#seal(`text ${text}`, octets);
  }

  /** The cipher text of an entry of authentication-keys; undefined: its secret may not be read. */
  ofKey(entry: Element): string | undefined {
    const secret = childAt(entry, "key");
    const sealed = textOf(secret, "cipher-string");
    if (sealed !== "") return sealed;
    const text = secret && childAt(secret, "keystring");
    if (text !== undefined) return this.sealText(text.text);
    const pairs = textOf(secret, "hexadecimal-string");
    if (pairs === "") return undefined;
    const octets = Uint8Array.from(pairs.split(":"), (pair) => Number.parseInt(pair, 16));
    return this.#seal(`octets ${pairs}`, octets);
  }

  #seal(name: string, octets: Uint8Array): string {
    const shown = this.#shown.get(name) ?? this.#door.seal(octets);
    this.#shown.set(name, shown);
    return shown;
  }
}

/**
 * What the complexity check has against the text of a key. The same rule as that of the YANG
 * modules, which see no more than the cipher text of a key that was typed behind `cipher`.
 */
export function complexityFault(text: string): string | undefined {
  const missing = [
    ...([...text].length < 12 ? ["12 characters"] : []),
    ...(/[a-z]/.test(text) ? [] : ["a lower-case letter"]),
    ...(/[A-Z]/.test(text) ? [] : ["an upper-case letter"]),
    ...(/[0-9]/.test(text) ? [] : ["a digit"]),
    ...(/[^A-Za-z0-9]/.test(text) ? [] : ["a special character"]),
  ];
  if (missing.length === 0) return undefined;
  return (
    `the complexity check asks for ${missing.join(", ")}; ` +
    "undo ntp-service authentication-password complexity-check enable switches it off"
  );
}
