/** What can be chosen about a run of rolls. */
import { AUTHORITIES } from '../sample/authorities.ts';
import type { Attack } from './attack.ts';
import { dayNumber } from './calendar.ts';
import { ALL_ATTACKS, ATTACKS, type AttackName } from './classes/index.ts';

/** Fewer could not live in 116 offices. */
export const FEWEST_VOTERS = 200;

/** Beyond it the numbers of voters would run out; the largest state has 23 million. */
export const MOST_VOTERS = 50_000_000;

/** Two years: a season has to be seen twice. */
export const MOST_ROLL_DAYS = 731;

/** A Monday, two days before the registration deadline of the general election of 2026: a short run has the peak in it. */
export const DEFAULT_START = '2026-10-05';

/** Choices of a run. */
export type RollsOptions = {
  /** Live registrations before the first day. */
  readonly voters: number;
  /** Days, and nights after them. */
  readonly days: number;
  /** A whole number below 2^32; the same options give the same bytes. */
  readonly seed: number;
  /** None, if left out. */
  readonly attacks?: readonly AttackName[] | 'all';
  /** The first day, `2026-10-05` if left out. */
  readonly start?: string;
  /** lea_id of the offices that the state has; all 116 if left out. */
  readonly offices?: readonly string[];
};

/** Choices that were made. */
export type RollsChoice = Required<Omit<RollsOptions, 'attacks' | 'offices'>> & {
  readonly attacks: readonly AttackName[];
  readonly offices: readonly string[];
  /** The first day, as a number. */
  readonly first: number;
};

/** Fills in the defaults. Throws `RangeError` where a choice makes no sense. */
export function chosenRolls(options: RollsOptions): RollsChoice {
  const { voters, days, seed, start = DEFAULT_START } = options;
  if (!isBetween(voters, options.offices === undefined ? FEWEST_VOTERS : 1, MOST_VOTERS))
    throw new RangeError(`voters must be a whole number from ${FEWEST_VOTERS} to ${MOST_VOTERS}`);
  if (!isBetween(days, 1, MOST_ROLL_DAYS))
    throw new RangeError(`days must be a whole number from 1 to ${MOST_ROLL_DAYS}`);
  if (!isBetween(seed, 0, 2 ** 32 - 1)) throw new RangeError('seed must be a whole number below 2^32');
  if (!isDate(start)) throw new RangeError(`start is not a date from 2000 to 2050: ${start}`);
  const offices = options.offices ?? AUTHORITIES.map(({ leaId }) => leaId);
  if (offices.length === 0) throw new RangeError('a state needs an office');
  const unknown = offices.find((office) => !AUTHORITIES.some(({ leaId }) => leaId === office));
  if (unknown !== undefined) throw new RangeError(`no such office: ${unknown}`);
  const attacks = options.attacks === 'all' ? ALL_ATTACKS : (options.attacks ?? []);
  for (const name of attacks) {
    const { leastDays }: Attack = ATTACKS[name];
    if (leastDays > days) throw new RangeError(`the attack ${name} needs ${leastDays} days or more`);
  }
  return { voters, days, seed, start, offices, attacks, first: dayNumber(start) };
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function isDate(text: string): boolean {
  if (!/^20[0-4]\d-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
