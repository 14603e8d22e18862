import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import {
  FileStorage,
  keptVault,
  ownVersion,
  type ReplayEnd,
  type Replayed,
  replayRecord,
  systemRandom,
} from "../host/index.ts";
import { CallFault } from "./call-fault.ts";
import { defaultStateDirectory } from "./serve-arguments.ts";

interface ReplayWords {
  readonly stateDir: string;
  readonly until?: number;
  readonly print?: true;
}

/** ms between two words of how far it is. */
const progressMs = 2_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

export function addReplay(command: Command): void {
  command
    .argument("<file>", "what serve --record has written")
    .description("let all that was recorded happen again, and compare what the agent does")
    .option("--state-dir <dir>", "the agent's: the record is sealed", defaultStateDirectory())
    .option("--until <n>", "so many events and no more", parseCount)
    .option("--print", "a line for each event; nothing of what may be secret")
    .action((file: string, words: ReplayWords) => {
      process.exitCode = runReplay(file, words);
    });
}

/** 0: it went as recorded; 1: it did not, or the record is damaged. */
function runReplay(path: string, { stateDir, until, print: isPrinting }: ReplayWords): 0 | 1 {
  const span = new Span();
  let toldAt = Date.now();
  const end = replayRecord({
    path,
    vault: vaultOf(stateDir),
    ...(until !== undefined && { until }),
    began: ({ version }) => {
      span.begin();
      if (version !== ownVersion()) {
        complain(
          `recorded by ntpconfd ${version}, and this is ${ownVersion()}: it may do otherwise`,
        );
      }
    },
    replayed: (event) => {
      span.add(event.timeMs);
      if (isPrinting) print(eventLine(event));
      if (Date.now() - toldAt < progressMs) return;
      toldAt = Date.now();
      complain(`${event.number} events over ${span.text()} so far`);
    },
  });
  print(endLine(end, span.text()));
  return end.fault === undefined ? 0 : 1;
}

/** The vault of a state directory, where nothing is made. */
function vaultOf(stateDirectory: string): NonNullable<ReturnType<typeof keptVault>> {
  const kept = existsSync(stateDirectory)
    ? keptVault(new FileStorage(stateDirectory), systemRandom)
    : undefined;
  if (kept !== undefined) return kept;
  throw new CallFault(`there is no at-rest key: ${join(stateDirectory, "at-rest-key")}`);
}

function endLine({ runs, events, fault, unfinished }: ReplayEnd, span: string): string {
  const counted = `${events} events replayed over ${span}${runs > 1 ? ` in ${runs} runs` : ""}`;
  if (fault?.kind === "damaged") {
    return `${counted}, all effects as recorded; then line ${fault.line} is damaged or altered`;
  }
  if (fault !== undefined) {
    const { at, difference } = fault;
    const where = at === "boot" ? "the boot" : `event ${at.number}, ${happened(at)}`;
    return [
      `${counted}; the first that goes another way: ${where}, in its effect ${difference.deed}`,
      `  recorded: ${difference.recorded}`,
      `  now:      ${difference.now}`,
    ].join("\n");
  }
  const rest =
    unfinished === undefined
      ? ""
      : `\nthe record ends with ${unfinished.kind}: what came of it is not in it`;
  return `${counted}, all effects as recorded${rest}`;
}

function eventLine(replayed: Replayed): string {
  const { number, timeMs, deeds } = replayed;
  const time = new Date(timeMs).toISOString();
  const done = deeds.length === 0 ? "" : ` → ${deeds.join("; ")}`;
  return `${time}  ${number}  ${happened(replayed)}${done}`;
}

/** Kind, session and length: no content. */
function happened({ event }: Replayed): string {
  switch (event.kind) {
    case "session-opened":
      return `${event.kind} ${event.channel} ${event.peer.user} from ${event.peer.host}`;
    case "session-bytes":
      return `${event.kind} ${event.channel} ${event.bytes.length} octets`;
    case "session-drained":
    case "session-closed":
      return `${event.kind} ${event.channel}`;
    case "datagram":
      return `${event.kind} from ${event.datagram.from} ${event.datagram.bytes.length} octets`;
    case "call-progress":
      return `${event.kind} ${event.call} ${event.to}`;
    case "call-ended":
      return `${event.kind} ${event.call}: ${event.reason}`;
    case "listener-failed":
      return `${event.kind} ${event.name}: ${event.reason}`;
    default:
      return event.kind;
  }
}

/** How long it took when it happened, all runs together. */
class Span {
  #before = 0;
  #first: number | undefined;
  #last = 0;

  begin(): void {
    this.#before += this.#run();
    this.#first = undefined;
  }

  add(timeMs: number): void {
    this.#first ??= timeMs;
    this.#last = timeMs;
  }

  text(): string {
    const seconds = (this.#before + this.#run()) / 1_000;
    if (seconds < 120) return `${seconds.toFixed(1)} s`;
    const minutes = Math.round(seconds / 60);
    return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }

  #run(): number {
    return this.#first === undefined ? 0 : this.#last - this.#first;
  }
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It is 1 or more.");
  return Number(text);
}
