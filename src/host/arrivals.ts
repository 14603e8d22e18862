import type { Socket } from "node:net";
import { networkOf } from "./ip-address.ts";
import type { WireHandlers } from "./wire-sessions.ts";

export interface ArrivalLimits {
  /** How long a connection may take to log in. */
  readonly loginTimeoutMs: number;
  /**
   * Connections of one address (IPv6: one /64) that are not logged in: above this, further ones are
   * dropped. Of all addresses together there are at most twice as many.
   */
  readonly unauthenticatedMax: number;
}

/** What a connection has to do to stay. */
export interface Arrival {
  readonly host: string;
  loggedIn(): void;
}

/** TCP asks a silent peer for a sign of life after so long; libuv gives it ten seconds more. */
const silenceMs = 30_000;

/** The connections of this process, and those among them of which nobody knows who it is. */
export class Arrivals {
  limits: ArrivalLimits;
  readonly #log: WireHandlers["log"];
  /** Bounds how long a peer that is gone may owe an acknowledgement. */
  readonly #boundSilence: ((socket: Socket) => void) | undefined;
  readonly #sockets = new Set<Socket>();
  /** By address or network. */
  readonly #waiting = new Map<string, number>();
  #waitingAll = 0;

  constructor(
    limits: ArrivalLimits,
    log: WireHandlers["log"],
    boundSilence?: (socket: Socket) => void,
  ) {
    this.limits = limits;
    this.#log = log;
    this.#boundSilence = boundSilence;
  }

  /** undefined: there are too many, and this one has been sent away with `farewell`. */
  admit(socket: Socket, farewell?: string): Arrival | undefined {
    const host = hostOf(socket);
    const { unauthenticatedMax, loginTimeoutMs } = this.limits;
    const network = networkOf(host);
    const own = this.#waiting.get(network) ?? 0;
    // One of them alone does not keep all others out.
    if (own >= unauthenticatedMax || this.#waitingAll >= 2 * unauthenticatedMax) {
      this.#log("warn", "too many connections are logging in: one is dropped", { host });
      socket.on("error", () => undefined);
      // What fits into an empty send buffer leaves at once; nobody waits for it.
      if (farewell !== undefined) socket.end(farewell);
      socket.destroySoon();
      return undefined;
    }
    socket.setKeepAlive(true, silenceMs);
    this.#boundSilence?.(socket);
    this.#sockets.add(socket);
    this.#count(network, 1);
    let waits = true;
    const timer = setTimeout(() => socket.destroy(), loginTimeoutMs);
    const loggedIn = (): void => {
      clearTimeout(timer);
      if (waits) this.#count(network, -1);
      waits = false;
    };
    socket.once("close", () => {
      loggedIn();
      this.#sockets.delete(socket);
    });
    return { host, loggedIn };
  }

  get connections(): number {
    return this.#sockets.size;
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #count(network: string, change: 1 | -1): void {
    const own = (this.#waiting.get(network) ?? 0) + change;
    if (own > 0) this.#waiting.set(network, own);
    else this.#waiting.delete(network);
    this.#waitingAll += change;
  }
}

/** The address at the other end, as text without a family of its own for mapped ones. */
function hostOf(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}
