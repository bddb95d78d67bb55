/**
 * Loads the sample state into a hub that has never heard anything: the same way in as for every office, without the
 * detour over HTTP. The day that is shown is yesterday's, as a state would see it in the morning.
 */
import { sql } from 'kysely';
import type { Hub } from './hub.ts';
import { isSampleWanted, type SampleFact, sampleHere } from './sample-wanted.ts';

/** The seed of the sample state: everybody sees the same one. */
export const SEED = 20_260_803;

/** Batches on their way at a time: each waits for the disk, and they share the wait. */
const IN_FLIGHT = 32;

/** Loads it if nothing is there. What was begun and not finished goes on where it stopped. */
export async function loadSampleInto({ core, stateSurface }: Hub): Promise<void> {
  const { db, intake, flow } = core;
  if (!(await isSampleWanted(db, true))) return;
  const known = await sampleHere(db);
  if (known?.loadedAt) return;
  const date = known?.date ?? yesterday();
  await writeFact(db, { date, loadedAt: null, newest: null });
  process.stderr.write('Loading the sample day of the sample state (some seconds) ...\n');
  const { loadSample } = await import('@bellwether/testkit');
  await loadSample(
    async ({ authority, sensor, format, zone, client, sequence }, lines) => {
      const receipt = await intake.submit({
        authority,
        sensor,
        transport: 'http',
        lines,
        format,
        ...(zone === undefined ? {} : { zone }),
        batch: { client, sequence },
      });
      if (receipt.isErr()) throw new Error(`${receipt.error.code}: ${receipt.error.detail}`);
      return { duplicate: receipt.value.duplicate };
    },
    async (yaml) => {
      const stated = await stateSurface(yaml);
      if (stated.isErr()) throw new Error(`${stated.error.code}: ${stated.error.detail}`);
    },
    { seed: SEED, date, inFlight: IN_FLIGHT },
  );
  await flow.caughtUp();
  await sql`
    UPDATE facts SET value = value || jsonb_build_object('loadedAt', now(), 'newest', (SELECT max(last_event) FROM sensors))
    WHERE name = 'sample'`.execute(db.query);
}

async function writeFact(db: Hub['core']['db'], value: SampleFact): Promise<void> {
  await sql`INSERT INTO facts (name, value) VALUES ('sample', ${JSON.stringify(value)}::jsonb)
            ON CONFLICT (name) DO NOTHING`.execute(db.query);
}

/** Local date of the day before today in Missouri. */
function yesterday(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' }).format(Date.now() - 86_400_000);
}
