import pino from "pino";
import type { LogLevel } from "../agent/index.ts";

export type Fields = Readonly<Record<string, string | number | boolean>>;
export type Log = (level: LogLevel, message: string, fields: Fields) => void;

/** JSON lines on standard error, each written before it returns: the last words count most. */
export function openLog(level: LogLevel): Log {
  const logger = pino(
    {
      level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: process.stderr.fd, sync: true }),
  );
  return (at, message, fields) => logger[at](fields, message);
}
