import { type Mutant, mutantsOf } from "./mutant.ts";

/** Where secrets may be seen, and who is let in. */
export const secrets: readonly Mutant[] = [
  ...mutantsOf(
    "src/agent/key-vault.ts",
    ["test/agent/key-vault.test.ts"],
    [
      [
        "all is sealed with one nonce",
        "const nonce = this.#random.bytes(nonceLength);",
        "const nonce = new Uint8Array(nonceLength);",
      ],
      [
        "another way to write a sealed text opens",
        "return encodeBase64(bytes) === text ? bytes : undefined;",
        "return bytes;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/datastore/sealed-form.ts",
    ["test/datastore/faults.test.ts"],
    [
      [
        "secrets lie on the disk in clear",
        'if (schema.defaultDeny === "all") return true;',
        'if (schema.defaultDeny === "all") return false;',
      ],
      [
        "lists with a secret key lie on the disk in clear",
        'return schema.kind === "list" && schema.keys.some((key) => key.defaultDeny === "all");',
        "return false;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/datastore/journal.ts",
    ["test/datastore/faults.test.ts"],
    [
      [
        "secrets lie in the journal in clear",
        'return form.holds(last) || last.defaultDeny === "all";',
        "return false;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/agent/password-arrival.ts",
    ["test/agent/agent.test.ts", "test/agent/secrecy.test.ts"],
    [
      [
        "passwords are kept in clear",
        "if (!leaf.value.startsWith(clear)) return leaf;",
        "return leaf;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/crypt.ts",
    ["test/host/crypt.test.ts"],
    [
      [
        "a password of any hash is checked for minutes",
        "if (rounds !== undefined && Number(rounds) > maxRounds) return false;",
        "",
      ],
      [
        "any password is right",
        "timingSafeEqual(made, wanted);",
        "(timingSafeEqual(made, wanted) || true);",
      ],
      [
        "a hash of no known form lets everybody in",
        "return made.length > 0 && made.length === wanted.length &&",
        "return made.length === 0 || made.length === wanted.length &&",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/ip-address.ts",
    ["test/host/guesses.test.ts"],
    [
      [
        "an IPv6 network has as many tries as addresses",
        ".slice(0, 4).join(",
        ".slice(0, 8).join(",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/arrivals.ts",
    ["test/host/arrivals.test.ts"],
    [
      [
        "an IPv6 network has as many connections as addresses",
        "const network = networkOf(host);",
        "const network = host;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/guesses.ts",
    ["test/host/guesses.test.ts"],
    [
      [
        "guessing costs nothing",
        "if (guesser === undefined || guesser.refusals < free) return 0;",
        "return 0;",
      ],
      [
        "who guesses is remembered without end",
        "if (this.#guessers.size > this.#limits.addresses && oldest !== undefined) {",
        "if (oldest === undefined) {",
      ],
      [
        "who has waited long enough is looked at at once",
        "if (at - now > queueMs) return undefined;",
        "",
      ],
      [
        "refusals are not counted",
        "if (found === undefined) this.refused",
        "if (false) this.refused",
      ],
      [
        "a burst is looked at before the first of it is refused",
        "left > 0 && looks.underWay >= left ? looks : undefined",
        "left < 0 ? looks : undefined",
      ],
      [
        "who gets in as himself guesses at others",
        "this.#remember(knownKey(address, user), {",
        "this.#remember(networkOf(address), {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/login.ts",
    ["test/host/login.test.ts"],
    [
      [
        "signatures that are wrong are not counted",
        "      this.#options.guesses.refused(this.#address, context.username);\n",
        "",
      ],
      [
        "an account without a password takes any",
        "return usable && matches && hash !== undefined ? account : undefined;",
        "return usable && (matches || hash === undefined) ? account : undefined;",
      ],
      [
        "who does not exist is refused at once",
        "const matches = await checkPassword(tried, hash ?? nobodysHash);",
        "const matches = hash !== undefined && (await checkPassword(tried, hash));",
      ],
      [
        "a key that is known needs no signature",
        'if (signature === undefined || blob === undefined) {\n      context.accept();\n      return { kind: "undecided" };',
        'if (signature === undefined || blob === undefined) {\n      context.accept();\n      return { kind: "accepted", account, method: context.method };',
      ],
      ["a wrong signature is right", "if (valid !== true) {", "if (valid === undefined) {"],
      [
        "any key lets in",
        "if (account === undefined || known !== true || weak || key === undefined) {",
        "if (account === undefined || weak || key === undefined) {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/ssh.ts",
    ["test/host/ssh.test.ts"],
    [
      [
        "one connection guesses for ever",
        "if (login.refusals >= refusalsMax) socket.destroy();",
        "",
      ],
      ["weak ciphers are taken", '    "aes256-ctr",\n', '    "aes256-ctr",\n    "aes128-cbc",\n'],
    ],
  ),
  ...mutantsOf(
    "src/host/tls.ts",
    ["test/host/tls.test.ts"],
    [
      ["revoked certificates let in", "      crl: [...settings.revocationLists],\n", ""],
      [
        "certificates of nobody known let in",
        "if (!socket.authorized) {",
        "if (chain.length > 9) {",
      ],
      [
        "issuers are gone by their names alone",
        "if (below !== undefined && !below.verify(certificate.publicKey)) break;",
        "",
      ],
      [
        "old versions of TLS are spoken",
        "minVersion: settings.minimumVersion,",
        'minVersion: "TLSv1",',
      ],
      [
        "a certificate makes somebody the recovery user",
        'recovery: false, host, transport: "netconf-tls"',
        'recovery: true, host, transport: "netconf-tls"',
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/revocation-list.ts",
    ["test/host/tls.test.ts"],
    [
      [
        "what only says what changed is taken for a list",
        'if (list.isDelta) throw new Error("it is a delta list, which says only what has changed");',
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/listeners.ts",
    ["test/host/listeners.test.ts"],
    [
      [
        "a listener opens without an identity",
        "!isUsable(one.transport.identity, tls)",
        "one.transport.identity === undefined",
      ],
      ["two listeners have one port", "if (next.has(key)) {", "if (key === undefined) {"],
    ],
  ),
  ...mutantsOf(
    "src/host/arrivals.ts",
    ["test/host/ssh.test.ts"],
    [
      [
        "connections that do not log in are without number",
        "if (own >= unauthenticatedMax || this.#waitingAll >= 2 * unauthenticatedMax) {",
        "if (own < 0) {",
      ],
      [
        "connections that do not log in stay",
        "setTimeout(() => socket.destroy(), loginTimeoutMs);",
        "setTimeout(() => {}, loginTimeoutMs);",
      ],
    ],
  ),
  ...mutantsOf(
    "src/data/faults.ts",
    ["test/agent/secrecy.test.ts"],
    [
      [
        "error messages repeat secrets",
        "const rule = holdsSecret(place) ?",
        "const rule = false ?",
      ],
      [
        "error messages repeat keys",
        'if (schema.defaultDeny === "all") return true;',
        'if (schema.defaultDeny === "write") return true;',
      ],
      ["error messages repeat passwords", '"iana-crypt-hash:crypt-hash"', '"none:none"'],
    ],
  ),
  ...mutantsOf(
    "src/host/record/record-file.ts",
    ["test/host/replay.test.ts"],
    [
      [
        "records are in clear",
        "const sealed = [sealer.update(serialize(entries)), sealer.final(), sealer.getAuthTag()];",
        "const sealed = [serialize(entries), sealer.final(), sealer.getAuthTag()];",
      ],
      ["records are for everybody", '"a+", 0o600)', '"a+", 0o644)'],
      [
        "all records have one key",
        "this.#key = random.bytes(keyLength);",
        "this.#key = new Uint8Array(keyLength);",
      ],
      [
        "the key of a record is in clear",
        "vault.seal(this.#key)",
        'Buffer.from(this.#key).toString("base64")',
      ],
      ["all lines have one nonce", "nonceOf(this.#line++)", "nonceOf(0)"],
      ["a line may be anywhere", "nonceOf(number));", "nonceOf(0));"],
      [
        "a run that goes on behind a torn line is lost",
        "if (!endsWhole(this.#file)) ",
        "if (false) ",
      ],
      [
        "an altered line is left out",
        ': { kind: "entries", entries: deserialize(plain) };',
        ': { kind: "torn" };',
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/record/recorder.ts",
    ["test/host/replay.test.ts"],
    [
      [
        "a record that cannot be written ends the agent",
        "this.#writer.close();\n      this",
        "throw error;\n      this",
      ],
      ["answers of doors are not recorded", "this.#answers.push(answer);", ""],
      ["effects are not recorded", "this.#deeds.push(effectDeed(effect));", ";"],
    ],
  ),
  ...mutantsOf(
    "src/host/record/playback.ts",
    ["test/host/replay.test.ts"],
    [
      [
        "effects are not compared",
        "if (was?.what === is?.what && was?.sum === is?.sum) continue;",
        "continue;",
      ],
      ["content of effects is not compared", " && was?.sum === is?.sum", ""],
      [
        "errors of doors do not come again",
        'if ("thrown" in answer) throw errorOf(answer.thrown);',
        "",
      ],
      [
        "a door may be asked out of turn",
        "if (answer?.door !== door) {",
        "if (answer === undefined) {",
      ],
    ],
  ),
  ...mutantsOf(
    "src/host/state-lock.ts",
    ["test/host/storage.test.ts"],
    [
      [
        "two agents have one state directory",
        "if (isAlive(holder) || attempt > 10) throw",
        "if (attempt > 10) throw",
      ],
    ],
  ),
];
