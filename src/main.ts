#!/usr/bin/env node
import { CommanderError } from "commander";
import { StorageError } from "./base/index.ts";
import { buildProgram, CallFault } from "./cli/index.ts";
import { StartError } from "./host/start-error.ts";

/** The exit status where the call is at fault, and not the thing that is checked. */
const wrongCall = 2;

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // `ntpconfd get | head`: who reads has seen enough. What a command changes, it goes on with.
    if (error.code === "EPIPE") return;
    process.stderr.write(`ntpconfd: cannot print: ${error.message}\n`);
    process.exit(1);
  });
}

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
