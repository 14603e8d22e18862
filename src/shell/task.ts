import { assert } from "../base/index.ts";
import type { Element } from "../xml/index.ts";
import { BASE } from "./names.ts";

/** What a command waits for: the answer to an rpc, or to a question. */
export type Wish =
  | { readonly kind: "rpc"; readonly operation: string }
  | { readonly kind: "ask"; readonly question: string };

/** A command under way: it is resumed with a reply, or with what was typed. */
export type Task<T> = Generator<Wish, T, Element | string>;

/** What the agent refused, in its own words. */
export class Refused extends Error {
  readonly faults: readonly AgentFault[];

  constructor(errors: readonly Element[]) {
    const faults = errors.map((error) => ({
      tag: textOf(error, "error-tag"),
      appTag: textOf(error, "error-app-tag"),
      lines: errorLines(error),
    }));
    super(faults.flatMap(({ lines }) => lines).join("\n"));
    this.faults = faults;
  }
}

interface AgentFault {
  readonly tag: string;
  readonly appTag: string;
  readonly lines: readonly string[];
}

/** One operation of NETCONF: its reply. Throws Refused. */
export function* rpc(operation: string): Task<Element> {
  const reply = yield { kind: "rpc", operation };
  assert(typeof reply !== "string", "a reply is an element");
  const errors = reply.children.filter(isError);
  if (errors.length > 0) throw new Refused(errors);
  return reply;
}

/** The <data> of a reply. */
export function* read(operation: string): Task<Element> {
  const reply = yield* rpc(operation);
  const data = reply.children.find(({ name }) => name === "data");
  assert(data !== undefined, "a read is answered with data");
  return data;
}

export function* ask(question: string): Task<string> {
  const answer = yield { kind: "ask", question };
  assert(typeof answer === "string", "an answer is text");
  return answer.trim().toLowerCase();
}

function isError({ name, namespace }: Element): boolean {
  return name === "rpc-error" && namespace === BASE;
}

function errorLines(error: Element): readonly string[] {
  const message = textOf(error, "error-message");
  const text = message === "" ? textOf(error, "error-tag") : message;
  const path = textOf(error, "error-path").replace(/(^|[/[])[\w-]+:/g, "$1");
  return path === "" ? [text] : [text, `  at ${path}`];
}

/** The text below an element that is reached by these names; empty where there is none. */
export function textOf(element: Element | undefined, ...names: readonly string[]): string {
  return (element && childAt(element, ...names))?.text.trim() ?? "";
}

/** The first descendant that is reached by these names. */
export function childAt(element: Element, ...names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>(
    (at, name) => at?.children.find((child) => child.name === name),
    element,
  );
}

export function childrenAt(
  element: Element | undefined,
  ...names: readonly string[]
): readonly Element[] {
  const last = names.at(-1);
  const parent = element && childAt(element, ...names.slice(0, -1));
  return parent?.children.filter(({ name }) => name === last) ?? [];
}
