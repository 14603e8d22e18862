import { emptyTree, type Tree, toObject } from "../data/index.ts";
import { ConfigFiles, Datastores, parseConfig } from "../datastore/index.ts";
import type { StatisticsResetInput } from "../generated/ietf-ntp.ts";
import { defaultLimits, NetconfServer, type OperationHandler } from "../netconf/index.ts";
import { Engine } from "../ntp/index.ts";
import { Agent } from "./agent.ts";
import { CallHome } from "./call-home.ts";
import type { AgentOptions } from "./doors.ts";
import { factoryDefault } from "./factory.ts";
import { NtpNotifications } from "./ntp-notifications.ts";
import { NtpSubscriber } from "./ntp-subscriber.ts";
import { Operational } from "./operational.ts";
import { PasswordArrival } from "./password-arrival.ts";
import { RoleSockets } from "./role-sockets.ts";
import { ServerNotifications } from "./server-event.ts";
import { ServerSubscriber } from "./server-subscriber.ts";
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
  const callHome = new CallHome(random, (at) => engine.now(at));
  const server = new ServerSubscriber({ schema, door: options.server, callHome, vault });
  const passwords = new PasswordArrival(schema, options.passwords);
  const datastores = new Datastores({
    schema,
    storage,
    factory: passwords.tree(readFactory(options), emptyTree),
    ...(options.factoryName !== undefined && { factoryName: options.factoryName }),
    arriving: (tree, before) => passwords.tree(tree, before),
    hasStartup,
    subscribers: [subscriber, server],
    at: clock.at,
    sealer: vault,
    log: (message) => subscriber.note({ kind: "datastore", message }),
  });
  const operational = new Operational({
    schema,
    engine,
    running: () => datastores.read("running"),
    interfaces,
    platform,
    startedAt: clock.at,
    server,
    callHome,
  });
  const netconf = new NetconfServer({
    schema,
    datastores,
    operational: (at) => operational.tree(at),
    handlers: handlers(engine),
    dateAndTime: (at) => dateAndTime(engine.now(at)),
    limits: options.limits ?? defaultLimits,
    files: options.files && new ConfigFiles({ storage: options.files, schema, sealer: vault }),
    events: options.events,
    hasStartup,
  });
  return new Agent({
    schema,
    datastores,
    netconf,
    engine,
    subscriber,
    server,
    callHome,
    sockets,
    operational,
    notifications: new NtpNotifications(schema),
    serverNotifications: new ServerNotifications(schema),
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

function readFactory(options: AgentOptions): Tree {
  const { schema, interfaces, factoryDefault: text, factoryName = "factory default" } = options;
  if (text === undefined) return factoryDefault(schema, interfaces);
  return parseConfig(text, schema, factoryName);
}
