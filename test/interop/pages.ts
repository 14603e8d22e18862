import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { firstLine, Lab, type LabHost } from "../../src/cli/lab.ts";
import { python } from "./peers.ts";

const root = join(import.meta.dirname, "../..");

/** A fenced block of a page: ```LANGUAGE WORD… */
export interface Block {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

/** All fenced blocks of a page, which is named as from docs/. */
export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, "docs", page), "utf8");
  return [...text.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map((found) => ({
    language: found[1] ?? "",
    words: (found[2] ?? "").split(" ").filter((word) => word !== ""),
    text: found[3] ?? "",
    line: text.slice(0, found.index).split("\n").length,
  }));
}

/** A terminal on a host: one shell that remembers what was exported. */
class Terminal {
  readonly #shell: ChildProcess;
  readonly #directory: string;
  #output = "";
  #serial = 0;

  constructor(lab: Lab, host: LabHost, directory: string) {
    this.#directory = join(directory, host.name);
    mkdirSync(this.#directory);
    const path = `${join(directory, "bin")}:${process.env.PATH}`;
    const env = { PATH: path, HOME: this.#directory, TERM: "dumb" };
    this.#shell = lab.start(host, "bash", ["--norc"], env);
    // Over one pipe, as on a terminal: of two, either could come first.
    this.#shell.stdin?.write(`exec 2>&1\ncd '${this.#directory}'\n`);
    this.#shell.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
    });
    this.#shell.stderr?.resume();
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#directory, file), text);
  }

  /** Types the lines and waits for the last to end; its output and its exit status. */
  async type(text: string, seconds = 90): Promise<{ output: string; status: number }> {
    this.#serial += 1;
    this.#output = "";
    const mark = `--end-${this.#serial}--`;
    this.#shell.stdin?.write(`( set -e\n:\n) && {\n${text}\n}\necho "${mark} $?"\n`);
    const end = performance.now() + seconds * 1_000;
    for (;;) {
      const found = new RegExp(`^${mark} (\\d+)$`, "m").exec(this.#output);
      if (found !== null) {
        return { output: this.#output.slice(0, found.index), status: Number(found[1]) };
      }
      if (performance.now() > end) return { output: this.#output, status: -1 };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * Runs a page as its reader would. ```sh HOST… goes to these hosts, one after the other, or to the
 * first where none is named; `serve` among the words: it goes on, and the ready line is waited for;
 * `skip`: not here. ```text is what the block before it printed last. A block of another language
 * with a file's name is put there, on all hosts.
 */
export class Reader {
  readonly #lab: Lab;
  readonly #terminals = new Map<string, { terminal: Terminal; host: LabHost }>();
  readonly #directory: string;
  #printed = "";
  /** What the agents logged, but for what is only to be known. */
  #log = "";

  private constructor(lab: Lab, directory: string) {
    this.#lab = lab;
    this.#directory = directory;
  }

  /** Hosts by these names, with `ntpconfd` among their commands. */
  static async at(directory: string, names: readonly string[]): Promise<Reader> {
    const bin = join(directory, "bin");
    mkdirSync(bin);
    const command = join(bin, "ntpconfd");
    writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${root}/dist/main.js' "$@"\n`);
    chmodSync(command, 0o755);
    symlinkSync(python, join(bin, "python3"));
    const reader = new Reader(new Lab(), directory);
    for (const [i, name] of names.entries()) {
      const host = await reader.#lab.host(name, 11 + i);
      const terminal = new Terminal(reader.#lab, host, directory);
      reader.#terminals.set(name, { terminal, host });
    }
    return reader;
  }

  async follow(page: string): Promise<void> {
    const languages = ["sh", "text"];
    for (const block of blocksOf(page)) {
      const where = `docs/${page}:${block.line}`;
      if (block.words.includes("skip")) continue;
      if (block.language === "sh") await this.#type(block, where);
      else if (block.language === "text") this.#compare(block, where);
      else if (!languages.includes(block.language)) this.#put(block);
    }
  }

  close(): Promise<void> {
    return this.#lab.close();
  }

  async #type({ words, text }: Block, where: string): Promise<void> {
    const named = words.filter((word) => this.#terminals.has(word));
    const hosts = named.length > 0 ? named : [...this.#terminals.keys()].slice(0, 1);
    for (const name of hosts) {
      const at = this.#terminals.get(name);
      if (at === undefined) throw new Error(`${where}: there is no host ${name}`);
      if (words.includes("serve")) {
        await this.#serve(at.host, text);
        continue;
      }
      const { output, status } = await at.terminal.type(text);
      expect(status, `${where}, ${name}: ${output}\n${this.#log}`).toBe(0);
      this.#printed = output;
    }
  }

  async #serve(host: LabHost, text: string): Promise<void> {
    const directory = join(this.#directory, host.name);
    const path = `${join(this.#directory, "bin")}:${process.env.PATH}`;
    const env = { PATH: path, HOME: directory };
    const child = this.#lab.start(host, "bash", ["-c", `cd '${directory}'\nexec ${text}`], env);
    child.stderr?.on("data", (bytes: Buffer) => {
      const lines = bytes.toString().split("\n");
      this.#log += lines.filter((line) => !line.includes('"level":"info"')).join("\n");
    });
    const ready = await firstLine(child).catch((error: Error) => {
      throw new Error(`${error.message}: ${this.#log}`);
    });
    expect(ready).toMatch(/^ready netconf=/);
  }

  #put({ words, text }: Block): void {
    const [file] = words;
    if (file === undefined) return;
    for (const { terminal } of this.#terminals.values()) terminal.write(file, text);
  }

  /** Line by line: a number stands for any, … for whatever there is. */
  #compare({ text }: Block, where: string): void {
    const pattern = text
      .trim()
      .split("\n")
      .map((line) =>
        line
          .trim()
          .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
          .replace(/(?:\\\+|-)?\d+(?:\\\.\d+)*/g, "[+-]?\\d+(?:\\.\\d+)*")
          .replace(/▮[▮▯]*|▯[▮▯]*/g, "[▮▯]+")
          .replaceAll("…", ".*")
          .replace(/\s+/g, "\\s+"),
      )
      .join("\\s*\\n\\s*");
    expect(this.#printed, where).toMatch(new RegExp(pattern));
  }
}
