/**
 * Where the log of events outlives the process. `append` need not be durable when it returns: a
 * crash of the machine may cost the last lines. All throw StorageError.
 */
export interface EventStore {
  read(): Uint8Array | undefined;
  append(bytes: Uint8Array): void;
  /** In the place of all that was there. */
  write(bytes: Uint8Array): void;
}

/** An event as it is kept. */
export interface KeptEvent {
  readonly time: string;
  readonly module: string;
  readonly name: string;
  /** The XML inside of its element, whose namespace is the default one. */
  readonly content: string;
}

/** What is kept of the log itself. */
export interface LogHead {
  /** yang:date-and-time of its beginning. */
  readonly created: string;
  /** Of the last event that was dropped. */
  readonly aged?: string;
  /** What was served when it was last written. */
  readonly serving?: {
    readonly contentId: string;
    readonly capabilities: readonly string[];
  };
}

export interface ParsedLog {
  /** undefined: it cannot be read. */
  readonly head: LogHead | undefined;
  readonly events: readonly KeptEvent[];
  /** False: a line is torn or damaged, and left out. */
  readonly isWhole: boolean;
}

export function printEvent({ time, module, name, content }: KeptEvent): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify([time, module, name, content])}\n`);
}

/** Lines of JSON: the head, then the events. */
export function printLog(head: LogHead, events: readonly KeptEvent[]): Uint8Array {
  const lines = [JSON.stringify(head)];
  for (const { time, module, name, content } of events) {
    lines.push(JSON.stringify([time, module, name, content]));
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

/** Takes what it can read: a log is no reason not to start. */
export function parseLog(bytes: Uint8Array): ParsedLog {
  const [first = "", ...lines] = new TextDecoder().decode(bytes).split("\n");
  const head = readHead(parse(first));
  const events: KeptEvent[] = [];
  // Behind the last line's end there is nothing.
  let isWhole = head !== undefined && lines.pop() === "";
  for (const line of lines) {
    const event = readEvent(parse(line));
    if (event === undefined) isWhole = false;
    else events.push(event);
  }
  return { head, events, isWhole };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readEvent(value: unknown): KeptEvent | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [time, module, name, content]: unknown[] = value;
  if (!isText(time) || !isText(module) || !isText(name) || !isText(content)) return undefined;
  return Number.isNaN(Date.parse(time)) ? undefined : { time, module, name, content };
}

function readHead(value: unknown): LogHead | undefined {
  const { created, aged, serving } = members(value);
  if (!isText(created) || Number.isNaN(Date.parse(created))) return undefined;
  const { contentId, capabilities } = members(serving);
  const isKnown = isText(contentId) && Array.isArray(capabilities) && capabilities.every(isText);
  return {
    created,
    ...(isText(aged) && { aged }),
    ...(isKnown && { serving: { contentId, capabilities } }),
  };
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
