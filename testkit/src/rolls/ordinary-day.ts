/**
 * A plain day of all offices: people register, move, marry, die; clerks mistype, and correct it the next day.
 */
import type { Random } from '../random.ts';
import { isQuietPeriod, motorVehicleShare, nextBusinessDay, officeShare, season } from './calendar.ts';
import { differing, type NewValues, type VoterRow } from './columns.ts';
import type { DaySheet, Deed } from './day-sheet.ts';
import { givenName, surname } from './names.ts';
import type { OfficePlace } from './office-places.ts';
import { drawParty, fourDigits, mailOf } from './person.ts';
import { newcomerRow } from './population.ts';
import type { TransactionClass, TransactionSource } from './transactions.ts';
import { mistyped } from './typing-errors.ts';

/** Changes of a plain weekday for each voter: 10,000 a day in a state of 4.3 million. */
const DAILY_CHANGES = 0.0023;

/** Of those, how many come as which; the shares are chosen, not measured. `feed`: the share that motor-vehicle offices send. */
const MIX: ReadonlyArray<{
  readonly class: TransactionClass;
  readonly share: number;
  readonly feed: number;
  /** What is left of it in the quiet period before a federal election. */
  readonly quiet: number;
}> = [
  { class: 'address-updated', share: 0.42, feed: 0.45, quiet: 1 },
  { class: 'registration-created', share: 0.22, feed: 0.5, quiet: 1 },
  { class: 'registration-cancelled', share: 0.12, feed: 0, quiet: 0.35 },
  { class: 'registration-updated', share: 0.09, feed: 0.1, quiet: 1 },
  { class: 'status-updated', share: 0.08, feed: 0, quiet: 0.3 },
  { class: 'name-updated', share: 0.07, feed: 0.2, quiet: 1 },
];

/** Offices have busy days and idle ones: the day's work is the mean times a number from this range. */
const BUSY: readonly [low: number, high: number] = [0.6, 1.6];

/** Share of moves that come from another office. */
const FROM_ELSEWHERE = 0.25;

/** Share of a clerk's transactions with a typing error. */
const TYPING_ERRORS = 0.015;

/** Share of cancellations that the state sends: deaths. */
const DEATHS = 0.6;

/** A typing error that is known, and when somebody will mend it. */
export type Correction = {
  readonly due: number;
  readonly index: number;
  readonly office: OfficePlace;
  readonly class: TransactionClass;
  readonly right: NewValues;
};

/** Plays a day; gives the corrections that are still to come, the given ones among them. */
export function ordinaryDay(
  random: Random,
  sheet: DaySheet,
  corrections: readonly Correction[],
): readonly Correction[] {
  const later: Correction[] = [];
  for (const correction of corrections) if (!corrected(random, sheet, correction)) later.push(correction);
  const factor = season(sheet.day);
  const isQuiet = isQuietPeriod(sheet.day);
  const offices = sheet.book.population.offices;
  for (const office of offices) {
    const mean = office.live * DAILY_CHANGES * factor * random.spread(BUSY[0], BUSY[1]);
    for (const kind of MIX) {
      const share = kind.share * (isQuiet ? kind.quiet : 1);
      const atDesk = poisson(random, mean * share * (1 - kind.feed) * officeShare(sheet.day));
      const fromFeed = poisson(random, mean * share * kind.feed * motorVehicleShare(sheet.day));
      for (let left = atDesk; left > 0; left--) {
        const wrong = play(random, sheet, office, kind.class, 'office');
        if (wrong !== undefined) later.push(wrong);
      }
      for (let left = fromFeed; left > 0; left--) play(random, sheet, office, kind.class, 'motor-vehicle');
    }
  }
  return later;
}

function play(
  random: Random,
  sheet: DaySheet,
  office: OfficePlace,
  kind: TransactionClass,
  source: TransactionSource,
): Correction | undefined {
  const deed = deedOf(random, sheet, office, kind, source);
  if (deed === undefined || Object.keys(deed.fields).length === 0) return undefined;
  const wrong =
    source === 'office' && random.chance(TYPING_ERRORS) ? mistyped(random, deed.fields) : undefined;
  if (wrong === undefined) {
    sheet.transact(random, deed);
    return undefined;
  }
  sheet.transact(random, { ...deed, fields: { ...deed.fields, ...wrong.typed } });
  return {
    due: nextBusinessDay(sheet.day),
    index: deed.index,
    office,
    class: wrong.class,
    right: wrong.meant,
  };
}

/** Whether the correction was made, or has become needless; else it waits. */
function corrected(random: Random, sheet: DaySheet, correction: Correction): boolean {
  if (sheet.day < correction.due) return false;
  const row = sheet.book.row(correction.index);
  if (row === undefined || sheet.book.isHeld(correction.index)) return true;
  if (row.lea_id !== correction.office.leaId) return true;
  if (Object.keys(differing(row, correction.right)).length === 0) return true;
  sheet.transact(random, {
    index: correction.index,
    office: correction.office,
    source: 'office',
    class: correction.class,
    fields: correction.right,
  });
  return true;
}

function deedOf(
  random: Random,
  sheet: DaySheet,
  office: OfficePlace,
  kind: TransactionClass,
  source: TransactionSource,
): Deed | undefined {
  if (kind === 'registration-created') return created(random, sheet, office, source);
  if (kind === 'address-updated') return moved(random, sheet, office, source);
  const index = sheet.book.pick(random, office);
  if (index === undefined) return undefined;
  const row = sheet.book.row(index) as VoterRow;
  const deed = { index, office, class: kind } as const;
  if (kind === 'registration-cancelled') {
    const isDeath = random.chance(DEATHS);
    return { ...deed, source: isDeath ? 'state' : source, fields: { status: 'cancelled' } };
  }
  if (kind === 'status-updated')
    return { ...deed, source, fields: { status: row.status === 'active' ? 'inactive' : 'active' } };
  if (kind === 'name-updated') return { ...deed, source, fields: newName(random, row) };
  return { ...deed, source, fields: newDetails(random, sheet, row, index) };
}

function created(random: Random, sheet: DaySheet, office: OfficePlace, source: TransactionSource): Deed {
  const index = sheet.book.newIndex();
  const neighbour = office.from + random.below(office.live);
  const fields = newcomerRow(sheet.book.population, random, index, neighbour, sheet.day);
  return { index, office, source, class: 'registration-created', fields };
}

/** Somebody moves into a home of the office, from another home of it or from another office. */
function moved(
  random: Random,
  sheet: DaySheet,
  office: OfficePlace,
  source: TransactionSource,
): Deed | undefined {
  if (office.live === 0) return undefined;
  const { population } = sheet.book;
  const from = random.chance(FROM_ELSEWHERE) ? population.officeOf(random.below(population.rows)) : office;
  const index = sheet.book.pick(random, from);
  if (index === undefined) return undefined;
  const row = sheet.book.row(index) as VoterRow;
  const address = population.addressOf(office.from + random.below(office.live));
  const values: NewValues = { ...address, lea_id: office.leaId, status: 'active' };
  if (Object.keys(differing(row, values)).length === 0) return undefined;
  return { index, office, source, class: 'address-updated', fields: differing(row, values) };
}

function newName(random: Random, row: VoterRow): NewValues {
  if (random.chance(0.8)) {
    const name = surname(random);
    return { last_name: name === row.last_name ? `${name}-${surname(random)}` : name };
  }
  const name = givenName(random, random.chance(0.5));
  return { middle_name: name === row.middle_name ? name.slice(0, 1) : name };
}

function newDetails(random: Random, sheet: DaySheet, row: VoterRow, index: number): NewValues {
  const drawn = random.unit();
  if (drawn < 0.4) return { phone: `573555${fourDigits(random)}` };
  if (drawn < 0.7) return { email: mailOf(random, row.first_name, row.last_name) };
  // A newcomer's precinct is the one they live in; for the others the first address is near enough.
  const { population } = sheet.book;
  const near = index < population.rows ? index : population.officeOf(index % population.rows).from;
  const party = drawParty(random, population.precinctOf(near));
  if (party !== row.party) return { party };
  return differing(row, { ssn_last4: fourDigits(random) });
}

/** How many of something rare: Knuth's product for few, a bell for many. */
function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 60) {
    const bell = Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * bell));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.unit(); product > limit; product *= random.unit()) count++;
  return count;
}
