import { RpcError, refuse } from "../base/index.ts";
import { readData, type Tree, toObject } from "../data/index.ts";
import { Datastores } from "../datastore/index.ts";
import type { StatisticsResetInput } from "../generated/ietf-ntp.ts";
import { defaultLimits, NetconfServer, type OperationHandler } from "../netconf/index.ts";
import { Engine } from "../ntp/index.ts";
import { isXmlFault, parseXml } from "../xml/index.ts";
import { Agent } from "./agent.ts";
import type { AgentOptions } from "./doors.ts";
import { factoryDefault } from "./factory.ts";
import { NtpSubscriber } from "./ntp-subscriber.ts";
import { Operational } from "./operational.ts";
import { RoleSockets } from "./role-sockets.ts";
import { resetTarget } from "./statistics-reset.ts";
import { refuseSetDatetime } from "./system-state.ts";
import { dateAndTime } from "./values.ts";

/**
 * Boots an agent: the datastores from storage, and from them the engine. Throws StorageError where
 * the state cannot be read, RpcError where the factory default is none.
 */
export function createAgent(options: AgentOptions): Agent {
  const { schema, storage, random, vault, interfaces, clock, platform, hasStartup } = options;
  const engine = new Engine({ random, clock, precision: clock.precision });
  const sockets = new RoleSockets(options.sockets, interfaces);
  const subscriber = new NtpSubscriber({ schema, engine, sockets, vault });
  const datastores = new Datastores({
    schema,
    storage,
    factory: readFactory(options),
    hasStartup,
    subscribers: [subscriber],
    at: clock.at,
    log: (message) => subscriber.note({ kind: "datastore", message }),
  });
  const operational = new Operational({
    schema,
    engine,
    running: () => datastores.read("running"),
    interfaces,
    platform,
    startedAt: clock.at,
  });
  const netconf = new NetconfServer({
    schema,
    datastores,
    operational: (at) => operational.tree(at),
    handlers: handlers(engine),
    dateAndTime: (at) => dateAndTime(engine.now(at)),
    limits: options.limits ?? defaultLimits,
    hasStartup,
  });
  return new Agent({
    schema,
    datastores,
    netconf,
    engine,
    subscriber,
    sockets,
    operational,
    interfaces,
  });
}

/** The rpcs that are neither NETCONF's own nor somebody else's. */
function handlers(engine: Engine): ReadonlyMap<string, OperationHandler> {
  return new Map<string, OperationHandler>([
    [
      "ietf-ntp:statistics-reset",
      (input, { at }) => {
        const typed = toObject(input, { defaults: true }) as StatisticsResetInput;
        engine.resetStatistics(resetTarget(typed, engine.state(at).associations), at);
        return [];
      },
    ],
    ["ietf-system:set-current-datetime", refuseSetDatetime],
  ]);
}

function readFactory({ schema, interfaces, factoryDefault: text }: AgentOptions): Tree {
  if (text === undefined) return factoryDefault(schema, interfaces);
  const config = parseXml(text);
  if (isXmlFault(config)) {
    const { line, column, message } = config;
    throw refuse(
      "malformed-message",
      `factory default: line ${line}, column ${column}: ${message}`,
    );
  }
  if (config.name !== "config") {
    throw refuse("bad-element", `factory default: <${config.name}> where a <config> was due`);
  }
  const { tree, faults } = readData(config.children, schema, { type: "config" });
  if (faults.length > 0) throw new RpcError(faults);
  return tree;
}
