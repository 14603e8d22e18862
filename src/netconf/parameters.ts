import type { RpcError } from "../base/index.ts";
import type { DatastoreName } from "../datastore/index.ts";
import { type Element, isBlank } from "../xml/index.ts";
import { fileOf } from "./file-url.ts";
import { BASE, DATASTORES, NMDA, ORIGIN, WITH_DEFAULTS, YANG } from "./names.ts";
import type { Content, DefaultsMode, Filter, Source, Target } from "./operation.ts";
import { protocolError } from "./reply.ts";

/**
 * The parameters of one operation: any order, each at most once, none that is not known (RFC 7950
 * sections 7.14.4 and 8.3.1).
 */
export class Parameters {
  readonly #operation: Element;
  readonly #found = new Map<string, Element>();
  readonly #repeated = new Map<string, readonly Element[]>();

  /** `repeated`: names of leaf-lists. */
  constructor(operation: Element, known: readonly string[], repeated: readonly string[] = []) {
    this.#operation = operation;
    for (const child of operation.children) {
      const isList = repeated.includes(child.name);
      if (!isList && !known.includes(child.name)) throw unknownParameter(child, operation);
      if (!isOurs(child, operation)) throw foreignNamespace(child, operation);
      if (isList) {
        this.#repeated.set(child.name, [...this.all(child.name), child]);
        continue;
      }
      if (this.#found.has(child.name)) {
        throw protocolError("bad-element", `<${child.name}> is given twice in ${of(operation)}`, {
          info: [{ name: "bad-element", value: child.name }],
        });
      }
      this.#found.set(child.name, child);
    }
  }

  has(name: string): boolean {
    return this.#found.has(name);
  }

  element(name: string): Element | undefined {
    return this.#found.get(name);
  }

  /** All entries of a leaf-list. */
  all(name: string): readonly Element[] {
    return this.#repeated.get(name) ?? [];
  }

  required(name: string): Element {
    const element = this.#found.get(name);
    if (element === undefined) throw missingElement(name, this.#operation);
    return element;
  }

  /** The text of a leaf, as it is. */
  text(name: string): string | undefined {
    const element = this.#found.get(name);
    const [child] = element?.children ?? [];
    if (element !== undefined && child !== undefined) throw unknownParameter(child, element);
    return element?.text;
  }

  /** One of a few words; white space around it does not count. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw invalidValue(name, text, `one of ${words.join(", ")}`);
    return word;
  }

  /** A whole number. */
  number(name: string, min: number, max: number): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    const value = /^\+?[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw invalidValue(name, text, `a whole number from ${min} to ${max}`);
    }
    return value;
  }

  /** A yang:date-and-time, in ms since 1970. */
  time(name: string): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    const ms = dateAndTime.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(ms)) throw invalidValue(name, text, "a date and time with its zone");
    return ms;
  }

  /** What stands in <target> or <source>: exactly one datastore. */
  datastore<Name extends DatastoreName>(name: "target" | "source", allowed: readonly Name[]): Name {
    const choice = this.#choice(name);
    // RFC 8526 section 3.2: these three may name it by its identity.
    if (choice.name === "datastore" && byIdentity.has(this.#operation.name)) {
      return datastoreIdentity(choice, allowed);
    }
    const found = allowed.find((candidate) => candidate === choice.name);
    if (found === undefined) throw unknownParameter(choice, this.required(name));
    return found;
  }

  /** A <source>: a datastore, or a configuration handed in or in a file. */
  source(allowed: readonly DatastoreName[], hasUrl: boolean): Source {
    const choice = this.#choice("source");
    if (choice.name === "config") return configIn(choice);
    if (hasUrl && choice.name === "url") return { kind: "url", file: fileOf(choice) };
    return { kind: "datastore", name: this.datastore("source", allowed) };
  }

  /** A <target>: a datastore, or a file. */
  target(allowed: readonly DatastoreName[], hasUrl: boolean): Target {
    const choice = this.#choice("target");
    if (hasUrl && choice.name === "url") return { kind: "url", file: fileOf(choice) };
    return { kind: "datastore", name: this.datastore("target", allowed) };
  }

  /** RFC 8342 section 5.3.4: identities of ietf-origin, by their names. Throws RpcError. */
  origins(name: string): readonly string[] {
    return this.all(name).map((element) => {
      const text = element.text.trim();
      const at = text.indexOf(":");
      const isDeclared = at < 0 || element.scope.lookup(text.slice(0, at)) === ORIGIN;
      const found = origins.find((origin) => isDeclared && origin === text.slice(at + 1));
      if (found === undefined) {
        throw invalidValue(name, text, `one of ${origins.join(", ")} of ietf-origin`);
      }
      return found;
    });
  }

  /** What an edit puts in: a <config>, or the <url> of one. */
  content(): Content {
    const [config, url] = [this.#found.get("config"), this.#found.get("url")];
    if (config !== undefined && url !== undefined) {
      throw protocolError("bad-element", "one of <config> and <url>, not both", {
        info: [{ name: "bad-element", value: "url" }],
      });
    }
    if (url !== undefined) return { kind: "url", file: fileOf(url) };
    if (config !== undefined) return configIn(config);
    throw missingChoice("edit-content", `${of(this.#operation)} lacks <config>`);
  }

  /** RFC 6243 section 4.3. */
  withDefaults(otherwise: DefaultsMode = "explicit"): DefaultsMode {
    const modes = ["explicit", "trim", "report-all", "report-all-tagged"] as const;
    return this.word("with-defaults", modes) ?? otherwise;
  }

  /** RFC 8526 section 3.1.1: the filter is one of two parameters. */
  filterChoice(): Filter | undefined {
    const subtree = this.#found.get("subtree-filter");
    const element = this.#found.get("xpath-filter");
    if (subtree !== undefined && element !== undefined) {
      throw protocolError("bad-element", "one filter, not two", {
        info: [{ name: "bad-element", value: element.name }],
      });
    }
    if (element !== undefined) return { kind: "xpath", select: element.text.trim(), element };
    return subtree && { kind: "subtree", elements: subtree.children };
  }

  /** RFC 6241 sections 6 and 8.9.5.1. */
  filter(): Filter | undefined {
    const name = "filter";
    const element = this.#found.get(name);
    if (element === undefined) return undefined;
    const type = attribute(element, "type") ?? "subtree";
    if (type === "subtree") return { kind: "subtree", elements: element.children };
    if (type !== "xpath") {
      throw protocolError("bad-attribute", `"${type}" is no type of filter: subtree or xpath`, {
        info: [
          { name: "bad-attribute", value: "type" },
          { name: "bad-element", value: name },
        ],
      });
    }
    const select = attribute(element, "select");
    if (select === undefined) {
      throw protocolError("missing-attribute", "an XPath filter has a select attribute", {
        info: [
          { name: "bad-attribute", value: "select" },
          { name: "bad-element", value: name },
        ],
      });
    }
    return { kind: "xpath", select, element };
  }

  #choice(name: "target" | "source"): Element {
    const element = this.required(name);
    const [choice, second] = element.children;
    if (choice === undefined) throw missingChoice(`config-${name}`, `<${name}> is empty`);
    if (!isOurs(choice, this.#operation)) throw foreignNamespace(choice, element);
    if (second !== undefined) {
      throw protocolError("bad-element", `<${name}> names one datastore, not two`, {
        info: [{ name: "bad-element", value: second.name }],
      });
    }
    return choice;
  }
}

const origins = ["origin", "intended", "dynamic", "system", "learned", "default", "unknown"];
const byIdentity = new Set(["lock", "unlock", "validate"]);

/** A datastore by its identity of ietf-datastores. Throws RpcError. */
export function datastoreIdentity<Name extends string>(
  element: Element,
  allowed: readonly Name[],
): Name {
  const text = element.text.trim();
  const at = text.indexOf(":");
  const isDeclared = at < 0 || element.scope.lookup(text.slice(0, at)) === DATASTORES;
  const found = allowed.find((name) => isDeclared && name === text.slice(at + 1));
  if (found === undefined) {
    throw invalidValue(element.name, text, `one of ${allowed.join(", ")} of ietf-datastores`);
  }
  return found;
}

function configIn(element: Element): Content {
  if (isBlank(element.text)) return { kind: "config", elements: element.children };
  throw protocolError("bad-element", `text "${element.text.trim()}" stands in <config>`, {
    info: [{ name: "bad-element", value: element.name }],
  });
}

const dateAndTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** An attribute in no namespace, or in that of the protocol. */
function attribute(element: Element, name: string): string | undefined {
  return element.attributes.find(
    (found) => found.name === name && (found.namespace === "" || found.namespace === BASE),
  )?.value;
}

function isOurs(element: Element, operation: Element): boolean {
  return (
    element.namespace === operation.namespace ||
    element.namespace === BASE ||
    element.namespace === "" ||
    (element.name === "with-defaults" && element.namespace === WITH_DEFAULTS) ||
    (element.name === "datastore" && element.namespace === NMDA)
  );
}

/** RFC 7950 section 15.6. */
export function missingChoice(choice: string, message: string): RpcError {
  return protocolError("data-missing", message, {
    appTag: "missing-choice",
    info: [{ name: "missing-choice", value: choice, namespace: YANG }],
  });
}

export function missingElement(name: string, parent: Element): RpcError {
  return protocolError("missing-element", `${of(parent)} lacks <${name}>`, {
    info: [{ name: "bad-element", value: name }],
  });
}

export function invalidValue(name: string, value: string, due: string): RpcError {
  return protocolError("invalid-value", `"${value}" is no value of <${name}>: ${due} is due`, {
    info: [{ name: "bad-element", value: name }],
  });
}

function unknownParameter(element: Element, parent: Element): RpcError {
  return protocolError("unknown-element", `${of(parent)} has no <${element.name}> here`, {
    info: [{ name: "bad-element", value: element.name }],
  });
}

function foreignNamespace(element: Element, parent: Element): RpcError {
  const message = `${of(parent)} has no <${element.name}> in "${element.namespace}"`;
  return protocolError("unknown-namespace", message, {
    info: [
      { name: "bad-element", value: element.name },
      { name: "bad-namespace", value: element.namespace },
    ],
  });
}

function of(element: Element): string {
  return `<${element.name}>`;
}
