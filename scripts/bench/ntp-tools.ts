import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insideOwnNamespace } from "../../src/cli/lab.ts";
import { MacKey } from "../../src/ntp/mac.ts";
import { type Mac, macs, secret } from "./ntp-servers.ts";

const inside = "NTPCONFD_BENCH_INSIDE";
/** Requests under way at once. */
export const requests = 128;

/** Runs the same bench again where no packet can leave the machine and port 123 is free. */
export function enterNamespace(name: string, args: readonly string[]): void {
  if (!hasCompiler()) {
    print("skipped: there is no gcc to compile the load generator with");
    return;
  }
  const words = insideOwnNamespace();
  if (words === undefined) {
    print("skipped: no network namespace may be made here");
    return;
  }
  const [command = "", ...rest] = words;
  const script = 'ip link set lo up && exec "$@"';
  const again = [process.execPath, process.argv[1] ?? "", name, ...args];
  const { status } = spawnSync(command, [...rest, "sh", "-c", script, "bench", ...again], {
    stdio: "inherit",
    env: { ...process.env, [inside]: "1" },
  });
  process.exitCode = status ?? 1;
}

function hasCompiler(): boolean {
  return spawnSync("gcc", ["--version"], { stdio: "ignore" }).status === 0;
}

/** True where `enterNamespace` has been. */
export function isInside(): boolean {
  return process.env[inside] !== undefined;
}

/** The programs in C, compiled. */
export interface Tools {
  readonly load: string;
  readonly loop: string;
}

/** Gives a working folder and the compiled programs; both are gone afterwards. */
export async function withTools(
  body: (work: string, tools: Tools) => Promise<void>,
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "ntpconfd-bench-"));
  try {
    const compile = (name: string): string => {
      const program = join(work, name);
      execFileSync("gcc", ["-O2", "-o", program, join("scripts/bench", `${name}.c`)]);
      return program;
    };
    await body(work, { load: compile("ntp-load"), loop: compile("ntp-loop") });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes as many requests as are to be under way; their length. */
export function writeRequests(file: string, mac: Mac | undefined): number {
  const key =
    mac === undefined
      ? undefined
      : new MacKey({
          id: macs.indexOf(mac) + 1,
          algorithm: mac,
          secret: Buffer.from(secret),
          digestLength: mac === "hmac-sha256" ? 32 : 16,
          trusted: true,
        });
  const length = 48 + (key?.length ?? 0);
  const all = new Uint8Array(requests * length);
  for (let i = 0; i < requests; i++) {
    const request = all.subarray(i * length, (i + 1) * length);
    request[0] = 0x23;
    request.set(randomBytes(6), 40);
    request[47] = i;
    key?.sign(request, 48);
  }
  writeFileSync(file, all);
  return length;
}

export function printColumns(lines: readonly (readonly string[])[]): void {
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, i) =>
      i === 0 ? cell.padEnd(widths?.[i] ?? 0) : cell.padStart(widths?.[i] ?? 0),
    );
    print(cells.join("  "));
  }
}

export function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
