import { homedir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import type { ModuleFeatures, ServeOptions } from "../host/index.ts";

const threadsMax = 16;

/** What commander makes of the words after `ntpconfd serve`. */
export interface ServeArguments {
  readonly stateDir: string;
  readonly netconf: readonly ServeOptions["listen"][number][];
  readonly http: readonly ServeOptions["listen"][number][];
  readonly user: string;
  readonly passwordFile?: string;
  readonly authorizedKeys?: string;
  readonly factoryDefault?: string;
  readonly startup: boolean;
  readonly yangDir: readonly string[];
  readonly implement: readonly ModuleFeatures[];
  readonly feature: readonly ModuleFeatures[];
  readonly clock: ServeOptions["clock"];
  readonly ntpThreads: number;
  readonly record?: string;
  readonly logLevel: ServeOptions["logLevel"];
}

export function serveOptions(words: ServeArguments): ServeOptions {
  return {
    stateDirectory: words.stateDir,
    listen: words.netconf,
    http: words.http,
    user: words.user,
    passwordFile: words.passwordFile,
    authorizedKeysFile: words.authorizedKeys,
    factoryDefaultFile: words.factoryDefault,
    hasStartup: words.startup,
    yangFolders: words.yangDir,
    implement: words.implement,
    features: words.feature,
    clock: words.clock,
    ntpThreads: words.ntpThreads,
    recordFile: words.record,
    logLevel: words.logLevel,
  };
}

/** Where the agent keeps its state unless told otherwise. */
export function defaultStateDirectory(): string {
  const base = process.env.XDG_STATE_HOME;
  return join(
    base !== undefined && base !== "" ? base : join(homedir(), ".local/state"),
    "ntpconfd",
  );
}

/** Parses one of an option that may be repeated: the first one given replaces the default. */
export function repeated<T>(parse: (text: string) => T): (text: string, before?: T[]) => T[] {
  const given: T[] = [];
  return (text) => {
    given.push(parse(text));
    return given;
  };
}

/** ADDR:PORT, with brackets around an IPv6 address. */
export function parseListen(text: string): ServeOptions["listen"][number] {
  const [, bracketed, plain, digits = ""] =
    /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(digits) > 65_535) {
    throw new InvalidArgumentError("It is ADDR:PORT, such as 127.0.0.1:1830 or [::1]:1830.");
  }
  return { host, port: Number(digits) };
}

/** MODULE, MODULE:F,G or MODULE:*. */
export function parseModule(text: string): ModuleFeatures {
  const [, module, features] = /^([A-Za-z_][\w.-]*)(?::([\w.,*-]*))?$/.exec(text) ?? [];
  if (module === undefined) {
    throw new InvalidArgumentError("It is MODULE, MODULE:FEATURE,FEATURE or MODULE:*.");
  }
  if (features === "*") return { module, features: "all" };
  return { module, features: (features ?? "").split(",").filter((name) => name !== "") };
}

/** MODULE:F,G or MODULE:*. */
export function parseFeatures(text: string): ModuleFeatures {
  if (text.includes(":")) return parseModule(text);
  throw new InvalidArgumentError("It is MODULE:FEATURE,FEATURE or MODULE:*.");
}

/** A number of threads. */
export function parseThreads(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= threadsMax)
    return Number(text);
  throw new InvalidArgumentError(`It is a number from 1 to ${threadsMax}.`);
}

/** software[:offset=SECONDS,ppm=PPM], or system. */
export function parseClock(text: string): ServeOptions["clock"] {
  if (text === "system") return text;
  const [kind, rest, ...more] = text.split(":");
  const trial = { offset: 0, ppm: 0 };
  for (const word of rest === undefined ? [] : rest.split(",")) {
    const [name, value = ""] = word.split("=");
    const known = name === "offset" || name === "ppm";
    if (!known || value.trim() === "" || !Number.isFinite(Number(value))) return refuseClock();
    trial[name] = Number(value);
  }
  return kind === "software" && more.length === 0 ? trial : refuseClock();
}

function refuseClock(): never {
  throw new InvalidArgumentError("It is software, software:offset=SECONDS,ppm=PPM or system.");
}
