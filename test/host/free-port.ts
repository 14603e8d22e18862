import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A UDP port that nobody had a moment ago: two runs on one machine want different ones. */
export async function freePort(): Promise<number> {
  const socket = createSocket("udp6");
  socket.bind(0, "::");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
