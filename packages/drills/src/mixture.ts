/**
 * The mixture: how likely each kind of drill is. It is fixed and sealed before anything is drawn from it, and whoever has it and
 * its seed draws the same drills again: nobody can have picked the easy ones.
 *
 *     draw i = SHA-256(seed ‖ "drill" ‖ u32 i): its first 53 bits are a fraction that picks the kind, those from byte 8 on pick its mutant
 */
import { canonicalJson, err, ok, type Result } from '@bellwether/basics';
import type { DrillsError } from './errors.ts';
import { KINDS, type KindCode, mutantsOf, settingsOf } from './kinds.ts';

/** SHA-256, as whoever calls has it. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/** How likely each kind is: weights above 0, which need not sum to 1. */
export type Mixture = {
  readonly schema: 'bellwether/mixture@1';
  readonly weights: Readonly<Partial<Record<KindCode, number>>>;
};

/** Every kind alike: without a reason to think one likelier, none is. */
export const EVEN_MIXTURE: Mixture = {
  schema: 'bellwether/mixture@1',
  weights: Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 1])),
};

/** One drill as it was drawn. */
export type Drawn = {
  /** Number of the draw, from 0. */
  readonly draw: number;
  readonly kind: KindCode;
  readonly mutant: number;
  readonly settings: Readonly<Record<string, string | number>>;
  /** Eight bytes, hexadecimal: what else differs from drill to drill (ports, order, addresses, moment) is made of it. */
  readonly variation: string;
};

/** Bytes of a seed. */
export const SEED_SIZE = 32;

/** Largest text of a mixture: the list has some tens of kinds. */
const MOST_TEXT = 16 * 1024;

/** The mixture in its one spelling. */
export function mixtureText(mixture: Mixture): string {
  return canonicalJson(mixture).okOrThrow();
}

/** Reads the text of a mixture. */
export function readMixture(text: string): Result<Mixture, DrillsError> {
  if (text.length > MOST_TEXT) return malformed(`it is longer than ${MOST_TEXT} characters`);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return malformed((error as Error).message);
  }
  const { schema, weights } = (read ?? {}) as { schema?: unknown; weights?: unknown };
  if (schema !== 'bellwether/mixture@1' || typeof weights !== 'object' || weights === null)
    return malformed('it has another schema');
  const entries = Object.entries(weights as Record<string, unknown>);
  if (entries.length === 0) return malformed('it has no kinds');
  for (const [kind, weight] of entries) {
    if (!Object.hasOwn(KINDS, kind))
      return malformed(`there is no kind ${JSON.stringify(kind.slice(0, 40))}`);
    if (typeof weight !== 'number' || !(weight > 0) || !Number.isFinite(weight))
      return malformed(`the weight of ${kind} is no number above 0`);
  }
  return ok({ schema, weights: weights as Mixture['weights'] });
}

/** The drill of a draw, from a seed of 32 bytes. */
export function drawDrill(mixture: Mixture, seed: Uint8Array, draw: number, digest: Digest): Drawn {
  if (seed.length !== SEED_SIZE) throw new RangeError(`a seed has ${SEED_SIZE} bytes`);
  const chances = digest(drawInput(seed, draw));
  const kind = kindAt(mixture, fractionOf(chances, 0));
  const mutant = Math.floor(fractionOf(chances, 8) * mutantsOf(kind));
  const variation = Array.from(chances.subarray(16, 24), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  return { draw, kind, mutant, settings: settingsOf(kind, mutant), variation };
}

const MARK = new TextEncoder().encode('drill');

function drawInput(seed: Uint8Array, draw: number): Uint8Array {
  const bytes = new Uint8Array(SEED_SIZE + MARK.length + 4);
  bytes.set(seed);
  bytes.set(MARK, SEED_SIZE);
  new DataView(bytes.buffer).setUint32(SEED_SIZE + MARK.length, draw);
  return bytes;
}

/** Kinds in the order of the alphabet, so that the order in a text means nothing. */
function kindAt({ weights }: Mixture, fraction: number): KindCode {
  const kinds = (Object.keys(weights) as KindCode[]).sort();
  const sum = kinds.reduce((all, kind) => all + weights[kind]!, 0);
  let left = fraction * sum;
  for (const kind of kinds) {
    left -= weights[kind]!;
    if (left < 0) return kind;
  }
  return kinds.at(-1)!;
}

/** 53 bits of a digest as a fraction, [0, 1). */
function fractionOf(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < 6; i++) value = value * 256 + bytes[at + i]!;
  return (value * 32 + (bytes[at + 6]! >>> 3)) / 2 ** 53;
}

function malformed(detail: string): Result<never, DrillsError> {
  return err({ code: 'DRILLS_MIXTURE_MALFORMED', detail });
}
