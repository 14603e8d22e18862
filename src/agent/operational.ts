import type { Raw } from "../base/index.ts";
import { childOf, fromObject, type Tree, treeOf } from "../data/index.ts";
import type { Engine, NetworkInterface } from "../ntp/index.ts";
import type { DataSchemaNode, Schema } from "../yang/index.ts";
import type { CallHome } from "./call-home.ts";
import type { Platform } from "./doors.ts";
import { interfacesOperational } from "./interfaces-state.ts";
import { topNode } from "./node-path.ts";
import { ntpOperational } from "./ntp-state.ts";
import { servedNodes } from "./served-nodes.ts";
import { serverOperational } from "./server-state.ts";
import type { ServerSubscriber } from "./server-subscriber.ts";
import { systemOperational } from "./system-state.ts";
import { dateAndTime } from "./values.ts";

export interface OperationalOptions {
  readonly schema: Schema;
  readonly engine: Engine;
  readonly running: () => Tree;
  readonly interfaces: readonly NetworkInterface[];
  readonly platform: Platform;
  readonly startedAt: Raw;
  readonly server: ServerSubscriber;
  readonly callHome: CallHome;
}

/** The agent's state as data: computed when it is asked for, kept nowhere. */
export class Operational {
  readonly #options: OperationalOptions;
  #interfaces: readonly NetworkInterface[];
  /** The start in cooked time, as the clock had it then: it does not wander with corrections. */
  readonly #started: string;

  constructor(options: OperationalOptions) {
    this.#options = options;
    this.#interfaces = options.interfaces;
    this.#started = dateAndTime(options.engine.now(options.startedAt));
  }

  setInterfaces(interfaces: readonly NetworkInterface[]): void {
    this.#interfaces = interfaces;
  }

  /** State alone: entries of configured lists come with their keys, to be merged with running. */
  tree(at: Raw): Tree {
    const { schema, engine, running, platform, server, callHome } = this.#options;
    const { inUse } = server;
    const tree = running();
    const object = {
      ...interfacesOperational({
        kernel: this.#interfaces,
        configured: configuredInterfaces(tree, schema),
        since: this.#started,
      }),
      ...systemOperational(platform, { now: dateAndTime(engine.now(at)), boot: this.#started }),
      ...(has(tree, topNode(schema, "ietf-ntp:ntp")) && {
        "ietf-ntp:ntp": ntpOperational(engine.state(at)),
      }),
      ...(inUse !== undefined &&
        serverOperational(inUse, server.certificates, callHome.state(), (when) =>
          dateAndTime(engine.now(when)),
        )),
    };
    return treeOf(fromObject(schema, servedNodes(schema, object)));
  }
}

function has(tree: Tree, schema: DataSchemaNode | undefined): boolean {
  return schema !== undefined && childOf(tree, schema) !== undefined;
}

/** The keys of /interfaces/interface in running. */
function configuredInterfaces(tree: Tree, schema: Schema): ReadonlySet<string> {
  const top = topNode(schema, "ietf-interfaces:interfaces");
  const interfaces = top && childOf(tree, top);
  const list = interfaces?.kind === "container" ? interfaces.children[0] : undefined;
  return new Set(list?.kind === "list" ? list.entries.keys() : []);
}
