import type { Raw } from "../base/index.ts";
import { type AccessList, accessOf } from "./access.ts";
import { addressOctets, isLoopback, isMulticast } from "./address.ts";
import { type ControlView, controlReplies, MODE_CONTROL } from "./control.ts";
import { type Address, type DropReason, type InDatagram, serverSocket } from "./io.ts";

/** Control messages that are answered: a second's worth at once, and so many a second. */
const queriesPerSecond = 200;

export function isQuery({ bytes }: InDatagram): boolean {
  return ((bytes[0] ?? 0) & 7) === MODE_CONTROL;
}

/** What decides whether a control message is answered. */
export interface QueryRules {
  readonly enabled: boolean;
  readonly access: AccessList;
  readonly own: ReadonlySet<Address>;
}

/**
 * Control messages (mode 6) that only read. Answers are larger than questions, and a question's
 * sender may be forged: so they go to this host, and to whom an access rule gives it by name.
 */
export class Queries {
  #left = queriesPerSecond;
  #at: Raw | undefined;

  /** The packets that answer, or why there are none. */
  answer(
    datagram: InDatagram,
    rules: QueryRules,
    at: Raw,
    view: () => ControlView,
  ): readonly Uint8Array[] | DropReason {
    const refused = this.#refusal(datagram, rules, at);
    if (refused !== undefined) return refused;
    const replies = controlReplies(datagram.bytes, view);
    return replies.length === 0 ? "mode" : replies;
  }

  #refusal(
    { socket, from, fromPort, to }: InDatagram,
    { enabled, access, own }: QueryRules,
    at: Raw,
  ): DropReason | undefined {
    const octets = addressOctets(from);
    const asked = to === undefined ? undefined : addressOctets(to);
    const toGroup = asked !== undefined && isMulticast(asked);
    if (!enabled || socket !== serverSocket || toGroup) return "mode";
    if (octets === undefined || fromPort === 0) return "malformed";
    const given = access.rules.length === 0 ? "none" : accessOf(access, octets);
    const isOwn = own.has(from) || isLoopback(octets);
    if (!isOwn && (given === "none" || given === "server-only")) return "access-denied";
    return this.#admits(at) ? undefined : "rate-limited";
  }

  #admits(at: Raw): boolean {
    const seconds = this.#at === undefined ? 0 : Number(at - this.#at) * 1e-9;
    this.#at = at;
    this.#left = Math.min(queriesPerSecond, this.#left + seconds * queriesPerSecond);
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
