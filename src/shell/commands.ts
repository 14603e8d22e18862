import type { ActionCommand, Command, ConfigCommand } from "./command.ts";

// The table of all commands: how each is typed, undone and told of, and what it is in the data.
// docs/reference-commands.md is made of it.

const everywhere = ["user", "system", "interface"] as const;
const configuring = ["system", "interface"] as const;

const unicastWords =
  "authentication-keyid <key-id> | version <version> | preference | burst | iburst" +
  " | minpoll <min-poll> | maxpoll <max-poll> | port <port>" +
  " | source-interface { <interface> | <interface> <interface-number> }";
/** A server's or peer's own leaves (RFC 9249, unicast-configuration). */
const peerOptions = `[ ${unicastWords} ] *`;
const serverOptions = `[ ${unicastWords} | interleaved ] *`;
const unicastLeaves = {
  "key-id": "authentication/keyid",
  version: "version",
  preference: "prefer=true",
  burst: "burst=true",
  iburst: "iburst=true",
  "min-poll": "minpoll",
  "max-poll": "maxpoll",
  port: "port",
  interface: "source",
};
const serverLeaves = { ...unicastLeaves, interleaved: "nd:interleaved=true" };
/** The same of a server by name, and which of its addresses are used. */
const namedWords = "interleaved | { ipv4 | ipv6 } | max-addresses <addresses>";
const namedOptions = `[ ${unicastWords} | ${namedWords} ] *`;
const namedLeaves = {
  ...Object.fromEntries(Object.entries(unicastLeaves).map(([name, at]) => [name, `nd:${at}`])),
  interleaved: "nd:interleaved=true",
  ipv4: "nd:address-family=ipv4",
  ipv6: "nd:address-family=ipv6",
  addresses: "nd:max-addresses",
};

const sendOptions =
  "[ authentication-keyid <key-id> | version <version> | ttl <ttl>" +
  " | minpoll <min-poll> | maxpoll <max-poll> | port <port> ] *";
const sendLeaves = {
  "key-id": "authentication/keyid",
  version: "version",
  ttl: "ttl",
  "min-poll": "minpoll",
  "max-poll": "maxpoll",
  port: "port",
};

const searchOptions =
  "[ authentication-keyid <key-id> | ttl <ttl> | port <port> | version <version>" +
  " | minpoll <min-poll> | maxpoll <max-poll> | minclock <min-clock> | maxclock <max-clock>" +
  " | beacon <beacon> ] *";
const searchLeaves = {
  ...sendLeaves,
  "min-clock": "minclock",
  "max-clock": "maxclock",
  beacon: "beacon",
};

/** The groups that IANA gave to NTP: what a group that is left out stands for. */
const ntpGroups = { group: "224.0.1.1", "ipv6-group": "ff0e::101" };

function action(
  action: ActionCommand["action"],
  syntax: string,
  views: ActionCommand["views"],
  help: string,
  note?: string,
): ActionCommand {
  const command = { kind: "action", action, syntax, views, help } as const;
  return note === undefined ? command : { ...command, note };
}

type Statement = Omit<ConfigCommand, "kind" | "view" | "syntax" | "at" | "help">;

function global(syntax: string, at: string, help: string, more: Statement): ConfigCommand {
  return { kind: "config", view: "system", syntax, at, help, ...more };
}

function role(syntax: string, at: string, help: string, more: Statement): ConfigCommand {
  return { kind: "config", view: "interface", syntax, at, help, replaces: true, ...more };
}

const keyPath = "ntp/authentication/authentication-keys[keyid=<key-id>]";

const globals: readonly ConfigCommand[] = [
  global(
    "crypto weak-algorithm disable",
    "ntp/authentication/nd:weak-algorithms-enabled=false",
    "Refuse keys that use MD5 or SHA-1, as is so from the start",
    {
      undo: "crypto weak-algorithm disable",
      off: "true",
      note: "`undo` of it has to come before a key may use MD5 or SHA-1.",
    },
  ),
  global(
    "ntp-service authentication-password complexity-check enable",
    "ntp/authentication/nd:complexity-check=true",
    "Hold the text of keys against the complexity check, as is so from the start",
    {
      undo: "ntp-service authentication-password complexity-check enable",
      off: "false",
      note:
        "A key then has 12 characters at least, among them a lower-case letter, an upper-case " +
        "letter, a digit and a special character; after `undo` it has 1 to 255.",
    },
  ),
  global(
    "ntp-service authentication enable",
    "ntp/authentication/auth-enabled=true",
    "Take time only from associations that have a key",
    {
      undo: "ntp-service authentication enable",
      off: "false",
      note:
        "The first server, peer or role that names a key enables it, unless `undo` of it was " +
        "typed before.",
    },
  ),
  global(
    "ntp-service authentication-keyid <key-id> authentication-mode <algorithm>" +
      " [ plain | cipher ] <secret> [ digest-length <digest-length> ]",
    keyPath,
    "A key",
    {
      leaves: {
        algorithm: "algorithm",
        secret: "key/nd:cipher-string",
        "digest-length": "nd:digest-length",
      },
      undo: "ntp-service authentication-keyid <key-id>",
      note:
        "`plain` (or nothing) keeps the key as it was typed, `cipher` encrypts it first under the " +
        "at-rest key of the agent; cipher text that the agent made is taken as it is. Displays " +
        "show cipher text alone. A new key is trusted: `undo ntp-service reliable " +
        "authentication-keyid` changes that.",
    },
  ),
  global(
    "ntp-service reliable authentication-keyid <key-id>",
    `${keyPath}/istrusted=true`,
    "Trust a key: what it signed is taken as authentic",
    {
      undo: "ntp-service reliable authentication-keyid <key-id>",
      off: "false",
      needs: keyPath,
    },
  ),
  global("ntp-service port <port>", "ntp/port=<port>", "UDP port that requests are answered on", {
    undo: "ntp-service port",
  }),
  global(
    "ntp-service refclock-master [ <stratum> ]",
    "ntp/refclock-master",
    "Give the time of the local clock, although it follows nobody",
    {
      leaves: { stratum: "master-stratum" },
      defaults: { stratum: "8" },
      replaces: true,
      undo: "ntp-service refclock-master",
    },
  ),
  global(
    "ntp-service max-dynamic-sessions <sessions>",
    "ntp/nd:max-dynamic-sessions=<sessions>",
    "Limit the associations that come up by themselves",
    {
      undo: "ntp-service max-dynamic-sessions",
      note: "Lowering it ends none, it only refuses new ones; 0 refuses all.",
    },
  ),
  server("", "ipv4", "IPv4"),
  server(" ipv6", "ipv6", "IPv6"),
  global(
    "ntp-service kod-enable",
    "ntp/nd:server/nd:kod-enabled=true",
    "Tell clients that are refused so, with a kiss-o'-death",
    { undo: "ntp-service kod-enable", off: "false" },
  ),
  global(
    "ntp-service discard" + " [ min-interval <min-interval> | avg-interval <avg-interval> ] *",
    "ntp/nd:server/nd:discard",
    "Limit how often one client is answered",
    {
      leaves: { "min-interval": "nd:minimum-interval", "avg-interval": "nd:average-interval" },
      replaces: true,
      undo: "ntp-service discard",
      note: "Where they are left out, the intervals are 1 (2 s) and 5 (32 s).",
    },
  ),
  global(
    "ntp-service control-queries enable",
    "ntp/nd:server/nd:control-queries-enabled=true",
    "Answer control queries, as of ntpq",
    {
      undo: "ntp-service control-queries enable",
      off: "false",
      note:
        "Those of the host itself, and from addresses to which `ntp-service access` gives peer, " +
        "server or query access.",
    },
  ),
  global(
    "ntp-service max-distance <max-distance>",
    "ntp/nd:clock/nd:max-distance=<max-distance>",
    "Take no time from a source whose root distance is larger",
    { undo: "ntp-service max-distance" },
  ),
  global(
    "ntp-service step-threshold <step-threshold>",
    "ntp/nd:clock/nd:step-threshold=<step-threshold>",
    "Jump over an offset that is larger",
    { undo: "ntp-service step-threshold" },
  ),
  global(
    "ntp-service panic-threshold <panic-threshold>",
    "ntp/nd:clock/nd:panic-threshold=<panic-threshold>",
    "Do not believe an offset that is larger",
    { undo: "ntp-service panic-threshold" },
  ),
  global(
    "ntp-service authentication dynamic-sessions enable",
    "ntp/authentication/nd:dynamic-sessions-authenticated=true",
    "Let associations come up by themselves only where a trusted key has signed",
    { undo: "ntp-service authentication dynamic-sessions enable", off: "false" },
  ),
  global(
    "ntp-service access <access> <acl>",
    "ntp/access-rules/access-rule[access-mode=<access>]",
    "Permit a kind of access to the addresses of an access list",
    {
      leaves: { acl: "acl" },
      undo: "ntp-service access <access>",
      note: "The list itself is data of ietf-access-control-list, and made over NETCONF.",
    },
  ),
  ...unicast("server", "Take time from a server"),
  global(
    `ntp-service unicast-server domain <domain-name> ${namedOptions}`,
    "ntp/nd:named-server[name=<domain-name>]",
    "Take time from a server that is known by its name",
    {
      leaves: namedLeaves,
      replaces: true,
      undo: "ntp-service unicast-server domain <domain-name>",
      note: "Of the addresses that the name has one is used, unless max-addresses says more.",
    },
  ),
  ...unicast("peer", "Give time to a peer and take it from there"),
  global("ntp-service enable", "ntp", "Answer the requests of NTP clients", {
    undo: "ntp-service enable",
    note:
      "Every other statement of NTP enables it. `undo` of it takes all of them away, those of " +
      "the interfaces too.",
  }),
];

function server(family: string, leaf: string, name: string): ConfigCommand {
  const words = `ntp-service${family} server disable`;
  const at = `ntp/nd:server/nd:${leaf}-enabled=false`;
  return global(words, at, `Answer no client over ${name}`, { undo: words, off: "true" });
}

function unicast(kind: "server" | "peer", help: string): readonly ConfigCommand[] {
  const words = `ntp-service unicast-${kind}`;
  const at = (address: string): string =>
    `ntp/unicast-configuration[address=<${address}>][type=ntp:uc-${kind}]`;
  const options = kind === "server" ? serverOptions : peerOptions;
  const more = { leaves: kind === "server" ? serverLeaves : unicastLeaves, replaces: true };
  return [
    global(`${words} <ip-address> ${options}`, at("ip-address"), `${help} (IPv4)`, {
      ...more,
      undo: `${words} <ip-address>`,
    }),
    global(`${words} ipv6 <ipv6-address> ${options}`, at("ipv6-address"), `${help} (IPv6)`, {
      ...more,
      undo: `${words} ipv6 <ipv6-address>`,
    }),
  ];
}

const roles: readonly ConfigCommand[] = [
  {
    kind: "config",
    view: "interface",
    syntax: "ntp-service in-interface disable",
    at: "nd:receive-enabled=false",
    help: "Take in no NTP packets on this interface",
    undo: "ntp-service in-interface disable",
    off: "true",
  },
  role(`ntp-service broadcast-server ${sendOptions}`, "broadcast-server", "Broadcast the time", {
    leaves: sendLeaves,
    undo: "ntp-service broadcast-server",
  }),
  role("ntp-service broadcast-client", "broadcast-client", "Take time from broadcasts", {
    undo: "ntp-service broadcast-client",
  }),
  ...groupRole("multicast-server", sendOptions, sendLeaves, "Send the time to a group"),
  ...groupRole("multicast-client", "", {}, "Take the time that is sent to a group"),
  ...groupRole("manycast-server", "", {}, "Answer those who ask a group for servers"),
  ...groupRole("manycast-client", searchOptions, searchLeaves, "Find servers by asking a group"),
];

function groupRole(
  name: string,
  options: string,
  leaves: Readonly<Record<string, string>>,
  help: string,
): readonly ConfigCommand[] {
  const words = `ntp-service ${name}`;
  const of = (family: string, group: string): ConfigCommand => {
    const group4 = `${words}${family} [ <${group}> ]`;
    const more = { leaves, defaults: ntpGroups, undo: group4 };
    const text = `${help} (${family === "" ? "IPv4" : "IPv6"})`;
    return role(`${group4} ${options}`.trim(), `${name}[address=<${group}>]`, text, more);
  };
  return [of("", "group"), of(" ipv6", "ipv6-group")];
}

const actions: readonly ActionCommand[] = [
  action("system-view", "system-view", ["user"], "Begin to configure"),
  action(
    "interface",
    "interface { <interface> | <interface> <interface-number> }",
    configuring,
    "Configure an interface",
    "Type and number may stand apart: `interface eth 0`.",
  ),
  action("quit", "quit", everywhere, "Leave this view; in the user view, the shell"),
  action("return", "return", configuring, "Go back to the user view"),
  action(
    "commit",
    "commit [ trial [ <seconds> ] ]",
    configuring,
    "Make the candidate the running configuration",
    "With `trial` it is taken back after so many seconds, unless `commit` confirms it before.",
  ),
  action(
    "abort-trial",
    "abort trial",
    configuring,
    "End a trial at once, as if its time were over",
  ),
  action(
    "clear-candidate",
    "clear configuration candidate",
    configuring,
    "Forget all that is not committed",
    "The candidate is one for all managers: what others have not committed goes too.",
  ),
  action("save", "save", everywhere, "Keep the running configuration for the next start"),
  action(
    "screen-length",
    "screen-length <lines> temporary",
    everywhere,
    "Lines that are shown before the shell waits",
  ),
  action(
    "reset-statistics",
    "reset ntp-service statistics packet",
    ["user"],
    "Set the packet counters back to 0",
  ),
  action("display-this", "display this", everywhere, "What is configured in this view (candidate)"),
  action("display-current", "display current-configuration", everywhere, "What is running"),
  action(
    "display-candidate",
    "display configuration candidate",
    everywhere,
    "What would be running after a commit",
  ),
  action(
    "display-changes",
    "display configuration candidate changes",
    everywhere,
    "What a commit would change",
  ),
  action("display-history", "display history-command", everywhere, "Commands typed before"),
  action("display-clock", "display clock", everywhere, "The time that this host gives, in UTC"),
  action("display-version", "display version", everywhere, "What runs here, and since when"),
  action("display-status", "display ntp-service status", everywhere, "State of the clock"),
  action(
    "display-sessions",
    "display ntp-service sessions",
    everywhere,
    "Servers and peers that there are now",
  ),
  action(
    "display-sessions",
    "display ntp-service sessions verbose",
    everywhere,
    "The same, with all that is known of them",
  ),
  action(
    "display-statistics",
    "display ntp-service statistics packet",
    everywhere,
    "Packet counters, and why packets were dropped",
  ),
];

/** All commands. The statements stand in the order in which displays show them. */
export const commands: readonly Command[] = [...actions, ...globals, ...roles];

/** What `?` says of a keyword. */
export const keywordHelp: Readonly<Record<string, string>> = {
  abort: "End something at once",
  access: "Who may have which service",
  authentication: "Whether authentication is asked for",
  "authentication-keyid": "A key",
  "authentication-mode": "The algorithm of the key",
  "authentication-password": "How keys may look",
  "aes-128-cmac": "AES-CMAC with a key of 16 octets",
  "aes-256-cmac": "AES-CMAC with a key of 32 octets",
  beacon: "How slow the search may become",
  "broadcast-client": "Take time from broadcasts",
  "broadcast-server": "Broadcast the time",
  burst: "Eight packets at each poll while the server is reachable",
  candidate: "What would be running after a commit",
  changes: "What a commit would change",
  cipher: "Cipher text, or text to be encrypted",
  clear: "Forget something",
  clock: "The time that this host gives",
  commit: "Make the candidate the running configuration",
  "complexity-check": "The check of how complex keys are",
  configuration: "A configuration",
  "control-queries": "Control queries, as of ntpq",
  crypto: "Cryptographic algorithms",
  "current-configuration": "What is running",
  "digest-length": "Cut the digest on the wire",
  disable: "Refuse it",
  discard: "Limit how often one client is answered",
  domain: "A name in the place of an address",
  "dynamic-sessions": "Associations that come up by themselves",
  display: "Show something",
  enable: "Switch it on",
  "hmac-sha256": "HMAC with SHA-256",
  "history-command": "Commands typed before",
  iburst: "Eight packets at first, while the server is not reachable",
  interleaved: "Be told with each answer when the one before really left",
  "in-interface": "What comes in on this interface",
  interface: "Configure an interface",
  ipv4: "IPv4",
  ipv6: "IPv6",
  "kod-enable": "Tell clients that are refused so",
  "manycast-client": "Find servers by asking a group",
  "manycast-server": "Answer those who ask a group for servers",
  "avg-interval": "Time between two answers in the long run",
  "max-addresses": "Addresses that are used at the same time",
  "max-distance": "Largest root distance of a source that gives time",
  "max-dynamic-sessions": "Limit the associations that come up by themselves",
  maxclock: "How many servers are kept at most",
  maxpoll: "Longest interval between polls",
  md5: "MD5, which is weak",
  "min-interval": "Shortest time between two answers",
  minclock: "How many servers are enough",
  minpoll: "Shortest interval between polls",
  "multicast-client": "Take the time that is sent to a group",
  "multicast-server": "Send the time to a group",
  "ntp-service": "The Network Time Protocol",
  packet: "Packets",
  "panic-threshold": "Largest offset that is believed",
  peer: "Everything: take time, give time, query",
  plain: "The key as it is",
  port: "UDP port",
  preference: "Taken before others",
  query: "Control queries alone",
  quit: "Leave this view",
  "refclock-master": "Give the time of the local clock",
  reliable: "Trust a key",
  reset: "Set something back",
  return: "Go back to the user view",
  save: "Keep the running configuration for the next start",
  "screen-length": "Lines that are shown before the shell waits",
  server: "Give time, and answer queries",
  sessions: "Servers and peers that there are now",
  "sha-1": "SHA-1, which is weak",
  "source-interface": "The interface whose address is the source",
  statistics: "Counters",
  status: "State of the clock",
  synchronization: "Give time alone",
  "step-threshold": "Largest offset that is not jumped over",
  "system-view": "Begin to configure",
  temporary: "For this session",
  this: "What is configured in this view",
  trial: "Take it back after a while unless it is confirmed",
  ttl: "Time to live, or hop limit",
  undo: "Take a statement back",
  "unicast-peer": "A peer at an address",
  "unicast-server": "A server at an address",
  verbose: "All that is known of them",
  version: "Version of NTP, or of ntpconfd",
  "weak-algorithm": "MD5 and SHA-1",
};
