/** The proof of an entry as a file (C2SP tlog-proof). */
import { HubProblem } from '../../api/ask.ts';
import { proofAddress } from './queries.ts';

/** Longest number of an entry, digits: those of 2^63. */
const MOST_DIGITS = 19;

/** The number that somebody typed, without spaces and commas; undefined where it is none of a published entry. */
export function entryOf(typed: string, published: string): string | undefined {
  const digits = typed.replace(/[\s,]/g, '');
  if (!/^\d+$/.test(digits) || digits.length > MOST_DIGITS) return undefined;
  const entry = BigInt(digits);
  return entry < BigInt(published) ? String(entry) : undefined;
}

/** Fetches it. Throws a `HubProblem` where there is none. */
export async function proofFile(entry: string): Promise<{ readonly file: Blob; readonly name: string }> {
  let response: Response;
  try {
    response = await fetch(proofAddress(entry), { credentials: 'same-origin' });
  } catch {
    throw new HubProblem(0, CUT_OFF);
  }
  if (!response.ok) throw new HubProblem(response.status, await response.json().catch(() => CUT_OFF));
  try {
    return { file: await response.blob(), name: `entry-${entry}.tlog-proof` };
  } catch {
    throw new HubProblem(0, CUT_OFF);
  }
}

const CUT_OFF = {
  code: 'HUB_UNREACHABLE',
  message: 'The proof did not come to its end.',
  help: 'Nothing was saved. Check that the command `bellwether up` runs, and try again.',
};
