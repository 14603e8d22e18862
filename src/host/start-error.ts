/** The agent cannot start, and the message says why: exit status 2. Nothing listens yet. */
export class StartError extends Error {}

/** Runs a step of the start; what it throws becomes a StartError that says what was tried. */
export function starting<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${what}: ${reason}`, { cause: error });
  }
}
