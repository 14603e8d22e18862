import { assert } from "../base/index.ts";
import type { Element } from "../xml/index.ts";
import { completeLine, helpLines, isInText } from "./assist.ts";
import { isInView, type Rule, rulesOf, type View } from "./command.ts";
import { commands } from "./commands.ts";
import { Objection } from "./configure.ts";
import { type Key, KeyReader, LineEditor } from "./line-editor.ts";
import { type Fault, readLine } from "./match.ts";
import { type Incoming, NetconfLink } from "./netconf-link.ts";
import { type OutputFilter, readFilter } from "./output-filter.ts";
import { run, type ShellState } from "./run.ts";
import { type SecretDoor, Secrets } from "./secrets.ts";
import { Refused, type Task, type Wish } from "./task.ts";
import { foreignWords, messages, viewNames } from "./wording.ts";
import { splitLine, splitPipe, type Word } from "./words.ts";

/** The window that a person looks at. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
}

export interface ShellOptions {
  /** What the prompt calls this host. */
  readonly hostName: string;
  /** Of ntpconfd. */
  readonly version: string;
  readonly secrets: SecretDoor;
  /** undefined: no person, lines come and answers go. */
  readonly terminal: Terminal | undefined;
  /** Lines to be carried out instead of what is typed: then it ends. */
  readonly command: string | undefined;
}

/** All that the shell asks of the world. */
export type ShellEffect =
  /** For whoever sits before it. */
  | { readonly kind: "print"; readonly text: string }
  /** For the agent, over the NETCONF session. */
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly status: number };

type Mode =
  /** The agent has not said hello. */
  | { readonly kind: "opening" }
  | { readonly kind: "prompt" }
  | { readonly kind: "running"; readonly task: Running }
  | { readonly kind: "asking"; readonly task: Running }
  | { readonly kind: "more"; readonly lines: readonly string[] }
  | { readonly kind: "ended" };

interface Running {
  readonly task: Task<readonly string[]>;
  readonly filter: OutputFilter;
}

const historyMax = 100;
const lineMax = 4_096;
/** Characters that are printed, and lines that each count as so many, before others have a turn. */
const stretchMax = 65_536;
const lineWeight = 4_096;
const tooLong = `Error: The line is longer than ${lineMax} characters: nothing of it was done.`;
const moreText = "  ---- More ----";
const table = rulesOf(commands);

/**
 * The command line of router engineers: keys or lines in, text out, and a NETCONF session like any
 * other manager's between them.
 */
export class Shell {
  readonly #options: ShellOptions;
  readonly #secrets: Secrets;
  readonly #link = new NetconfLink();
  readonly #keys = new KeyReader();
  readonly #decoder = new TextDecoder();
  readonly #editor: LineEditor;
  readonly #state: ShellState = {
    view: "user",
    interface: undefined,
    changed: false,
    trial: false,
    ended: false,
    pageLines: undefined,
    capabilities: [],
    history: [],
  };
  #terminal: Terminal | undefined;
  #mode: Mode = { kind: "opening" };
  /** Keys, or lines where there is no terminal, that wait until a command is through. */
  #waitingKeys: Key[] = [];
  #waitingLines: string[] = [];
  #unfinishedLine = "";
  /** Of the line that is being typed something did not fit. */
  #isTooLong = false;
  #inputEnded = false;
  #failed = false;
  /** Where in the history the line is: its length is below all of it. */
  #historyAt = 0;
  #draft = "";
  #effects: ShellEffect[] = [];
  #doneAtOnce = 0;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#secrets = new Secrets(options.secrets);
    this.#terminal = options.command === undefined ? options.terminal : undefined;
    this.#editor = new LineEditor(options.terminal?.columns ?? 80);
    if (options.command === undefined) return;
    this.#waitingLines = options.command.split("\n");
    this.#inputEnded = true;
  }

  /** Octets from whoever sits before it. */
  typed(bytes: Uint8Array): readonly ShellEffect[] {
    if (this.#terminal !== undefined) this.#waitingKeys.push(...this.#keys.read(bytes));
    else if (this.#options.command === undefined)
      this.#lines(this.#decoder.decode(bytes, { stream: true }));
    this.#work();
    return this.#take();
  }

  /** Nothing more will be typed. */
  inputEnded(): readonly ShellEffect[] {
    this.#inputEnded = true;
    if (this.#unfinishedLine !== "") this.#lines("\n");
    this.#work();
    return this.#take();
  }

  /** Octets from the agent. What is typed ahead waits for goOn(). */
  received(bytes: Uint8Array): readonly ShellEffect[] {
    for (const incoming of this.#link.receive(bytes)) this.#incoming(incoming);
    return this.#take();
  }

  /** Whether something that was typed has not been looked at: nothing more should be typed now. */
  get hasInput(): boolean {
    return this.#mode.kind !== "ended" && this.#waitingKeys.length + this.#waitingLines.length > 0;
  }

  get canGoOn(): boolean {
    return !this.#isBusy() && (this.hasInput || this.#inputEnded);
  }

  /** Goes on with what was typed: to the next question to the agent, or until much is done. */
  goOn(): readonly ShellEffect[] {
    this.#work();
    return this.#take();
  }

  resized(terminal: Terminal): readonly ShellEffect[] {
    if (this.#terminal !== undefined) {
      this.#terminal = terminal;
      this.#editor.columns = terminal.columns;
    }
    return this.#take();
  }

  /** The agent ended the NETCONF session. */
  sessionEnded(): readonly ShellEffect[] {
    if (this.#mode.kind !== "ended") {
      this.#say("Info: The agent ended the session.");
      this.#failed = true;
      this.#end();
    }
    return this.#take();
  }

  #take(): readonly ShellEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #lines(text: string): void {
    const lines = (this.#unfinishedLine + text).split(/\r\n|\r|\n/);
    // One character more is enough to tell that it is too long.
    this.#unfinishedLine = (lines.pop() ?? "").slice(0, lineMax + 1);
    this.#waitingLines.push(...lines);
  }

  /** Goes on with what waits, as far as it can. */
  #work(): void {
    this.#doneAtOnce = 0;
    while (!this.#isBusy() && this.#doneAtOnce < stretchMax) {
      if (this.#terminal === undefined) {
        const line = this.#waitingLines.shift();
        this.#doneAtOnce += lineWeight;
        if (line !== undefined) this.#whole(line, line.length > lineMax);
        else if (!this.#inputEnded) return;
        else this.#end();
      } else {
        const key = this.#waitingKeys.shift();
        if (key !== undefined) this.#key(key);
        else if (!this.#inputEnded) return;
        else this.#end();
      }
    }
  }

  #isBusy(): boolean {
    return ["opening", "running", "ended"].includes(this.#mode.kind);
  }

  #incoming(incoming: Incoming): void {
    const { kind } = this.#mode;
    if (kind === "ended") return;
    if (incoming.kind === "broken") {
      this.#say(`Error: The agent cannot be understood: ${incoming.reason}`);
      this.#failed = true;
      this.#end();
    } else if (incoming.kind === "hello") {
      this.#state.capabilities = incoming.capabilities;
      this.#effects.push({ kind: "send", bytes: NetconfLink.hello });
      this.#prompt();
    } else if (this.#mode.kind === "running") {
      this.#resume(this.#mode.task, incoming.reply);
    }
  }

  #resume(running: Running, answer: Element | string | undefined): void {
    try {
      const { task } = running;
      const step = answer === undefined ? task.next() : task.next(answer);
      if (step.done === true) this.#finish(running.filter(step.value));
      else this.#wish(step.value, running);
    } catch (error) {
      if (error instanceof Refused)
        this.#refuse(
          error.faults.flatMap(({ lines: [first = "", ...more] }) => [`Error: ${first}`, ...more]),
        );
      else if (error instanceof Objection) this.#refuse([`Error: ${error.message}`]);
      else throw error;
    }
  }

  #wish(wish: Wish, task: Running): void {
    if (wish.kind === "rpc") {
      this.#mode = { kind: "running", task };
      this.#effects.push({ kind: "send", bytes: this.#link.request(wish.operation) });
    } else {
      this.#mode = { kind: "asking", task };
      this.#print(this.#editor.begin(wish.question));
    }
  }

  #refuse(lines: readonly string[]): void {
    this.#failed = true;
    this.#finish(lines);
  }

  /** Shows an answer, page by page where somebody reads it. */
  #finish(lines: readonly string[]): void {
    const pageLines = this.#state.pageLines ?? (this.#terminal?.rows ?? 0) - 1;
    if (this.#terminal === undefined || pageLines <= 0) this.#showPage(lines, lines.length);
    else this.#showPage(lines, pageLines);
  }

  #showPage(lines: readonly string[], count: number): void {
    for (const line of lines.slice(0, count)) this.#say(line);
    const rest = lines.slice(count);
    if (rest.length > 0) {
      this.#mode = { kind: "more", lines: rest };
      this.#print(moreText);
    } else if (this.#state.ended) {
      this.#end();
    } else {
      this.#prompt();
    }
  }

  #prompt(): void {
    this.#mode = { kind: "prompt" };
    this.#historyAt = this.#state.history.length;
    if (this.#terminal !== undefined) this.#print(this.#editor.begin(this.#promptText()));
  }

  #promptText(): string {
    const { view, changed, interface: name } = this.#state;
    const { hostName } = this.#options;
    if (view === "user") return `<${hostName}>`;
    return `[${changed ? "*" : ""}${hostName}${name === undefined ? "" : `-${name}`}]`;
  }

  #end(): void {
    this.#mode = { kind: "ended" };
    const status = this.#failed && this.#terminal === undefined ? 1 : 0;
    this.#effects.push({ kind: "end", status });
  }

  #print(text: string): void {
    const shown = this.#terminal === undefined ? text : text.replace(/\r?\n/g, "\r\n");
    this.#doneAtOnce += shown.length;
    if (shown !== "") this.#effects.push({ kind: "print", text: shown });
  }

  #say(line: string): void {
    this.#print(`${line}\n`);
  }

  #rules(): readonly Rule[] {
    return rulesIn(this.#state.view);
  }

  #key(key: Key): void {
    if (this.#mode.kind === "more") {
      this.#moreKey(key, this.#mode.lines);
      return;
    }
    const editor = this.#editor;
    const isAnswer = this.#mode.kind === "asking";
    switch (key.kind) {
      case "text":
        if (editor.line.length < lineMax) this.#print(editor.insert(key.text));
        else this.#overflow();
        break;
      case "enter":
        this.#enter();
        break;
      case "interrupt":
        this.#interrupt();
        break;
      case "end-of-input":
        if (editor.line === "" && !isAnswer) this.#endOfInput();
        else this.#print(editor.edit("delete"));
        break;
      case "help":
        if (isAnswer || isInText(this.#rules(), editor.before)) this.#print(editor.insert("?"));
        else this.#help();
        break;
      case "tab":
        if (!isAnswer) this.#complete();
        break;
      case "up":
      case "down":
        if (!isAnswer) this.#fromHistory(key.kind === "up" ? -1 : 1);
        break;
      default:
        this.#isTooLong = false;
        this.#print(editor.edit(key.kind));
    }
  }

  /** Who types hears it, and can mend the line; what is pasted goes on to its end. */
  #overflow(): void {
    if (!this.#isTooLong) this.#print("\x07");
    this.#isTooLong = true;
  }

  #enter(): void {
    const { line, echo } = this.#editor.take();
    this.#print(echo);
    this.#whole(line, this.#isTooLong);
  }

  /** A line is there; of one that is too long not even its beginning is carried out. */
  #whole(line: string, isTooLong: boolean): void {
    this.#isTooLong = false;
    if (!isTooLong) this.#line(line);
    else if (this.#mode.kind !== "asking") this.#refuse([tooLong]);
    else {
      this.#say(tooLong);
      this.#resume(this.#mode.task, "c");
    }
  }

  #interrupt(): void {
    this.#print(this.#editor.take().echo);
    this.#isTooLong = false;
    // Whoever interrupts a question has not said yes to it.
    if (this.#mode.kind === "asking") this.#resume(this.#mode.task, "c");
    else this.#prompt();
  }

  /** Control-D in an empty line goes one view up, as quit does. */
  #endOfInput(): void {
    this.#print(`${this.#editor.insert("quit")}`);
    this.#enter();
  }

  #moreKey(key: Key, lines: readonly string[]): void {
    const text = key.kind === "text" ? key.text : key.kind;
    this.#print(`\r${" ".repeat(moreText.length)}\r`);
    const page = this.#state.pageLines ?? (this.#terminal?.rows ?? 2) - 1;
    if (text === " ") this.#showPage(lines, Math.max(1, page));
    else if (text === "enter" || text === "down") this.#showPage(lines, 1);
    else if (text === "q" || text === "interrupt") this.#showPage([], 0);
    else this.#print(moreText);
  }

  #help(): void {
    const { before, line } = this.#editor;
    this.#print(`${this.#editor.edit("end")}?\n`);
    for (const text of helpLines(this.#rules(), before)) this.#say(text);
    this.#redraw(line);
  }

  #redraw(line: string): void {
    this.#print(this.#editor.begin(this.#promptText()));
    if (this.#editor.line !== line) this.#print(this.#editor.replace(line));
  }

  #complete(): void {
    const { insert, choices } = completeLine(this.#rules(), this.#editor.before);
    if (insert !== "") {
      this.#print(this.#editor.insert(insert));
    } else if (choices.length > 0) {
      this.#print(`${this.#editor.edit("refresh")}\n`);
      this.#say(`  ${choices.join("  ")}`);
      this.#redraw(this.#editor.line);
    }
  }

  #fromHistory(direction: -1 | 1): void {
    const { history } = this.#state;
    const at = this.#historyAt + direction;
    if (at < 0 || at > history.length) return;
    if (this.#historyAt === history.length) this.#draft = this.#editor.line;
    this.#historyAt = at;
    this.#print(this.#editor.replace(history[at] ?? this.#draft));
  }

  /** Carries out a line. */
  #line(line: string): void {
    if (this.#mode.kind === "asking") {
      this.#resume(this.#mode.task, line);
      return;
    }
    assert(this.#mode.kind === "prompt", "lines are read at the prompt");
    const { command, filter: filterText } = splitPipe(line);
    const { words } = splitLine(command);
    if (words.length === 0 || command.trim().startsWith("#")) {
      this.#prompt();
      return;
    }
    if (this.#terminal === undefined && line.trimEnd().endsWith("?")) {
      // A script cannot press a key: a line that ends so asks.
      this.#finish(helpLines(this.#rules(), line.trimEnd().slice(0, -1)));
      return;
    }
    this.#remember(line);
    const said = readLine(this.#rules(), words, command.trimEnd().length + 1);
    if ("fault" in said) {
      const { kind, hint } = said.fault;
      const elsewhere = kind === "unrecognized" ? this.#elsewhere(words, said.fault) : undefined;
      this.#complain(line, { ...said.fault, hint: elsewhere ?? hint });
      return;
    }
    const filter = filterText === undefined ? everything : readFilter(filterText);
    if ("fault" in filter) {
      this.#complain(line, { kind: "wrong", column: command.length + 2, hint: filter.fault });
      return;
    }
    const { command: open, version } = this.#options;
    const interactive = this.#terminal !== undefined && open === undefined;
    const [state, secrets] = [this.#state, this.#secrets];
    const task = run(said, { state, secrets, rules: table, interactive, version });
    this.#resume({ task, filter }, undefined);
  }

  /** A command that is good, or begins well, but not here; or one of other routers. */
  #elsewhere(words: readonly Word[], { column }: Fault): string | undefined {
    const first = words[0]?.start === column ? words[0].text.toLowerCase() : "";
    const own = Object.hasOwn(foreignWords, first) ? foreignWords[first] : undefined;
    if (own !== undefined) return `here it is ${own}`;
    const views = ["system", "interface", "user"] as const;
    const view = views.find((one) => {
      const said = readLine(rulesIn(one), words, Number.POSITIVE_INFINITY);
      return !("fault" in said) || said.fault.column > column;
    });
    return view && `it is typed in ${viewNames[view]}`;
  }

  #complain(line: string, { kind, column, hint }: Fault): void {
    if (this.#terminal === undefined) this.#say(line);
    const indent = (this.#terminal === undefined ? 0 : this.#promptText().length) + column;
    const why = hint === undefined ? [] : [`  ${hint}`];
    this.#refuse([
      `${" ".repeat(indent)}^`,
      `Error: ${messages[kind]} found at '^' position.`,
      ...why,
    ]);
  }

  /** Keys of others are nobody's business: lines that hold one are not kept. */
  #remember(line: string): void {
    const { history } = this.#state;
    if (/\bauthentication-mode\b|\b(plain|cipher)\b/.test(line) || history.at(-1) === line) return;
    history.push(line);
    if (history.length > historyMax) history.shift();
  }
}

function rulesIn(view: View): readonly Rule[] {
  return table.filter(({ command }) => isInView(command, view));
}

function everything(lines: readonly string[]): readonly string[] {
  return lines;
}
