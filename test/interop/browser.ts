import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** What a command of the DevTools protocol gives. */
type Result = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Result;
  readonly result?: Result;
  readonly error?: { readonly message: string };
}

/** One page of Chromium without a window, over a pipe of the DevTools protocol. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #directory: string;
  readonly #input: Writable;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #ended: Promise<void>;
  readonly #listeners = new Map<string, (params: Result) => void>();
  /** All that the page complained of: exceptions, and what was refused to it. */
  readonly complaints: string[] = [];
  #nextId = 1;
  #session: string | undefined;

  private constructor(program: string) {
    this.#directory = mkdtempSync(join(tmpdir(), "ntpconfd-browser-"));
    const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"];
    const profile = `--user-data-dir=${this.#directory}`;
    const words = [...options, profile, "--remote-debugging-pipe", "about:blank"];
    this.#process = spawn(program, words, {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    // What is still asked of it then is never answered.
    this.#ended = new Promise((resolve) => {
      this.#process.once("close", () => {
        const error = { message: "the browser has ended" };
        for (const [id, answer] of this.#waiting) answer({ id, error });
        resolve();
      });
    });
    this.#input = this.#process.stdio[3] as Writable;
    this.#input.on("error", () => undefined);
    let text = "";
    (this.#process.stdio[4] as Readable).on("data", (bytes: Buffer) => {
      text += bytes.toString();
      const messages = text.split("\0");
      text = messages.pop() ?? "";
      for (const message of messages) this.#take(JSON.parse(message));
    });
  }

  /** A page that logs in as it is asked to. */
  static async open(program: string, user: string, password: string): Promise<Browser> {
    const browser = new Browser(program);
    const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
    const attached = await browser.send("Target.attachToTarget", { targetId, flatten: true });
    browser.#session = String(attached.sessionId);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) {
      await browser.send(`${domain}.enable`);
    }
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    await browser.send("Network.setExtraHTTPHeaders", { headers: { authorization } });
    browser.#listeners.set("Runtime.exceptionThrown", (params) => {
      browser.complaints.push(JSON.stringify(params.exceptionDetails));
    });
    browser.#listeners.set("Log.entryAdded", ({ entry }) => {
      browser.complaints.push(JSON.stringify(entry));
    });
    return browser;
  }

  async visit(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.#listeners.set("Page.loadEventFired", () => resolve());
    });
    await this.send("Page.navigate", { url });
    await loaded;
  }

  /** Pixels of the page, and what the reader prefers. */
  async look(width: number, height: number, scheme: "light" | "dark"): Promise<void> {
    const metrics = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
    await this.send("Emulation.setDeviceMetricsOverride", metrics);
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.send("Emulation.setEmulatedMedia", { features });
  }

  /** The value of an expression in the page. */
  async value(expression: string): Promise<unknown> {
    const words = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", words);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as Result).value;
  }

  /** The whole page as a PNG. */
  async picture(): Promise<Buffer> {
    const words = { format: "png", captureBeyondViewport: true };
    const { data } = await this.send("Page.captureScreenshot", words);
    return Buffer.from(String(data), "base64");
  }

  /** Role and name of everything that a screen reader meets. */
  async spoken(): Promise<readonly { readonly role: string; readonly name: string }[]> {
    const { nodes } = await this.send("Accessibility.getFullAXTree");
    return (nodes as readonly Readonly<Record<string, { readonly value?: string }>>[]).map(
      ({ role, name }) => ({ role: role?.value ?? "", name: name?.value ?? "" }),
    );
  }

  send(method: string, params: Result = {}): Promise<Result> {
    const id = this.#nextId++;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    this.#input.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  async close(): Promise<void> {
    this.#process.kill();
    await this.#ended;
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #take(message: Message): void {
    if (message.id !== undefined) {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    } else if (message.method !== undefined) {
      this.#listeners.get(message.method)?.(message.params ?? {});
    }
  }
}
