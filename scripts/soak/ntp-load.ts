// A thread that asks one NTP server at a steady pace, and counts the answers that do not come.

import { createSocket } from "node:dgram";
import { parentPort, workerData } from "node:worker_threads";

/** What the thread is told to do. */
export interface LoadTask {
  readonly port: number;
  /** Requests a second. */
  readonly rate: number;
}

/** What it has seen, since it began. */
export interface LoadCounts {
  readonly sent: number;
  readonly answered: number;
  /** Not answered within a second. */
  readonly lost: number;
  /** Not sent in their time, because too many were under way. */
  readonly delayed: number;
}

const { port, rate }: LoadTask = workerData;
/** More than that the kernel's buffers would not hold, and what they drop nobody has got. */
const underwayMax = 128;
const lostMs = 1_000;

const socket = createSocket("udp4");
/** When each request left, by the number in its transmit time; 0: it is answered. */
const leftAt = new Float64Array(1 << 16);
const counts = { sent: 0, answered: 0, lost: 0, delayed: 0 };
let underway = 0;
let oldest = 0;
let begun = performance.now();
let due = 0;

socket.on("message", (reply) => {
  const number = reply.length < 48 ? 0 : reply.readUInt16BE(30);
  if (leftAt[number] === 0) return;
  leftAt[number] = 0;
  counts.answered++;
  underway--;
});

function send(): void {
  const number = counts.sent & 0xffff;
  const request = Buffer.alloc(48);
  request[0] = 0x23;
  request.writeUInt32BE(0x5eed_5eed, 40);
  request.writeUInt16BE(number, 46);
  leftAt[number] = performance.now();
  counts.sent++;
  underway++;
  socket.send(request);
}

/** Requests in the order they left, as far as they are answered or lost. */
function forget(now: number): void {
  for (; oldest < counts.sent; oldest++) {
    const left = leftAt[oldest & 0xffff] ?? 0;
    if (left === 0) continue;
    if (now - left < lostMs) return;
    leftAt[oldest & 0xffff] = 0;
    counts.lost++;
    underway--;
  }
}

function tick(): void {
  const now = performance.now();
  due += ((now - begun) / 1_000) * rate;
  begun = now;
  while (due >= 1 && underway < underwayMax) {
    send();
    due--;
  }
  // What could not be sent is not made up for: the pace is what it is.
  if (due > underwayMax) {
    counts.delayed += Math.floor(due - underwayMax);
    due = underwayMax;
  }
  forget(now);
  setImmediate(tick);
}

socket.bind(0, "127.0.0.1", () => {
  socket.connect(port, "127.0.0.1", tick);
});
parentPort?.on("message", () => parentPort?.postMessage(counts));
