import { type Mutant, mutantsOf } from "./mutant.ts";

const forgeryTest = "test/sim/forgery.test.ts";
const responderTest = "test/ntp/responder.test.ts";

/** What a stranger's packet can do to our time (RFC 5905 section 8), and to others through us. */
export const ntp: readonly Mutant[] = [
  ...mutantsOf(
    "src/ntp/exchange.ts",
    [forgeryTest, "test/sim/roles.test.ts"],
    [
      [
        "an answer needs no nonce",
        "if (answers && originTime !== 0n) return undefined; // test 2",
        "if (answers || pending !== undefined) return undefined; // test 2",
      ],
      [
        "a request is answered more than once",
        "    this.#pending = undefined;\n    this.#unanswered = 0;",
        "    this.#unanswered = 0;",
      ],
      [
        "an exchange makes a sample in the basic mode and another in the interleaved one",
        "if (before === undefined || before.measured) return",
        "if (before === undefined) return",
        "test/sim/interleaved.test.ts",
      ],
      [
        "an interleaved answer is taken for one of the exchange that it came with",
        "return { interleaved, exchanged: { ...before.exchanged, transmitTime } };",
        "return { interleaved, exchanged };",
        "test/sim/interleaved.test.ts",
      ],
      [
        "what gave no time is named in the next request",
        "this.#previous = givesTime ? { exchanged, measured: !interleaved } : undefined;",
        "this.#previous = { exchanged, measured: givesTime && !interleaved };",
        "test/sim/interleaved.test.ts",
      ],
      [
        "the interleaved mode is asked for as long as nobody answers",
        "if (!interleaved || this.#unanswered >= interleavedMax) this.#previous",
        "if (!interleaved) this.#previous",
        "test/sim/interleaved.test.ts",
      ],
      [
        "peers answer what was not asked",
        "const bogus = sent === undefined || packet.originTime !== sent.transmitTime; // test 2",
        "const bogus = sent === undefined; // test 2",
      ],
      ["peers answer twice", "if (bogus || this.#answered) return", "if (bogus) return"],
      [
        "nonces can be foretold",
        "const bytes = random.bytes(8);",
        "const bytes = new Uint8Array(8).fill(random === undefined ? 0 : 7);",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/exchange.ts",
    ["test/sim/interleaved.test.ts"],
    [
      [
        "an interleaved answer is taken for a basic one",
        "const interleaved = originTime === pending.otherNonce;",
        "const interleaved = false;",
      ],
      [
        "an exchange makes two samples",
        "if (before === undefined || before.measured) return",
        "if (before === undefined) return",
      ],
      [
        "the interleaved mode is asked for for ever",
        "if (!interleaved || this.#unanswered >= interleavedMax) ",
        "if (!interleaved) ",
      ],
      [
        "the interleaved mode is asked for where it is off",
        "if (!interleaved || this.#unanswered >= interleavedMax) ",
        "if (this.#unanswered >= interleavedMax) ",
      ],
      [
        "an exchange that gave no time is completed",
        "this.#previous = givesTime ? ",
        "this.#previous = true ? ",
      ],
      [
        "an exchange is completed with the transmit time that it had",
        "exchanged: { ...before.exchanged, transmitTime } };",
        "exchanged: before.exchanged };",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/interleaving.ts",
    ["test/ntp/interleaving.test.ts"],
    [
      [
        "a reply is named by another address",
        "if (same && this.#owner[i] === owner && ",
        "if (same && ",
      ],
      [
        "a stamp that cannot be is taken",
        " || stamp < wantedAt || stamp > wantedAt + lateMax) return;",
        ") return;",
      ],
      [
        "a flood from one address takes all places",
        "return own >= ownMax ? oldestOwn : oldest;",
        "return oldest;",
      ],
      [
        "two replies have one name",
        "while (this.#find(first, owner, word(reply, 32), word(reply, 36)) >= 0) {",
        "while (first < 0) {",
      ],
      [
        "a reply is named again and again",
        "const kept = named >= 0 ? named : this.#place(first, owner);",
        "const kept = this.#place(first, owner);",
      ],
      [
        "who cannot tell the modes apart is answered in the interleaved one",
        "return word(request, 32) !== word(request, 40) || word(request, 36) !== word(request, 44);",
        "return true;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/authenticate.ts",
    [forgeryTest, "test/sim/roles.test.ts"],
    [
      [
        "an association takes what is not signed",
        'if (macAt === bytes.length) return refuse("authentication-required", keyId);',
        "if (macAt === bytes.length) return undefined;",
      ],
      [
        "an association takes what another key signed",
        "if (key === undefined || keyIdAt(bytes, macAt) !== keyId) return",
        "if (key === undefined) return",
      ],
      [
        "keys that are not trusted verify",
        'if (!key.trusted) return refuse("untrusted-key", keyId);',
        "",
      ],
      [
        "no MAC is looked at",
        'return key.verifies(bytes, macAt) ? undefined : refuse("bad-mac", keyId);',
        "return undefined;",
      ],
      [
        "authentication is never required",
        'if (authEnabled) return refuse("authentication-required");',
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/mac.ts",
    ["test/ntp/mac.test.ts"],
    [
      ["the last octet of a MAC decides", "wrong |= (out[i]", "wrong = (out[i]"],
      [
        "the first octet of a MAC decides",
        "let wrong = 0;\n    for (let i = 0; i < this.#digestLength; i++) {",
        "let wrong = 0;\n    for (let i = 0; i < 1; i++) {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/key-table.ts",
    ["test/ntp/mac.test.ts"],
    [["a digest is cut to nothing", "digestLength < digestMin ||", "digestLength < 0 ||"]],
  ),
  ...mutantsOf(
    "src/ntp/responder.ts",
    [responderTest],
    [
      [
        "requests with a bad MAC are answered",
        "if (!key.verifies(request, macAt)) return badMac;",
        "",
      ],
      [
        "requests with a key that is not trusted are answered",
        "if (!key.trusted) return untrustedKey;",
        "",
      ],
      [
        "access rules are not asked",
        'const denied = allowed === "none" || allowed === "query-only";',
        "const denied = allowed === undefined;",
      ],
      [
        "other modes are answered as requests",
        "if ((first & 7) !== MODE_CLIENT) return wrongMode;",
        "",
      ],
      [
        "port 0 and groups are answered",
        "if (arrival.fromPort === 0 || !isHost(arrival.from)) return malformed;",
        "",
      ],
      [
        "groups that are not served are answered",
        "if (!isConfigured(snapshot, group, on)) return notManycast;",
        "",
      ],
      [
        "a server without time answers a group",
        "if (!snapshot.synchronized) return unsynchronized;",
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/sessions.ts",
    ["test/sim/manycast.test.ts"],
    [
      [
        "dynamic sessions are without number",
        "if (this.#sessions.size >= this.limit) {",
        "if (this.#sessions.size < 0) {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/association.ts",
    [forgeryTest, "test/sim/roles.test.ts"],
    [
      ["servers without time give it", 'if (timeless) return drop("unsynchronized");', ""],
      [
        "what we have said ourselves comes back as time",
        "const ours = surroundings.isOurselves(packet);",
        "const ours = false;",
        "test/sim/ourselves.test.ts",
      ],
      [
        "anybody sends us away",
        'return this.settings.keyId === undefined ? { kind: "heard" } : { kind: "denied" };',
        'return { kind: "denied" };',
      ],
      [
        "broadcasts are repeated",
        'if (repeated) return this.#dropped("duplicate", received, surroundings);',
        "",
      ],
      [
        "another mode answers",
        'if (!this.#exchange.answers.includes(packet.mode)) return drop("mode");',
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/ntp/roles.ts",
    [forgeryTest, "test/sim/roles.test.ts"],
    [
      [
        "answers come from any address",
        "if (datagram.from !== address || datagram.fromPort !== port) return drop(",
        "if (datagram.from === address && datagram.fromPort === -1) return drop(",
      ],
      [
        "peers come without a key",
        'if (keyId === undefined) return drop("authentication-required");\n    const { from, fromPort',
        "const { from, fromPort",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/reply-socket.ts",
    ["test/host/reply-socket.test.ts"],
    [
      ["another program may take the port of a server that has answered", "  lets(0);", ""],
      [
        "requests come in where replies leave",
        "if (libc.connect(fd, own, size) === 0) return fd;",
        "if (own.byteLength === size) return fd;",
      ],
    ],
  ),
  ...mutantsOf(
    "yang/ntpconfd-ntp-deviations",
    ["test/conformance/ntpconfd-ntp.test.ts"],
    [
      [
        "weak algorithms need nobody's leave",
        "../../nd:weak-algorithms-enabled = 'true'",
        "../../nd:weak-algorithms-enabled != ''",
      ],
      ["a password may be short", 'string-length(.) >= 12"', 'string-length(.) >= 2"'],
    ],
  ),
];
