import { readFileSync } from "node:fs";
import { arch, hostname, release, type as systemName, version } from "node:os";
import {
  type AgentLoop,
  type AgentOptions,
  createAgent,
  type Event,
  type KeyVault,
  type LogLevel,
} from "../agent/index.ts";
import { assert, RpcError, type Storage, StorageError } from "../base/index.ts";
import type { ServerSnapshot } from "../ntp/index.ts";
import type { SourceFinder } from "../yang/index.ts";
import type { Account } from "./accounts.ts";
import { type ClockChoice, ClockKeeper } from "./clock-keeper.ts";
import { EventFile } from "./event-file.ts";
import { Guesses } from "./guesses.ts";
import { HostLoop, type SessionsDoor } from "./host-loop.ts";
import { HttpServer } from "./http-server.ts";
import { InnerSessions } from "./inner-sessions.ts";
import { InterfaceWatch, readInterfaces } from "./interfaces.ts";
import { atRestVault } from "./key-file.ts";
import { type Libc, loadLibc } from "./libc.ts";
import { type Log, openLog } from "./log.ts";
import { Managers } from "./managers.ts";
import { lookupAll, NameLookups } from "./name-lookups.ts";
import { PasswordChecker } from "./passwords.ts";
import { systemRandom } from "./random.ts";
import { type HostClock, hostClock } from "./raw-clock.ts";
import { KeptModules } from "./record/kept-modules.ts";
import { Recorder } from "./record/recorder.ts";
import { hashPassword, matchesSoon, recoveryAccount } from "./recovery-user.ts";
import { loadSchema, type ModuleFeatures, moduleFinder } from "./served-modules.ts";
import { serviceManager } from "./service-manager.ts";
import type { SocketHandlers, Sockets } from "./sockets.ts";
import { StartError, starting } from "./start-error.ts";
import { lockState, type StateLock } from "./state-lock.ts";
import { FileStorage } from "./storage.ts";
import type { ListenAddress } from "./tcp-listener.ts";
import { compileEarly, compileLate } from "./tiers.ts";
import { openSockets } from "./udp.ts";
import { UrlFiles, urlFolder } from "./url-files.ts";
import { ownVersion } from "./version.ts";
import type { WireHandlers } from "./wire-sessions.ts";

export interface ServeOptions {
  readonly stateDirectory: string;
  readonly listen: readonly ListenAddress[];
  /** Where the status page is; undefined: nowhere. */
  readonly http: readonly ListenAddress[];
  readonly user: string;
  readonly passwordFile: string | undefined;
  readonly authorizedKeysFile: string | undefined;
  readonly factoryDefaultFile: string | undefined;
  readonly hasStartup: boolean;
  readonly yangFolders: readonly string[];
  readonly implement: readonly ModuleFeatures[];
  readonly features: readonly ModuleFeatures[];
  readonly clock: ClockChoice;
  /** How many threads answer NTP clients. */
  readonly ntpThreads: number;
  readonly recordFile: string | undefined;
  readonly logLevel: LogLevel;
}

const refusalDelayMs = 500;
/** The kernel says when interfaces change; where it cannot, looking must do. */
const lookMs = { koffi: 10_000, dgram: 1_000 } as const;
/** What is not closed by then is not waited for. */
const farewellMs = 3_000;

/** Runs the agent until a signal ends it. Throws StartError before anything listens. */
export async function serve(options: ServeOptions): Promise<void> {
  compileLate();
  const log = openLog(options.logLevel);
  const storage = open(() => new FileStorage(options.stateDirectory));
  const files = open(() => new UrlFiles(urlFolder(options.stateDirectory)));
  const lock = open(() => lockState(options.stateDirectory));
  // Whoever reads the ready line may send a signal at once.
  const ended = nextSignal();
  try {
    const host = await Host.start({ options, storage, files, log });
    const manager = serviceManager(process.env, loadLibc(), log);
    manager.ready();
    compileEarly();
    const signal = await ended;
    manager.stopping();
    log("info", "ending", { signal });
    setTimeout(() => process.exit(0), farewellMs).unref();
    await host.close();
  } finally {
    lock.release();
  }
}

function open<T extends Storage | StateLock>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof StorageError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
}

/** What is there before anything runs. */
interface Given {
  readonly options: ServeOptions;
  readonly storage: Storage;
  /** What URLs lead to. */
  readonly files: Storage;
  readonly log: Log;
}

/** What an agent and its sessions need of this machine. */
interface World extends Given {
  readonly libc: Libc | undefined;
  readonly clock: HostClock;
  readonly keeper: ClockKeeper;
  readonly sockets: Sockets;
  readonly managers: Managers;
  readonly vault: KeyVault;
  readonly passwords: PasswordChecker;
  /** Of passwords, by whatever way they come. */
  readonly guesses: Guesses;
}

/** The agent and all that it touches the world with. */
class Host {
  readonly #world: World;
  readonly #loop: HostLoop;
  readonly #recovery: Account;
  readonly #agent: AgentLoop;
  readonly #inner: InnerSessions;
  readonly #http: HttpServer | undefined;
  readonly #names: NameLookups;
  readonly #watch: InterfaceWatch;
  readonly #recorder: Recorder | undefined;

  constructor(world: World) {
    this.#world = world;
    const { options, storage, files, log, libc, clock, keeper, sockets, managers, vault } = world;
    this.#recorder = recorderOf(world);
    const interfaces = readInterfaces(libc);
    sockets.interfaces(interfaces);
    const modules = new KeptModules(moduleFinder(options));
    const agentOptions = {
      ...ownOptions(options, storage, modules),
      files,
      events: new EventFile(options.stateDirectory, storage),
      vault,
      server: managers.listeners,
      interfaces,
      sockets,
      clock: keeper.start,
    };
    // Before anything listens: what is wrong with its files is found out first.
    this.#recovery = recoveryOf(options, storage);
    this.#agent =
      this.#recorder?.boot({ options: agentOptions, modules, asked: options, clock }, boot) ??
      boot(agentOptions);
    this.#inner = new InnerSessions(sessionEvents(world, () => this));
    this.#http = options.http.length === 0 ? undefined : this.#openHttp();
    this.#names = new NameLookups(lookupAll, (answer) =>
      this.post({ kind: "name-resolved", at: clock.now(), answer }),
    );
    this.#loop = new HostLoop({
      ...{ agent: this.#agent, clock, log, sockets, calls: managers.calls },
      names: this.#names,
      sessions: eitherDoor(managers.sessions, this.#inner),
      published: (snapshot: ServerSnapshot) => keeper.published(snapshot),
    });
    const changed = (list: typeof interfaces): void => {
      sockets.interfaces(list);
      this.post({ kind: "interfaces", at: clock.now(), interfaces: list });
    };
    this.#watch = new InterfaceWatch(() => readInterfaces(libc), changed, lookMs[sockets.form]);
    sockets.onInterfacesChanged(() => this.#watch.look());
  }

  /** Boots the agent, and then listens and says so on standard output. */
  static async start(given: Given): Promise<Host> {
    const { options, storage, log } = given;
    const libc = loadLibc();
    const clock = hostClock(libc);
    const keeper = starting(
      "cannot keep the clock",
      () => new ClockKeeper({ choice: options.clock, storage, log, libc, clock }),
    );
    let host: Host | undefined;
    const handlers: SocketHandlers = {
      log,
      received: (datagram) => host?.post({ kind: "datagram", at: clock.now(), datagram }),
      failed: (error) => {
        log("error", "the UDP thread ended", { reason: error.stack ?? error.message });
        process.exit(1);
      },
    };
    const sockets = starting("cannot open the network", () =>
      openSockets(libc, clock, handlers, {
        form: process.env.NTPCONFD_UDP,
        threads: options.ntpThreads,
      }),
    );
    const passwords = new PasswordChecker((error) =>
      log("error", "the password thread ended", { reason: error.stack ?? error.message }),
    );
    let managers: Managers | undefined;
    try {
      const vault = atRestVault(given.storage, systemRandom);
      const guesses = new Guesses();
      const machine = { ...given, libc, clock, keeper, sockets, vault, passwords, guesses };
      managers = openManagers(machine, () => host);
      host = new Host({ ...machine, managers });
      await host.#open();
      return host;
    } catch (error) {
      const parts = [managers?.close(), sockets.close(), passwords.close()];
      await (host?.close() ?? Promise.all(parts));
      throw error;
    }
  }

  /** Somebody who may log in. */
  account(name: string): Account | undefined {
    if (name === this.#recovery.name) return this.#recovery;
    const user = this.#agent.user(name);
    return user === undefined ? undefined : { ...user, recovery: false };
  }

  post(event: Event): void {
    this.#loop.post(event);
  }

  async close(): Promise<void> {
    this.#watch.close();
    this.#names.close();
    await this.#http?.close();
    this.#inner.close();
    this.#loop.stop();
    const { keeper, managers, sockets, passwords } = this.#world;
    keeper.close();
    await managers.close();
    await Promise.all([sockets.close(), passwords.close()]);
    this.#recorder?.close();
  }

  async #open(): Promise<void> {
    this.#loop.start();
    const listening: string[] = [];
    const { options, managers } = this.#world;
    for (const address of options.listen) {
      listening.push(`netconf=${print(await this.#listen(address, (at) => managers.listen(at)))}`);
    }
    for (const address of options.http) {
      const page = this.#http;
      assert(page !== undefined, "there is a page where there is an address for it");
      listening.push(`http=${print(await this.#listen(address, (at) => page.listen(at)))}`);
    }
    process.stdout.write(`ready ${listening.join(" ")}\n`);
  }

  async #listen(
    address: ListenAddress,
    listen: (address: ListenAddress) => Promise<ListenAddress>,
  ): Promise<ListenAddress> {
    try {
      return await listen(address);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartError(`cannot listen on ${print(address)}: ${reason}`, { cause: error });
    }
  }

  #openHttp(): HttpServer {
    const { passwords, guesses, options, log } = this.#world;
    return new HttpServer({
      accounts: (name) => this.account(name),
      checkPassword: (password, hash) => passwords.check(password, hash),
      ...{ refusalDelayMs, guesses },
      sessions: this.#inner,
      recoveryUser: options.user,
      log,
    });
  }
}

/** `host`: undefined before it has started, when nothing can have happened yet. */
function openManagers(
  { storage, log, libc, clock, vault, passwords, guesses }: Omit<World, "managers">,
  host: () => Host | undefined,
): Managers {
  const at = clock.now;
  return new Managers({
    ...{ storage, libc, refusalDelayMs, guesses },
    handlers: sessionEvents({ log, clock }, host),
    accounts: (name) => host()?.account(name),
    checkPassword: (password, hash) => passwords.check(password, hash),
    shells: {
      hostName: hostname(),
      version: ownVersion(),
      secrets: {
        seal: (plain) => vault.seal(plain),
        opens: (text) => vault.open(text) !== undefined,
      },
    },
    failed: (name, reason) => host()?.post({ kind: "listener-failed", at: at(), name, reason }),
    certificateRefused: (isRevoked) =>
      host()?.post({ kind: "certificate-refused", at: at(), isRevoked }),
    progress: (call, to) => host()?.post({ kind: "call-progress", at: at(), call, to }),
    ended: (call, reason) => host()?.post({ kind: "call-ended", at: at(), call, reason }),
  });
}

/** What sessions of any kind tell the agent. */
function sessionEvents(
  { log, clock }: Pick<World, "log" | "clock">,
  host: () => Host | undefined,
): WireHandlers {
  const at = clock.now;
  const post = (event: Event): void => host()?.post(event);
  return {
    log,
    opened: (channel, peer) => post({ kind: "session-opened", at: at(), channel, peer }),
    received: (channel, bytes) => post({ kind: "session-bytes", at: at(), channel, bytes }),
    drained: (channel) => post({ kind: "session-drained", at: at(), channel }),
    closed: (channel) => post({ kind: "session-closed", at: at(), channel }),
  };
}

/** What the agent says goes to where the session is. */
function eitherDoor(wire: SessionsDoor, inner: InnerSessions): SessionsDoor {
  const doorOf = (channel: number): SessionsDoor => (inner.owns(channel) ? inner : wire);
  return {
    write: (channel, bytes) => doorOf(channel).write(channel, bytes),
    end: (channel, refusal) => doorOf(channel).end(channel, refusal),
  };
}

type OwnOptions = Omit<AgentOptions, "vault" | "interfaces" | "sockets" | "server" | "clock">;

function ownOptions(options: ServeOptions, storage: Storage, modules: SourceFinder): OwnOptions {
  const { factoryDefaultFile } = options;
  const factoryDefault =
    factoryDefaultFile === undefined
      ? {}
      : {
          factoryName: `factory default ${factoryDefaultFile}`,
          factoryDefault: starting("cannot read the factory default", () =>
            readFileSync(factoryDefaultFile),
          ),
        };
  return {
    schema: loadSchema(options, modules),
    storage,
    random: systemRandom,
    platform: {
      osName: systemName(),
      osRelease: release(),
      osVersion: version(),
      machine: arch(),
    },
    passwords: {
      hash: (password) => hashPassword(password, systemRandom),
      matches: matchesSoon,
    },
    hasStartup: options.hasStartup,
    ...factoryDefault,
  };
}

/** What is wrong with what was kept, or with the factory default, is for the operator to read. */
function boot(options: AgentOptions): ReturnType<typeof createAgent> {
  try {
    return createAgent(options);
  } catch (error) {
    if (!(error instanceof RpcError) && !(error instanceof StorageError)) throw error;
    // Node by node: a configuration of older modules may be wrong in many places.
    const lines = error instanceof RpcError ? error.faults.map((fault) => fault.message) : [];
    const message = lines.length > 1 ? lines.join("\n") : error.message;
    throw new StartError(message, { cause: error });
  }
}

function recorderOf({ options, vault, log }: World): Recorder | undefined {
  const { recordFile: path } = options;
  return path === undefined ? undefined : new Recorder({ path, vault, random: systemRandom, log });
}

function recoveryOf(options: ServeOptions, storage: Storage): Account {
  const given = { ...options, password: process.env.NTPCONFD_PASSWORD };
  return starting("cannot set up the recovery user", () =>
    recoveryAccount(given, storage, systemRandom, (password) => {
      const whose = `the password of the recovery user ${options.user}`;
      process.stderr.write(`ntpconfd: ${whose}, shown this once: ${password}\n`);
    }),
  );
}

function print({ host, port }: ListenAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
