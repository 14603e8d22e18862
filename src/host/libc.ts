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
export interface Libc {
  readonly clock_gettime: Call<[clock: number, time: Pointer]>;
  readonly socket: Call<[domain: number, type: number, protocol: number]>;
  readonly socketpair: Call<[domain: number, type: number, protocol: number, pair: Pointer]>;
  readonly bind: Call<[fd: number, address: Pointer, length: number]>;
  readonly listen: Call<[fd: number, backlog: number]>;
  readonly getsockname: Call<[fd: number, address: Pointer, length: Pointer]>;
  readonly setsockopt: Call<
    [fd: number, level: number, name: number, value: Pointer, length: number]
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
  /** The symbolic name of the last failure, such as EADDRINUSE. */
  errorName(): string;
  /** Memory at a fixed address, never freed: pointers into it stay good. */
  arena(length: number): Arena;
}

export interface Arena {
  readonly buffer: ArrayBuffer;
  readonly address: bigint;
}

const signatures: Readonly<Record<string, readonly string[]>> = {
  clock_gettime: ["int", "void *"],
  socket: ["int", "int", "int"],
  socketpair: ["int", "int", "int", "void *"],
  bind: ["int", "void *", "uint32_t"],
  listen: ["int", "int"],
  getsockname: ["int", "void *", "void *"],
  setsockopt: ["int", "int", "int", "void *", "uint32_t"],
  sendmsg: ["int", "void *", "int"],
  recvmsg: ["int", "void *", "int"],
  sendmmsg: ["int", "void *", "uint32_t", "int"],
  recvmmsg: ["int", "void *", "uint32_t", "int", "void *"],
  epoll_create1: ["int"],
  epoll_ctl: ["int", "int", "int", "void *"],
  epoll_wait: ["int", "void *", "int", "int"],
  eventfd: ["uint32_t", "int"],
  eventfd_write: ["int", "uint64_t"],
  eventfd_read: ["int", "void *"],
  close: ["int"],
  if_nametoindex: ["str"],
};

/** The architectures whose constants and layouts are those of the kernel's generic headers. */
const architectures: readonly string[] = ["x64", "arm64", "riscv64", "loong64"];

/**
 * The C library through koffi, or undefined where that cannot be: another system, or a koffi that
 * is not installed or does not load.
 */
export function loadLibc(): Libc | undefined {
  const known = process.platform === "linux" && architectures.includes(process.arch);
  if (!known || endianness() !== "LE") return undefined;
  try {
    const koffi: Koffi = createRequire(import.meta.url)("koffi");
    const library = koffi.load(undefined);
    const calls = Object.fromEntries(
      Object.entries(signatures).map(([name, parameters]) => [
        name,
        library.func(name, "int", parameters),
      ]),
    );
    return {
      ...(calls as unknown as Libc),
      errorName: () => getSystemErrorName(-koffi.errno()),
      arena: (length) => {
        const pointer = koffi.alloc("uint8_t", length);
        const buffer = koffi.view(pointer, length);
        new Uint8Array(buffer).fill(0);
        return { buffer, address: koffi.address(pointer) };
      },
    };
  } catch {
    return undefined;
  }
}
