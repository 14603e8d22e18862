import { expect, test } from "vitest";
import {
  type Algorithm,
  authentication,
  config,
  manycastServer,
  secrets,
} from "../interop/procedure.ts";
import { forSeeds, type SeededRandom } from "../random.ts";
import { type Session, type SimulatedHost, World } from "./world.ts";

// Whatever is committed, and whatever comes over the wire: <get> is answered at any moment.

const algorithms: readonly Algorithm[] = ["md5", "hmac-sha256", "aes-128-cmac", "aes-256-cmac"];
const groups = ["224.0.1.1", "224.0.1.2"] as const;
const replaces = 'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="replace"';
const all = '<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"/>';

function chance(random: SeededRandom, probability: number): boolean {
  return random.fraction() < probability;
}

function pick<T>(random: SeededRandom, from: readonly T[]): T {
  const chosen = from[Math.floor(random.fraction() * from.length)];
  if (chosen === undefined && !from.includes(chosen as T)) throw new Error("nothing to pick");
  return chosen as T;
}

function leaf(random: SeededRandom, name: string, values: readonly (number | undefined)[]): string {
  const value = pick(random, values);
  return value === undefined ? "" : `<${name}>${value}</${name}>`;
}

function keyId(random: SeededRandom, name = "authentication"): string {
  return chance(random, 0.5) ? `<${name}><keyid>7</keyid></${name}>` : "";
}

function polls(random: SeededRandom): string {
  const least = pick(random, [1, 3, 6]);
  return `<minpoll>${least}</minpoll><maxpoll>${least + pick(random, [0, 1, 11])}</maxpoll>`;
}

function role(random: SeededRandom): string {
  const group = pick(random, groups);
  const version = leaf(random, "version", [undefined, 3, 4]);
  const ttl = leaf(random, "ttl", [undefined, 1, 255]);
  const sent = keyId(random) + ttl + polls(random);
  switch (pick(random, ["client", "server", "multicast", "broadcast", "heard"] as const)) {
    case "client": {
      const clocks = leaf(random, "minclock", [undefined, 1, 5]);
      const beacon = leaf(random, "beacon", [undefined, 1, 15]);
      const inside = `<address>${group}</address>${sent}${clocks}${beacon}${version}`;
      return `<manycast-client>${inside}</manycast-client>`;
    }
    case "server":
      return `<manycast-server><address>${group}</address></manycast-server>`;
    case "multicast":
      return `<multicast-server><address>${group}</address>${sent}${version}</multicast-server>`;
    case "broadcast":
      return `<broadcast-server>${sent}${version}</broadcast-server>`;
    case "heard":
      return `<broadcast-client/><multicast-client><address>${group}</address></multicast-client>`;
  }
}

function interleaved(random: SeededRandom): string {
  const on = chance(random, 0.5);
  return `<interleaved xmlns="urn:ntpconfd:yang:ntp">${on}</interleaved>`;
}

function unicast(random: SeededRandom, hosts: readonly SimulatedHost[]): string {
  const kept = hosts.filter(() => chance(random, 0.4));
  return kept
    .map(({ address }) => {
      const type = pick(random, ["ntp:uc-server", "ntp:uc-peer"]);
      const burst = `<iburst>${chance(random, 0.5)}</iburst><burst>${chance(random, 0.2)}</burst>`;
      return (
        `<unicast-configuration><address>${address}</address><type>${type}</type>` +
        `${keyId(random)}<prefer>${chance(random, 0.2)}</prefer>${burst}${polls(random)}` +
        `${type === "ntp:uc-server" ? interleaved(random) : ""}` +
        "</unicast-configuration>"
      );
    })
    .join("");
}

function anyConfig(random: SeededRandom, others: readonly SimulatedHost[]): string {
  const algorithm = pick(random, algorithms);
  const secret = chance(random, 0.7) ? secrets[algorithm] : "Other-Secret-Pass9";
  const key = { id: 7, algorithm, secret, trusted: chance(random, 0.8) };
  const stratum = pick(random, [undefined, 1, 2, 5, 14, 15, 16]);
  const master =
    stratum === undefined
      ? ""
      : `<refclock-master><master-stratum>${stratum}</master-stratum></refclock-master>`;
  const limit = leaf(random, "nd:max-dynamic-sessions", [undefined, 0, 1, 100]);
  const roles = `<interfaces><interface><name>eth0</name>${role(random)}</interface></interfaces>`;
  const more = chance(random, 0.5) ? unicast(random, others) : "";
  return config(authentication(key), master, limit, roles, more).replace(
    "<ntp ",
    `<ntp ${replaces} `,
  );
}

/** One step of one host: another configuration now and then, time that goes by, a look. */
function step(
  random: SeededRandom,
  world: World,
  hosts: readonly [SimulatedHost, Session][],
): void {
  const [host, session] = pick(random, hosts);
  const others = hosts.flatMap(([one]) => (one === host ? [] : [one]));
  if (chance(random, 0.4)) {
    const said = session.apply(anyConfig(random, others));
    if (!said.includes("<ok/>")) session.rpc("<discard-changes/>");
  }
  world.run(pick(random, [0, 1, 7, 40, 300]));
  for (const [one, its] of hosts) {
    const shown = its.get(all);
    if (shown.includes("<rpc-error>")) throw new Error(`${shown}\n${one.log.slice(-3).join("\n")}`);
  }
}

test("get is answered at any moment of any configuration", () => {
  forSeeds(2, (random) => {
    const world = new World();
    const hosts = [
      world.host({ address: "192.0.2.1", ppm: 5 }),
      world.host({ address: "192.0.2.2", offset: 0.3, ppm: -40 }),
      world.host({ address: "192.0.2.3", offset: -2_000, ppm: 200 }),
    ].map((host): [SimulatedHost, Session] => [host, host.session()]);
    for (const [, session] of hosts) {
      expect(session.apply(config(manycastServer(groups[0])))).toContain("<ok/>");
    }
    for (let i = 0; i < 40; i++) step(random, world, hosts);
  });
});
