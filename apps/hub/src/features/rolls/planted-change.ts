/**
 * A made-up change that looks like those of an office: of the kind, the fields and the hour of a real one, on a real street with its
 * precinct, with the name, the numbers and the birth date of nobody.
 *
 *     kind, fields, who entered it, hour     a real change of the same sheet
 *     street, city, precinct, districts      a real record of the office, at another house number
 *     names                                  planted-names.ts
 *     record number, birth date, the rest    as many digits and letters, by chance
 *
 * What at least three other records say too (a party, a status) is of no person, and is taken over.
 */
import { GROUPS, type RollFields } from '@bellwether/rolls';
import { classOfDifference, differingFields } from './difference-class.ts';
import { type Chance, firstName, lastName } from './planted-names.ts';
import type { Change, PlantedChange } from './rolls-files.ts';

/** What it is made of. */
export type PlantingGround = {
  /** Changes of the sheet: one of them is its pattern. */
  readonly real: readonly Change[];
  /** Changes of the same office, these and earlier ones: streets, and what many records say. */
  readonly past: readonly Change[];
  /** Whether a record number is or was somebody's. */
  readonly isKnown: (recordId: string) => boolean;
  readonly chance: Chance;
};

/** Records that have to say the same before it is no person's: a household shares a telephone, three strangers do not. */
const NOBODYS = 3;

/** Record numbers that are tried for each number of digits that may differ. */
const TRIES = 20;

/** Patterns that are tried: where nothing of a change can be made up, the next one is taken. */
const MOST_PATTERNS = 8;

/** House numbers are moved by two to forty: the same side of the same street, so that the precinct fits as a rule. */
const HOUSES = 20;

/** ms within which it was entered before or after its pattern: the same clerk was at the same desk. */
const ABOUT = 15 * 60_000;

/** Years by which birth dates are earlier at most. Never later: who is made up is old enough to vote. */
const YEARS = 12;

/** Days before a change within which a date is that of the change and not that of a person. */
const OF_THESE_DAYS = 60;

const DAY = 86_400_000;
const DATE = /^(\d{4})-\d\d-\d\d$/;

/** Fields that follow from where somebody lives, beside those of the address. */
const DISTRICTS: ReadonlySet<string> = new Set(
  'precinct township ward congressional senate house school county'.split(' '),
);

type Group = (typeof GROUPS)[number];

/** The change, without reasons to look twice; null where no change of the sheet is fit to be its pattern. */
export function plantedChange(ground: PlantingGround): PlantedChange | null {
  const { real, chance } = ground;
  const fit = real.filter(
    ({ isProtected, fault, before, after }) => !isProtected && fault === null && (after ?? before) !== null,
  );
  for (let tried = 0; tried < MOST_PATTERNS && fit.length > 0; tried++) {
    const made = likePattern(ground, fit[chance(fit.length)]!);
    if (made !== null) return made;
  }
  return null;
}

function likePattern(ground: PlantingGround, pattern: Change): PlantedChange | null {
  const { chance } = ground;
  const recordId = freeNumber(ground, pattern.recordId);
  if (recordId === null) return null;
  const at = Date.parse(pattern.transaction?.at ?? '');
  const maker = new Maker(ground, Number.isNaN(at) ? null : at);
  const record = maker.record((pattern.before ?? pattern.after)!);
  const after =
    pattern.kind === 'new' ? record : pattern.kind === 'removed' ? null : maker.changed(record, pattern);
  const before = pattern.kind === 'new' ? null : record;
  const fields = differingFields(before, after);
  // By chance it may differ in less than its pattern does: then it is another kind of change, or none.
  if (fields.length === 0 && pattern.kind === 'changed') return null;
  if (classOfDifference(pattern.kind, fields) !== classOfDifference(pattern.kind, pattern.fields))
    return null;
  const { transaction } = pattern;
  return {
    ...{ recordId, office: pattern.office, kind: pattern.kind, class: pattern.class },
    ...{ handle: null, fields, before, after, isProtected: false, fault: null },
    transaction:
      transaction === null || Number.isNaN(at)
        ? transaction
        : {
            ...transaction,
            id: inForm(transaction.id, chance),
            at: new Date(aboutThen(at, chance)).toISOString(),
          },
    odd: [],
  };
}

/** Makes up the fields of one record. */
class Maker {
  readonly #ground: PlantingGround;
  readonly #at: number | null;
  readonly #told = new Map<string, Map<string, Set<string>>>();

  /** `at`: when the pattern was entered, ms; null: not known. */
  constructor(ground: PlantingGround, at: number | null) {
    this.#ground = ground;
    this.#at = at;
    for (const { recordId, before, after } of ground.past) {
      for (const [field, value] of fieldsOf(after ?? before)) {
        const values = this.#told.get(field) ?? new Map<string, Set<string>>();
        this.#told.set(field, values);
        values.set(value, (values.get(value) ?? new Set()).add(recordId));
      }
    }
  }

  /** A record of the form of another. */
  record(form: RollFields): RollFields {
    const { chance } = this.#ground;
    const place = this.#place();
    const names = { last: lastName(chance), first: firstName(chance), middle: firstName(chance) };
    const made = (group: Group): Record<string, string> =>
      Object.fromEntries(
        Object.entries(form[group]).map(([name, value]) => {
          if (isOfPlace(name)) return [name, place.get(`${group}.${name}`) ?? value];
          return [name, value === '' ? '' : this.#madeUp(group, name, value, names)];
        }),
      );
    return { public: made('public'), identity: made('identity'), administrative: made('administrative') };
  }

  /** The record after a change of the same fields as the pattern. */
  changed(record: RollFields, pattern: Change): RollFields {
    const other = this.record((pattern.after ?? pattern.before)!);
    const named = new Set(pattern.fields);
    const moves = pattern.fields.some((field) => field.includes('.address.'));
    const made = (group: Group): Record<string, string> => {
      const all = { ...record[group] };
      for (const [name, value] of Object.entries(other[group])) {
        // Who moves has another precinct, and whatever else follows from it.
        if ((moves && isOfPlace(name)) || named.has(`${group}.${name}`)) all[name] = value;
      }
      return all;
    };
    return { public: made('public'), identity: made('identity'), administrative: made('administrative') };
  }

  /** The fields of a place: those of one real record, at another number of its street. */
  #place(): ReadonlyMap<string, string> {
    const { past, chance } = this.#ground;
    const donors = past.filter(
      ({ isProtected, before, after }) => !isProtected && (after ?? before) !== null,
    );
    if (donors.length === 0) return new Map();
    const { before, after } = donors[chance(donors.length)]!;
    const by = 2 * (1 + chance(HOUSES));
    const fields = fieldsOf(after ?? before).filter(([field]) =>
      isOfPlace(field.slice(field.indexOf('.') + 1)),
    );
    return new Map(
      fields.map(([field, value]) => [field, isHouse(field) ? movedHouse(value, by) : value] as const),
    );
  }

  #madeUp(group: Group, name: string, value: string, names: Readonly<Record<string, string>>): string {
    const { chance } = this.#ground;
    const field = `${group}.${name}`;
    const part = /^name\.(last|first|middle)$/.exec(name)?.[1];
    if (part !== undefined) return inCase(value.length === 1 ? names[part]![0]! : names[part]!, value);
    // A suffix is one of a few, and nobody's.
    if (name === 'name.suffix' || this.#isNobodys(field, value)) return value;
    if (value.includes('@')) {
      const host = value.slice(value.indexOf('@'));
      return inCase(`${names.first}.${names.last}${10 + chance(90)}`, value) + host;
    }
    if (DATE.test(value)) return this.#date(value);
    return group === 'identity' || /\d/.test(value) ? inForm(value, chance, group === 'identity') : value;
  }

  #date(value: string): string {
    const { chance } = this.#ground;
    if (this.#at !== null && Date.parse(value) > this.#at - OF_THESE_DAYS * DAY) return value;
    const [year, month, day] = [Number(value.slice(0, 4)) - chance(YEARS), 1 + chance(12), 1 + chance(28)];
    // In the year itself it would be later as often as not.
    return `${year - 1}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  }

  #isNobodys(field: string, value: string): boolean {
    return (this.#told.get(field)?.get(value)?.size ?? 0) >= NOBODYS;
  }
}

/** A number of the same form that nobody has or had: of the last digits as few as possible differ, as in numbers that are given in order. */
function freeNumber({ real, isKnown, chance }: PlantingGround, like: string): string | null {
  const taken = new Set(real.map(({ recordId }) => recordId));
  const digits = like.replace(/\D/g, '').length;
  for (let width = Math.min(3, digits); width > 0 && width <= digits; width++) {
    for (let tried = 0; tried < TRIES; tried++) {
      const number = withLastDigits(like, width, chance);
      if (!taken.has(number) && !isKnown(number)) return number;
    }
  }
  return null;
}

function withLastDigits(like: string, width: number, chance: Chance): string {
  let left = width;
  return [...like]
    .reverse()
    .map((letter) => (/\d/.test(letter) && left-- > 0 ? String(chance(10)) : letter))
    .reverse()
    .join('');
}

/** Some minutes before or after, to the minute or second where others are told so. */
function aboutThen(at: number, chance: Chance): number {
  const step = [60_000, 1_000].find((unit) => at % unit === 0) ?? 1;
  return at - ABOUT + step * chance((2 * ABOUT) / step);
}

/** As many digits, and letters where they are no words, each by chance. */
function inForm(value: string, chance: Chance, withLetters: boolean = false): string {
  return [...value]
    .map((letter) => {
      if (/[1-9]/.test(letter)) return String(1 + chance(9));
      if (letter === '0') return String(chance(10));
      if (!withLetters || !/[A-Za-z]/.test(letter)) return letter;
      return inCase('abcdefghijklmnopqrstuvwxyz'[chance(26)]!, letter);
    })
    .join('');
}

function inCase(text: string, like: string): string {
  if (like === like.toUpperCase()) return text.toUpperCase();
  return like === like.toLowerCase() ? text.toLowerCase() : text;
}

function movedHouse(value: string, by: number): string {
  return value.replace(/^\d+/, (number) => String(Number(number) + by));
}

/** Whether a field begins with the number of a house. */
function isHouse(field: string): boolean {
  return /\.address\.(?:house|number|street|line1)$/.test(field);
}

function isOfPlace(name: string): boolean {
  return name.startsWith('address.') || name.startsWith('district.') || DISTRICTS.has(name);
}

function fieldsOf(record: RollFields | null): readonly (readonly [field: string, value: string])[] {
  if (record === null) return [];
  return GROUPS.flatMap((group) =>
    Object.entries(record[group]).map(([name, value]) => [`${group}.${name}`, value] as const),
  );
}
