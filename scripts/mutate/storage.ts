import { type Mutant, mutantsOf } from "./mutant.ts";

const faultsTest = "test/datastore/faults.test.ts";
const datastoresTest = "test/datastore/datastores.test.ts";
const modelTest = "test/datastore/model.test.ts";
const operationsTest = "test/netconf/operations.test.ts";

/** What a commit does, in which order, and what lies on the disk after it. */
export const storage: readonly Mutant[] = [
  ...mutantsOf(
    "src/datastore/datastores.ts",
    [datastoresTest, faultsTest, modelTest, operationsTest],
    [
      [
        "what is not valid is committed",
        "const next = this.#candidate;\n    this.#check(next);",
        "const next = this.#candidate;",
      ],
      [
        "running is edited while it is locked",
        'this.#locks.refuseOthers("running", session);\n    this.#locks.refuseOthers("candidate"',
        'this.#locks.refuseOthers("candidate"',
      ],
      [
        "a locked candidate is committed",
        '    this.#locks.refuseOthers("candidate", session);\n    admit(',
        "    admit(",
      ],
      [
        "memory changes before the disk does",
        "    try {\n      if (this.#storedRunning !== undefined) persist(this.#storedRunning, changes);",
        "    this.#running = next;\n    try {\n      if (this.#storedRunning !== undefined) persist(this.#storedRunning, changes);",
      ],
      ["a disk that fails leaves subscribers ready", "      prepared?.abort();\n", ""],
      [
        "a disk that failed is trusted again",
        "      this.#storedRunning?.distrust(this.#pending !== undefined);\n",
        "",
      ],
      ["what there was before a confirmed commit is not kept", "kept.keepRollback(before);", ""],
      [
        "a confirmed commit is undone although it was confirmed",
        "if (confirmed === undefined && pending !== undefined) kept.forgetRollback();",
        "",
      ],
      [
        "startup is changed in memory alone",
        "    this.#storedStartup?.write(next);\n    this.#startup = next;",
        "    this.#startup = next;",
      ],
      [
        "subscribers hear of a commit before it is kept",
        "    const prepared = changes.length === 0 ? undefined : prepareAll(this.#subscribers, change);",
        "    const prepared = changes.length === 0 ? undefined : prepareAll(this.#subscribers, change);\n    prepared?.apply();",
      ],
      [
        "a modified candidate is locked",
        'if (isFree && name === "candidate" && this.candidateModified) {',
        'if (isFree && name === "candidate" && this.#candidateEditor < 0) {',
      ],
      [
        "a session's edits under its lock outlive it",
        'if (this.#locks.freeAll(session).includes("candidate")) this.#discard();',
        "this.#locks.freeAll(session);",
      ],
    ],
  ),
  ...mutantsOf(
    "src/datastore/subscriber.ts",
    [datastoresTest],
    [
      [
        "who was ready stays so when another refuses",
        "for (const prepared of ready.toReversed()) prepared.abort();",
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/datastore/confirmed-commit.ts",
    [datastoresTest, modelTest],
    [
      [
        "any persist-id confirms",
        "if (persistId !== undefined && persistId !== pending?.persist) {",
        "if (persistId !== undefined && pending === undefined) {",
      ],
      [
        "a persistent commit is confirmed without its id",
        "if (pending.persist !== undefined) {",
        "if (pending.persist === persistId) {",
      ],
      ["another session confirms", "if (pending.owner !== session) {", "if (pending.owner < 0) {"],
      [
        "a follow-up is what is gone back to",
        "before: pending?.before ?? running,",
        "before: running,",
      ],
      [
        "a session leaves its confirmed commit behind",
        "return pending.persist === undefined ? undefined : { ...pending, owner: NO_SESSION };",
        "return { ...pending, owner: NO_SESSION };",
      ],
    ],
  ),
  ...mutantsOf(
    "src/datastore/stored.ts",
    [faultsTest],
    [
      [
        "an unconfirmed commit boots after a crash",
        "    if (rollback !== undefined) {\n      check(rollback);",
        "    if (rollback !== undefined && number < 0) {\n      check(rollback);",
      ],
      [
        "a journal is not cut when the snapshot is made anew",
        "this.#generation + 1);",
        "this.#generation);",
      ],
      [
        "changes are not kept",
        "      onDisk(JOURNAL, () => this.#storage.append(JOURNAL, record));\n",
        "",
      ],
      [
        "a full disk is passed over",
        '    throw new RpcError({ type: "application", tag: "resource-denied", message });',
        "    void message;",
      ],
      [
        "what is on disk is always trusted",
        "if (!this.#isTrusted || (isLong && changes.length > 0)) {",
        "if (isLong && changes.length > 0) {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/datastore/journal.ts",
    [faultsTest],
    [
      [
        "records of another snapshot are replayed",
        "if (record.generation !== generation) continue;",
        "",
      ],
      ["a torn record is replayed", " || checksum(body) !== sum) return", ") return"],
    ],
  ),
  ...mutantsOf(
    "src/datastore/kept-file.ts",
    [faultsTest],
    [
      [
        "a damaged file that still is XML boots",
        "if (sum !== undefined && sum !== checksum(bytes.subarray(0, bytes.length - SEAL_LENGTH))) {",
        "if (sum === checksum(new Uint8Array())) {",
      ],
      [
        "no copy is kept",
        "this.#attempt(() => this.#storage.write(this.#name + COPY, bytes));\n    return { length",
        "true;\n    return { length",
      ],
      [
        "what is damaged is thrown away",
        "if (aside && first.bytes) this.#storage.write(this.#name + DAMAGED, first.bytes);",
        "",
      ],
      [
        "a damaged file without a copy is an empty one",
        'if (first.kind === "damaged") throw first.fault;',
        "",
      ],
      [
        "what is deleted comes back from its copy",
        "    this.#storage.remove(this.#name + COPY);\n",
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/storage.ts",
    ["test/host/storage.test.ts", "test/host/power-cut.test.ts"],
    [
      [
        "a file is not synced before it is renamed",
        "this.#calls.fsyncSync(file);\n        });",
        "});",
      ],
      [
        "what is appended is not synced",
        "this.#writeAll(file, bytes);\n          this.#calls.fsyncSync(file);\n        } catch",
        "this.#writeAll(file, bytes);\n        } catch",
      ],
      [
        "a renamed file's folder is not synced",
        "      // still bring the old file back: both are whole.\n      this.#syncDirectory();",
        "      // still bring the old file back: both are whole.",
      ],
      ["half an append is left", "this.#calls.ftruncateSync(file, before);", ""],
      ["files are for everybody", "const privateFile = 0o600;", "const privateFile = 0o644;"],
      [
        "the state directory is for everybody",
        "const privateDirectory = 0o700;",
        "const privateDirectory = 0o755;",
      ],
      [
        "a file is written where it is",
        "this.#calls.renameSync(temporary, path);",
        'this.#withFile(path, "w", (file) => this.#writeAll(file, bytes));',
      ],
    ],
  ),
];
