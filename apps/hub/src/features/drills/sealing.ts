/** The texts that are sealed, the same ones when they are opened, and how a seal gets into the log. */
import { createHash } from 'node:crypto';
import { canonicalJson, err, ok, type Result } from '@bellwether/basics';
import { type Digest, sealOf } from '@bellwether/drills';
import { encodeText } from '@bellwether/evidence';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import type { Row } from '../../platform/postgres/tables.ts';
import type { DrillError } from './errors.ts';

/** SHA-256. */
export const sha256: Digest = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

type SealedSeries = Pick<Row<'drill_series'>, 'mixture' | 'seed' | 'detector'>;

/** What a series is, as it is sealed: who has it draws the same drills. */
export function seriesText({ mixture, seed, detector }: SealedSeries): string {
  return canonicalJson({
    schema: 'bellwether/drill-series@1',
    mixture: JSON.parse(mixture),
    seed: seed.toString('hex'),
    detector,
  }).okOrThrow();
}

type SealedDrill = Pick<
  Row<'drills'>,
  'series' | 'draw' | 'repeats' | 'kind' | 'settings' | 'variation' | 'office' | 'target' | 'source'
>;

/** What a drill is, as it is sealed. */
export function drillText(drill: SealedDrill): string {
  const { series, draw, repeats, kind, settings, variation, office, target, source } = drill;
  return canonicalJson({
    schema: 'bellwether/drill@1',
    ...{ series, draw, repeats, kind, settings, variation, office, target, source },
  }).okOrThrow();
}

/** The seal of a text. */
export function sealText(nonce: Uint8Array, text: string): string {
  return sealOf(nonce, text, sha256);
}

/** Puts a seal into the log; gives the number of its entry. */
export async function logSeal(
  log: Pick<EvidenceLog, 'appendEntries'>,
  type: 'drill' | 'drill-series',
  number: number,
  seal: string,
): Promise<Result<number, DrillError>> {
  const entry = encodeText(canonicalJson({ type, number, seal }).okOrThrow());
  const added = await log.appendEntries([entry]);
  if (added.isErr())
    return err({ code: 'DRILL_NOT_SEALED', detail: `${added.error.code}: ${added.error.detail}` });
  return ok(Number(added.value.from));
}
