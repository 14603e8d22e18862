/** What a parameter takes. */
export type ParameterType =
  | { readonly kind: "integer"; readonly ranges: readonly (readonly [number, number])[] }
  /** A number of s with up to three digits behind the point. */
  | { readonly kind: "decimal"; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: "address"; readonly family: 4 | 6; readonly group: boolean }
  /** One of these words, each with what it is in the data: the first is written, all are read. */
  | { readonly kind: "words"; readonly words: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: "name"; readonly pattern: RegExp; readonly what: string }
  /** The rest of its word, whatever it is. */
  | { readonly kind: "text"; readonly lengthMax: number };

export interface Parameter {
  readonly type: ParameterType;
  readonly help: string;
  /** Typed in secret: kept out of the history. */
  readonly secret?: boolean;
}

const key: readonly [number, number] = [1, 4_294_967_295];
const poll: ParameterType = { kind: "integer", ranges: [[1, 17]] };
const clocks: ParameterType = { kind: "integer", ranges: [[0, 255]] };
const interval: ParameterType = { kind: "integer", ranges: [[1, 8]] };
/** Labels of 63 characters at most (RFC 1035); an address is none: its last label has a letter. */
const domainName = /^(?!(.*\.)?\d+\.?$)([A-Za-z\d_]([\w-]{0,61}[A-Za-z\d])?(\.|$))+$/;
const interfaceName = /^[A-Za-z][\w.:/@-]*$/;

/** All parameters by name. The ranges are those of the YANG modules; a test holds them together. */
export const parameters: Readonly<Record<string, Parameter>> = {
  "key-id": { type: { kind: "integer", ranges: [key] }, help: "Number of the key" },
  algorithm: {
    type: {
      kind: "words",
      words: {
        md5: ["ntp:md5"],
        "sha-1": ["ntp:sha-1"],
        "hmac-sha256": ["nd:hmac-sha256"],
        "aes-128-cmac": ["nd:aes-128-cmac", "ntp:aes-cmac"],
        "aes-256-cmac": ["nd:aes-256-cmac"],
      },
    },
    help: "Algorithm of the key",
  },
  secret: {
    type: { kind: "text", lengthMax: 1_024 },
    help: "The key: 1 to 255 characters, in quotes where it holds spaces; or cipher text",
    secret: true,
  },
  "digest-length": {
    type: {
      kind: "integer",
      ranges: [
        [16, 16],
        [20, 20],
        [32, 32],
      ],
    },
    help: "Octets of the digest on the wire",
  },
  "ip-address": { type: { kind: "address", family: 4, group: false }, help: "IPv4 address" },
  "ipv6-address": { type: { kind: "address", family: 6, group: false }, help: "IPv6 address" },
  "domain-name": {
    type: {
      kind: "name",
      pattern: domainName,
      what: "a name, such as ntp.example.net",
    },
    help: "Name of the server, in the DNS or the hosts file",
  },
  addresses: { type: { kind: "integer", ranges: [[1, 16]] }, help: "Number of addresses" },
  group: {
    type: { kind: "address", family: 4, group: true },
    help: "IPv4 group, 224.0.1.1 if left out",
  },
  "ipv6-group": {
    type: { kind: "address", family: 6, group: true },
    help: "IPv6 group, ff0e::101 if left out",
  },
  interface: {
    type: { kind: "name", pattern: interfaceName, what: "the name of an interface, such as eth0" },
    help: "Interface, its type and number together or apart",
  },
  "interface-number": {
    type: { kind: "name", pattern: /^\d[\d/.:]*$/, what: "the number of an interface" },
    help: "Number of the interface",
  },
  ttl: { type: { kind: "integer", ranges: [[1, 255]] }, help: "Time to live, or hop limit" },
  port: {
    type: {
      kind: "integer",
      ranges: [
        [123, 123],
        [1024, 65_535],
      ],
    },
    help: "UDP port",
  },
  version: { type: { kind: "integer", ranges: [[3, 4]] }, help: "NTP version" },
  "min-poll": { type: poll, help: "Interval between polls, as a power of two in seconds" },
  "max-poll": { type: poll, help: "Interval between polls, as a power of two in seconds" },
  "min-clock": { type: clocks, help: "Number of servers" },
  "max-clock": { type: clocks, help: "Number of servers" },
  beacon: {
    type: { kind: "integer", ranges: [[-128, 127]] },
    help: "Interval at which the search starts over, as a power of two in seconds",
  },
  stratum: {
    type: { kind: "integer", ranges: [[1, 16]] },
    help: "Stratum of the local clock, 8 if left out",
  },
  sessions: { type: { kind: "integer", ranges: [[0, 100]] }, help: "Number of dynamic sessions" },
  "min-interval": { type: interval, help: "Seconds between two answers, as a power of two" },
  "avg-interval": {
    type: interval,
    help: "Seconds between two answers in the long run, as a power of two",
  },
  "max-distance": { type: { kind: "decimal", ranges: [[0.001, 16]] }, help: "Seconds" },
  "step-threshold": { type: threshold(1_000_000), help: "Seconds; 0: no offset is jumped over" },
  "panic-threshold": {
    type: threshold(1_000_000_000),
    help: "Seconds; 0: whatever the offset, it is believed",
  },
  access: {
    type: {
      kind: "words",
      words: {
        peer: ["ntp:peer-access-mode"],
        server: ["ntp:server-access-mode"],
        synchronization: ["ntp:server-only-access-mode"],
        query: ["ntp:query-only-access-mode"],
      },
    },
    help: "What is permitted",
  },
  acl: { type: { kind: "text", lengthMax: 64 }, help: "Name of an access list" },
  seconds: {
    type: { kind: "integer", ranges: [[1, 4_294_967_295]] },
    help: "Seconds until the trial is over, 600 if left out",
  },
  lines: { type: { kind: "integer", ranges: [[0, 512]] }, help: "Lines of a page; 0: no pages" },
};

function threshold(high: number): ParameterType {
  const ranges = [[0, 0] as const, [0.001, high] as const];
  return { kind: "decimal", ranges };
}

/** How a reader is told what a parameter takes, in the manner of the manuals. */
export function shapeOf(name: string): string {
  const type = parameters[name]?.type;
  switch (type?.kind) {
    case "integer":
      return `INTEGER<${type.ranges.map(printRange).join(",")}>`;
    case "decimal":
      return `DECIMAL<${type.ranges.map(printRange).join(",")}>`;
    case "address":
      return type.family === 4 ? "X.X.X.X" : "X:X::X:X";
    case "text":
      return `STRING<1-${type.lengthMax}>`;
    default:
      return "STRING<name>";
  }
}

function printRange([low, high]: readonly [number, number]): string {
  return low === high ? String(low) : `${low}-${high}`;
}

/** The value in canonical form, or why the text is none. */
export type Reading = { readonly value: string } | { readonly fault: string };

export function readParameter(name: string, text: string): Reading {
  const type = parameters[name]?.type;
  switch (type?.kind) {
    case "integer":
      return readNumber(name, text, type.ranges, /^-?\d{1,10}$/);
    case "decimal":
      return readNumber(name, text, type.ranges, /^\d{1,10}(\.\d{1,3})?$/);
    case "address":
      return readAddress(text, type.family, type.group);
    case "name":
      return type.pattern.test(text) ? { value: text } : { fault: `it is to be ${type.what}` };
    case "text":
      if (text !== "" && text.length <= type.lengthMax) return { value: text };
      return { fault: `it is to have 1 to ${type.lengthMax} characters` };
    default:
      return { fault: "it is to be one of the words that ? shows" };
  }
}

function readNumber(
  name: string,
  text: string,
  ranges: readonly (readonly [number, number])[],
  form: RegExp,
): Reading {
  const value = Number(text);
  const inside = ranges.some(([low, high]) => value >= low && value <= high);
  if (form.test(text) && inside) return { value: String(value) };
  return { fault: `<${name}> is ${ranges.map(printSpan).join(", or ")}` };
}

function printSpan([low, high]: readonly [number, number]): string {
  return low === high ? String(low) : `${low} to ${high}`;
}

function readAddress(text: string, family: 4 | 6, group: boolean): Reading {
  const fault = group
    ? `a group is ${family === 4 ? "224.0.0.0 to 239.255.255.255" : "an address from ff00::/8"}`
    : `it is to be an IPv${family} address`;
  const fits = family === 4 ? isIpv4(text) : isIpv6(text);
  if (!fits) return { fault };
  const isGroup = family === 4 ? /^2(2[4-9]|3\d)\./.test(text) : /^ff/i.test(text);
  return isGroup === group ? { value: text.toLowerCase() } : { fault };
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return (
    parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  );
}

/** RFC 4291 section 2.2; a zone may follow (RFC 4007). The agent has the last word. */
function isIpv6(text: string): boolean {
  const [address = "", zone] = text.split("%");
  if (zone === "" || !/^[\da-f:.]+$/i.test(address)) return false;
  const [head = "", tail, more] = address.split("::");
  if (more !== undefined) return false;
  const groups = [head, tail ?? ""].flatMap((part) => (part === "" ? [] : part.split(":")));
  const last = groups.at(-1) ?? "";
  const length = groups.length + (last.includes(".") ? 1 : 0);
  const hextets = last.includes(".") ? groups.slice(0, -1) : groups;
  if (last.includes(".") && !isIpv4(last)) return false;
  if (!hextets.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  return tail === undefined ? length === 8 : length < 8;
}
