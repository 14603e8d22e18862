import { createRequire } from "node:module";
import { endianness } from "node:os";
import { getSystemErrorName } from "node:util";

/**
 * Memory that the kernel reads or writes: a view, or an address in memory that never moves; 0 is
 * no memory at all.
 */
export type Pointer = ArrayBufferView | number | bigint;

/** What is used of koffi, said here: it is an optional dependency, and its types with it. */
interface Koffi {
  /** undefined: what this process has loaded already. */
  load(path: undefined): {
    func(name: string, result: string, parameters: readonly string[]): unknown;
  };
  errno(): number;
  alloc(type: string, length: number): unknown;
  view(pointer: unknown, length: number): ArrayBuffer;
  address(pointer: unknown): bigint;
}

type Call<Parameters extends readonly unknown[]> = (...parameters: Parameters) => number;

/** The C library's calls as they are: -1 for a failure, then `errno` says which. */
interface Calls {
  readonly clock_adjtime: Call<[clock: number, timex: Pointer]>;
  readonly clock_gettime: Call<[clock: number, time: Pointer]>;
  readonly socket: Call<[domain: number, type: number, protocol: number]>;
  readonly socketpair: Call<[domain: number, type: number, protocol: number, pair: Pointer]>;
  readonly bind: Call<[fd: number, address: Pointer, length: number]>;
  readonly connect: Call<[fd: number, address: Pointer, length: number]>;
  readonly listen: Call<[fd: number, backlog: number]>;
  readonly getsockname: Call<[fd: number, address: Pointer, length: Pointer]>;
  readonly setsockopt: Call<
    [fd: number, level: number, name: number, value: Pointer, length: number]
  >;
  readonly sendto: Call<
    [fd: number, bytes: Pointer, count: number, flags: number, to: Pointer, length: number]
  >;
  readonly sendmsg: Call<[fd: number, message: Pointer, flags: number]>;
  readonly recvmsg: Call<[fd: number, message: Pointer, flags: number]>;
  readonly sendmmsg: Call<[fd: number, messages: Pointer, count: number, flags: number]>;
  readonly recvmmsg: Call<
    [fd: number, messages: Pointer, count: number, flags: number, timeout: Pointer]
  >;
  readonly epoll_create1: Call<[flags: number]>;
  readonly epoll_ctl: Call<[epoll: number, operation: number, fd: number, event: Pointer]>;
  readonly epoll_wait: Call<[epoll: number, events: Pointer, count: number, timeoutMs: number]>;
  readonly eventfd: Call<[initial: number, flags: number]>;
  readonly eventfd_write: Call<[fd: number, value: bigint | number]>;
  readonly eventfd_read: Call<[fd: number, value: Pointer]>;
  readonly close: Call<[fd: number]>;
  readonly if_nametoindex: Call<[name: string]>;
  readonly sched_getscheduler: Call<[thread: number]>;
  /** A system call by its number: one that takes a number, memory and a number. */
  readonly syscall: Call<[call: number, first: number, second: Pointer, third: number]>;
}

export interface Libc extends Calls {
  /** The symbolic name of the last failure, such as EADDRINUSE. */
  errorName(): string;
  /** Memory at a fixed address, never freed: pointers into it stay good. */
  arena(length: number): Arena;
}

export interface Arena {
  readonly buffer: ArrayBuffer;
  readonly address: bigint;
}

const signatures: Readonly<Record<keyof Calls, readonly [string, ...string[]]>> = {
  clock_adjtime: ["int", "int", "void *"],
  clock_gettime: ["int", "int", "void *"],
  socket: ["int", "int", "int", "int"],
  socketpair: ["int", "int", "int", "int", "void *"],
  bind: ["int", "int", "void *", "uint32_t"],
  connect: ["int", "int", "void *", "uint32_t"],
  listen: ["int", "int", "int"],
  getsockname: ["int", "int", "void *", "void *"],
  setsockopt: ["int", "int", "int", "int", "void *", "uint32_t"],
  sendto: ["int", "int", "void *", "uint64_t", "int", "void *", "uint32_t"],
  sendmsg: ["int", "int", "void *", "int"],
  recvmsg: ["int", "int", "void *", "int"],
  sendmmsg: ["int", "int", "void *", "uint32_t", "int"],
  recvmmsg: ["int", "int", "void *", "uint32_t", "int", "void *"],
  epoll_create1: ["int", "int"],
  epoll_ctl: ["int", "int", "int", "int", "void *"],
  epoll_wait: ["int", "int", "void *", "int", "int"],
  eventfd: ["int", "uint32_t", "int"],
  eventfd_write: ["int", "int", "uint64_t"],
  eventfd_read: ["int", "int", "void *"],
  close: ["int", "int"],
  if_nametoindex: ["int", "str"],
  sched_getscheduler: ["int", "int"],
  syscall: ["long", "long", "long", "void *", "long"],
};

/** The architectures whose constants and layouts are those of the kernel's generic headers. */
const architectures: readonly string[] = ["x64", "arm64", "riscv64", "loong64"];

/**
 * The C library through koffi, or undefined where that cannot be: another system, or a koffi that
 * is not installed or does not load.
 */
export function loadLibc(): Libc | undefined {
  const koffi = loadKoffi();
  const calls = loadLibrary<Calls>(signatures);
  if (koffi === undefined || calls === undefined) return undefined;
  return {
    ...calls,
    errorName: () => getSystemErrorName(-koffi.errno()),
    arena: (length) => {
      const pointer = koffi.alloc("uint8_t", length);
      const buffer = koffi.view(pointer, length);
      new Uint8Array(buffer).fill(0);
      return { buffer, address: koffi.address(pointer) };
    },
  };
}

/**
 * Functions of this process by their names, each with the type of its result and those of its
 * parameters; undefined where one of them is not there.
 */
export function loadLibrary<Calls>(
  signatures: Readonly<Record<keyof Calls & string, readonly [string, ...string[]]>>,
): Calls | undefined {
  try {
    const library = loadKoffi()?.load(undefined);
    if (library === undefined) return undefined;
    const list: readonly (readonly [string, readonly string[]])[] = Object.entries(signatures);
    const functions = list.map(([name, [result = "void", ...parameters]]) => [
      name,
      library.func(name, result, parameters),
    ]);
    return Object.fromEntries(functions) as Calls;
  } catch {
    return undefined;
  }
}

function loadKoffi(): Koffi | undefined {
  const known = process.platform === "linux" && architectures.includes(process.arch);
  if (!known || endianness() !== "LE") return undefined;
  try {
    return createRequire(import.meta.url)("koffi");
  } catch {
    return undefined;
  }
}
