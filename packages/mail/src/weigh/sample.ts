/** A labelled message as it is learned from. */
import { createHash } from 'node:crypto';
import { openMessage } from '../open/open-message.ts';
import { readMessage } from '../read/read-message.ts';
import { viewHtml } from '../read/view-html.ts';
import { featuresOf } from './features.ts';
import type { Sample } from './learn.ts';
import type { Provenance } from './weights.ts';

/** The sample; none where there is no message. `recipients`: those that it went to, where its header does not say. */
export async function sampleOf(
  bytes: Uint8Array,
  isBad: boolean,
  recipients: readonly string[] = [],
): Promise<Sample | undefined> {
  const read = readMessage(bytes);
  if (read.isErr()) return undefined;
  const message = read.value;
  const view = viewHtml(message.html);
  const { opened } = await openMessage(message, view);
  const addresses = [...message.to, ...message.cc].map(({ address }) => address);
  return { features: featuresOf(message, view, opened, [...addresses, ...recipients]), isBad };
}

/** Where samples are from, by the messages themselves. */
export function provenanceOf(
  source: string,
  licence: string,
  label: Provenance['label'],
  messages: readonly Uint8Array[],
): Provenance {
  const hashes = messages.map((bytes) => createHash('sha256').update(bytes).digest('hex')).sort();
  const sha256 = createHash('sha256').update(hashes.join('\n')).digest('hex');
  return { source, licence, label, count: messages.length, sha256 };
}
