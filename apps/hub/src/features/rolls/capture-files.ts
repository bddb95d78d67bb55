/** Reading captures: `captures/NUMBER.ndjson`, a head and one change a line. */
import { join } from 'node:path';
import type { Result } from '@bellwether/basics';
import { ok } from '@bellwether/basics';
import { type RollError, rollRefused } from './errors.ts';
import { namesIn, type RollPaths, readBounded } from './roll-files.ts';
import type { CaptureHead, Change } from './rolls-files.ts';

/** A capture. */
export type Capture = { readonly head: CaptureHead; readonly changes: readonly Change[] };

/** Number of the newest capture; 0: there is none. */
export async function newestCapture({ captures }: RollPaths): Promise<number> {
  const numbers = (await namesIn(captures)).map((name) => Number(/^(\d+)\.ndjson$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** Reads a capture. */
export async function loadCapture(
  { captures }: RollPaths,
  number: number,
): Promise<Result<Capture, RollError>> {
  const path = join(captures, `${number}.ndjson`);
  const bytes = await readBounded(path);
  if (bytes === null) return rollRefused('ROLL_DAMAGED', `${path} is missing`);
  const [first, ...lines] = bytes.toString('utf8').split('\n');
  try {
    const head = JSON.parse(first ?? '') as CaptureHead;
    const changes = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Change);
    if (head.schema !== 'bellwether/capture@1' || head.changes !== changes.length) {
      return rollRefused('ROLL_DAMAGED', `${path} tells ${head.changes} changes and holds ${changes.length}`);
    }
    return ok({ head, changes });
  } catch {
    return rollRefused('ROLL_DAMAGED', `${path} is cut off`);
  }
}
