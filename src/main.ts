#!/usr/bin/env node
import { CommanderError } from "commander";
import { StorageError } from "./base/index.ts";
import { buildProgram, CallFault } from "./cli/index.ts";
import { StartError } from "./host/start-error.ts";

/** The exit status where the call is at fault, and not the thing that is checked. */
const wrongCall = 2;

try {
  await buildProgram().parseAsync();
} catch (error) {
  // Commander has said what is wrong with the arguments.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : wrongCall);
  const isTold =
    error instanceof CallFault || error instanceof StartError || error instanceof StorageError;
  if (!isTold) throw error;
  process.stderr.write(`ntpconfd: ${error.message.replaceAll("\n", "\nntpconfd: ")}\n`);
  process.exit(error instanceof CallFault ? error.status : wrongCall);
}
