import { writeFileSync } from "node:fs";
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import type { Raw } from "../base/index.ts";
import { type Arrival, HEADER_LENGTH, type InDatagram, serverSocket } from "../ntp/index.ts";
import { Answerer } from "./answerer.ts";
import { addressText } from "./ip-address.ts";
import { type Libc, loadLibc } from "./libc.ts";
import { nativeDigesters } from "./libcrypto.ts";
import { PacketBatch } from "./packet-batch.ts";
import { PairedClock } from "./paired-clock.ts";
import { ThreadPrecedence } from "./precedence.ts";
import { ReplySocket } from "./reply-socket.ts";
import { type Stamped, TransmitStamps } from "./transmit-stamps.ts";
import {
  type FromWorker,
  handedMax,
  SharedCounters,
  type ToWorker,
  tally,
  type WorkerStart,
} from "./worker-channel.ts";

const MODE_CLIENT = 3;
/** Linux shows 15 octets of it. */
const threadName = "ntpconfd-udp";
const none = new Uint8Array();
const eventsMax = 64;
/** Batches of one socket before the others, and the main thread, are listened to. */
const roundsMax = 16;
/** Replies without a MAC that one reading of the clock serves: less than a microsecond's work. */
const repliesOfReading = 8;
/** Node cannot end a thread that sleeps in a system call: it never sleeps for longer. */
const sleepMs = 500;

/**
 * The I/O thread: reads every socket in batches, answers clients where it stands, and hands all
 * else to the main thread. It never returns to Node's event loop before it is told to stop.
 */
class IoThread {
  readonly #libc: Libc;
  readonly #start: WorkerStart;
  readonly #batch: PacketBatch;
  readonly #clock: PairedClock;
  readonly #answerer: Answerer;
  readonly #precedence: ThreadPrecedence;
  readonly #counters: SharedCounters;
  readonly #tallies: Int32Array;
  /** Descriptors that may have more to read, and whose they are. */
  readonly #ready = new Map<number, number>();
  readonly #events: DataView;
  readonly #arrival: Arrival = {
    raw: 0,
    from: new Uint8Array(),
    fromPort: 0,
    to: undefined,
    interface: undefined,
  };
  /** By the server's descriptor: what replies leave by. */
  readonly #outlets = new Map<number, ReplySocket>();
  /** When the replies of each left, while the interleaved mode is on. */
  readonly #stamps = new Map<ReplySocket, TransmitStamps>();
  #names: ReadonlyMap<number, string> = new Map();
  #stopped = false;
  /** Raw ns that the clock said last, and how many more replies may say so. */
  #reading = 0;
  #readingLeft = 0;

  readonly #stamped: Stamped = (place, left, seconds, nanoseconds) => {
    this.#answerer.interleaving?.stamped(place, left, this.#clock.rawOf(seconds, nanoseconds));
  };

  constructor(libc: Libc, start: WorkerStart) {
    this.#libc = libc;
    this.#start = start;
    this.#batch = new PacketBatch(libc);
    this.#clock = new PairedClock(libc);
    this.#precedence = new ThreadPrecedence(libc);
    this.#counters = new SharedCounters(start.counters);
    this.#answerer = new Answerer(this.#counters, () => this.#now(), nativeDigesters(libc));
    this.#tallies = new Int32Array(start.tallies);
    this.#events = new DataView(new ArrayBuffer(eventsMax * 16));
  }

  run(): void {
    this.#tell({ kind: "scheduled", precedence: this.#precedence.granted });
    while (!this.#stopped) {
      this.#poll(this.#ready.size > 0 ? 0 : sleepMs);
      for (const [fd, socket] of this.#ready) {
        // Under load more has come while a batch was answered: looking is cheaper than polling.
        let rounds = roundsMax;
        while (rounds > 0 && this.#read(fd, socket)) rounds--;
        if (rounds > 0) this.#ready.delete(fd);
      }
      this.#precedence.review(this.#clock.now());
    }
    for (const outlet of this.#outlets.values()) outlet.close();
    this.#start.port.close();
  }

  #poll(timeoutMs: number): void {
    const { epoll, wake, routes } = this.#start;
    const packed = process.arch === "x64";
    const count = this.#libc.epoll_wait(epoll, this.#events, eventsMax, timeoutMs);
    for (let i = 0; i < count; i++) {
      const at = i * (packed ? 12 : 16) + (packed ? 4 : 8);
      const fd = this.#events.getUint32(at, true);
      if (fd === wake) this.#listen();
      else if (fd === routes) this.#hearRoutes();
      else this.#ready.set(fd, this.#events.getUint32(at + 4, true));
    }
  }

  #listen(): void {
    this.#libc.eventfd_read(this.#start.wake, new BigUint64Array(1));
    for (;;) {
      const received = receiveMessageOnPort(this.#start.port);
      if (received === undefined) return;
      this.#obey(received.message);
    }
  }

  #obey(message: ToWorker): void {
    switch (message.kind) {
      case "close":
        this.#ready.delete(message.fd);
        this.#closeOutlet(message.fd);
        this.#libc.close(message.fd);
        Atomics.add(this.#tallies, tally.closed, 1);
        Atomics.notify(this.#tallies, tally.closed);
        break;
      case "snapshot":
        this.#answerer.use(message.snapshot);
        break;
      case "interfaces":
        this.#names = message.names;
        break;
      case "stop":
        this.#stopped = true;
        break;
    }
  }

  /** What changed is of no interest: the main thread looks at all of them anyway. */
  #hearRoutes(): void {
    while (this.#batch.receive(this.#start.routes) > 0);
    this.#tell({ kind: "interfaces-changed" });
  }

  /** One batch; false where nothing was waiting. `outlet`: what its replies leave by. */
  #read(fd: number, socket: number, outlet = this.#outletOf(fd, socket)): boolean {
    const batch = this.#batch;
    const stamps = outlet === undefined ? undefined : this.#stampsOf(outlet);
    // The stamps of the round before may have come late.
    if (stamps !== undefined) this.#readStamps(stamps);
    const count = batch.receive(fd);
    if (count <= 0) return false;
    this.#clock.read();
    this.#readingLeft = 0;
    let strangers: InDatagram[] | undefined;
    let replies = 0;
    for (let slot = 0; slot < count; slot++) {
      const length = batch.length(slot);
      if (!this.#start.leads && batch.isForAll(slot)) continue;
      const payload = batch.payloads[slot] ?? none;
      if (batch.truncated(slot) || this.#answerer.isShort(payload, length)) {
        this.#counters.received();
        this.#counters.dropped("malformed");
      } else if (outlet !== undefined && ((payload[0] ?? 0) & 7) === MODE_CLIENT) {
        if (this.#answer(slot, length, outlet, stamps)) replies++;
      } else {
        strangers ??= [];
        strangers.push(this.#datagram(slot, socket));
      }
    }
    if (replies > 0 && outlet !== undefined) this.#send(replies, outlet, stamps);
    if (strangers !== undefined) this.#hand(strangers);
    return true;
  }

  #send(replies: number, outlet: ReplySocket, stamps: TransmitStamps | undefined): void {
    const sent = this.#batch.flush(outlet.fd);
    this.#counters.sent(sent, replies - sent);
    if (sent < replies) stamps?.lost();
    else if (stamps !== undefined) this.#readStamps(stamps);
    const isNew = outlet.note(replies, this.#batch.told, this.#batch.toldFrom);
    // Until it was connected it was a socket like any other: no request is lost by that.
    if (isNew) while (this.#read(outlet.fd, serverSocket, outlet));
  }

  #outletOf(fd: number, socket: number): ReplySocket | undefined {
    if (socket !== serverSocket) return undefined;
    const known = this.#outlets.get(fd);
    if (known !== undefined) return known;
    const made = new ReplySocket(this.#libc, fd);
    this.#outlets.set(fd, made);
    return made;
  }

  #closeOutlet(fd: number): void {
    const outlet = this.#outlets.get(fd);
    if (outlet === undefined) return;
    outlet.close();
    this.#outlets.delete(fd);
    this.#stamps.delete(outlet);
  }

  #stampsOf(outlet: ReplySocket): TransmitStamps | undefined {
    if (this.#answerer.interleaving === undefined) return undefined;
    const known = this.#stamps.get(outlet);
    known?.move(outlet.fd);
    if (known !== undefined) return known;
    const made = new TransmitStamps(this.#libc, outlet.fd);
    this.#stamps.set(outlet, made);
    return made;
  }

  #readStamps(stamps: TransmitStamps): void {
    if (!stamps.waiting) return;
    this.#clock.read();
    stamps.read(this.#stamped);
  }

  #answer(
    slot: number,
    length: number,
    outlet: ReplySocket,
    stamps: TransmitStamps | undefined,
  ): boolean {
    const batch = this.#batch;
    const request = batch.payloads[slot];
    const reply = batch.replies[slot];
    if (request === undefined || reply === undefined) return false;
    const arrival = this.#arrival;
    arrival.raw = this.#arrived(slot);
    arrival.from = batch.source(slot);
    arrival.fromPort = batch.sourcePort(slot);
    arrival.to = batch.destination(slot);
    arrival.interface = this.#names.get(batch.interfaces[slot] ?? 0);
    if (length > HEADER_LENGTH) this.#readingLeft = 0;
    const replied = this.#answerer.answer(request, length, arrival, reply);
    if (replied <= 0) return false;
    const interleaving = this.#answerer.interleaving;
    const wanted = interleaving?.wanted ?? -1;
    const stamp = stamps !== undefined && wanted >= 0;
    if (stamp) stamps.expect(wanted, interleaving?.wantedAt ?? 0);
    batch.queueReply(slot, replied, stamp, outlet.address);
    return true;
  }

  /** Raw time at which a reply leaves. All of a batch leave together, after this. */
  #now(): number {
    if (this.#readingLeft === 0) {
      this.#reading = this.#clock.now();
      this.#readingLeft = repliesOfReading;
    }
    this.#readingLeft--;
    return this.#reading;
  }

  #arrived(slot: number): number {
    const { stampSeconds, stampNanoseconds } = this.#batch;
    return this.#clock.rawOf(stampSeconds[slot] ?? -1, stampNanoseconds[slot] ?? 0);
  }

  #datagram(slot: number, socket: number): InDatagram {
    const batch = this.#batch;
    const destination = batch.destination(slot);
    return {
      socket,
      bytes: (batch.payloads[slot] ?? new Uint8Array()).slice(0, batch.length(slot)),
      from: addressText(batch.source(slot)),
      fromPort: batch.sourcePort(slot),
      to: destination === undefined ? undefined : addressText(destination),
      interface: this.#names.get(batch.interfaces[slot] ?? 0),
      received: BigInt(Math.round(this.#arrived(slot))) as Raw,
    };
  }

  #hand(datagrams: readonly InDatagram[]): void {
    const underWay =
      Atomics.load(this.#tallies, tally.handed) - Atomics.load(this.#tallies, tally.taken);
    const room = datagrams.slice(0, Math.max(0, handedMax - underWay));
    for (let i = room.length; i < datagrams.length; i++) {
      this.#counters.received();
      this.#counters.dropped("rate-limited");
    }
    if (room.length === 0) return;
    Atomics.add(this.#tallies, tally.handed, room.length);
    this.#tell({ kind: "datagrams", datagrams: room });
  }

  #tell(message: FromWorker): void {
    this.#start.port.postMessage(message);
  }
}

/** For whoever looks at threads: top -H, perf. */
function nameThread(): void {
  try {
    writeFileSync("/proc/thread-self/comm", threadName);
  } catch {
    // Without /proc it goes by the name of the process.
  }
}

nameThread();
const libc = loadLibc();
if (libc === undefined) throw new Error("the C library cannot be called");
new IoThread(libc, workerData).run();
