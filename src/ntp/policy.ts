import type { PolicyConfig } from "./config.ts";

/** What holds where nothing is configured: RFC 5905, and every client is answered. */
export const defaultPolicy: PolicyConfig = {
  server: { ipv4: true, ipv6: true },
  kissOfDeath: false,
  interleaved: false,
  discard: undefined,
  controlQueries: false,
  maxDistance: 1.5,
  stepThreshold: 0.128,
  panicThreshold: 1_000,
  dynamicAuthentication: false,
};
