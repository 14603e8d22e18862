import type { Effect } from "../../src/agent/index.ts";
import { Shell, type ShellEffect, type ShellOptions } from "../../src/shell/index.ts";
import type { SimulatedHost, World } from "../agent/world.ts";

let nextChannel = 10_000;
const encoder = new TextEncoder();

export interface TerminalOptions extends Partial<Pick<ShellOptions, "terminal" | "command">> {
  readonly user?: string;
  readonly recovery?: boolean;
}

/** Somebody at the shell of a simulated agent. */
export class TypedShell {
  /** The exit status, once the shell has ended. */
  status: number | undefined;
  readonly #world: World;
  readonly #host: SimulatedHost;
  readonly #shell: Shell;
  readonly #channel: number;
  #output = "";

  constructor(world: World, host: SimulatedHost, options: TerminalOptions = {}) {
    this.#world = world;
    this.#host = host;
    this.#channel = nextChannel++;
    const { vault } = host;
    this.#shell = new Shell({
      hostName: "host",
      version: "1.2.3",
      secrets: {
        seal: (plain) => vault.seal(plain),
        opens: (text) => vault.open(text) !== undefined,
      },
      terminal: options.terminal,
      command: options.command,
    });
    const peer = {
      user: options.user ?? "admin",
      recovery: options.recovery ?? true,
      host: "192.0.2.9",
      transport: "netconf-ssh",
    } as const;
    const at = world.now;
    this.#agent(host.agent.handle({ kind: "session-opened", at, channel: this.#channel, peer }));
  }

  /** Types this; gives what is shown for it. */
  type(text: string): string {
    this.#output = "";
    this.#perform(this.#shell.typed(encoder.encode(text)));
    this.#goOn();
    return this.#output;
  }

  /** Types a line and Enter; without a terminal that is a line of a script. */
  line(text: string): string {
    return this.type(`${text}\r`);
  }

  /** Several lines; all that was shown. */
  lines(text: string): string {
    return text
      .split("\n")
      .map((line) => this.line(line.trim()))
      .join("");
  }

  end(): string {
    this.#output = "";
    this.#perform(this.#shell.inputEnded());
    this.#goOn();
    return this.#output;
  }

  resize(columns: number, rows: number): void {
    this.#perform(this.#shell.resized({ columns, rows }));
  }

  /** What was shown since the last typing. */
  get shown(): string {
    return this.#output;
  }

  #goOn(): void {
    while (this.#shell.canGoOn) this.#perform(this.#shell.goOn());
  }

  #perform(effects: readonly ShellEffect[]): void {
    const { agent } = this.#host;
    for (const effect of effects) {
      if (effect.kind === "print") this.#output += effect.text;
      else if (effect.kind === "end") this.status = effect.status;
      else {
        const { bytes } = effect;
        const at = this.#world.now;
        this.#agent(agent.handle({ kind: "session-bytes", at, channel: this.#channel, bytes }));
      }
    }
  }

  #agent(effects: readonly Effect[]): void {
    const { agent } = this.#host;
    for (const effect of effects) {
      const isOurs = "channel" in effect && effect.channel === this.#channel;
      if (isOurs && effect.kind === "send-bytes") {
        this.#perform(this.#shell.received(effect.bytes));
        this.#goOn();
        const at = this.#world.now;
        this.#agent(agent.handle({ kind: "session-drained", at, channel: this.#channel }));
      } else if (isOurs && effect.kind === "close-session") {
        this.#perform(this.#shell.sessionEnded());
      } else {
        this.#host.perform([effect]);
      }
    }
  }
}
