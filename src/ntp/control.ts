import type { AssociationState, NtpState } from "./state.ts";
import { fold, type Timestamp } from "./time.ts";

// Read-only control messages (RFC 9327): what a clock's operators look at with ntpq.

export const MODE_CONTROL = 6;
/** Octets of a control message without data. */
export const CONTROL_HEADER = 12;
/** Octets of data in one packet; more goes in several. */
const fragment = 468;
const dataMax = 4_096;
const opcodes = { readStatus: 1, readVariables: 2 } as const;
/** RFC 9327 section 4.3: what a refusal says. */
const errors = { format: 2, opcode: 3, association: 4, variable: 5 } as const;
/** RFC 9327 section 3.1: what the clock follows. */
const sources = { nothing: 0, local: 5, ntp: 6 } as const;
/** Stages of the clock filter, and the dispersion (ms) of one that is empty (RFC 5905). */
const stages = 8;
const emptyDispersion = 16_000;
/** RFC 9327 section 3.2: what the selection has made of a peer. */
const selections: Readonly<Record<AssociationState["selected"], number>> = {
  rejected: 0,
  falseticker: 1,
  outlier: 3,
  survivor: 4,
  "system-peer": 6,
};
/** The modes of packets, by what this host is in the association. */
const hostModes: Readonly<Record<AssociationState["mode"], number>> = {
  active: 1,
  passive: 2,
  client: 3,
  "manycast-client": 3,
  "manycast-server": 4,
  "broadcast-server": 5,
  "multicast-server": 5,
  "broadcast-client": 6,
  "multicast-client": 6,
};

interface Request {
  readonly version: number;
  readonly opcode: number;
  readonly sequence: number;
  readonly association: number;
  /** Names of the variables that are wanted; none: all. */
  readonly names: readonly string[];
}

type Variables = readonly (readonly [name: string, value: string])[];

/** What is said of the whole: beside the state, what changes with every look. */
export interface ControlView {
  readonly state: NtpState;
  readonly now: Timestamp;
}

/** The packets that answer a control message; none for what is no request. */
export function controlReplies(bytes: Uint8Array, view: () => ControlView): readonly Uint8Array[] {
  const request = decodeRequest(bytes);
  if (request === undefined) return [];
  if (request === "malformed") return [refusal(bytes, errors.format)];
  const { opcode, association } = request;
  const { state, now } = view();
  const ids = associationIds(state.associations);
  const peer = state.associations.find((one) => ids.get(one) === association);
  if (association !== 0 && peer === undefined) return [refusal(bytes, errors.association)];
  const status = peer === undefined ? systemStatus(state) : peerStatus(peer);
  if (opcode === opcodes.readStatus) {
    const data = peer === undefined ? associationList(state.associations, ids) : new Uint8Array();
    return replies(request, status, data);
  }
  if (opcode !== opcodes.readVariables) return [refusal(bytes, errors.opcode)];
  const all = peer === undefined ? systemVariables(state, now, ids) : peerVariables(peer);
  const chosen = choose(all, request.names);
  if (chosen === undefined) return [refusal(bytes, errors.variable)];
  const text = chosen.map(([name, value]) => `${name}=${value}`).join(", ");
  return replies(request, status, new TextEncoder().encode(`${text}\r\n`));
}

/** undefined: it is no request; then it is not answered at all. */
function decodeRequest(bytes: Uint8Array): Request | "malformed" | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < CONTROL_HEADER) return undefined;
  const second = view.getUint8(1);
  const version = (view.getUint8(0) >> 3) & 7;
  // Response, error and more bits: an answer of somebody else's.
  if ((second & 0xe0) !== 0 || version < 1 || version > 4) return undefined;
  const count = view.getUint16(10);
  const whole = view.getUint16(8) === 0 && count <= bytes.length - CONTROL_HEADER;
  if (!whole || count > fragment) return "malformed";
  const data = bytes.subarray(CONTROL_HEADER, CONTROL_HEADER + count);
  const text = new TextDecoder("latin1").decode(data);
  return {
    version,
    opcode: second & 0x1f,
    sequence: view.getUint16(2),
    association: view.getUint16(6),
    names: text.split(",").flatMap((part) => part.split("=", 1)[0]?.trim() || []),
  };
}

/** As long as the request's header. */
function refusal(bytes: Uint8Array, code: number): Uint8Array {
  const reply = bytes.slice(0, CONTROL_HEADER);
  const view = new DataView(reply.buffer);
  view.setUint8(1, (view.getUint8(1) & 0x1f) | 0xc0);
  view.setUint16(4, code << 8);
  view.setUint16(8, 0);
  view.setUint16(10, 0);
  return reply;
}

function replies(request: Request, status: number, all: Uint8Array): readonly Uint8Array[] {
  const data = all.subarray(0, dataMax);
  const starts = Array.from({ length: Math.max(1, Math.ceil(data.length / fragment)) });
  return starts.map((_, i) => {
    const part = data.subarray(i * fragment, (i + 1) * fragment);
    const more = i + 1 < starts.length ? 0x20 : 0;
    const bytes = new Uint8Array(CONTROL_HEADER + Math.ceil(part.length / 4) * 4);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, (request.version << 3) | MODE_CONTROL);
    view.setUint8(1, 0x80 | more | request.opcode);
    view.setUint16(2, request.sequence);
    view.setUint16(4, status);
    view.setUint16(6, request.association);
    view.setUint16(8, i * fragment);
    view.setUint16(10, part.length);
    bytes.set(part, CONTROL_HEADER);
    return bytes;
  });
}

/** A number for each association that stays the same as long as it is there. */
function associationIds(all: readonly AssociationState[]): ReadonlyMap<AssociationState, number> {
  const taken = new Set([0]);
  return new Map(
    all.map((one) => {
      let id = hash(`${one.address} ${one.mode} ${one.interface ?? ""}`);
      while (taken.has(id)) id = (id + 1) & 0xffff;
      taken.add(id);
      return [one, id];
    }),
  );
}

function hash(text: string): number {
  let h = 0x811c_9dc5;
  for (const character of text) h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  return (h ^ (h >>> 16)) & 0xffff;
}

function associationList(
  all: readonly AssociationState[],
  ids: ReadonlyMap<AssociationState, number>,
): Uint8Array {
  const data = new DataView(new ArrayBuffer(all.length * 4));
  for (const [i, one] of all.entries()) {
    data.setUint16(i * 4, ids.get(one) ?? 0);
    data.setUint16(i * 4 + 2, peerStatus(one));
  }
  return new Uint8Array(data.buffer);
}

function systemStatus({ leap, synchronized, systemPeer }: NtpState): number {
  const { nothing, local, ntp } = sources;
  const source = systemPeer !== undefined ? ntp : synchronized ? local : nothing;
  return (leap << 14) | (source << 8);
}

function peerStatus({ configured, keyId, reach, mode, selected }: AssociationState): number {
  const listens = mode === "broadcast-client" || mode === "multicast-client";
  const bits =
    (configured ? 0x80 : 0) |
    (keyId === undefined ? 0 : 0x40) |
    (keyId !== undefined && reach > 0 ? 0x20 : 0) |
    (reach > 0 ? 0x10 : 0) |
    (listens ? 0x08 : 0);
  return ((bits | selections[selected]) << 8) >>> 0;
}

function systemVariables(
  state: NtpState,
  now: Timestamp,
  ids: ReadonlyMap<AssociationState, number>,
): Variables {
  const peer = state.associations.find(({ selected }) => selected === "system-peer");
  return [
    ["version", '"ntpconfd"'],
    ["processor", '"unknown"'],
    ["system", '"ntpconfd"'],
    ["leap", String(state.leap)],
    ["stratum", String(state.stratum)],
    ["precision", String(state.precision)],
    ["rootdelay", milliseconds(state.rootDelay)],
    ["rootdisp", milliseconds(state.rootDispersion)],
    ["refid", referenceText(state.referenceId, state.stratum)],
    ["reftime", hexTime(state.referenceTime)],
    ["clock", hexTime(now)],
    ["peer", String((peer && ids.get(peer)) ?? 0)],
    ["tc", String(peer?.poll ?? 0)],
    ["mintc", String(peer?.minpoll ?? 0)],
    ["offset", milliseconds(state.offset)],
    ["frequency", (state.frequency * 1e6).toFixed(6)],
    ["sys_jitter", milliseconds(peer?.jitter ?? 0)],
    ["clk_jitter", milliseconds(peer?.jitter ?? 0)],
  ];
}

function peerVariables(one: AssociationState): Variables {
  const { samples } = one;
  const row = (of: (sample: (typeof samples)[number]) => number, empty = 0): string =>
    Array.from({ length: stages }, (_, i) => {
      const sample = samples[i];
      return (sample === undefined ? empty : of(sample) * 1_000).toFixed(3);
    }).join(" ");
  return [
    ["srcadr", one.address],
    ["srcport", String(one.port)],
    ["leap", String(one.leap)],
    ["stratum", String(one.stratum)],
    ["precision", String(one.precision)],
    ["rootdelay", milliseconds(one.rootDelay)],
    ["rootdisp", milliseconds(one.rootDispersion)],
    ["refid", referenceText(one.referenceId, one.stratum)],
    ["reftime", hexTime(one.referenceTime)],
    ["rec", hexTime(one.inputTime)],
    ["org", hexTime(one.originTime)],
    ["xmt", hexTime(one.transmitTime)],
    ["reach", `0x${one.reach.toString(16)}`],
    ["unreach", String(one.unreach)],
    ["hmode", String(hostModes[one.mode])],
    ["pmode", one.mode === "passive" ? "1" : "4"],
    ["hpoll", String(one.poll)],
    ["ppoll", String(one.poll)],
    ["headway", "0"],
    ["flash", "0x0"],
    ["keyid", String(one.keyId ?? 0)],
    ["offset", milliseconds(one.offset)],
    ["delay", milliseconds(one.delay)],
    ["dispersion", milliseconds(one.dispersion)],
    ["jitter", milliseconds(one.jitter)],
    ["filtdelay", row(({ delay }) => delay)],
    ["filtoffset", row(({ offset }) => offset)],
    ["filtdisp", row(({ dispersion }) => dispersion, emptyDispersion)],
  ];
}

/** Those that are asked for; undefined: one of them is not known. */
function choose(all: Variables, names: readonly string[]): Variables | undefined {
  if (names.length === 0) return all;
  const chosen = names.map((name) => all.find(([known]) => known === name));
  return chosen.every((one) => one !== undefined) ? chosen : undefined;
}

function milliseconds(seconds: number): string {
  return (seconds * 1_000).toFixed(6);
}

function hexTime(time: Timestamp): string {
  const bits = fold(time);
  const hex = (word: bigint): string => word.toString(16).padStart(8, "0");
  return `0x${hex(bits >> 32n)}.${hex(bits & 0xffff_ffffn)}`;
}

/** RFC 5905 section 7.3: four characters up to stratum 1, an address or a hash above it. */
function referenceText(id: number, stratum: number): string {
  const octets = [24, 16, 8, 0].map((shift) => (id >>> shift) & 0xff);
  if (stratum > 1 && stratum < 16) return octets.join(".");
  const text = String.fromCharCode(...octets.filter((octet) => octet !== 0));
  return /^[!-~]+$/.test(text) ? text : octets.join(".");
}
