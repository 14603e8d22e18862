#!/usr/bin/env node
import { CommanderError } from "commander";
import { StorageError } from "./base/index.ts";
import { buildProgram } from "./cli/index.ts";
import { StartError } from "./host/index.ts";

/** The exit status where the call is at fault, and not the thing that is checked. */
const wrongCall = 2;

try {
  await buildProgram().parseAsync();
} catch (error) {
  // Commander has said what is wrong with the arguments.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : wrongCall);
  if (!(error instanceof StartError) && !(error instanceof StorageError)) throw error;
  process.stderr.write(`ntpconfd: ${error.message}\n`);
  process.exit(wrongCall);
}
