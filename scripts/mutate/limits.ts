import { type Mutant, mutantsOf } from "./mutant.ts";

const boundsTest = "test/netconf/bounds.test.ts";
const sessionTest = "test/netconf/session.test.ts";

/** What anybody can send at most. */
export const limits: readonly Mutant[] = [
  ...mutantsOf(
    "src/netconf/server.ts",
    [sessionTest],
    [
      [
        "sessions are without number",
        "if (this.#sessions.size >= sessions) {",
        "if (this.#sessions.size < 0) {",
      ],
      [
        "what waits is without number",
        'if (session.phase !== "closed" && session.reader.overflows()) {',
        'if (session.phase === "hello" && session.reader.overflows()) {',
      ],
      [
        "the sessions of one user hold what each of them may",
        "return held > 2 * this.#limits.messageOctets;",
        "return held < 0;",
      ],
      [
        "sessions stay idle for ever",
        "if (deadline === undefined || deadline > at) continue;",
        "if (deadline !== undefined) continue;",
      ],
      [
        "notifications wait without number",
        "if (session.waiting() > this.#limits.waitingNotifications) {",
        "if (session.waiting() < 0) {",
        "test/netconf/notifications.test.ts",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/framing.ts",
    ["test/netconf/framing.test.ts", sessionTest, "test/fuzz/fuzz.test.ts"],
    [
      [
        "chunks make messages of any length",
        "if (this.#body.length + this.#size > this.#octetsMax) return this.#tooBig();",
        "",
      ],
      [
        "messages of any length end with ]]>]]>",
        "if (this.#body.length - this.#matched > this.#octetsMax) this.#fail(this.#tooBig());",
        "",
      ],
      [
        "a chunk of any size is waited for",
        'if (this.#size > CHUNK_SIZE_MAX) return "a chunk size is above 4294967295";',
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/xml/parse.ts",
    [boundsTest, "test/xml/parse.test.ts"],
    [
      [
        "document types are read",
        'throw new Refusal("a document type declaration is not allowed");',
        "",
      ],
      [
        "elements lie as deep as they like",
        "if (this.#open.length >= this.#limits.depth) {",
        "if (this.#open.length < 0) {",
      ],
      ["what is not well-formed is read", "throw new Refusal(error.message);", "void error;"],
      [
        "a message has elements without number",
        "if (this.#parts > this.#limits.parts) {",
        "if (this.#parts < 0) {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/base/rpc-error.ts",
    [boundsTest],
    [
      [
        "mistakes are looked for without end",
        "return faults.length >= FAULTS_MAX;",
        "return faults.length < 0;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/xml/plain.ts",
    ["test/xml/plain.test.ts"],
    [
      [
        "what is plain has elements without number",
        " || ++this.#parts > this.#limits.parts) return undefined;\n    const text",
        ") return undefined;\n    const text",
      ],
    ],
  ),
  ...mutantsOf(
    "src/yang/xpath-compile.ts",
    [boundsTest],
    [["filters cost what they like", "10_000_000;", "200_000_000;"]],
  ),
  ...mutantsOf(
    "src/yang/xpath-compile.ts",
    ["test/netconf/subscriptions.test.ts"],
    [
      [
        "a thousand filters cost what each of them may",
        "if (allowance !== undefined) allowance.left -= limit - evaluation.left;",
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/filter-work.ts",
    [boundsTest],
    [
      ["subtree filters cost what they like", "allowance.left -= nodes * SUBTREE_WEIGHT;", ""],
      [
        "each request may cost what all may",
        "if (known !== undefined) {",
        "if (known !== undefined && known.left < 0) {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/push.ts",
    ["test/netconf/subscriptions.test.ts"],
    [["updates wait without number", "return this.#waiting >= WAITING_MAX;", "return false;"]],
  ),
  ...mutantsOf(
    "src/netconf/partial-locks.ts",
    [boundsTest],
    [["partial locks are without number", "const LOCKS_MAX = 100;", "const LOCKS_MAX = 1e9;"]],
  ),
  ...mutantsOf(
    "src/yang/parser.ts",
    ["test/yang/bounds.test.ts"],
    [["modules are as deep as they like", "const DEPTH_MAX = 200;", "const DEPTH_MAX = 1e9;"]],
  ),
];
