import { describe, expect, test } from "vitest";
import { World } from "./world.ts";

const ntp = (inner: string): string =>
  '<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp" ' +
  `xmlns:ntp="urn:ietf:params:xml:ns:yang:ietf-ntp" xmlns:nd="urn:ntpconfd:yang:ntp">${inner}</ntp>`;

describe("x", () => {
  test("y", () => {
    const world = new World();
    const server = world.host({ address: "192.0.2.21" });
    const client = world.host({ address: "192.0.2.10", offset: 0.5, ppm: 40 });
    const auth = `<authentication><auth-enabled>true</auth-enabled><authentication-keys><keyid>1</keyid><algorithm>nd:hmac-sha256</algorithm><key><keystring>Hmac-Secret-Pass9</keystring></key><istrusted>true</istrusted></authentication-keys></authentication>`;
    console.log(server.session().apply(ntp(`<refclock-master><master-stratum>3</master-stratum></refclock-master>${auth}<interfaces><interface><name>eth0</name><manycast-server><address>224.0.1.1</address></manycast-server></interface></interfaces>`)));
    const s = client.session();
    console.log(s.apply(ntp(`${auth}<interfaces><interface><name>eth0</name><manycast-client><address>224.0.1.1</address><authentication><keyid>1</keyid></authentication><minpoll>1</minpoll><maxpoll>4</maxpoll></manycast-client></interface></interfaces>`)));
    const t = performance.now();
    console.log(world.run(120, () => s.get('<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"><clock-state/></ntp>').includes(">synchronized<")), performance.now() - t);
    console.log(s.get('<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp"/>'));
    console.log(server.log, client.log);
    expect(1).toBe(1);
  });
});
