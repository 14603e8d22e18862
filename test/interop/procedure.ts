// The procedure of a router's manual as data: what the tests and the demo commit.

export type Algorithm = "md5" | "hmac-sha256" | "aes-128-cmac" | "aes-256-cmac";

export interface Key {
  readonly id: number;
  readonly algorithm: Algorithm;
  readonly secret: string;
  readonly trusted?: boolean;
}

const ntpNamespace = "urn:ietf:params:xml:ns:yang:ietf-ntp";
const ndNamespace = "urn:ntpconfd:yang:ntp";

export const secrets: Readonly<Record<Algorithm, string>> = {
  md5: "Md5-Secret-Pass9",
  "hmac-sha256": "Hmac-Secret-Pass9",
  "aes-128-cmac": "Cmac128-Secret-9",
  "aes-256-cmac": "Cmac256-Secret-Pass-9-0123456789",
};

/** The interface as ietf-interfaces has it. */
export const interfaces =
  '<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface><name>eth0</name>' +
  '<type xmlns:t="urn:ietf:params:xml:ns:yang:iana-if-type">t:ethernetCsmacd</type>' +
  "</interface></interfaces>";

export function ntp(...parts: readonly string[]): string {
  return (
    `<ntp xmlns="${ntpNamespace}" xmlns:ntp="${ntpNamespace}" xmlns:nd="${ndNamespace}">` +
    `${parts.join("")}</ntp>`
  );
}

/** The whole <config> of one agent: its interface and its NTP service. */
export function config(...parts: readonly string[]): string {
  return `${interfaces}${ntp(...parts)}`;
}

export function authentication(key: Key): string {
  const weak =
    key.algorithm === "md5" ? "<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>" : "";
  const prefix = key.algorithm === "md5" ? "ntp" : "nd";
  const entry = keyEntry({ ...key, algorithm: `${prefix}:${key.algorithm}` });
  return `<authentication><auth-enabled>true</auth-enabled>${weak}${entry}</authentication>`;
}

/** A key whose algorithm has its prefix. */
export function keyEntry({
  id,
  algorithm,
  secret,
  trusted = true,
}: Omit<Key, "algorithm"> & { readonly algorithm: string }): string {
  return (
    `<authentication-keys><keyid>${id}</keyid><algorithm>${algorithm}</algorithm>` +
    `<key><keystring>${secret}</keystring></key><istrusted>${trusted}</istrusted>` +
    "</authentication-keys>"
  );
}

/** A server or peer that is asked every two seconds. */
export function unicast(
  address: string,
  keyId?: number,
  type: "uc-server" | "uc-peer" = "uc-server",
  more = "",
): string {
  const key = keyId === undefined ? "" : `<authentication><keyid>${keyId}</keyid></authentication>`;
  return (
    `<unicast-configuration><address>${address}</address><type>${type}</type>${key}` +
    "<minpoll>1</minpoll><maxpoll>1</maxpoll><iburst>true</iburst>" +
    `${more}</unicast-configuration>`
  );
}

export const master = "<refclock-master><master-stratum>3</master-stratum></refclock-master>";

export function manycastServer(group: string): string {
  return role(`<manycast-server><address>${group}</address></manycast-server>`);
}

export interface ClientOptions {
  readonly key?: number;
  readonly ttl?: number;
  readonly poll?: number;
}

export function manycastClient(group: string, { key, ttl = 3, poll = 1 }: ClientOptions): string {
  const auth = key === undefined ? "" : `<authentication><keyid>${key}</keyid></authentication>`;
  return role(
    `<manycast-client><address>${group}</address>${auth}<ttl>${ttl}</ttl>` +
      `<minpoll>${poll}</minpoll><maxpoll>${poll + 3}</maxpoll></manycast-client>`,
  );
}

export function sessionLimit(limit: number): string {
  return `<nd:max-dynamic-sessions>${limit}</nd:max-dynamic-sessions>`;
}

function role(inner: string): string {
  return `<interfaces><interface><name>eth0</name>${inner}</interface></interfaces>`;
}
