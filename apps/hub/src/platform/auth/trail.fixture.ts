/** A trail in a PostgreSQL of its own, for tests: emptied, and changed behind its back. */
import { sql } from 'kysely';
import type { Records } from '../../features/watch/dependencies.ts';
import { startRecords } from '../../features/watch/watch.fixture.ts';
import type { Act, PersonActor } from './auth-types.ts';
import { createTrail } from './trail.ts';

/** When everything happens: election day in Missouri, in the afternoon. */
export const NOW = Date.UTC(2026, 10, 3, 20, 4, 30, 123);

/** An administrator. */
export const ADMINISTRATOR: PersonActor = {
  kind: 'person',
  person: 'AAAAAAAAAAAAAAAAAAAAAA',
  name: 'Ada Pike',
  grants: [{ role: 'administrator', place: 'state', from: 0, until: null }],
  session: '1',
  steppedUp: NOW,
};

/** Somebody with one role at one place. */
export function personWith(role: PersonActor['grants'][number]['role'], place: string): PersonActor {
  return {
    ...ADMINISTRATOR,
    person: `${role}-${place}`,
    name: `The ${role}`,
    grants: [{ role, place, from: 0, until: null }],
  };
}

/** An act of the administrator. */
export function actOf(more: Partial<Act> = {}): Act {
  return { who: ADMINISTRATOR, act: 'key.make', place: 'state', about: 'key:1', ...more };
}

/** Adds entries one after the other, each in a transaction of its own. */
export async function addActs(db: Records, acts: readonly Act[]): Promise<void> {
  const trail = createTrail(() => NOW);
  for (const act of acts) await db.transaction().execute((tx) => trail.add(tx, act));
}

/** Does what nobody may: SQL on the trail while its trigger is off, as somebody who has the database could. */
export async function behindItsBack(db: Records, statement: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`ALTER TABLE trail DISABLE TRIGGER trail_stands`.execute(tx);
    await sql.raw(statement).execute(tx);
    await sql`ALTER TABLE trail ENABLE TRIGGER trail_stands`.execute(tx);
  });
}

/** Empties it. */
export async function emptyTrail(db: Records): Promise<void> {
  await behindItsBack(db, 'TRUNCATE trail');
}

export { type Records, startRecords };
