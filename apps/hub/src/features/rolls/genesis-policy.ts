/** The policy and the signers that a genesis begins with, where the state has said nothing else. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeBase64, type Hasher } from '@bellwether/evidence';
import {
  formatEntry,
  type GenesisEntry,
  parseEntry,
  type RollsPolicy,
  SIGNER_SCHEMES,
  type SignerKey,
  STATE,
  signerKeyId,
} from '@bellwether/rolls';
import { fileSigner } from '../../platform/evidence/log-key.ts';
import { type RollError, rollRefused } from './errors.ts';
import { READER_PLACE } from './reconcile.ts';

/** Bytes of a file with signers or a policy: 116 offices with two keys each take 60 KB. */
const MOST_BYTES = 1024 * 1024;

/** Changes of an office on a day beyond which another office has to agree: four times the busiest day of a middle one. */
const MASS_ITEMS = 400;

/** And share of its records: a plain day changes two in a thousand, a deadline ten times as many. */
const MASS_SHARE = 0.02;

/** Removals in a batch of the quiet period: deaths and requests go on, in a large office some twenty a day. */
const QUIET_REMOVALS = 25;

/** Hours that a new signer is public before it counts: three days, in which an office notices a key that it did not make. */
const SIGNER_DELAY_HOURS = 72;

/** Business days that a change may wait for its office: a clerk who is alone may be ill for two. */
const AWAITING_DAYS = 3;

/** Fewest items of a batch that hides protected voters. */
const PROTECTED_BATCH = 20;

/** Days before a federal election in which lists are not maintained: 52 U.S.C. 20507(c)(2)(A). */
const QUIET_DAYS = 90;

/** Years for which quiet periods of general elections are told; primaries and later years come by a change of the policy. */
const QUIET_YEARS = 4;

const DAY = 86_400_000;

/** The policy where nobody gave one. Witnesses come with a change of the policy. */
export function usualPolicy(day: string): RollsPolicy {
  const year = Number(day.slice(0, 4));
  const years = Array.from({ length: QUIET_YEARS }, (_, i) => year + i).filter((each) => each % 2 === 0);
  return {
    massItems: MASS_ITEMS,
    massShare: MASS_SHARE,
    quiet: years.map((each) => {
      const election = generalElection(each);
      return { from: dayOf(election - QUIET_DAYS * DAY), to: dayOf(election) };
    }),
    quietRemovals: QUIET_REMOVALS,
    signerDelayHours: SIGNER_DELAY_HOURS,
    awaitingDays: AWAITING_DAYS,
    protectedBatch: PROTECTED_BATCH,
    witnesses: '',
  };
}

/** Reads a policy; what is wrong with it is found when the genesis is read as everybody will read it. */
export async function policyAt(path: string): Promise<Result<RollsPolicy, RollError>> {
  const value = await jsonAt(path);
  return value.map((policy) => policy as RollsPolicy);
}

/** Reads signers, whose ids are computed here, and looks whether every place has one. */
export async function signersAt(
  path: string,
  places: readonly string[],
  hasher: Hasher,
): Promise<Result<readonly SignerKey[], RollError>> {
  const value = await jsonAt(path);
  if (value.isErr()) return value;
  if (!Array.isArray(value.value)) return wrongInput(path, 'it is no list of signers');
  const keys: SignerKey[] = [];
  for (const [at, one] of (value.value as readonly Partial<SignerKey>[]).entries()) {
    const { place, scheme, publicKey, site = '', origins = [] } = one ?? {};
    const isRight =
      typeof place === 'string' &&
      typeof publicKey === 'string' &&
      typeof site === 'string' &&
      SIGNER_SCHEMES.some((known) => known === scheme) &&
      Array.isArray(origins) &&
      origins.every((origin) => typeof origin === 'string');
    if (!isRight) return wrongInput(path, `signer ${at + 1} needs place, scheme and publicKey`);
    const rest = { place: place!, scheme: scheme!, publicKey: publicKey!, site, origins };
    keys.push({ id: signerKeyId(hasher, rest), ...rest });
  }
  const missing = places.filter((place) => !keys.some((key) => key.place === place));
  if (missing.length > 0) return wrongInput(path, `nobody signs for ${missing.slice(0, 10).join(', ')}`);
  return ok(keys);
}

/** Makes a key for each place in a folder, or takes the one that is there. */
export async function madeSigners(
  folder: string,
  places: readonly string[],
  hasher: Hasher,
): Promise<Result<readonly SignerKey[], RollError>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keys: SignerKey[] = [];
  for (const place of places) {
    const key = await signerInFile(join(folder, `${place.replace(':', '-')}.pem`), place, hasher);
    if (key.isErr()) return key;
    keys.push(key.value);
  }
  return ok(keys);
}

/** The signer of a key file, which is made where there is none. */
export async function signerInFile(
  path: string,
  place: string,
  hasher: Hasher,
): Promise<Result<SignerKey, RollError>> {
  const signer = await fileSigner(path, place);
  if (signer.isErr()) return rollRefused('ROLL_INPUT_WRONG', signer.error.detail);
  const publicKey = encodeBase64(signer.value.key.publicKey);
  const rest = { place, scheme: 'ed25519', publicKey, site: '', origins: [] } as const;
  return ok({ id: signerKeyId(hasher, rest), ...rest });
}

/** Places that sign: offices, the state for protected voters, and feeds. The reader signs what it found. */
export function signingPlaces(offices: readonly string[], feeds: readonly string[]): readonly string[] {
  return [...offices.filter((office) => office !== STATE), STATE, ...feeds.map((feed) => `feed:${feed}`)];
}

/** The bytes of the genesis, read back as everybody will read them: a policy or a signer that is wrong is found here. */
export function checkedGenesis(entry: GenesisEntry): Result<Uint8Array, RollError> {
  let bytes: Uint8Array;
  try {
    bytes = formatEntry(entry);
  } catch (error) {
    return rollRefused('ROLL_INPUT_WRONG', (error as Error).message);
  }
  const parsed = parseEntry(bytes);
  return parsed.isErr() ? rollRefused('ROLL_INPUT_WRONG', parsed.error.detail) : ok(bytes);
}

/** Whether a place is the reader's. */
export function isReader({ place }: SignerKey): boolean {
  return place === READER_PLACE;
}

async function jsonAt(path: string): Promise<Result<unknown, RollError>> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > MOST_BYTES) return wrongInput(path, `it has more than ${MOST_BYTES} bytes`);
    return ok(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    return wrongInput(path, (error as Error).message);
  }
}

/** Tuesday after the first Monday of November: 2 U.S.C. 7. */
function generalElection(year: number): number {
  const first = Date.UTC(year, 10, 1);
  const monday = (8 - new Date(first).getUTCDay()) % 7;
  return first + (monday + 1) * DAY;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function wrongInput(path: string, why: string): Result<never, RollError> {
  return rollRefused('ROLL_INPUT_WRONG', `${path}: ${why}`);
}
