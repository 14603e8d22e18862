import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Raw, Storage } from "../../src/base/index.ts";
import { emptyTree, type Tree } from "../../src/data/index.ts";
import { ConfigFiles, Datastores } from "../../src/datastore/index.ts";
import {
  type EventStore,
  FrameReader,
  isBadFraming,
  type Limits,
  type NetconfEffect,
  NetconfServer,
  type OperationHandler,
  type Peer,
} from "../../src/netconf/index.ts";
import { compile, type Schema, type Source } from "../../src/yang/index.ts";
import { labModule, twinModule } from "./lab.yang.ts";

export const BASE = "urn:ietf:params:xml:ns:netconf:base:1.0";
const own = resolve(import.meta.dirname, "../../yang");
/** The module that the acceptance checks use; its tests are skipped without it. */
export const acceptance = resolve(import.meta.dirname, "../../../shared/acceptance/yang");
export const hasAcceptance = existsSync(resolve(acceptance, "acc-test.yang"));

const texts = new Map([
  ["lab", labModule],
  ["twin", twinModule],
]);

function find(name: string): Source | undefined {
  const text = texts.get(name);
  if (text !== undefined) return { file: `${name}.yang`, text };
  for (const folder of hasAcceptance ? [own, acceptance] : [own]) {
    const file = readdirSync(folder)
      .filter((one) => one === `${name}.yang` || one.startsWith(`${name}@`))
      .sort()
      .at(-1);
    if (file !== undefined) return { file, text: readFileSync(resolve(folder, file), "utf8") };
  }
  return undefined;
}

const protocolModules = [
  "ietf-netconf",
  "ietf-netconf-monitoring",
  "ietf-netconf-acm",
  "ietf-netconf-with-defaults",
  "ietf-netconf-notifications",
  "ietf-netconf-nmda",
  "ietf-nmda-compare",
  "ietf-netconf-partial-lock",
  "ietf-datastores",
  "ietf-origin",
  "ietf-yang-library",
  "ietf-subscribed-notifications",
  "ietf-yang-push",
  "nc-notifications",
  "notifications",
];
const compiled = new Map<string, Schema>();

/** What a server with these modules beside the protocol's own serves. */
export function schemaOf(...names: readonly string[]): Schema {
  const key = names.join(" ");
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { schema, diagnostics } = compile(
    {
      implement: [...protocolModules, ...names].map((name) => ({ name })),
      features: new Map([
        ["lab", new Set(["on"])],
        ["acc-test", new Set(["on"])],
        ["ietf-subscribed-notifications", new Set(["encode-xml", "replay", "subtree", "xpath"])],
      ]),
      deviations: ["ntpconfd-subscription-deviations"],
      otherFeatures: "all",
    },
    { find },
  );
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  compiled.set(key, schema);
  return schema;
}

export class Memory implements Storage {
  readonly #files = new Map<string, Uint8Array>();

  read(name: string): Uint8Array | undefined {
    return this.#files.get(name);
  }
  write(name: string, bytes: Uint8Array): void {
    this.#files.set(name, bytes);
  }
  append(name: string, bytes: Uint8Array): void {
    this.#files.set(name, Uint8Array.of(...(this.#files.get(name) ?? []), ...bytes));
  }
  remove(name: string): void {
    this.#files.delete(name);
  }
}

export interface WorldOptions {
  readonly schema?: Schema;
  readonly limits?: Partial<Limits>;
  readonly handlers?: ReadonlyMap<string, OperationHandler>;
  readonly operational?: (at: Raw) => Tree;
  readonly hasStartup?: boolean;
  readonly hasUrl?: boolean;
  /** Where events outlive this world. */
  readonly events?: EventStore;
  /** False: nobody tells the server that a channel took what was written. */
  readonly drains?: boolean;
}

/** A server over datastores in memory, and its managers. Time stands until it is moved. */
export class World {
  readonly schema: Schema;
  readonly datastores: Datastores;
  readonly server: NetconfServer;
  /** What URLs lead to. */
  readonly files = new Memory();
  readonly logs: string[] = [];
  now = 0n;
  readonly #managers = new Map<number, Manager>();
  readonly #drains: boolean;

  constructor(options: WorldOptions = {}) {
    this.schema = options.schema ?? schemaOf("lab", "twin");
    const hasStartup = options.hasStartup ?? true;
    this.#drains = options.drains ?? true;
    this.datastores = new Datastores({
      schema: this.schema,
      storage: new Memory(),
      factory: emptyTree,
      hasStartup,
      subscribers: [],
    });
    this.server = new NetconfServer({
      schema: this.schema,
      datastores: this.datastores,
      operational: options.operational ?? (() => emptyTree),
      handlers: options.handlers ?? new Map(),
      dateAndTime: (at) => new Date(Number(at / 1_000_000n)).toISOString(),
      hasStartup,
      events: options.events,
      ...(options.hasUrl === false
        ? {}
        : { files: new ConfigFiles({ storage: this.files, schema: this.schema }) }),
      ...(options.limits === undefined ? {} : { limits: { ...standardLimits, ...options.limits } }),
    });
  }

  at(): Raw {
    return this.now as Raw;
  }

  /** Lets time go by, and wakes whoever waits. */
  pass(seconds: number): void {
    const end = this.now + BigInt(Math.round(seconds * 1e9));
    for (;;) {
      const due = [this.datastores.wakeAt, this.server.wakeAt].filter((time) => time !== undefined);
      const [next = end] = [...due, end].sort((a, b) => Number(a - b));
      if (next >= end && due.every((time) => time > end)) break;
      if (next > this.now) this.now = next;
      this.datastores.timer(this.at());
      this.perform(this.server.timer(this.at()));
    }
    this.now = end;
  }

  /** A session whose hellos are through, over framing of that version. */
  open(peer: Partial<Peer> = {}, base: "1.0" | "1.1" = "1.1"): Manager {
    const manager = this.connect(peer);
    manager.hello(base);
    return manager;
  }

  /** A session that has said nothing yet. */
  connect(peer: Partial<Peer> = {}): Manager {
    const channel = this.#managers.size + 1;
    const manager = new Manager(this, channel);
    this.#managers.set(channel, manager);
    const recovery = peer.user === undefined;
    const standard = { user: "admin", recovery, host: "127.0.0.1", transport: "netconf-ssh" };
    this.perform(this.server.opened(channel, { ...standard, ...peer } as Peer, this.at()));
    return manager;
  }

  perform(effects: readonly NetconfEffect[]): void {
    const written = new Set<number>();
    for (const effect of effects) {
      if (effect.kind === "log") {
        this.logs.push(`${effect.message} ${JSON.stringify(effect.fields)}`);
        continue;
      }
      const manager = this.#managers.get(effect.channel);
      if (effect.kind === "send-bytes") {
        manager?.take(effect.bytes);
        written.add(effect.channel);
      } else {
        if (manager !== undefined) manager.isClosed = true;
        this.perform(this.server.closed(effect.channel, this.at()));
      }
    }
    if (!this.#drains) return;
    for (const channel of written) this.perform(this.server.drained(channel, this.at()));
  }
}

const standardLimits: Limits = {
  sessions: 256,
  helloTimeout: 60,
  idleTimeout: 3600,
  messageOctets: 1_000_000,
  waitingNotifications: 1000,
  subscriptions: 20,
  requestWork: 100_000_000,
  filterWork: 10_000_000,
  xml: { depth: 64, attributes: 64, parts: 1_000_000, octets: 1_000_000 },
};

/** The other end of a session: octets out, messages in. */
export class Manager {
  isClosed = false;
  /** Messages as they came, hello first. */
  readonly messages: string[] = [];
  readonly octets: Uint8Array[] = [];
  readonly #world: World;
  readonly #channel: number;
  readonly #reader = new FrameReader(1e9);
  #base: "1.0" | "1.1" = "1.0";
  #id = 100;

  constructor(world: World, channel: number) {
    this.#world = world;
    this.#channel = channel;
  }

  take(bytes: Uint8Array): void {
    this.octets.push(bytes);
    this.#reader.feed(bytes);
    for (let next = this.#reader.next(); next !== undefined; next = this.#reader.next()) {
      if (isBadFraming(next)) throw new Error(next.reason);
      this.messages.push(new TextDecoder().decode(next));
    }
  }

  /** Octets as they are. */
  write(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    this.#world.perform(this.#world.server.received(this.#channel, bytes, this.#world.at()));
  }

  drained(): void {
    this.#world.perform(this.#world.server.drained(this.#channel, this.#world.at()));
  }

  hello(base: "1.0" | "1.1"): void {
    this.write(`${helloOf([`urn:ietf:params:netconf:base:${base}`])}]]>]]>`);
    if (base === "1.1") this.#reader.useChunks();
    this.#base = base;
  }

  frame(text: string): string {
    if (this.#base === "1.0") return `${text}]]>]]>`;
    return `\n#${new TextEncoder().encode(text).length}\n${text}\n##\n`;
  }

  /** A whole message in; all that comes back, which is one message where one is due. */
  message(text: string): string {
    const before = this.messages.length;
    this.write(this.frame(text));
    return this.messages.slice(before).join("\n");
  }

  /** An operation in; what stands inside its <rpc-reply> out. Events may follow it. */
  rpc(operation: string): string {
    this.#id += 1;
    const before = this.messages.length;
    this.message(`<rpc xmlns="${BASE}" message-id="${this.#id}">${operation}</rpc>`);
    const head = `<rpc-reply xmlns="${BASE}" message-id="${this.#id}">`;
    const reply = this.messages.slice(before).find((message) => message.startsWith(head));
    if (reply === undefined) throw new Error(`no reply to ${operation}`);
    return reply.slice(head.length, -"</rpc-reply>".length);
  }

  edit(config: string, target = "candidate", more = ""): string {
    const where = `<target><${target}/></target>${more}`;
    return this.rpc(
      `<edit-config>${where}<config xmlns:nc="${BASE}">${config}</config></edit-config>`,
    );
  }

  /** Configures the inside of <top> in running. */
  put(inner: string): void {
    const edited = this.edit(top(inner));
    const committed = this.rpc("<commit/>");
    if (edited !== "<ok/>" || committed !== "<ok/>") throw new Error(edited + committed);
  }

  get id(): string {
    return /<session-id>([0-9]+)</.exec(this.messages[0] ?? "")?.[1] ?? "";
  }
}

export function helloOf(capabilities: readonly string[], more = ""): string {
  const list = capabilities.map((uri) => `<capability>${uri}</capability>`).join("");
  return `<hello xmlns="${BASE}"><capabilities>${list}</capabilities>${more}</hello>`;
}

export function top(inner: string): string {
  return inner === "" ? `<top xmlns="urn:lab"/>` : `<top xmlns="urn:lab">${inner}</top>`;
}

/** What an rpc-error tells, in short. */
export interface Fault {
  readonly type: string;
  readonly tag: string;
  readonly appTag?: string;
  readonly path?: string;
  readonly message: string;
  readonly info?: string;
}

/** Reads rpc-errors strictly in the order that RFC 6241 gives their children. */
export function faultsOf(reply: string): readonly Fault[] {
  const part = (name: string): string => `(?:<${name}(?: [^>]*)?>(.*?)</${name}>)?`;
  const form = new RegExp(
    `<rpc-error>${part("error-type")}${part("error-tag")}<error-severity>error</error-severity>` +
      `${part("error-app-tag")}${part("error-path")}${part("error-message")}${part("error-info")}` +
      "</rpc-error>",
    "g",
  );
  const found = [...reply.matchAll(form)];
  if (found.map(([whole]) => whole).join("") !== reply) throw new Error(`not errors: ${reply}`);
  return found.map(([, type = "", tag = "", appTag, path, message = "", info]) => ({
    type,
    tag,
    message,
    ...(appTag === undefined ? {} : { appTag }),
    ...(path === undefined ? {} : { path }),
    ...(info === undefined ? {} : { info }),
  }));
}
