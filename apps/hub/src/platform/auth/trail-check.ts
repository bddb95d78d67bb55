/**
 * Checks the chain: every number is there once, every entry has the hash of what it says, and names the hash of the one
 * before it. Who changes an entry in the database has to change all that follow; who knows the hash of a later one sees it.
 *
 * What no chain can show by itself is that its end was cut off. So whoever checks keeps the last number and its hash.
 */
import type { TrailRow } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { hashOfEntry } from './trail-entry.ts';
import type { Head } from './trail-read.ts';

/** What is wrong with an entry. */
export type TrailFaultKind =
  /** It is not there. */
  | 'missing'
  /** Its hash is not that of what it says. */
  | 'changed'
  /** It names another hash than the entry before it has. */
  | 'unlinked'
  /** Its number was there before, or a higher one. */
  | 'disordered';

/** The first entry that is wrong. */
export type TrailFault = { readonly number: number; readonly fault: TrailFaultKind };

/** Whether all entries are there (a whole chain), or those of some places only: then each is checked by itself. */
export type ChainKind = 'whole' | 'part';

/** Checks entries as they come, in their order, from a place in the chain on. Gives the last one. */
export async function checkEntries(
  pages: AsyncIterable<readonly TrailRow[]>,
  from: Head,
  kind: ChainKind,
): Promise<Result<Head, TrailFault>> {
  let before = from;
  for await (const page of pages) {
    for (const entry of page) {
      const fault = faultOf(entry, before, kind);
      if (fault !== undefined) return err(fault);
      before = entry;
    }
  }
  return ok({ number: before.number, hash: before.hash });
}

/** What is wrong with an entry behind another one; undefined if nothing is. */
function faultOf(entry: TrailRow, before: Head, kind: ChainKind): TrailFault | undefined {
  const { number } = entry;
  if (number <= before.number) return { number, fault: 'disordered' };
  const isNext = number === before.number + 1;
  if (!isNext && kind === 'whole') return { number: before.number + 1, fault: 'missing' };
  if (hashOfEntry(entry).unwrapOr('') !== entry.hash) return { number, fault: 'changed' };
  if (isNext && entry.previous !== before.hash) return { number, fault: 'unlinked' };
  return undefined;
}

/** A fault in a sentence. */
export function describeTrailFault({ number, fault }: TrailFault): string {
  switch (fault) {
    case 'missing':
      return `Entry ${number} is missing.`;
    case 'changed':
      return `Entry ${number} was changed after it was written.`;
    case 'unlinked':
      return `Entry ${number} does not continue entry ${number - 1}: one of the two is not what was written.`;
    case 'disordered':
      return `Entry ${number} stands where a later one should be.`;
  }
}
