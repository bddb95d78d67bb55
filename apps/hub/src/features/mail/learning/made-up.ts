/**
 * Everyday mail of election offices, made up, and lures among it: added to whatever is learned from, since labelled collections hold no
 * mail of offices, and little that is younger than a few years. Only the half that nothing is scored on.
 */
import type { LabelledMessage } from '@bellwether/mail';

/** The run that is learned from: any would do; this one is always the same. */
const RUN = { seed: 4_026, variants: 24 };

/** What is told of it in the provenance. */
const SOURCE = 'made up by bellwether testkit mail';

/** The messages. */
export async function madeUpMail(): Promise<LabelledMessage[]> {
  const { generateMail } = await import('@bellwether/testkit');
  const files = new Map<string, Uint8Array>();
  const { truth } = await generateMail(RUN, { write: (file, bytes) => void files.set(file, bytes) });
  return truth.messages
    .filter(({ split }) => split === 'learn')
    .map(({ path, label }) => ({
      bytes: files.get(path)!,
      isBad: label === 'phish',
      source: SOURCE,
      licence: 'Apache-2.0',
      recipients: [],
    }));
}
