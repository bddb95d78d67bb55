/** Whether a hub shows the sample state: it does already, or was asked to and has never heard anything else. */
import type { Database } from '../platform/postgres/database.ts';

/** Fact that says that the sample state was cleared here: it is not loaded again. */
export const CLEARED = 'sample-cleared';

/** The fact in which the database tells of the sample state. */
export type SampleFact = {
  readonly date: string;
  readonly loadedAt: string | null;
  readonly newest: string | null;
};

/** What is known of the sample state here; undefined: nothing of it was ever loaded, or it was cleared. */
export async function sampleHere({ query }: Database): Promise<SampleFact | undefined> {
  const fact = await query
    .selectFrom('facts')
    .select('value')
    .where('name', '=', 'sample')
    .executeTakeFirst();
  return fact?.value as SampleFact | undefined;
}

/** `asked`: the hub was started with the wish for it. */
export async function isSampleWanted(db: Database, asked: boolean): Promise<boolean> {
  if ((await sampleHere(db)) !== undefined) return true;
  if (!asked) return false;
  const cleared = await db.query
    .selectFrom('facts')
    .select('name')
    .where('name', '=', CLEARED)
    .executeTakeFirst();
  if (cleared !== undefined) return false;
  const sensors = await db.query.selectFrom('sensors').select('id').limit(1).execute();
  return sensors.length === 0;
}
