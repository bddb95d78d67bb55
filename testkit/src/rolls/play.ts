/**
 * Plays a run day by day: the plain traffic, the attacks, and what each night's dump has otherwise than the one before.
 */
import { hashText, Random } from '../random.ts';
import type { Attack, AttackPlay, AttackStage, AttackTruth, PollBook } from './attack.ts';
import { dateOf } from './calendar.ts';
import { ATTACKS, type AttackName } from './classes/index.ts';
import type { VoterRow } from './columns.ts';
import { DaySheet } from './day-sheet.ts';
import { chosenRolls, type RollsChoice, type RollsOptions } from './options.ts';
import { type Correction, ordinaryDay } from './ordinary-day.ts';
import { pollBookFile } from './poll-book.ts';
import { makePopulation, type Population } from './population.ts';
import { RollBook, type RollsChange } from './roll-book.ts';
import type { RollsTransaction } from './transactions.ts';
import { type NightTruth, nightTruth, type RollsTruth } from './truth.ts';

/** One day, and the dump of the night after it. */
export type RollsDay = {
  /** From 1. */
  readonly night: number;
  /** Local day in Missouri. */
  readonly day: string;
  /** By time, as in `transactions.ndjson`. */
  readonly transactions: readonly RollsTransaction[];
  /** What the dump of this night has otherwise than the one before; with what attacks did. */
  readonly changes: readonly RollsChange[];
  readonly counts: NightTruth;
};

/** A run. Its days come one after another; what is asked about a night needs that night to have been played. */
export type RollsRun = {
  readonly choice: RollsChoice;
  readonly population: Population;
  /** Plays the days that are left. */
  readonly days: () => Generator<RollsDay, void, undefined>;
  /** The dump of a night, row by row; 0 is before the first day. */
  readonly rows: (night: number) => Generator<VoterRow, void, undefined>;
  /** The dumps of several nights in one pass: for each place in the file, its row in each of them (good until the next). */
  readonly rowsOf: (
    nights: readonly number[],
  ) => Generator<ReadonlyArray<VoterRow | undefined>, void, undefined>;
  /** What was done; whole when the last day was played. */
  readonly truth: () => RollsTruth;
  readonly pollBooks: () => readonly PollBook[];
};

type Cast = {
  readonly id: string;
  readonly attack: Attack;
  readonly stage: AttackStage;
  readonly play: AttackPlay;
};

/** The file before the first day, row by row, in its order. Throws `RangeError` for choices that make no sense. */
export function rollsPopulation(options: RollsOptions): Generator<VoterRow, void, undefined> {
  return startRolls(options).rows(0);
}

/** The days of a run, one after another. Throws `RangeError` for choices that make no sense. */
export function rollsDays(options: RollsOptions): Generator<RollsDay, void, undefined> {
  return startRolls(options).days();
}

/** Starts a run. Throws `RangeError` for choices that make no sense, and where there are too few voters for the attacks. */
export function startRolls(options: RollsOptions): RollsRun {
  const choice = chosenRolls(options);
  const population = makePopulation(choice.voters, choice.seed, choice.first, choice.offices);
  const book = new RollBook(population);
  const cast = choice.attacks.map((name, at) => engage(name, at, choice, book));
  const nights: NightTruth[] = [];
  let corrections: readonly Correction[] = [];

  function* days(): Generator<RollsDay, void, undefined> {
    while (nights.length < choice.days) {
      const night = nights.length + 1;
      book.nextNight();
      const sheet = new DaySheet(book, night, choice.first + night - 1);
      for (const { play } of cast) play(sheet);
      const random = new Random(choice.seed ^ hashText(`day ${night}`));
      corrections = ordinaryDay(random, sheet, corrections);
      const { transactions, places } = sheet.close();
      for (const { stage } of cast)
        for (const place of stage.places.splice(0))
          stage.transactions.push(places[place] as RollsTransaction);
      const changes = book.changes();
      const counts = nightTruth(night, book.live, changes, transactions);
      nights.push(counts);
      yield { night, day: dateOf(sheet.day), transactions, changes, counts };
    }
  }

  function* rowsOf(
    asked: readonly number[],
  ): Generator<ReadonlyArray<VoterRow | undefined>, void, undefined> {
    const doubled = new Set(cast.flatMap(({ stage }) => stage.doubled));
    const same: VoterRow[] = new Array(asked.length);
    for (let index = 0; index < book.rows; index++) {
      if (book.hasChanged(index)) yield asked.map((night) => book.rowAt(index, night));
      else if (index < population.rows) yield same.fill(population.row(index));
      if (doubled.has(index))
        yield asked.map((night) => (isDoubled(cast, index, night) ? book.rowAt(index, night) : undefined));
    }
  }

  return {
    choice,
    population,
    days,
    rowsOf,
    *rows(night) {
      for (const [row] of rowsOf([night])) if (row !== undefined) yield row;
    },
    truth: () => ({
      schema: 'bellwether/rolls-truth@1',
      seed: choice.seed,
      voters: choice.voters,
      days: choice.days,
      start: choice.start,
      attacks: cast.map(told),
      nights,
    }),
    pollBooks: () => cast.flatMap(({ stage }) => stage.pollBooks),
  };
}

function isDoubled(cast: readonly Cast[], index: number, night: number): boolean {
  return cast.some(({ stage }) => stage.night === night && stage.doubled.includes(index));
}

function engage(name: AttackName, at: number, choice: RollsChoice, book: RollBook): Cast {
  const attack: Attack = ATTACKS[name];
  const night = attack.leastDays + (at % (choice.days - attack.leastDays + 1));
  const stage: AttackStage = {
    night,
    days: choice.days,
    random: new Random(choice.seed ^ hashText(`attack ${name} ${at}`)),
    book,
    records: new Set(),
    fields: new Set(),
    offices: new Set(),
    steps: [],
    places: [],
    transactions: [],
    pollBooks: [],
    doubled: [],
  };
  return { id: `a${String(at + 1).padStart(2, '0')}-${name}`, attack, stage, play: attack.prepare(stage) };
}

function told({ id, attack, stage }: Cast): AttackTruth {
  const [book] = stage.pollBooks;
  return {
    id,
    kind: attack.kind,
    night: stage.night,
    records: [...stage.records],
    fields: [...stage.fields],
    offices: [...stage.offices],
    caughtBy: attack.caughtBy,
    why: attack.why,
    ...(attack.operation === undefined ? {} : { operation: attack.operation }),
    ...(stage.transactions.length === 0 ? {} : { transactions: stage.transactions.map(({ id }) => id) }),
    ...(stage.steps.length === 0 ? {} : { steps: stage.steps }),
    ...(book === undefined ? {} : pollBookFile(book, stage.book.population)),
  };
}
