/** The roll as it is: tonight, the nights before, and how much changed. */
import { NightAnswer, NightsAnswer, RollChangesAnswer, type RollOffice, RollsAnswer } from '@bellwether/api';
import { nightText, STATE } from '@bellwether/rolls';
import { Type } from 'typebox';
import type { Place, Reach } from '../../platform/auth/rights.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { contains } from '../../platform/http/door.ts';
import { READING, sendNoRoll } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import type { Holding } from './holding.ts';
import { changesIn, momentOf, nightFile, nightSummary } from './night-views.ts';
import { toldShare } from './planted-counts.ts';
import { asShown } from './planted-looks.ts';
import type { Night } from './rolls-files.ts';
import type { CodeWords } from './signing.ts';
import { watchedDays } from './watching.ts';

/** Nights that are listed: a year. */
const MOST_NIGHTS = 366;

/** Days of which what was odd is listed: two weeks, after which nobody asks the office any more. */
const WATCHED_DAYS = 14;

/** Lines of what is odd: open sheets first, then the newest days, of each the oddest first. More is no list for people. */
const MOST_ODD = 50;

/** Records of a night that were changed and changed back: more are one table that was written twice, and nobody reads them. */
const MOST_UNDONE_SHOWN = 1_000;

const NightParams = Type.Object({ epoch: Type.Integer({ minimum: 1, maximum: 1_000_000 }) });
const ChangesQuery = Type.Object({ office: Type.Optional(Type.String({ maxLength: 32 })) });

/** Makes them. */
export function rollReadingRoutes(dependencies: RollsDependencies, words: CodeWords): Routes {
  return (app) => {
    tonightRoute(app, dependencies, words);
    nightRoutes(app, dependencies, words);
    changesRoute(app, dependencies);
  };
}

function tonightRoute(app: HttpApp, dependencies: RollsDependencies, words: CodeWords): void {
  const { rolls, names, witnessedSize, statement, recomputed, progress, now } = dependencies;
  app.get(
    '/rolls',
    {
      config: { right: { verb: 'rolls.read', of: 'reach' } },
      schema: {
        summary: 'The roll tonight: what was sealed, what was not checked, and the offices in reach',
        tags: ['rolls'],
        response: { 200: RollsAnswer, ...problems(...READING) },
      },
    },
    async ({ reach }) => {
      const held = rolls()?.held;
      const doing = progress();
      const notChecked = doing === null ? [] : [doing];
      if (held === undefined) {
        return {
          genesis: null,
          tonight: null,
          sentences: [],
          notChecked,
          hands: NO_HANDS,
          planted: null,
          offices: [],
        };
      }
      const told = await statement();
      const last = held.seals.at(-1);
      const { genesis } = held.fold;
      const nameOf = await names();
      const byOthers = recomputed();
      return {
        genesis: { day: genesis.day, records: genesis.records, root: genesis.root, entry: held.head.genesis },
        tonight: last === undefined ? null : await nightSummary(held, last, words, witnessedSize()),
        sentences: told === null ? [] : sentencesOf(nightText(told)),
        notChecked: [...notChecked, ...(told?.notChecked ?? [])],
        hands:
          told === null
            ? NO_HANDS
            : {
                offices: [told.hands.offices[0], told.hands.offices[1]] as [number, number],
                records: [told.hands.records[0], told.hands.records[1]] as [number, number],
              },
        planted: contains(reach, STATE)
          ? toldShare(held.planted.counts, new Date(now()).toISOString().slice(0, 7))
          : null,
        offices: officesOf(held)
          .filter((office) => contains(reach, office))
          .map((office) => officeRow(held, office, nameOf(office), byOthers.get(office) ?? null)),
      };
    },
  );
}

function nightRoutes(app: HttpApp, dependencies: RollsDependencies, words: CodeWords): void {
  const { rolls, names, witnessedSize } = dependencies;
  app.get(
    '/rolls/nights',
    {
      config: { right: { verb: 'rolls.read', of: 'reach' } },
      schema: {
        summary: 'Nights that were sealed, newest first',
        tags: ['rolls'],
        response: { 200: NightsAnswer, ...problems(...READING) },
      },
    },
    async () => {
      const held = rolls()?.held;
      if (held === undefined) return { nights: [] };
      const newest = held.seals.slice(-MOST_NIGHTS).reverse();
      return {
        nights: await Promise.all(newest.map((seal) => nightSummary(held, seal, words, witnessedSize()))),
      };
    },
  );

  app.get(
    '/rolls/nights/:epoch',
    {
      config: { right: { verb: 'rolls.read', of: 'reach' } },
      schema: {
        summary: 'One night: what changed and what differs, of the offices in reach',
        tags: ['rolls'],
        params: NightParams,
        response: { 200: NightAnswer, ...problems(...READING) },
      },
    },
    async ({ params, reach }, reply) => {
      const held = rolls()?.held;
      const seal = held?.seals.find(({ entry }) => entry.epoch === params.epoch);
      if (held === undefined || seal === undefined) return sendNoRoll(reply);
      const nameOf = await names();
      const { counts, result } = seal.entry;
      const night = await nightFile(held, params.epoch);
      const offices = [...new Set([...Object.keys(counts), ...Object.keys(result.unauthorised)])].sort();
      return {
        night: await nightSummary(held, seal, words, witnessedSize()),
        offices: offices
          .filter((office) => contains(reach, office))
          .map((office) => ({
            office,
            name: nameOf(office),
            changed: changesIn(counts[office]),
            unauthorised: result.unauthorised[office] ?? 0,
          })),
        unauthorised: (night?.unauthorised ?? [])
          .filter(({ office }) => contains(reach, office))
          .map((one) => ({ ...one, fields: [...one.fields] })),
        undone: night?.undone === undefined ? null : undoneIn(night.undone, reach),
      };
    },
  );
}

function undoneIn(undone: NonNullable<Night['undone']>, reach: Reach): NightAnswer['undone'] {
  const records = undone
    .filter(({ office }) => contains(reach, office))
    .slice(0, MOST_UNDONE_SHOWN)
    .map(({ by = [], ...one }) => ({
      ...one,
      fields: [...one.fields],
      times: one.times.map(momentOf),
      by: [...by],
    }));
  return { all: undone.length, records };
}

function changesRoute(app: HttpApp, { rolls }: RollsDependencies): void {
  app.get(
    '/rolls/changes',
    {
      config: {
        right: {
          verb: 'rolls.read',
          of: 'reach',
          asked: ({ query }) => (query as { readonly office?: Place }).office,
        },
      },
      schema: {
        summary: 'How many changes by day, of one office or of all in reach',
        tags: ['rolls'],
        querystring: closed(ChangesQuery),
        response: { 200: RollChangesAnswer, ...problems(...READING) },
      },
    },
    async ({ reach }) => {
      const held = rolls()?.held;
      if (held === undefined) return { days: [], odd: [] };
      const watched = await watchedDays(held.paths, WATCHED_DAYS);
      const found = watched.flatMap(({ day, findings }) =>
        findings
          .filter(({ office }) => contains(reach, office))
          .map(({ office, sentence, score }) => ({ office, day, sentence, score })),
      );
      return { days: daysOf(held, reach), odd: [...oddOf(held, reach), ...found].slice(0, MOST_ODD) };
    },
  );
}

const NO_HANDS: RollsAnswer['hands'] = { offices: [0, 0], records: [0, 0] };

function officesOf({ fold }: Readonly<Holding>): readonly Place[] {
  return Object.keys(fold.genesis.offices)
    .filter((office) => office !== STATE)
    .sort();
}

function officeRow(
  held: Readonly<Holding>,
  office: Place,
  name: string,
  recomputedAt: string | null,
): RollOffice {
  const last = held.seals.at(-1)?.entry;
  const open = [...held.sheets.values()]
    .filter((sheet) => sheet.office === office && sheet.state === 'awaiting')
    .map((sheet) => asShown(held, sheet));
  return {
    office,
    name,
    records: held.fold.recordsOf(office),
    changes: changesIn(last?.counts[office]),
    awaiting: open.reduce((sum, { changes }) => sum + changes.length, 0),
    sheets: open.length,
    until: open.map(({ until }) => until).sort()[0] ?? null,
    unauthorised: last?.result.unauthorised[office] ?? 0,
    recomputedAt,
  };
}

function daysOf({ seals }: Readonly<Holding>, reach: Reach): RollChangesAnswer['days'] {
  return seals.slice(-MOST_NIGHTS).map(({ entry }) => {
    const day = { day: entry.day, new: 0, changed: 0, removed: 0, unauthorised: 0 };
    for (const [office, counts] of Object.entries(entry.counts)) {
      if (!contains(reach, office)) continue;
      day.new += counts.new;
      day.changed += counts.changed;
      day.removed += counts.removed;
    }
    for (const [office, count] of Object.entries(entry.result.unauthorised)) {
      if (contains(reach, office)) day.unauthorised += count;
    }
    return day;
  });
}

/** Open sheets with odd changes, the largest share first. */
function oddOf(held: Readonly<Holding>, reach: Reach): RollChangesAnswer['odd'] {
  return [...held.sheets.values()]
    .filter(({ state, office }) => state === 'awaiting' && contains(reach, office))
    .map((sheet) => asShown(held, sheet))
    .map(({ office, day, changes }) => ({
      office,
      day,
      all: changes.length,
      odd: changes.filter(({ odd }) => odd.length > 0).length,
    }))
    .filter(({ odd }) => odd > 0)
    .map(({ office, day, all, odd }) => ({
      office,
      day,
      sentence: `${odd} of ${all} changes on this sheet are worth a second look.`,
      score: odd / all,
    }))
    .sort((a, b) => b.score - a.score);
}

function sentencesOf(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
}
