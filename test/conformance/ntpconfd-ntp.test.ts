// Our own modules: every rule lets its good example through and refuses the bad one, in words that
// a person can act on; and what would change the machine is not there.

import { describe, expect, test } from "vitest";
import type { RpcFault } from "../../src/base/index.ts";
import { readData } from "../../src/data/index.ts";
import { validateTree } from "../../src/datastore/index.ts";
import { isXmlFault, parseXml } from "../../src/xml/index.ts";
import {
  childNamed,
  compile,
  type DataParent,
  type DataSchemaNode,
  moduleNamed,
  type Schema,
  type Statement,
} from "../../src/yang/index.ts";
import {
  configWith,
  type Example,
  mustExamples,
  refusedByType,
  typeExamples,
} from "./deviation-examples.ts";
import { finderOf, moduleFiles, ourFolder } from "./module-files.ts";

const { schema, diagnostics } = compile(
  {
    implement: [
      ...["ietf-ntp", "ntpconfd-ntp", "ietf-interfaces", "iana-if-type", "ietf-ip"],
      ...["ietf-system", "ietf-netconf-acm"],
    ].map((name) => ({ name })),
    deviations: ["ntp", "system", "ip"].map((name) => `ntpconfd-${name}-deviations`),
    features: new Map([["ietf-system", new Set(["authentication", "local-users"])]]),
    otherFeatures: "all",
  },
  finderOf(moduleFiles(ourFolder)),
);

/** All that is wrong with a configuration, as it is read and as a whole. */
function faultsOf(inside: string): readonly RpcFault[] {
  const root = parseXml(configWith(inside));
  if (isXmlFault(root)) throw new Error(root.message);
  const { tree, faults } = readData(root.children, schema, { type: "config" });
  return faults.length > 0 ? faults : validateTree(tree, schema);
}

test("the modules compile", () => {
  expect(diagnostics).toEqual([]);
});

describe("every must", () => {
  test.each(mustExamples)("$about", ({ accepted, refused, message, node }) => {
    expect(faultsOf(accepted)).toEqual([]);
    const faults = faultsOf(refused);
    expect(faults.map((fault) => fault.message)).toEqual([message]);
    expect(faults.map(({ tag, appTag }) => [tag, appTag])).toEqual([
      ["operation-failed", "must-violation"],
    ]);
    expect(schemaPathOf(faults[0]?.path?.text ?? "")).toBe(node.replace(/\/key-string.*\//, "/"));
  });

  test("has an example", () => {
    const known = mustExamples.map(({ node, message }) => `${node}: ${message}`);
    const rules = ["ntpconfd-ntp", "ntpconfd-ntp-deviations"].flatMap((name) =>
      rulesOf(moduleNamed(schema, name)?.statement),
    );
    expect(rules.length).toBeGreaterThan(20);
    expect(new Set(known)).toEqual(new Set(rules));
  });
});

/** An error-path without keys and prefixes. */
function schemaPathOf(path: string): string {
  return path.replace(/\[[^\]]*\]/g, "").replace(/\/[^/:]+:/g, "/");
}

/** The musts of a module, each as the node that has it and its message. */
function rulesOf(statement: Statement | undefined, path = ""): readonly string[] {
  return (statement?.substatements ?? []).flatMap((sub) => {
    const argument = sub.argument ?? "";
    if (sub.keyword === "must") {
      const message = sub.substatements.find(({ keyword }) => keyword === "error-message");
      return [`${path}: ${message?.argument}`];
    }
    if (sub.keyword === "deviation" || sub.keyword === "augment") {
      return rulesOf(sub, schemaPathOf(argument));
    }
    const isNode = ["container", "list", "leaf", "refine"].includes(sub.keyword);
    return rulesOf(sub, isNode ? `${path}/${argument}` : path);
  });
}

describe("the types", () => {
  const check = ({ accepted, refused, message }: Omit<Example, "node">): void => {
    expect(faultsOf(accepted)).toEqual([]);
    const faults = faultsOf(refused);
    expect(faults.map(({ tag }) => tag)).toEqual(["invalid-value"]);
    expect(faults[0]?.message).toContain(message);
  };
  test.each(typeExamples)("$about", check);

  test.each(refusedByType)("RFC 9249 refuses %s", (refused) => {
    expect(faultsOf(refused).map(({ tag }) => tag)).toEqual(["invalid-value"]);
  });
});

describe("a whole configuration", () => {
  test("opening the gate lets MD5 in, and shutting it finds the key that is there", () => {
    const md5 = mustExamples.find(({ about }) => about.startsWith("ntp:md5 while"));
    expect(faultsOf(md5?.accepted ?? "")).toEqual([]);
    const shut = (md5?.accepted ?? "").replace("enabled>true<", "enabled>false<");
    expect(faultsOf(shut).map(({ message }) => message)).toEqual([md5?.message]);
  });

  test("all that is wrong with a key is said at once", () => {
    const faults = faultsOf(
      "<authentication><authentication-keys><keyid>1</keyid><algorithm>ntp:md5</algorithm>" +
        "<key><keystring>-</keystring></key></authentication-keys></authentication>",
    );
    expect(faults.map(({ message }) => message.replace(/[:,].*/, "")).sort()).toEqual([
      "MD5 and SHA-1 are weak",
      "keystring has no digit",
      "keystring has no lower-case letter",
      "keystring has no upper-case letter",
      "keystring is shorter than 12 characters",
    ]);
  });

  test.each([
    ["ietf-ntp:authentication", "ntpconfd-ntp:weak-algorithms-enabled", "false"],
    ["ietf-ntp:authentication", "ntpconfd-ntp:complexity-check", "true"],
    ["ntpconfd-ntp:max-dynamic-sessions", "100"],
  ])("defaults: %s %s %s", (...said) => {
    const leaf = nodeAt(schema, "ietf-ntp:ntp", ...said.slice(0, -1));
    expect(leaf?.kind === "leaf" ? leaf.default : undefined).toBe(said.at(-1));
  });
});

/** The data node that "module:name" steps lead to. */
function nodeAt(from: Schema, ...steps: readonly string[]): DataSchemaNode | undefined {
  let parent: Schema | DataParent = from;
  let node: DataSchemaNode | undefined;
  for (const step of steps) {
    const [module = "", name = ""] = step.split(":");
    node = childNamed(parent, moduleNamed(from, module)?.namespace, name);
    if (node?.kind !== "container" && node?.kind !== "list") return node;
    parent = node;
  }
  return node;
}

describe("the schema that is served", () => {
  const system = "ietf-system:system";
  const interface_ = ["ietf-interfaces:interfaces", "ietf-interfaces:interface"];

  test.each([
    [[system, "ietf-system:hostname"]],
    [[system, "ietf-system:clock"]],
    [[system, "ietf-system:dns-resolver"]],
    [[...interface_, "ietf-ip:ipv4"]],
    [[...interface_, "ietf-ip:ipv6"]],
  ])("%j is not there", (steps) => {
    expect(nodeAt(schema, ...steps.slice(0, -1))).toBeDefined();
    expect(nodeAt(schema, ...steps)).toBeUndefined();
  });

  test("the host is neither restarted nor shut down; its time may be asked for", () => {
    const names = schema.rpcs.map(({ name }) => name);
    expect(names).toContain("set-current-datetime");
    expect(names).not.toContain("system-restart");
    expect(names).not.toContain("system-shutdown");
  });

  test("keys are kept from everybody whom no rule lets in", () => {
    const key = ["ntp", "authentication", "authentication-keys", "key"].map((n) => `ietf-ntp:${n}`);
    expect(nodeAt(schema, ...key)?.defaultDeny).toBe("all");
    expect(nodeAt(schema, ...key, "ietf-ntp:keystring")?.defaultDeny).toBe("all");
    expect(nodeAt(schema, ...key, "ietf-ntp:hexadecimal-string")?.defaultDeny).toBe("all");
    expect(nodeAt(schema, ...key, "ntpconfd-ntp:cipher-string")?.defaultDeny).toBe("all");
    expect(nodeAt(schema, ...key.slice(0, -1), "ietf-ntp:keyid")?.defaultDeny).toBeUndefined();
  });

  test("the modules that are changed say by whom", () => {
    const changed = schema.modules.filter(({ deviations }) => deviations.length > 0);
    expect(changed.map(({ name }) => name).sort()).toEqual(["ietf-ip", "ietf-ntp", "ietf-system"]);
  });
});
