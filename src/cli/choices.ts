import type { ServeOptions } from "../host/index.ts";

// What options can be set to. They stand by themselves, so that the program knows all its commands
// without loading what carries them out.

export const logLevels = [
  "debug",
  "info",
  "warn",
  "error",
] as const satisfies readonly ServeOptions["logLevel"][];

/** How `ntpconfd check` can print a module. */
export const moduleFormats = ["tree", "yang", "yin"] as const;

/** What an instance document holds; "reply": what an rpc or action answers. */
export const instanceTypes = ["config", "data", "rpc", "reply", "notification"] as const;

/** How data can be printed. */
export const dataFormats = ["text", "json", "xml"] as const;

/** What can be read and compared. */
export const datastoreNames = ["running", "candidate", "startup"] as const;
