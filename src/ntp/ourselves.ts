import { addressOctets, isLoopback, referenceIdOf } from "./address.ts";
import type { Address, NetworkInterface } from "./io.ts";
import type { Packet } from "./packet.ts";
import { fold, type Timestamp } from "./time.ts";

/** Of what was said of this clock, so much is remembered: an answer may be some updates old. */
const remembered = 16;

interface Said {
  readonly synchronized: boolean;
  readonly referenceTime: Timestamp;
  readonly referenceId: number;
}

/** By what this host is known, so that it never takes its time from itself. */
export class Ourselves {
  addresses: ReadonlySet<Address> = new Set();
  /** The reference ids that they have. */
  ids: ReadonlySet<number> = new Set();
  #said: readonly { readonly referenceTime: bigint; readonly referenceId: number }[] = [];

  interfaces(list: readonly NetworkInterface[]): void {
    const addresses = list.flatMap((one) => one.addresses);
    this.addresses = new Set(addresses);
    this.ids = new Set(addresses.map(referenceIdOf));
  }

  /** Whether an address is of this host; all of 127.0.0.0/8 is, whatever the interfaces have. */
  has(address: Address): boolean {
    const octets = addressOctets(address);
    return this.addresses.has(address) || (octets !== undefined && isLoopback(octets));
  }

  /** What clients are told from now on. */
  say({ synchronized, referenceTime, referenceId }: Said): void {
    const folded = fold(referenceTime);
    if (!synchronized || this.#said.at(-1)?.referenceTime === folded) return;
    this.#said = [...this.#said, { referenceTime: folded, referenceId }].slice(-remembered);
  }

  /**
   * A server whose reference time and reference id are what we have just told is ourselves, by
   * whatever address or translator of addresses the packets went: a reference time has 64 bits.
   */
  said({ referenceTime, referenceId }: Packet): boolean {
    return this.#said.some(
      (one) => one.referenceTime === referenceTime && one.referenceId === referenceId,
    );
  }
}
