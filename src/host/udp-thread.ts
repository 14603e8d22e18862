import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { SocketId } from "../ntp/index.ts";
import {
  EFD_CLOEXEC,
  EFD_NONBLOCK,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLLET,
  EPOLLIN,
} from "./abi.ts";
import type { Libc } from "./libc.ts";
import {
  type FromWorker,
  SharedCounters,
  type ToWorker,
  tally,
  type WorkerStart,
} from "./worker-channel.ts";

const closeWaitMs = 5_000;

export interface UdpThreadHandlers {
  told(message: FromWorker): void;
  failed(error: Error): void;
}

/** The main thread's end of a thread that reads sockets and answers clients. */
export class UdpThread {
  readonly counters = new SharedCounters();
  readonly #libc: Libc;
  readonly #epoll: number;
  readonly #wake: number;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #tallies = new Int32Array(new SharedArrayBuffer(12));
  readonly #ended: Promise<void>;
  /** Descriptors that the thread was told to close. */
  #dismissed = 0;
  #closing = false;

  /**
   * `routes`: a routing socket that it is to listen to, or -1. `leads`: what is sent to a group or
   * to everybody, which each socket of a port gets, is its business.
   */
  constructor(
    libc: Libc,
    { routes, leads }: Pick<WorkerStart, "routes" | "leads">,
    handlers: UdpThreadHandlers,
  ) {
    this.#libc = libc;
    this.#epoll = libc.epoll_create1(EPOLL_CLOEXEC);
    this.#wake = libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    this.watch(this.#wake, 0);
    if (routes >= 0) this.watch(routes, 0);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const start: WorkerStart = {
      ...{ port: port2, epoll: this.#epoll, wake: this.#wake, routes, leads },
      counters: this.counters.memory,
      tallies: this.#tallies.buffer,
    };
    // Beside this file as built: a thread starts from JavaScript alone.
    const file = new URL("./udp-worker.js", import.meta.url);
    this.#worker = new Worker(file, { workerData: start, transferList: [port2] });
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", () => {
        resolve();
        if (!this.#closing) handlers.failed(new Error("the UDP thread has ended by itself"));
      });
    });
    this.#worker.once("error", (error) => handlers.failed(error));
    port1.on("message", (message: FromWorker) => {
      if (message.kind === "datagrams") {
        Atomics.add(this.#tallies, tally.taken, message.datagrams.length);
      }
      handlers.told(message);
    });
  }

  /** From now on it reads that descriptor. */
  watch(fd: number, socket: SocketId): void {
    const event = new DataView(new ArrayBuffer(16));
    // struct epoll_event is packed on x86 alone.
    const data = process.arch === "x64" ? 4 : 8;
    event.setUint32(0, (EPOLLIN | EPOLLET) >>> 0, true);
    event.setUint32(data, fd, true);
    event.setUint32(data + 4, socket, true);
    this.#libc.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, event);
  }

  tell(message: ToWorker): void {
    this.#port.postMessage(message);
    this.#libc.eventfd_write(this.#wake, 1);
  }

  /** Has a descriptor closed that it may be about to read: it does that itself. */
  dismiss(fd: number): void {
    this.#dismissed = (this.#dismissed + 1) | 0;
    this.tell({ kind: "close", fd });
  }

  /** Until it has closed what it was told to: moments, unless it is gone. */
  awaitDismissed(): void {
    for (;;) {
      const closed = Atomics.load(this.#tallies, tally.closed);
      if (closed === this.#dismissed) return;
      if (Atomics.wait(this.#tallies, tally.closed, closed, closeWaitMs) === "timed-out") return;
    }
  }

  /** Ends it. What it read stays open. */
  async close(): Promise<void> {
    this.#closing = true;
    this.tell({ kind: "stop" });
    await this.#ended;
    this.#port.close();
    for (const fd of [this.#epoll, this.#wake]) this.#libc.close(fd);
  }
}
