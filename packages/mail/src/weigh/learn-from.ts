/** From labelled messages to weights. */
import { err, ok, type Result } from '@bellwether/basics';
import type { MailError } from '../errors.ts';
import { learn, type Sample } from './learn.ts';
import { provenanceOf, sampleOf } from './sample.ts';
import type { Provenance, Weights } from './weights.ts';

/** A message that people labelled. */
export type LabelledMessage = {
  readonly bytes: Uint8Array;
  readonly isBad: boolean;
  /** Where it is from, and under which licence. */
  readonly source: string;
  readonly licence: string;
  /** Whom it went to, where its header does not say. */
  readonly recipients: readonly string[];
};

/** Fewest messages of each kind: with fewer, no calibration means anything. */
const FEWEST = 100;

/** Learns. The same messages in the same order give the same weights. */
export async function weightsFrom(messages: readonly LabelledMessage[]): Promise<Result<Weights, MailError>> {
  const bad = messages.filter(({ isBad }) => isBad).length;
  const good = messages.length - bad;
  if (bad < FEWEST || good < FEWEST)
    return err({ code: 'MAIL_NOTHING_TO_LEARN', detail: `${bad} are labelled as bad, and ${good} as good.` });
  const samples: Sample[] = [];
  for (const { bytes, isBad, recipients } of messages) {
    const sample = await sampleOf(bytes, isBad, recipients);
    if (sample !== undefined) samples.push(sample);
  }
  return ok(learn(interleaved(samples), { provenance: provenances(messages) }));
}

/** Good and bad mixed evenly, so that each part for calibration has both. */
function interleaved(samples: readonly Sample[]): Sample[] {
  const places = new Map<Sample, number>();
  for (const isBad of [true, false]) {
    const kind = samples.filter((sample) => sample.isBad === isBad);
    for (const [at, sample] of kind.entries()) places.set(sample, (at + 0.5) / kind.length);
  }
  return [...samples].sort((a, b) => places.get(a)! - places.get(b)!);
}

function provenances(messages: readonly LabelledMessage[]): Provenance[] {
  const groups = new Map<string, LabelledMessage[]>();
  for (const message of messages) {
    const key = `${message.isBad ? 'bad' : 'good'} ${message.source}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [message]);
    else group.push(message);
  }
  return [...groups.values()].map((group) => {
    const { source, licence, isBad } = group[0]!;
    const bytes = group.map((message) => message.bytes);
    return provenanceOf(source, licence, isBad ? 'bad' : 'good', bytes);
  });
}
