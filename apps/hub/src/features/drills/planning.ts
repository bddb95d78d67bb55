/** The next drill: drawn from the series, chosen by a person, or repeated; sealed before anybody is told of it. */
import { err, ok, type Result } from '@bellwether/basics';
import {
  type Drawn,
  drawDrill,
  EVEN_MIXTURE,
  isCaught,
  KINDS,
  type KindCode,
  mixtureText,
  mutantsOf,
  NONCE_SIZE,
  readMixture,
  SEED_SIZE,
  settingsOf,
} from '@bellwether/drills';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Row, Tables } from '../../platform/postgres/tables.ts';
import { dayBegin, dueAt, MOST_PER_DAY, pausedFor } from './calendar.ts';
import type { DrillsDependencies } from './dependencies.ts';
import type { DrillError } from './errors.ts';
import { drillText, logSeal, sealText, seriesText, sha256 } from './sealing.ts';

/** Clocks of the hub and of whoever runs drills differ by so much at most, ms: more would be taken for a slow hub. */
const CLOCKS_APART = 60_000;

/** What is wanted. */
export type DrillWish = {
  readonly office: string;
  readonly target: string;
  readonly source: string;
  readonly kind: string | null;
  readonly repeats: number | null;
  readonly whenDue: boolean;
};

type Chosen = Omit<Drawn, 'draw' | 'mutant'> & { readonly draw: number | null };

/** Plans a drill. Asked again before it ran, for the same place, it gives the same drill: nobody draws until they like one. */
export async function planDrill(
  dependencies: DrillsDependencies,
  wish: DrillWish,
): Promise<Result<Row<'drills'>, DrillError>> {
  const { db, log, elections, now } = dependencies;
  const election = pausedFor(now(), elections);
  if (election !== null) return err({ code: 'DRILL_PAUSED', detail: `the election is on ${election}` });
  if (wish.kind !== null && !Object.hasOwn(KINDS, wish.kind))
    return err({ code: 'DRILL_KIND_UNKNOWN', detail: wish.kind });
  if (!(await isPlace(db, wish.office))) return err({ code: 'DRILL_OFFICE_UNKNOWN', detail: wish.office });
  const known = await suspected(dependencies, wish.source);
  if (known !== null) return err({ code: 'DRILL_SOURCE_KNOWN', detail: `${wish.source} ${known}` });
  const planned = await db.transaction().execute(async (tx) => {
    // One after the other: a draw has one drill.
    await sql`LOCK TABLE drill_series IN EXCLUSIVE MODE`.execute(tx);
    const series = await seriesNow(tx, dependencies);
    const drill = await planIn(tx, series, dependencies, wish);
    return drill.isErr() ? drill : ok({ series, drill: drill.value });
  });
  if (planned.isErr()) return planned;
  const { series, drill } = planned.value;
  for (const [table, row] of [
    ['drill_series', series],
    ['drills', drill],
  ] as const) {
    if (row.logged !== null) continue;
    const logged = await logSeal(log, table === 'drills' ? 'drill' : 'drill-series', row.id, row.seal);
    if (logged.isErr()) return logged;
    await db.updateTable(table).set({ logged: logged.value }).where('id', '=', row.id).execute();
  }
  return ok(await db.selectFrom('drills').selectAll().where('id', '=', drill.id).executeTakeFirstOrThrow());
}

/** Writes down when a drill ran, ms: from then on it is waited for what becomes of it. */
export async function recordRun(
  db: Kysely<Tables>,
  id: number,
  { started, ended }: { readonly started: number; readonly ended: number },
  now: number,
): Promise<Result<void, DrillError>> {
  const drill = await db
    .selectFrom('drills')
    .select(['kind', 'planned_at'])
    .where('id', '=', id)
    .where('started_at', 'is', null)
    .executeTakeFirst();
  if (drill === undefined) return err({ code: 'DRILL_UNKNOWN', detail: `number ${id} does not wait to run` });
  const earliest = drill.planned_at.getTime() - CLOCKS_APART;
  if (started < earliest || ended < started || ended > now + CLOCKS_APART)
    return err({ code: 'DRILL_TIMES_WRONG', detail: 'it ended before it began, or did not run meanwhile' });
  const until = Math.max(ended, started + KINDS[drill.kind as KindCode].within);
  await db
    .updateTable('drills')
    .set({ started_at: new Date(started), ended_at: new Date(ended), until_at: new Date(until) })
    .where('id', '=', id)
    .execute();
  return ok();
}

async function isPlace(db: Kysely<Tables>, office: string): Promise<boolean> {
  if (office === 'state') return true;
  const row = await db
    .selectFrom('authorities')
    .select('lea_id')
    .where('lea_id', '=', office)
    .executeTakeFirst();
  return row !== undefined;
}

/** Why a source is no news to the hub; null: it is. */
async function suspected({ db, sourceOf, now }: DrillsDependencies, source: string): Promise<string | null> {
  const live = await sourceOf(source);
  if (live !== undefined && live.verdict !== 'unknown') return `is held for a ${live.verdict}`;
  const block = await db
    .selectFrom('standing_decisions')
    .select('id')
    .where(sql<boolean>`value >>= ${source}::inet`)
    .where('until_at', '>', new Date(now()))
    .executeTakeFirst();
  return block === undefined ? null : 'is blocked';
}

/** The series that runs. Another detector or another mixture is another series: the one before ends, and is opened. */
async function seriesNow(
  tx: Transaction<Tables>,
  { detector, random, now }: DrillsDependencies,
): Promise<Row<'drill_series'>> {
  const mixture = mixtureText(EVEN_MIXTURE);
  const last = await tx
    .selectFrom('drill_series')
    .selectAll()
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (last !== undefined && last.detector === detector && last.mixture === mixture) return last;
  await tx
    .updateTable('drill_series')
    .set({ ended_at: new Date(now()) })
    .where('ended_at', 'is', null)
    .execute();
  const begun = {
    mixture,
    detector,
    seed: Buffer.from(random(SEED_SIZE)),
    nonce: Buffer.from(random(NONCE_SIZE)),
  };
  return tx
    .insertInto('drill_series')
    .values({ ...begun, seal: sealText(begun.nonce, seriesText(begun)), began_at: new Date(now()) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function planIn(
  tx: Transaction<Tables>,
  series: Row<'drill_series'>,
  { random, now }: DrillsDependencies,
  { office, target, source, kind, repeats, whenDue }: DrillWish,
): Promise<Result<Row<'drills'>, DrillError>> {
  const at = new Date(now());
  const waiting = await tx
    .updateTable('drills')
    .set({ planned_at: at })
    .where('series', '=', series.id)
    .where('started_at', 'is', null)
    .where('office', '=', office)
    .where('target', '=', target)
    .where('source', '=', source)
    .where(sql<boolean>`repeats IS NOT DISTINCT FROM ${repeats}`)
    .where(
      sql<boolean>`CASE WHEN ${kind}::text IS NULL THEN draw IS NOT NULL OR repeats IS NOT NULL ELSE draw IS NULL AND kind = ${kind} END`,
    )
    .returningAll()
    .executeTakeFirst();
  if (waiting !== undefined) return ok(waiting);
  if (whenDue && !(await isDue(tx, series, office, now())))
    return err({ code: 'DRILL_NOT_DUE', detail: `office ${office}` });
  const chosen =
    repeats !== null
      ? await missedOnce(tx, repeats)
      : kind !== null
        ? chosenOf(kind as KindCode, random)
        : await nextDraw(tx, series);
  if (chosen === undefined)
    return err({ code: 'DRILL_UNKNOWN', detail: `number ${repeats} is no drill that was missed` });
  const nonce = Buffer.from(random(NONCE_SIZE));
  const drill = { series: series.id, ...chosen, repeats, office, target, source };
  return ok(
    await tx
      .insertInto('drills')
      .values({
        ...drill,
        settings: JSON.stringify(chosen.settings),
        nonce,
        seal: sealText(nonce, drillText(drill)),
        planned_at: at,
      })
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
}

/** Whether the moment of today has come at an office, and it had no drill today. */
async function isDue(
  tx: Transaction<Tables>,
  { seed }: Row<'drill_series'>,
  office: string,
  now: number,
): Promise<boolean> {
  if (now < dueAt(seed, office, now)) return false;
  const { had } = await tx
    .selectFrom('drills')
    .select(sql<number>`count(*)`.as('had'))
    .where('office', '=', office)
    .where('planned_at', '>=', new Date(dayBegin(now)))
    .executeTakeFirstOrThrow();
  return Number(had) < MOST_PER_DAY;
}

async function nextDraw(
  tx: Transaction<Tables>,
  { id, seed, mixture }: Row<'drill_series'>,
): Promise<Chosen> {
  const { next } = await tx
    .selectFrom('drills')
    .select(sql<number>`coalesce(max(draw) + 1, 0)`.as('next'))
    .where('series', '=', id)
    .executeTakeFirstOrThrow();
  const { draw, kind, settings, variation } = drawDrill(
    readMixture(mixture).okOrThrow(),
    new Uint8Array(seed),
    Number(next),
    sha256,
  );
  return { draw, kind, settings, variation };
}

/** A kind that a person chose; which mutant of it is by chance all the same. */
function chosenOf(kind: KindCode, random: (bytes: number) => Uint8Array): Chosen {
  const chance = Buffer.from(random(12));
  const settings = settingsOf(kind, chance.readUInt32BE(8) % mutantsOf(kind));
  return { draw: null, kind, settings, variation: chance.toString('hex', 0, 8) };
}

/** A drill that was missed, to be run again just as it was. */
async function missedOnce(tx: Transaction<Tables>, id: number): Promise<Chosen | undefined> {
  const row = await tx
    .selectFrom('drills')
    .select(['kind', 'settings', 'variation', 'outcome', 'repeats'])
    .where('id', '=', id)
    .where('outcome', 'is not', null)
    .executeTakeFirst();
  if (row === undefined || row.repeats !== null || isCaught(row.outcome as never)) return undefined;
  const { kind, settings, variation } = row;
  return { draw: null, kind: kind as KindCode, settings: settings as Drawn['settings'], variation };
}
