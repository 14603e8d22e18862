import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { LogLevel, Peer } from "../agent/index.ts";
import type { Account } from "./accounts.ts";
import { History, sampleMs } from "./history.ts";
import { HttpLogin } from "./http-login.ts";
import type { InnerSessions } from "./inner-sessions.ts";
import type { LoginOptions } from "./login.ts";
import { type NtpStatus, readStatus, statusQuestion } from "./ntp-status.ts";
import { pageHtml } from "./page/html.ts";
import { pageScript } from "./page/script.ts";
import { pageStyle } from "./page/style.ts";
import type { ListenAddress } from "./tcp-listener.ts";

export interface HttpOptions extends LoginOptions {
  readonly sessions: InnerSessions;
  /** In whose name history is taken: who sees all. */
  readonly recoveryUser: string;
  readonly log: (
    level: LogLevel,
    message: string,
    fields: Readonly<Record<string, string>>,
  ) => void;
}

/** Points of a plot at most: more than that no screen shows. */
const pointsMax = 400;
const hoursMax = 6;
const connectionsMax = 64;
const requestMs = 10_000;

/**
 * Nothing comes from elsewhere, and nobody frames it. uPlot sets styles by script, which needs no
 * permission; the page itself has none inline.
 */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

interface Answer {
  readonly type: string;
  readonly body: string;
}

/**
 * The status page and /metrics. Everything on it is read over a NETCONF session in the name of the
 * user who asks. TLS is for a reverse proxy: this speaks plain HTTP.
 */
export class HttpServer {
  readonly #options: HttpOptions;
  readonly #login: HttpLogin;
  /** One for each address. */
  readonly #servers: Server[] = [];
  readonly #history = new History();
  readonly #files: ReadonlyMap<string, Answer> = staticFiles();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#login = new HttpLogin(options);
  }

  /** Listens on one more address; gives it with the port in use. */
  async listen({ host, port }: ListenAddress): Promise<ListenAddress> {
    const server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs });
    server.maxConnections = connectionsMax;
    server.on("request", (request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      // As --netconf has it: "::" is all of IPv6 and no more, 0.0.0.0 may stand beside it.
      server.listen({ host, port, ipv6Only: true }, resolve);
    });
    server.on("error", (error) => this.#options.log("error", error.message, {}));
    this.#servers.push(server);
    this.#timer ??= setInterval(() => void this.#sample(), sampleMs);
    if (this.#servers.length === 1) await this.#sample();
    const address = server.address();
    return { host, port: typeof address === "object" && address !== null ? address.port : 0 };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  async #sample(): Promise<void> {
    const { recoveryUser: user } = this.#options;
    try {
      const peer = { user, recovery: true, host: "127.0.0.1", transport: "netconf-ssh" } as const;
      this.#history.add(await this.#status(peer), Date.now());
    } catch (error) {
      this.#options.log("warn", "the page's history misses a sample", { reason: reason(error) });
    }
  }

  async #status(peer: Peer): Promise<NtpStatus> {
    return readStatus(await this.#options.sessions.ask(peer, statusQuestion));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    try {
      const { method, url = "/" } = request;
      if (method !== "GET" && method !== "HEAD") {
        send(response, 405, "only GET is answered here", { allow: "GET, HEAD" });
        return;
      }
      const account = await this.#login.account(request.headers.authorization, host);
      if (account === undefined) {
        if (request.headers.authorization !== undefined) {
          this.#options.log("warn", "log-in refused", { method: "http", host });
        }
        const challenge = 'Basic realm="ntpconfd", charset="UTF-8"';
        send(response, 401, "log in as a user of this agent", { "www-authenticate": challenge });
        return;
      }
      const answer = await this.#answer(new URL(url, "http://page"), account, host);
      if (answer === undefined) send(response, 404, "there is nothing here");
      else {
        response.writeHead(200, { ...headers, "content-type": answer.type });
        response.end(answer.body);
      }
    } catch (error) {
      this.#options.log("warn", "a page was not given", { reason: reason(error), host });
      send(response, 500, "the status cannot be read; the agent's log says why");
    }
  }

  async #answer(url: URL, account: Account, host: string): Promise<Answer | undefined> {
    const file = this.#files.get(url.pathname);
    if (file !== undefined) return file;
    const { name: user, recovery } = account;
    const peer: Peer = { user, recovery, host, transport: "netconf-ssh" };
    switch (url.pathname) {
      case "/metrics": {
        // Most agents are never scraped, and what prints this takes long to load.
        const { metricsText, metricsType } = await import("./metrics.ts");
        return { type: metricsType, body: await metricsText(await this.#status(peer)) };
      }
      case "/api/status":
        return json({ host: hostname(), user, ...(await this.#status(peer)) });
      case "/api/history": {
        const asked = Number(url.searchParams.get("hours") ?? 1);
        const hours = asked > 0 ? Math.min(asked, hoursMax) : 1;
        const status = await this.#status(peer);
        return json(this.#history.view(status, recovery, hours * 3_600, pointsMax));
      }
      default:
        return undefined;
    }
  }
}

function staticFiles(): ReadonlyMap<string, Answer> {
  const plots = dirname(createRequire(import.meta.url).resolve("uplot"));
  const script = "text/javascript; charset=utf-8";
  const style = "text/css; charset=utf-8";
  return new Map([
    ["/", { type: "text/html; charset=utf-8", body: pageHtml }],
    ["/page.js", { type: script, body: pageScript }],
    ["/page.css", { type: style, body: pageStyle }],
    ["/uplot.js", { type: script, body: readFileSync(join(plots, "uPlot.iife.min.js"), "utf8") }],
    ["/uplot.css", { type: style, body: readFileSync(join(plots, "uPlot.min.css"), "utf8") }],
  ]);
}

function json(value: object): Answer {
  return { type: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, ...more, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
