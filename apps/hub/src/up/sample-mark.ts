/**
 * How the roll of the sample state is told from one that people began: its mapping says so in its last line. The genesis writes the
 * mapping before anything that counts, so there is no moment at which the roll of the sample is there without its mark.
 */
import { existsSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

/** The line, a comment of YAML. */
const MARK =
  '# The roll of the sample state: clearing the sample takes it out, with the log that tells of it.';

/** Marks the mapping that the roll of the sample is about to begin with. */
export async function markMapping(path: string): Promise<void> {
  await appendFile(path, `${MARK}\n`);
}

/** Whose roll there is: that of the sample, that of people, or none. `mapping`: path of the roll's mapping. */
export function rollOwner(mapping: string): 'sample' | 'people' | 'nobody' {
  if (!existsSync(mapping)) return 'nobody';
  return readFileSync(mapping, 'utf8').trimEnd().endsWith(MARK) ? 'sample' : 'people';
}
