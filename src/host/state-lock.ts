import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StorageError } from "../base/index.ts";

/** A state directory held by this process alone. */
export interface StateLock {
  release(): void;
}

/**
 * Takes a state directory for this process, or throws StorageError naming the process that has it.
 * What a process that is gone left behind does not count.
 */
export function lockState(directory: string): StateLock {
  const path = join(directory, "lock");
  const own = `${path}.${process.pid}`;
  const mark = `${process.pid} ${startTime(process.pid) ?? ""}\n`;
  try {
    writeFileSync(own, mark, { mode: 0o600 });
    for (let attempt = 0; !taken(own, path); attempt++) {
      const holder = holderIn(path);
      if (holder === undefined) continue;
      const pid = Number.parseInt(holder, 10);
      if (isAlive(holder) || attempt > 10) throw new StorageError(inUse(directory, pid));
      setAside(path, holder);
    }
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(`cannot lock ${directory}: ${reason}`, { cause: error });
  } finally {
    discard(own);
  }
  return { release: () => read(path) === mark && unlinkSync(path) };
}

function inUse(directory: string, pid: number): string {
  return `${directory} is in use by another agent (process ${pid})`;
}

/** A hard link is made or not made: two processes cannot both succeed. */
function taken(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** undefined: it was freed a moment ago. One that cannot be read is an error. */
function holderIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** A full disk makes the file and takes nothing into it; one that is read-only does not make it. */
function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or stays for want of a right to remove it.
  }
}

/** Renaming tells whom of several that found the lock stale may go on. */
function setAside(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== stale) taken(aside, path);
  unlinkSync(aside);
}

/** The process that made the mark is there, and is not a later one with the same number. */
function isAlive(mark: string): boolean {
  const [pid = "", started = ""] = mark.trim().split(" ");
  if (!/^[1-9]\d*$/.test(pid)) return false;
  const now = startTime(Number(pid));
  if (now !== undefined) return now === started;
  try {
    process.kill(Number(pid), 0);
    return started === "";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * When a process began, in ticks since the machine did; undefined: no such process, or no /proc.
 */
function startTime(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The command's name may hold anything, even parentheses: the fields are counted from its end.
  return stat
    ?.slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .at(19);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
