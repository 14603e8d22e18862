import { type Mutant, mutantsOf } from "./mutant.ts";

const accessTest = "test/netconf/access.test.ts";
const secrecyTest = "test/agent/secrecy.test.ts";

/** Who may do what (RFC 8341), and what refusals tell; locks of datastores and parts of them. */
export const access: readonly Mutant[] = [
  ...mutantsOf(
    "src/netconf/access-control.ts",
    [accessTest],
    [
      [
        "what is denied to all by default is read and written",
        'if (schema.defaultDeny === "all") return false;',
        "",
      ],
      [
        "what is denied to writers by default is written",
        'return schema.defaultDeny === "write" ? false : this.#rules.permitsWrite;',
        "return this.#rules.permitsWrite;",
      ],
      [
        "operations that are denied by default are carried out",
        "(isBase && DENIED_BY_DEFAULT.has(name))) return false;",
        "(isBase && DENIED_BY_DEFAULT.has(name))) return true;",
      ],
      [
        "rules of an instance say the contrary",
        "if (matchesInstance(subject.path, instance)) return permits;",
        "if (matchesInstance(subject.path, instance)) return !permits;",
      ],
      [
        "rules are never read again",
        "if (nacm === this.#source) return;",
        "if (this.#source !== undefined) return;",
      ],
      ["what a user was allowed once he is allowed for ever", "    this.#users.clear();\n", ""],
      [
        "rules hold for all operations, whichever they name",
        "(operations === undefined || operations.has(operation))",
        "true",
      ],
      [
        "rules hold for all modules",
        "return names(module, of) && (operations",
        "return (operations",
      ],
      [
        "a rule for one list entry holds for all",
        "if (subject.path?.hasKeys !== true) return otherwise(rule.permits);",
        "return otherwise(rule.permits);",
      ],
      [
        "everybody is the recovery user",
        "if (peer.recovery) return undefined;",
        "if (peer.recovery || peer.user !== undefined) return undefined;",
      ],
      [
        "notifications that are denied to all by default are told",
        'return schema.defaultDeny === "all" ? false : this.#rules.permitsRead;',
        "return this.#rules.permitsRead;",
      ],
      [
        "what may be neither read nor written is not hidden",
        "return !isSeen && !writes.every((action) => access.mayWrite(action, path));",
        "return false;",
        accessTest,
        secrecyTest,
      ],
      [
        "state names what its reader may not see",
        'if (!namesInstances(schema) || type.base !== "instance-identifier") return true;',
        "if (type !== undefined) return true;",
      ],
      [
        "actions are called on what cannot be seen",
        "if (access.maySee(steps)) continue;",
        "if (steps.length > 0) continue;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/operations.ts",
    [accessTest, secrecyTest],
    [
      ["nobody asks whether an operation is allowed", "control.checkOperation(access, known);", ""],
      [
        "nobody asks whether an action is allowed",
        "control.checkOperation(access, { module: module.name, name, schema: action.schema });",
        "",
      ],
      [
        "refusals tell of what cannot be read",
        "throw discreet(refusal, access, schema);",
        "throw refusal;",
      ],
      [
        "what cannot be read is copied",
        "withReadableChildren(datastores.read(from), undefined, access)\n        : from;",
        "datastores.read(from)\n        : from;",
      ],
      [
        "what cannot be read is written to a file",
        "withReadableChildren(datastores.read(from), undefined, access)\n        : datastores.received(from);",
        "datastores.read(from)\n        : datastores.received(from);",
        "test/netconf/url.test.ts",
        secrecyTest,
      ],
      [
        "copies ask for no permission",
        "datastores.copy(readable, target, session, at, authorize);",
        "datastores.copy(readable, target, session, at);",
      ],
      [
        "commits ask for no permission",
        "datastores.commit(request, session, at, authorize);",
        "datastores.commit(request, session, at);",
      ],
      [
        "edits ask for no permission",
        "const authorize = control.authorize(access);",
        "const authorize = undefined;",
      ],
      [
        "partial locks hold nobody back",
        "write(guards === undefined ? authorize : partialLocks.guard(guards, authorize));",
        "write(authorize);",
        "test/netconf/partial-lock.test.ts",
      ],
      [
        "running is locked where parts of it are",
        'if (operation.target === "running") partialLocks.refuseGlobalLock();',
        "",
        "test/netconf/partial-lock.test.ts",
      ],
      [
        "a session kills itself",
        "if (session === caller.session) {",
        "if (session === -1) {",
        "test/netconf/session.test.ts",
        "test/netconf/operations.test.ts",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/read.ts",
    [accessTest, secrecyTest],
    [
      [
        "subtree filters select what cannot be read",
        "selectSubtree(shown, compiled, access, levels, allowance)",
        "selectSubtree(shown, compiled, undefined, levels, allowance)",
      ],
      [
        "XPath filters see what cannot be read",
        "const readable = withReadableChildren(shown, undefined, access);",
        "const readable = shown;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/locked-places.ts",
    ["test/netconf/partial-lock.test.ts"],
    [
      [
        "what is locked below is in nobody's way",
        "end !== undefined ? end.#within(counts) : held;",
        "end === undefined ? end : held;",
      ],
      [
        "a lock holds for the node alone, not for what is below it",
        "for (const place of this.#along(path)) {",
        "for (const place of this.#along(path).slice(path.length)) {",
      ],
      [
        "what frees one lock frees its neighbours",
        "if (place.#holders.size + place.#below.size > 0) return;",
        "",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/partial-locks.ts",
    ["test/netconf/partial-lock.test.ts", secrecyTest],
    [
      [
        "partial locks select what cannot be read",
        "withReadableChildren(running, undefined, access)",
        "running",
      ],
      [
        "a partial lock is taken twice",
        "touching(node, (lock) => lock.session !== session)",
        "touching(node, () => false)",
      ],
      [
        "partial locks outlive their session",
        "if (lock.session === session) this.#free(lock);",
        "",
      ],
      ["what was locked in part stays so", "this.#places.remove(node, lock);", ""],
      ["others open a partial lock", "?.session !== session) {", " === undefined) {"],
    ],
  ),
  ...mutantsOf(
    "src/netconf/event-view.ts",
    [accessTest],
    [
      [
        "events are told to whom they are denied",
        "if (!control.mayReceive(access, event.schema)) return undefined;",
        "",
      ],
      [
        "events name what their reader may not see",
        "access === undefined ? event : toldOf(event, access);",
        "event;",
      ],
      [
        "filters of events ask about what their reader may not see",
        "return selects(heard, work.of(peer.user, at)) ? heard : undefined;",
        "return selects(event, work.of(peer.user, at)) ? heard : undefined;",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/dynamic-subscriptions.ts",
    ["test/netconf/subscriptions.test.ts", accessTest],
    [
      [
        "updates hold what cannot be read",
        "return reader.select(request, at, access.of(peer), allowance);",
        "return reader.select(request, at, undefined, allowance);",
      ],
    ],
  ),
  ...mutantsOf(
    "src/netconf/base-notifications.ts",
    [secrecyTest],
    [
      [
        "events name what is secret",
        "if (end < 0 || change.path.length === 1) return [change];",
        "if (end < 99) return [change];",
      ],
    ],
  ),
  ...mutantsOf(
    "src/datastore/lock.ts",
    ["test/netconf/operations.test.ts", "test/datastore/model.test.ts"],
    [
      [
        "locks hold nobody back",
        "if (holder === undefined || holder === session) return;",
        "if (holder !== -1) return;",
      ],
      [
        "a lock is taken twice",
        "if (holder !== undefined) throw lockDenied(",
        "if (holder === -1) throw lockDenied(",
      ],
      ["locks outlive their session", "for (const [name] of held) this.#holders.delete(name);", ""],
      [
        "others open a lock",
        "if (holder === session) {\n      this.#holders",
        "if (holder !== -1) {\n      this.#holders",
      ],
    ],
  ),
  ...mutantsOf(
    "src/cli/host-key.ts",
    ["test/cli/host-key.test.ts"],
    [
      ["any host key will do", "        return false;\n      },", "        return true;\n      },"],
      [
        "a host key that changed is kept like a new one",
        'if ("recorded" in knowledge) throw new CallFault(refusal(where, key, knowledge));',
        "",
      ],
      [
        "every host is taken for the loopback",
        "!this.#words.acceptNew && isLoopback(this.#place.host)",
        "!this.#words.acceptNew",
      ],
    ],
  ),
  ...mutantsOf(
    "src/cli/known-hosts.ts",
    ["test/cli/host-key.test.ts"],
    [
      ["a revoked key is known", "if (revoked !== undefined)", "if (revoked === lines[-1])"],
      [
        "a key of a host that has another is new",
        'recorded === undefined ? { kind: "unknown" }',
        'true ? { kind: "unknown" }',
      ],
    ],
  ),
];
