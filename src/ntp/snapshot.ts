import { type AccessList, compileAccess } from "./access.ts";
import { addressOctets } from "./address.ts";
import { fixedPoint } from "./fixed-point.ts";
import { Interleaving } from "./interleaving.ts";
import type { ServerKey, ServerSnapshot } from "./io.ts";
import { type DigesterOf, type KeyTally, MacKey } from "./mac.ts";
import { RateLimiter } from "./rate-limit.ts";
import { fold } from "./time.ts";
import type { Keys } from "./trailer.ts";

const fraction = 2 ** 32;
const nanosecond = 1e-9;

/** A group that is answered on an interface, its address as octets. */
export interface CompiledGroup {
  readonly interface: string;
  readonly octets: Uint8Array;
}

/**
 * A snapshot in the form that the responder reads: plain numbers instead of big integers, key
 * schedules made. Times are seconds in two parts, a whole number of the wire's 32 bits and the
 * rest.
 */
export interface CompiledSnapshot {
  readonly source: ServerSnapshot;
  readonly serving: boolean;
  readonly synchronized: boolean;
  readonly leap: number;
  readonly stratum: number;
  readonly precision: number;
  /** 16.16 fixed point, as on the wire. */
  readonly rootDelay: number;
  readonly rootDispersion: number;
  readonly referenceId: number;
  readonly referenceSeconds: number;
  readonly referenceFraction: number;
  readonly baseSeconds: number;
  /** s, 0 up to 1 */
  readonly baseRest: number;
  /** ns */
  readonly baseRaw: number;
  /** s of NTP time for each ns of raw time */
  readonly rate: number;
  /** s for each ns, up to `slewEnd` ns after baseRaw */
  readonly slew: number;
  readonly slewEnd: number;
  readonly keys: Keys;
  readonly groups: readonly CompiledGroup[];
  readonly ownReferenceIds: readonly number[];
  readonly access: AccessList;
  readonly deaf: readonly string[];
  /** Whether clients with addresses of 4 octets are answered, and with such of 16. */
  readonly answers4: boolean;
  readonly answers16: boolean;
  readonly kissOfDeath: boolean;
  /** Kept from one snapshot to the next: who has asked how often. */
  readonly limiter: RateLimiter | undefined;
  /** Kept likewise: which replies a request can name. undefined: the basic mode alone. */
  readonly interleaving: Interleaving | undefined;
}

/**
 * `tally`: where the use of a key is counted. Key schedules, groups and rules are taken over from
 * `previous` where they did not change.
 */
export function compileSnapshot(
  source: ServerSnapshot,
  previous?: CompiledSnapshot,
  digesterOf?: DigesterOf,
  tally?: (id: number) => KeyTally,
): CompiledSnapshot {
  const base = fold(source.base);
  const reference = fold(source.referenceTime);
  return {
    source,
    serving: source.serving,
    synchronized: source.leap !== 3 && source.stratum > 0 && source.stratum < 16,
    leap: source.leap,
    stratum: source.stratum < 16 ? source.stratum : 0,
    precision: source.precision,
    rootDelay: fixedPoint(source.rootDelay),
    rootDispersion: source.rootDispersion,
    referenceId: source.referenceId,
    referenceSeconds: Number(reference >> 32n),
    referenceFraction: Number(reference & 0xffff_ffffn),
    baseSeconds: Number(base >> 32n),
    baseRest: Number(base & 0xffff_ffffn) / fraction,
    baseRaw: Number(source.baseRaw),
    rate: (1 + source.frequency) * nanosecond,
    slew: source.slew * nanosecond,
    slewEnd: Math.max(0, Number(source.slewUntil - source.baseRaw)),
    keys: compileKeys(source.keys, previous, digesterOf, tally),
    groups: source.manycast.flatMap(({ interface: name, group }) => {
      const octets = addressOctets(group);
      return octets === undefined ? [] : [{ interface: name, octets }];
    }),
    ownReferenceIds: source.ownReferenceIds,
    access:
      previous?.source.accessRules === source.accessRules
        ? previous.access
        : compileAccess(source.accessRules),
    deaf: source.deaf,
    answers4: source.policy.server.ipv4,
    answers16: source.policy.server.ipv6,
    kissOfDeath: source.policy.kissOfDeath,
    limiter: limiterOf(source, previous),
    interleaving: source.policy.interleaved
      ? (previous?.interleaving ?? new Interleaving(source.seed))
      : undefined,
  };
}

function limiterOf(
  source: ServerSnapshot,
  previous: CompiledSnapshot | undefined,
): RateLimiter | undefined {
  const { discard, kissOfDeath } = source.policy;
  if (discard === undefined && !kissOfDeath) return undefined;
  const before = previous?.source.policy.discard;
  const same =
    before?.minimumInterval === discard?.minimumInterval &&
    before?.averageInterval === discard?.averageInterval;
  return (same ? previous?.limiter : undefined) ?? new RateLimiter(discard, source.seed);
}

function compileKeys(
  keys: readonly ServerKey[],
  previous: CompiledSnapshot | undefined,
  digesterOf: DigesterOf | undefined,
  tally: ((id: number) => KeyTally) | undefined,
): Keys {
  if (previous !== undefined && sameKeys(keys, previous.source.keys)) return previous.keys;
  return new Map(keys.map((key) => [key.id, new MacKey(key, digesterOf, tally?.(key.id))]));
}

function sameKeys(a: readonly ServerKey[], b: readonly ServerKey[]): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((key, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        key.id === other.id &&
        key.algorithm === other.algorithm &&
        key.digestLength === other.digestLength &&
        key.trusted === other.trusted &&
        key.secret.length === other.secret.length &&
        key.secret.every((octet, j) => octet === other.secret[j])
      );
    })
  );
}
