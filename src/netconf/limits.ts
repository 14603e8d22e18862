import { type XmlLimits, xmlLimits } from "../xml/index.ts";

/** What a manager may ask of us at most, and how long we wait. */
export interface Limits {
  readonly sessions: number;
  /** Seconds from the opening of a session to its <hello>; 0: no limit. */
  readonly helloTimeout: number;
  /** Seconds without an <rpc>, for sessions without a subscription; 0: no limit. */
  readonly idleTimeout: number;
  /** Octets of one message, and of all that waits behind it on one session. */
  readonly messageOctets: number;
  /** Notifications that wait for a slow session, before it is dropped. */
  readonly waitingNotifications: number;
  /** Subscriptions of RFC 8639 that there may be, of all sessions. */
  readonly subscriptions: number;
  /**
   * What the filters of all subscriptions of one user may cost at once, in nodes that they look at;
   * a tenth of it comes back each second.
   */
  readonly filterWork: number;
  /**
   * The same for the filters of his requests, over all his sessions: as much as the agent can do
   * in that time, so that it is nothing to who asks for one thing after the other.
   */
  readonly requestWork: number;
  readonly xml: XmlLimits;
}

export const defaultLimits: Limits = {
  sessions: 256,
  helloTimeout: 60,
  idleTimeout: 3600,
  messageOctets: xmlLimits.octets,
  waitingNotifications: 20_000,
  subscriptions: 1000,
  filterWork: 10_000_000,
  requestWork: 100_000_000,
  xml: xmlLimits,
};
