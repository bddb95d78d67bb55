/** How it stands with the witnesses, read from the files of a hub that may run: who cosigned what others read now, and who is late. */
import { join } from 'node:path';
import { parseCheckpoint, parseNote } from '@bellwether/evidence';
import type { DataFolder } from '../folder.ts';
import { readOrNull } from './tile-files.ts';
import { type KeptWitness, keptWitnesses, WITNESS_LATE } from './witness-records.ts';

/** Witnesses of the policy, counted. */
export type WitnessStanding = {
  /** How many the policy names; 0: nobody has to cosign. */
  readonly named: number;
  /** How many of them cosigned the newest published checkpoint, or one after it. */
  readonly cosigned: number;
  /** Entries of that checkpoint; null: none was published yet. */
  readonly size: bigint | null;
  /** When one of them cosigned last, ms since 1970; null: none ever did. */
  readonly last: number | null;
  /** Names of those that have not cosigned for longer than `WITNESS_LATE`, the longest silent last; also those that never did. */
  readonly late: readonly string[];
};

/** Reads it. `now`: ms since 1970. */
export async function witnessStanding(
  { log, logPrivate }: Pick<DataFolder, 'log' | 'logPrivate'>,
  now: number,
): Promise<WitnessStanding> {
  const kept = await keptWitnesses(logPrivate);
  const size = sizeOf(await readOrNull(join(log, 'checkpoint')));
  const isLate = ({ cosignedAt }: KeptWitness): boolean =>
    cosignedAt === null || now - cosignedAt > WITNESS_LATE;
  return {
    named: kept.length,
    cosigned: size === null ? 0 : kept.filter((one) => one.size !== null && one.size >= size).length,
    size,
    last: kept[0]?.cosignedAt ?? null,
    late: kept.filter(isLate).map(({ name }) => name),
  };
}

/** The same as sentences, the last without its end. */
export function standingText({ named, cosigned, size, last, late }: WitnessStanding): string {
  if (named === 0) return 'no witness is named: what is sealed here, nobody else has seen';
  if (last === null)
    return `none of the ${named} witnesses has cosigned the log yet: nobody else has seen it`;
  const told =
    size === null
      ? 'no checkpoint has enough signatures to be published yet'
      : `${cosigned} of ${named} witnesses cosigned the last published checkpoint (${size} entries)`;
  const when = `${told}; the last signature is of ${new Date(last).toISOString()}`;
  if (late.length === 0) return when;
  return `${when}. Not heard for more than ${WITNESS_LATE / 3_600_000} hours: ${late.join(', ')}`;
}

function sizeOf(bytes: Uint8Array | null): bigint | null {
  const note = bytes === null ? null : parseNote(bytes);
  if (note === null || note.isErr()) return null;
  const checkpoint = parseCheckpoint(note.value.text);
  return checkpoint.isErr() ? null : checkpoint.value.size;
}
