import { expect } from "vitest";
import {
  type Algorithm,
  defaultPolicy,
  type InterfaceConfig,
  type KeyConfig,
  type ManycastClientConfig,
  type NtpConfig,
  type UnicastConfig,
} from "../../src/ntp/index.ts";
import type { Node, World } from "./world.ts";

// The vocabulary of scenarios: configurations, and what is to be seen from outside.

export const group4 = "224.0.1.1";
export const group6 = "ff0e::101";

export function key(id: number, algorithm: Algorithm, text: string, trusted = true): KeyConfig {
  const secrets = { "aes-128-cmac": 16, "aes-256-cmac": 32 };
  const digests = { md5: 16, "sha-1": 20, "hmac-sha256": 32 };
  const size = algorithm in secrets ? secrets[algorithm as "aes-128-cmac"] : text.length;
  const secret = new Uint8Array(size);
  secret.set(new TextEncoder().encode(text).subarray(0, size));
  const digestLength = algorithm in digests ? digests[algorithm as "md5"] : 16;
  return { id, algorithm, secret, digestLength, trusted };
}

export function config(more: Partial<NtpConfig> = {}): NtpConfig {
  return {
    port: 123,
    refclockMaster: undefined,
    authEnabled: false,
    keys: [],
    maxDynamicSessions: 100,
    unicast: [],
    interfaces: [],
    accessRules: [],
    policy: defaultPolicy,
    ...more,
  };
}

/** A server to be asked, every 8 s unless told otherwise. */
export function serverAt(address: string, more: Partial<UnicastConfig> = {}): UnicastConfig {
  const how = { keyId: undefined, prefer: false, burst: false, iburst: true, source: undefined };
  const polls = { minpoll: 3, maxpoll: 3, port: 123, version: 4 };
  return { address, type: "server", ...how, ...polls, ...more };
}

export function on(name: string, more: Partial<InterfaceConfig> = {}): InterfaceConfig {
  const none = { multicastServers: [], multicastClients: [] };
  return { name, ...none, manycastServers: [], manycastClients: [], ...more };
}

export function manycastClient(more: Partial<ManycastClientConfig> = {}): ManycastClientConfig {
  return {
    address: group4,
    keyId: undefined,
    ttl: 8,
    minclock: 3,
    maxclock: 10,
    beacon: 4,
    minpoll: 2,
    maxpoll: 4,
    port: 123,
    version: 4,
    ...more,
  };
}

/** Within so many s the clock is synchronized and right to `limit`, and stays so for `hold` s. */
export function settlesWithin(
  world: World,
  node: Node,
  { seconds, limit = 0.005, hold = 10 }: { seconds: number; limit?: number; hold?: number },
): void {
  const took = world.until(() => node.synchronized && Math.abs(node.error) < limit, seconds);
  expect(took, `not settled: error ${node.error}, ${node.state.syncState}`).toBeDefined();
  offsetStaysBelow(world, node, { limit, seconds: hold });
}

export function offsetStaysBelow(
  world: World,
  node: Node,
  { limit, seconds }: { limit: number; seconds: number },
): void {
  const broken = world.until(() => Math.abs(node.error) >= limit, seconds);
  expect(broken, `error ${node.error} at ${world.now} s`).toBeUndefined();
}

/** For so many s it is not once synchronized. */
export function neverSynchronized(world: World, node: Node, seconds: number): void {
  expect(
    world.until(() => node.synchronized, seconds),
    "synchronized",
  ).toBeUndefined();
}
