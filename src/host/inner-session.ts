import type { ChannelId, Peer } from "../agent/index.ts";
import { FrameReader, isBadFraming } from "../netconf/index.ts";
import { type Element, isXmlFault, parseXml } from "../xml/index.ts";

const base = "urn:ietf:params:xml:ns:netconf:base:1.0";
const hello =
  `<hello xmlns="${base}"><capabilities>` +
  `<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>`;
const messageOctetsMax = 64 * 1024 * 1024;

/** What a session inside the process tells the agent's loop. */
export interface InnerHandlers {
  opened(channel: ChannelId, peer: Peer): void;
  received(channel: ChannelId, bytes: Uint8Array): void;
  drained(channel: ChannelId): void;
  closed(channel: ChannelId): void;
}

/** The agent refused: its messages, joined. */
export class AskRefused extends Error {}

interface Question {
  readonly resolve: (reply: Element) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A NETCONF session without a wire: somebody in this process in the place of a manager, under the
 * same access control as all the others. What it asks is an event, so a recording has it too.
 */
export class InnerSession {
  readonly #channel: ChannelId;
  readonly #handlers: InnerHandlers;
  readonly #reader = new FrameReader(messageOctetsMax);
  /** The first is the agent's <hello>; the others are answered in the order they were asked. */
  readonly #questions: Question[] = [];
  #ended = false;

  constructor(channel: ChannelId, handlers: InnerHandlers) {
    this.#channel = channel;
    this.#handlers = handlers;
    this.#questions.push({ resolve: () => undefined, reject: () => undefined });
  }

  /** Once, when what the agent says to the channel comes here. */
  start(peer: Peer): void {
    this.#handlers.opened(this.#channel, peer);
    if (!this.#ended) this.#send(hello);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sends an operation; the <rpc-reply>. Rejects with AskRefused. */
  ask(operation: string): Promise<Element> {
    if (this.#ended) return Promise.reject(new AskRefused("the session has ended"));
    return new Promise((resolve, reject) => {
      this.#questions.push({ resolve, reject });
      this.#send(`<rpc xmlns="${base}" message-id="1">${operation}</rpc>`);
    });
  }

  /** What the agent says. */
  write(bytes: Uint8Array): void {
    this.#reader.feed(bytes);
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      const question = this.#questions.shift();
      if (isBadFraming(frame)) question?.reject(new AskRefused(frame.reason));
      else if (question !== undefined) answer(question, parseXml(frame));
    }
    this.#handlers.drained(this.#channel);
  }

  /** The agent ended it. */
  end(): void {
    this.#ended = true;
    for (const { reject } of this.#questions.splice(0)) {
      reject(new AskRefused("the agent ended the session"));
    }
  }

  /** Takes leave as a manager does; the agent then ends it. */
  close(): void {
    if (!this.#ended) this.ask("<close-session/>").catch(() => undefined);
  }

  #send(message: string): void {
    this.#handlers.received(this.#channel, new TextEncoder().encode(`${message}]]>]]>`));
  }
}

function answer({ resolve, reject }: Question, reply: ReturnType<typeof parseXml>): void {
  if (isXmlFault(reply)) {
    reject(new AskRefused(reply.message));
    return;
  }
  const errors = reply.children.filter(({ name }) => name === "rpc-error");
  if (errors.length === 0) resolve(reply);
  else reject(new AskRefused(errors.map(message).join("; ")));
}

function message(error: Element): string {
  return error.children.find(({ name }) => name === "error-message")?.text.trim() ?? "refused";
}
