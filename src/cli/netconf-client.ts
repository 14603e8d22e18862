import type { Duplex } from "node:stream";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { FrameReader, isBadFraming } from "../netconf/index.ts";
import { type Element, isXmlFault, parseXml } from "../xml/index.ts";
import type { HostKeyOptions } from "./host-key.ts";

const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";
const BASE_1_1 = "urn:ietf:params:netconf:base:1.1";
const MESSAGE_OCTETS_MAX = 256 * 1024 * 1024;

const hello =
  `<?xml version="1.0" encoding="UTF-8"?><hello xmlns="${BASE}"><capabilities>` +
  `<capability>${BASE_1_1}</capability></capabilities></hello>]]>]]>`;

/** Where an agent listens, who logs in and with what. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string | undefined;
  readonly privateKey?: Buffer | undefined;
  /** The socket of an SSH agent. */
  readonly agent?: string | undefined;
  /** Which host keys are taken; undefined: any, of an agent that we have started ourselves. */
  readonly hostKey?: HostKeyOptions;
  /** A connection that stands already, to an address that this process cannot reach itself. */
  readonly stream?: Duplex;
}

/** A reply with an rpc-error: what all of them say, a line each. */
export class Refused extends Error {
  readonly reply: Element;

  constructor(reply: Element) {
    const errors = reply.children.filter((child) => child.name === "rpc-error");
    super(errors.map((error) => textOf(error, "error-message") ?? "rpc-error").join("\n"));
    this.reply = reply;
  }
}

/** A NETCONF session over SSH, as any manager would hold one (RFC 6242). One rpc at a time. */
export class NetconfClient {
  readonly #connection: Client;
  readonly #channel: ClientChannel;
  readonly #reader = new FrameReader(MESSAGE_OCTETS_MAX);
  readonly #messages: Uint8Array[] = [];
  #waiting: { resolve: (message: Uint8Array) => void; reject: (error: Error) => void } | undefined;
  #ended: Error | undefined;
  #messageId = 0;

  private constructor(connection: Client, channel: ClientChannel) {
    this.#connection = connection;
    this.#channel = channel;
    channel.on("data", (bytes: Buffer) => this.#take(bytes));
    channel.on("error", (error: Error) => this.#end(error));
    channel.on("close", () => this.#end(new Error("the agent closed the session")));
    connection.on("error", (error) => this.#end(error));
  }

  static async connect(login: Login): Promise<NetconfClient> {
    const connection = await sshConnection(login);
    try {
      const client = await new Promise<NetconfClient>((resolve, reject) => {
        connection.subsys("netconf", (error, channel) => {
          // At once: what it says and its end may all have come in the same packet.
          if (error === undefined) resolve(new NetconfClient(connection, channel));
          else reject(error);
        });
      });
      client.#channel.write(hello);
      checkHello(await client.#next());
      client.#reader.useChunks();
      return client;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  /** Why nothing can be asked any more; undefined: it can. */
  get lost(): Error | undefined {
    return this.#ended;
  }

  /** Sends the operation and gives the <rpc-reply>; throws Refused on an rpc-error. */
  async rpc(operation: string): Promise<Element> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#messageId += 1;
    const message = `<rpc xmlns="${BASE}" message-id="${this.#messageId}">${operation}</rpc>`;
    this.#channel.write(`\n#${Buffer.byteLength(message)}\n${message}\n##\n`);
    const reply = parseXml(await this.#next());
    if (isXmlFault(reply)) {
      throw this.#end(new Error(`the agent's reply is not XML: ${reply.message}`));
    }
    if (reply.children.some((child) => child.name === "rpc-error")) throw new Refused(reply);
    return reply;
  }

  /** edit-config of the candidate, then commit; on a refusal the candidate is as it was before. */
  async configure(config: string): Promise<void> {
    try {
      await this.rpc(
        `<edit-config><target><candidate/></target><config>${config}</config></edit-config>`,
      );
      await this.rpc("<commit/>");
    } catch (error) {
      if (error instanceof Refused) await this.rpc("<discard-changes/>");
      throw error;
    }
  }

  /** <get> with a subtree filter: the <data> element. */
  async get(filter: string): Promise<Element> {
    const reply = await this.rpc(`<get><filter type="subtree">${filter}</filter></get>`);
    const [data] = reply.children;
    if (data === undefined) throw new Error("the reply has no <data>");
    return data;
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) await this.rpc("<close-session/>").catch(() => undefined);
    this.#connection.end();
  }

  /** Is gone, without a word to the agent. */
  leave(): void {
    this.#end(new Error("the session was left"));
    this.#connection.destroy();
  }

  #take(bytes: Uint8Array): void {
    this.#reader.feed(bytes);
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      if (isBadFraming(frame)) {
        this.#end(new Error(`the agent's framing is broken: ${frame.reason}`));
        return;
      }
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#messages.push(frame);
      else waiting.resolve(frame);
    }
  }

  #next(): Promise<Uint8Array> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** The first reason counts. */
  #end(error: Error): Error {
    this.#ended ??= error;
    this.#waiting?.reject(this.#ended);
    this.#waiting = undefined;
    return this.#ended;
  }
}

/** RFC 6241 section 8.1; we speak base:1.1 alone. */
function checkHello(message: Uint8Array): void {
  const said = parseXml(message);
  if (isXmlFault(said) || said.name !== "hello") throw new Error("that is no NETCONF agent");
  const capabilities = descend(said, ["capabilities"])?.children ?? [];
  if (capabilities.some(({ text }) => text.trim() === BASE_1_1)) return;
  throw new Error(`the agent does not speak ${BASE_1_1}`);
}

/** A connection over which somebody has logged in. */
export function sshConnection(login: Login): Promise<Client> {
  const connection = new Client();
  return new Promise((resolve, reject) => {
    // For good: one that nobody listens for would end the program.
    connection.on("error", reject);
    // Without a word: it has too many to attend to, or ends just now.
    connection.once("close", () => reject(new Error("the agent closed the connection")));
    connection.once("ready", () => resolve(connection));
    connection.connect(sshOptions(login));
  });
}

/** How ssh2 is told. */
function sshOptions({ stream, user, hostKey, ...login }: Login): ConnectConfig {
  const given = Object.entries(login).filter(([, value]) => value !== undefined);
  const sock = stream && { sock: stream };
  return { ...Object.fromEntries(given), username: user, ...sock, ...hostKey };
}

/**
 * The text of the first descendant that is reached by these names; undefined where there is none.
 */
export function textOf(element: Element, ...names: readonly string[]): string | undefined {
  const found = descend(element, names);
  return found?.text.trim();
}

/** The first descendant that is reached by these names. */
export function descend(element: Element, names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>(
    (at, name) => at?.children.find((child) => child.name === name),
    element,
  );
}
