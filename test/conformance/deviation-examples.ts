/** A configuration that a rule of ours lets through, and its twin that the rule refuses. */
export interface Example {
  readonly about: string;
  /** What stands inside <ntp>. */
  readonly accepted: string;
  readonly refused: string;
  /** The one message that the refusal has. */
  readonly message: string;
  /** Schema path of the node that has the rule, as the deviation names it, prefixes left out. */
  readonly node: string;
}

const gate =
  "MD5 and SHA-1 are weak: choose another algorithm, or set weak-algorithms-enabled under " +
  "authentication to true";
const noAlgorithm =
  "the algorithms hmac-sha-1 and hmac-sha1-12 are not in the engine: set algorithm to " +
  "nd:aes-128-cmac, nd:aes-256-cmac or nd:hmac-sha256";
const unchecked = "<nd:complexity-check>false</nd:complexity-check>";
const weak = "<nd:weak-algorithms-enabled>true</nd:weak-algorithms-enabled>";
const strong = "<keystring>Aa1-56789012</keystring>";
const keyPath = "/ntp/authentication/authentication-keys";

/** One key and what else stands under authentication. */
function key(algorithm: string, secret: string, more = "", beside = ""): string {
  const named = algorithm === "" ? "" : `<algorithm>${algorithm}</algorithm>`;
  return (
    `<authentication>${beside}<authentication-keys><keyid>1</keyid>${named}` +
    `<key>${secret}</key>${more}</authentication-keys></authentication>`
  );
}

const text = (secret: string): string => `<keystring>${secret}</keystring>`;
const octets = (count: number): string =>
  `<hexadecimal-string>${new Array<string>(count).fill("0f").join(":")}</hexadecimal-string>`;
const digest = (length: number): string => `<nd:digest-length>${length}</nd:digest-length>`;

const keys: readonly Example[] = [
  {
    about: "a key without algorithm",
    accepted: key("nd:hmac-sha256", strong),
    refused: key("", strong),
    message:
      "a key needs an algorithm: set algorithm to nd:aes-128-cmac, nd:aes-256-cmac or " +
      "nd:hmac-sha256",
    node: keyPath,
  },
  {
    about: "a key without secret",
    accepted: key("nd:hmac-sha256", "<nd:cipher-string>$ntpconfd$1$QUJD</nd:cipher-string>"),
    refused: key("nd:hmac-sha256", ""),
    message:
      "a key needs a secret: set keystring, hexadecimal-string or nd:cipher-string under key",
    node: keyPath,
  },
  ...["ntp:hmac-sha-1", "ntp:hmac-sha1-12"].map((algorithm) => ({
    about: `the algorithm ${algorithm}`,
    accepted: key("nd:aes-128-cmac", strong),
    refused: key(algorithm, strong),
    message: noAlgorithm,
    node: `${keyPath}/algorithm`,
  })),
  ...["ntp:md5", "ntp:sha-1"].map((algorithm) => ({
    about: `${algorithm} while the gate is shut`,
    accepted: key(algorithm, strong, "", weak),
    refused: key(algorithm, strong),
    message: gate,
    node: `${keyPath}/algorithm`,
  })),
];

interface Wording {
  readonly about: string;
  readonly good: string;
  readonly bad: string;
  readonly beside?: string;
  readonly message: string;
}

const lapse = (what: string, remedy: string): string =>
  `keystring ${what}: ${remedy}, or set complexity-check under authentication to false`;

const wordings: readonly Wording[] = [
  {
    about: "an empty keystring",
    good: "a",
    bad: "",
    beside: unchecked,
    message: "keystring is empty: it has 1 to 255 characters",
  },
  {
    about: "a keystring of 256 characters",
    good: "a".repeat(255),
    bad: "a".repeat(256),
    beside: unchecked,
    message: "keystring is longer than 255 characters",
  },
  {
    about: "11 characters",
    good: "Aa1-56789012",
    bad: "Aa1-5678901",
    message: lapse("is shorter than 12 characters", "lengthen it"),
  },
  {
    about: "no lower-case letter",
    good: "AAAA-123456789a",
    bad: "AAAA-1234567890",
    message: lapse("has no lower-case letter", "add one"),
  },
  {
    about: "no upper-case letter",
    good: "aaaa-123456789A",
    bad: "aaaa-1234567890",
    message: lapse("has no upper-case letter", "add one"),
  },
  {
    about: "no digit",
    good: "Aaaa-bcdefghij1",
    bad: "Aaaa-bcdefghijk",
    message: lapse("has no digit", "add one"),
  },
  {
    about: "no special character; a letter outside ASCII is one",
    good: "Aaaa123456789é",
    bad: "Aaaa1234567890",
    message: lapse("has no special character", "add one that is neither letter nor digit"),
  },
];

const keystrings: readonly Example[] = wordings.map(({ about, good, bad, beside, message }) => ({
  about,
  accepted: key("nd:hmac-sha256", text(good), "", beside),
  refused: key("nd:hmac-sha256", text(bad), "", beside),
  message,
  node: `${keyPath}/key/key-string-style/keystring/keystring`,
}));

const sizes = [
  { algorithm: "ntp:aes-cmac", bits: 128, size: 16, remedy: "nd:aes-256-cmac or nd:hmac-sha256" },
  {
    algorithm: "nd:aes-128-cmac",
    bits: 128,
    size: 16,
    remedy: "nd:aes-256-cmac or nd:hmac-sha256",
  },
  { algorithm: "nd:aes-256-cmac", bits: 256, size: 32, remedy: "nd:hmac-sha256" },
];

const cmac: readonly Example[] = sizes.flatMap(({ algorithm, bits, size, remedy }) => [
  {
    about: `${algorithm} with ${size + 1} characters`,
    accepted: key(algorithm, text(`Aa1-${"x".repeat(size - 4)}`)),
    refused: key(algorithm, text(`Aa1-${"x".repeat(size - 3)}`)),
    message:
      `keystring is longer than ${size} octets, the key of AES-${bits}: shorten it, or set ` +
      `algorithm to ${remedy}`,
    node: `${keyPath}/key/key-string-style/keystring/keystring`,
  },
  ...[size - 1, size + 1].map((count) => ({
    about: `${algorithm} with ${count} octets in hexadecimal`,
    accepted: key(algorithm, octets(size)),
    refused: key(algorithm, octets(count)),
    message:
      `hexadecimal-string has not the ${size} octets of a key for AES-${bits}: give ${size} ` +
      "pairs of digits with colons between",
    node: `${keyPath}/key/key-string-style/hexadecimal/hexadecimal-string`,
  })),
  {
    about: `${algorithm} with a digest of 20 octets`,
    accepted: key(algorithm, octets(size), digest(16)),
    refused: key(algorithm, octets(size), digest(20)),
    message:
      "digest-length is above the 16 octets that MD5 and AES-CMAC give: set it to 16, or leave " +
      "it out",
    node: `${keyPath}/digest-length`,
  },
]);

const digests: readonly Example[] = [
  {
    about: "an empty hexadecimal-string",
    accepted: key("nd:hmac-sha256", octets(1)),
    refused: key("nd:hmac-sha256", octets(0)),
    message: "hexadecimal-string is empty: it has one octet at least",
    node: `${keyPath}/key/key-string-style/hexadecimal/hexadecimal-string`,
  },
  {
    about: "MD5 with a digest of 32 octets",
    accepted: key("ntp:md5", strong, digest(16), weak),
    refused: key("ntp:md5", strong, digest(32), weak),
    message:
      "digest-length is above the 16 octets that MD5 and AES-CMAC give: set it to 16, or leave " +
      "it out",
    node: `${keyPath}/digest-length`,
  },
  {
    about: "SHA-1 with a digest of 32 octets",
    accepted: key("ntp:sha-1", strong, digest(20), weak),
    refused: key("ntp:sha-1", strong, digest(32), weak),
    message:
      "digest-length is above the 20 octets that SHA-1 gives: set it to 16 or 20, or leave it " +
      "out",
    node: `${keyPath}/digest-length`,
  },
];

interface Role {
  readonly node: string;
  readonly hasTtl: boolean;
  readonly of: (inside: string) => string;
}

const onInterface = (inside: string): string =>
  `<interfaces><interface><name>eth0</name>${inside}</interface></interfaces>`;
const group = "<address>224.0.1.1</address>";

const roles: readonly Role[] = [
  {
    node: "/ntp/unicast-configuration",
    hasTtl: false,
    of: (inside) =>
      "<unicast-configuration><address>192.0.2.1</address><type>ntp:uc-server</type>" +
      `${inside}</unicast-configuration>`,
  },
  {
    node: "/ntp/named-server",
    hasTtl: false,
    of: (inside) =>
      '<named-server xmlns="urn:ntpconfd:yang:ntp"><name>ntp.example.net</name>' +
      `${inside}</named-server>`,
  },
  {
    node: "/ntp/interfaces/interface/broadcast-server",
    hasTtl: true,
    of: (inside) => onInterface(`<broadcast-server>${inside}</broadcast-server>`),
  },
  {
    node: "/ntp/interfaces/interface/multicast-server",
    hasTtl: true,
    of: (inside) => onInterface(`<multicast-server>${group}${inside}</multicast-server>`),
  },
  {
    node: "/ntp/interfaces/interface/manycast-client",
    hasTtl: true,
    of: (inside) => onInterface(`<manycast-client>${group}${inside}</manycast-client>`),
  },
];

const polls = (least: number, most: number): string =>
  `<minpoll>${least}</minpoll><maxpoll>${most}</maxpoll>`;
const outside = (leaf: string): string =>
  `${leaf} is outside 1..17: it is log2 of an interval in seconds`;
const above =
  "minpoll is above maxpoll (where not set they are 6 and 10): lower minpoll or raise maxpoll";

const associations: readonly Example[] = roles.flatMap(({ node, hasTtl, of }) => [
  ...[
    { about: "minpoll 5 and maxpoll 4", good: polls(4, 4), bad: polls(5, 4) },
    { about: "maxpoll 5 alone", good: "<maxpoll>6</maxpoll>", bad: "<maxpoll>5</maxpoll>" },
    { about: "minpoll 11 alone", good: "<minpoll>10</minpoll>", bad: "<minpoll>11</minpoll>" },
  ].map(({ about, good, bad }) => ({
    about: `${node}: ${about}`,
    accepted: of(good),
    refused: of(bad),
    message: above,
    node,
  })),
  {
    about: `${node}: minpoll 0`,
    accepted: of(polls(1, 17)),
    refused: of(polls(0, 17)),
    message: outside("minpoll"),
    node: `${node}/minpoll`,
  },
  {
    about: `${node}: maxpoll 18`,
    accepted: of(polls(17, 17)),
    refused: of(polls(17, 18)),
    message: outside("maxpoll"),
    node: `${node}/maxpoll`,
  },
  {
    about: `${node}: version 5`,
    accepted: of("<version>3</version>"),
    refused: of("<version>5</version>"),
    message: "version is not 3 or 4: the engine speaks no other",
    node: `${node}/version`,
  },
  ...(hasTtl
    ? [
        {
          about: `${node}: ttl 0`,
          accepted: of("<ttl>1</ttl>"),
          refused: of("<ttl>0</ttl>"),
          message: "ttl is 0, with which no packet leaves the host: set it to 1..255",
          node: `${node}/ttl`,
        },
      ]
    : []),
]);

const discard = (inside: string): string =>
  `<nd:server><nd:discard>${inside}</nd:discard></nd:server>`;
const interval = (which: string, log2: number): string =>
  `<nd:${which}-interval>${log2}</nd:${which}-interval>`;

const servers: readonly Example[] = [
  ["both intervals", interval("average", 3)],
  ["the shortest interval alone", ""],
].map(([about, average]) => ({
  about: `/ntp/server/discard: ${about}`,
  accepted: discard(interval("minimum", 3) + average),
  refused: discard(interval("minimum", 6) + average),
  message:
    "minimum-interval is above average-interval (where not set they are 1 and 5): lower it, or " +
    "raise average-interval",
  node: "/ntp/server/discard",
}));

const server = (type: string, inside: string): string =>
  `<unicast-configuration><address>192.0.2.7</address><type>${type}</type>${inside}` +
  "</unicast-configuration>";
const interleaved = "<nd:interleaved>true</nd:interleaved>";

const unicast: readonly Example[] = [
  {
    about: "/ntp/unicast-configuration/interleaved: of a peer",
    accepted: server("ntp:uc-server", interleaved),
    refused: server("ntp:uc-peer", interleaved),
    message:
      "interleaved is true for a peer: only servers are asked in the interleaved mode, so leave " +
      "it out or set type to uc-server",
    node: "/ntp/unicast-configuration/interleaved",
  },
];

/** For every must of our own modules one example at least. */
export const mustExamples: readonly Example[] = [
  ...keys,
  ...keystrings,
  ...cmac,
  ...digests,
  ...associations,
  ...servers,
  ...unicast,
];

/** What the types refuse. */
export const typeExamples: readonly Omit<Example, "node">[] = [
  {
    about: "101 dynamic sessions",
    accepted: "<nd:max-dynamic-sessions>100</nd:max-dynamic-sessions>",
    refused: "<nd:max-dynamic-sessions>101</nd:max-dynamic-sessions>",
    message: "max-dynamic-sessions: 101 is not in the range 0..100",
  },
  {
    about: "a digest of 17 octets",
    accepted: key("nd:hmac-sha256", strong, digest(20)),
    refused: key("nd:hmac-sha256", strong, digest(17)),
    message: "digest-length: 17 is not in the range 16 | 20 | 32",
  },
  {
    about: "a cipher-string that is none",
    accepted: key("nd:hmac-sha256", "<nd:cipher-string>$ntpconfd$1$QUI=</nd:cipher-string>"),
    refused: key("nd:hmac-sha256", "<nd:cipher-string>Aa1-56789012</nd:cipher-string>"),
    message:
      "this is no cipher-string: make one with ntpconfd encrypt-key, on the host that is to use " +
      "it",
  },
];

/** What RFC 9249's own types refuse, whatever the words. */
export const refusedByType: readonly string[] = [
  key("ntp:hmac-sha-256", strong),
  key("nd:manycast-client", strong),
  "<port>122</port>",
  "<port>1023</port>",
  onInterface("<manycast-server><address>192.0.2.1</address></manycast-server>"),
  onInterface("<manycast-client><address>2001:db8::1</address></manycast-client>"),
  onInterface(`<manycast-client>${group}<ttl>256</ttl></manycast-client>`),
  onInterface(`<manycast-client>${group}<port>123</port><version>2</version></manycast-client>`),
];

/** A whole <config>, with the interface that the examples speak of. */
export function configWith(inside: string): string {
  return (
    '<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">' +
    '<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface>' +
    '<name>eth0</name><type xmlns:i="urn:ietf:params:xml:ns:yang:iana-if-type">' +
    "i:ethernetCsmacd</type></interface></interfaces>" +
    '<ntp xmlns="urn:ietf:params:xml:ns:yang:ietf-ntp" ' +
    'xmlns:ntp="urn:ietf:params:xml:ns:yang:ietf-ntp" xmlns:nd="urn:ntpconfd:yang:ntp">' +
    `${inside}</ntp></config>`
  );
}
