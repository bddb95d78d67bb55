/**
 * Lists of research scanners: those that the program carries, and newer ones that an operator puts into the folder `scanners`
 * of the data, as MISP publishes them. A newer list of the same scanner stands before the carried one.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN_SCANNERS, knownScannerLists, readScannerList, type ScannerList } from '@bellwether/contacts';

/** Largest file that is read: the largest list that is known has 50 KB. */
const MOST_BYTES = 4 * 1024 * 1024;

/** All lists, those of the operator first. What cannot be read is told, and the others hold. */
export function scannersOf(data: string, onTrouble: (what: string) => void): readonly ScannerList[] {
  const folder = join(data, 'scanners');
  const given: ScannerList[] = [];
  for (const name of namesOf(folder)) {
    const path = join(folder, name);
    if (statSync(path).size > MOST_BYTES) {
      onTrouble(`${path} is larger than ${MOST_BYTES} bytes, and is not used`);
      continue;
    }
    const read = readScannerList(readFileSync(path, 'utf8'));
    if (read.isErr()) {
      onTrouble(`${path}: ${read.error.detail}; it is not used`);
      continue;
    }
    const { list, unreadable } = read.value;
    if (unreadable.length > 0)
      onTrouble(`${path}: ${unreadable.length} lines are no networks ("${unreadable[0]}"); the others hold`);
    given.push(list);
  }
  return [...given, ...knownScannerLists(KNOWN_SCANNERS)];
}

function namesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
