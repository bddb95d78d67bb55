/**
 * New registrations that are nearly the same person as another one: same birth date and first letter (the block), names alike,
 * and the same digits of a license or social security number.
 *
 * A birth date and a name are no person: in a large state, some pairs agree by chance (McDonald and Levitt 2008, "Seeing Double
 * Voting"). So where both records have a number of the same kind, one kind has to agree; where they have none in common, the
 * names have to be the same letter for letter. Whoever invents other digits is missed, and whoever changes the birth date too.
 */
import { type Finding, numberText } from './finding.ts';
import { nameLikeness } from './name-likeness.ts';

/** One person, spelled canonically. Empty: not known. */
export type Person = {
  readonly recordId: string;
  readonly office: string;
  readonly last: string;
  readonly first: string;
  readonly suffix: string;
  /** YYYY-MM-DD. */
  readonly born: string;
  /** Last digits, or whole numbers, of the same kind on all records. */
  readonly license: string;
  readonly ssn: string;
};

/** Jaro-Winkler of surname and of first name: one letter doubled, lost or swapped stays above it. */
const LEAST_LIKENESS = 0.9;

/** Persons of a block that are compared: of 4.3 million, some 20 share a birth date and a letter; a block beyond is a mistake. */
const MOST_IN_BLOCK = 500;

/** Findings of one day: more is no list for people, and the count is told by how many there are. */
const MOST_FINDINGS = 1_000;

/** What was found, and which records belong together. */
export type DuplicateFinding = Finding & {
  readonly kind: 'near-duplicate';
  /** The new record, then the other. */
  readonly records: readonly [string, string];
};

/**
 * Compares the new with all, in one pass over `existing` (which may hold the new ones too). Memory grows with the new only.
 * The most alike come first.
 */
export function watchDuplicates(
  added: readonly Person[],
  existing: Iterable<Person>,
  day: string,
): readonly DuplicateFinding[] {
  const blocks = new Map<string, Person[]>();
  const compared = new Map<string, number>();
  for (const person of added) {
    const key = blockOf(person);
    if (key === null) continue;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [person]);
    else if (block.length < MOST_IN_BLOCK) block.push(person);
  }
  const pairs = new Map<string, DuplicateFinding>();
  const pairUp = (other: Person): void => {
    const key = blockOf(other);
    const block = key === null ? undefined : blocks.get(key);
    if (block === undefined || key === null) return;
    const count = (compared.get(key) ?? 0) + 1;
    compared.set(key, count);
    if (count > MOST_IN_BLOCK) return;
    for (const person of block) {
      const found = compare(person, other, day);
      if (found !== null && pairs.size < MOST_FINDINGS)
        pairs.set([...found.records].sort().join('\n'), found);
    }
  };
  for (const person of added) pairUp(person);
  for (const person of existing) pairUp(person);
  return [...pairs.values()].sort((a, b) => b.score - a.score);
}

function blockOf({ born, first }: Person): string | null {
  return born === '' || first === '' ? null : `${born} ${first.slice(0, 1).toUpperCase()}`;
}

function compare(person: Person, other: Person, day: string): DuplicateFinding | null {
  if (person.recordId === other.recordId || person.suffix !== other.suffix) return null;
  const likeness = Math.min(alike(person.last, other.last), alike(person.first, other.first));
  const numbers = sameNumbers(person, other);
  if (numbers === false || likeness < (numbers === true ? LEAST_LIKENESS : 1)) return null;
  const percent = likeness * 100;
  return {
    kind: 'near-duplicate',
    office: person.office,
    day,
    score: likeness / LEAST_LIKENESS,
    sentence: `Registration ${person.recordId} may be the same person as ${other.recordId} (office ${other.office}): same birth date, names alike by ${numberText(percent)} of 100${numbers === true ? ', and the same digits of a license or social security number' : ''}. Is it one person?`,
    counts: { likeness },
    records: [person.recordId, other.recordId],
  };
}

function alike(one: string, other: string): number {
  return nameLikeness(one.toUpperCase(), other.toUpperCase());
}

/** Whether a number agrees; null where they have none of one kind in common. */
function sameNumbers(one: Person, other: Person): boolean | null {
  const kinds = (['license', 'ssn'] as const).filter((kind) => one[kind] !== '' && other[kind] !== '');
  return kinds.length === 0 ? null : kinds.some((kind) => one[kind] === other[kind]);
}
