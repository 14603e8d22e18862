import { once } from "node:events";
import { createServer } from "node:net";
import ssh2 from "ssh2";
import { expect, onTestFinished, test } from "vitest";
import { GcmPackets, inject, socketOf, tend } from "../../src/host/ssh-machine.ts";

const hostKeys = [ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }).private];

/** A connection that is logged in, seen from both ends. */
async function connected(cipher: ssh2.CipherAlgorithm) {
  const tended = new ssh2.Server({ ident: "tended", hostKeys, algorithms: { cipher: [cipher] } });
  const listener = createServer((socket) => inject(tended, socket)).listen(0, "127.0.0.1");
  const arrived = once(tended, "connection") as Promise<[ssh2.Connection]>;
  tended.on("connection", (connection) => {
    tend(connection, new GcmPackets());
    connection.on("authentication", (context) => context.accept());
    connection.on("session", (accept) => accept().on("exec", (run) => run().end("done")));
  });
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("it listens on a port");
  const client = new ssh2.Client().on("error", (error) => expect(error).toBeUndefined());
  onTestFinished(() => {
    client.end();
    listener.close();
  });
  client.connect({ host: "127.0.0.1", port: address.port, username: "a", password: "b" });
  await once(client, "ready");
  return { client, connection: (await arrived)[0] };
}

/** What `holder` and what it holds keep of the slabs that small buffers are cut from. */
function slabs(holder: unknown, seen = new Set<unknown>()): number {
  if (typeof holder !== "object" || holder === null || seen.has(holder)) return 0;
  seen.add(holder);
  if (ArrayBuffer.isView(holder)) return holder.buffer.byteLength > holder.byteLength ? 1 : 0;
  return Object.values(holder).reduce((sum: number, value) => sum + slabs(value, seen), 0);
}

async function said(client: ssh2.Client): Promise<string> {
  const stream = await new Promise<ssh2.ClientChannel>((resolve, reject) =>
    client.exec("say", (error, channel) => (error ? reject(error) : resolve(channel))),
  );
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** With ssh2 as it was loaded: with its native part, or without. */
export function holdLaws(): void {
  test.each<ssh2.CipherAlgorithm>(["aes128-gcm@openssh.com", "aes128-ctr"])(
    "after each key exchange no secret of it is kept, and no slab, with %s",
    async (cipher) => {
      const { client, connection } = await connected(cipher);
      const machine: object = Reflect.get(connection, "_protocol");
      const session: unknown = Reflect.get(Reflect.get(machine, "_kex"), "sessionID");
      for (const turn of ["first", "second", "third"]) {
        if (turn !== "first") {
          const again = once(connection, "rekey");
          connection.rekey();
          await again;
          // What ssh2 does after it has told so is done by then.
          await new Promise(setImmediate);
        }
        const exchange: object = Reflect.get(machine, "_kex");
        expect(Object.keys(exchange).sort(), turn).toEqual(["negotiated", "sessionID"]);
        expect(Reflect.get(exchange, "sessionID")).toBe(session);
        const plain = { compress: "none" };
        expect(Reflect.get(exchange, "negotiated")).toEqual({ cs: plain, sc: plain });
        const kept = ["_decipher", "_kex", "_identRaw", "_remoteIdentRaw"];
        expect(kept.map((name) => slabs(Reflect.get(machine, name)))).toEqual([0, 0, 0, 0]);
        expect(await said(client)).toBe("done");
      }
    },
  );

  test("the socket of a connection is the one that was handed over", async () => {
    const { client, connection } = await connected("aes256-gcm@openssh.com");
    const { localPort } = Reflect.get(client, "_sock");
    expect(socketOf(connection).remotePort).toBe(localPort);
    expect(Buffer.poolSize).toBeGreaterThan(0);
  });

  test.each([0, 16])(
    "packets for AES-GCM, %i octets for the tag, have whole blocks and padding that is never twice",
    (room) => {
      const allocate = new GcmPackets().like(
        Buffer.from([0, 0, 0, 16, ...Array(16 + room).fill(4)]),
      );
      const paddings = new Set<string>();
      const lengths = Array.from({ length: 1_000 }, (_, i) => i % 100);
      for (const payload of lengths) {
        const packet = allocate(payload);
        const length = packet.readUInt32BE();
        const padding = packet[4] ?? 0;
        expect(packet.length).toBe(4 + length + room);
        expect(length).toBe(1 + payload + padding);
        expect(length % 16).toBe(0);
        expect(padding).toBeGreaterThanOrEqual(4);
        expect(padding).toBeLessThan(20);
        if (padding >= 12) paddings.add(packet.toString("hex", 5 + payload, 5 + payload + 12));
      }
      const long = lengths.filter((payload) => (allocate(payload)[4] ?? 0) >= 12);
      expect(paddings.size).toBe(long.length);
    },
  );
}
