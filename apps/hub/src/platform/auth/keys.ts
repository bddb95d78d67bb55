/**
 * Keys of programs: `bwk_` and 256 random bits in base64url (RFC 4648, section 5), of which SHA-256 is kept. A key sends
 * lines of one place, or reads what is to be blocked there, and can do nothing else (rights.ts).
 *
 * Lines have to come in while the database is away. So what was found out about a key is remembered (key-memory.ts), and
 * counts on while nobody can be asked. One that was withdrawn ends within a second.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely } from 'kysely';
import type { Row, Tables } from '../postgres/tables.ts';
import type { KeyRecord, Keys, Trail } from './auth-types.ts';
import { type AuthError, authError } from './errors.ts';
import { KeyMemory, type ProgramActor } from './key-memory.ts';
import type { Actor, BouncerTakes, Place } from './rights.ts';
import { hashOf, looksLikeSecret, newSecret, type RandomBytes } from './secrets.ts';

/** Keys begin like this, so that one is known wherever it is found: in a log, in a repository. */
export const KEY_PREFIX = 'bwk_';

/** A minute, ms: as often as use is written down, so that sending lines is not writing rows. */
const USED_EVERY = 60_000;

/** More than the programs of a state; the list stays one answer. */
const MOST_LISTED = 10_000;

/** What they need. `now`: ms since 1970. */
export type KeysOptions = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly now: () => number;
  readonly random: RandomBytes;
};

/** Keys over these records. */
export function createKeys({ db, trail, now, random }: KeysOptions): Keys {
  const memory = new KeyMemory((hash) => lookUp(db, { hash }, now()), now);
  return {
    async makeKey(by, place, name, origin, bouncer) {
      const key = `${KEY_PREFIX}${newSecret(random)}`;
      const id = await db.transaction().execute(async (tx) => {
        const made = { place, name, made_by: makerOf(by), made_at: new Date(now()) };
        const row = await tx
          .insertInto('keys')
          .values({
            ...made,
            hash: hashOf(key),
            bouncer: bouncer === undefined ? null : JSON.stringify(bouncer),
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        const about = `key:${row.id}`;
        await trail.add(tx, {
          who: by,
          act: 'key.make',
          place,
          about,
          after: { name, ...(bouncer && { bouncer }) },
          origin,
        });
        return row.id;
      });
      return { id, key };
    },
    async withdrawKey(by, id, why, origin) {
      const withdrawn = await db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('keys')
          .set({ withdrawn_at: new Date(now()) })
          .where('id', '=', id)
          .where('withdrawn_at', 'is', null)
          .returning(['place', 'name'])
          .executeTakeFirst();
        if (row === undefined) return false;
        const { place, name } = row;
        const about = `key:${id}`;
        await trail.add(tx, { who: by, act: 'key.withdraw', place, about, why, before: { name }, origin });
        return true;
      });
      memory.forget(String(id));
      return withdrawn ? ok() : unknownKey(id);
    },
    async placeOf(id) {
      const row = await db.selectFrom('keys').select('place').where('id', '=', id).executeTakeFirst();
      return row?.place;
    },
    async list(places) {
      return await listed(db, places);
    },
    async actorOf(secret) {
      const text = secret.startsWith(KEY_PREFIX) ? secret.slice(KEY_PREFIX.length) : '';
      return looksLikeSecret(text) ? await memory.actorOf(hashOf(secret)) : undefined;
    },
    async standing(id) {
      const number = Number(id);
      return Number.isSafeInteger(number) ? await lookUp(db, { id: number }, now()) : undefined;
    },
  };
}

/** Who a key is, as the database has it now. Its use is written down, once a minute. */
async function lookUp(
  db: Kysely<Tables>,
  key: { readonly hash: Buffer } | { readonly id: number },
  time: number,
): Promise<ProgramActor | undefined> {
  const row = await db
    .selectFrom('keys')
    .select(['id', 'place', 'name', 'used_at', 'bouncer'])
    .where((where) => where.and(key))
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { id, used_at } = row;
  if (used_at === null || Math.abs(time - used_at.getTime()) >= USED_EVERY) {
    await db
      .updateTable('keys')
      .set({ used_at: new Date(time) })
      .where('id', '=', id)
      .execute();
  }
  return programOf(row);
}

/** The program that has a key, as it is kept. */
function programOf({
  id,
  place,
  name,
  bouncer,
}: Pick<Row<'keys'>, 'id' | 'place' | 'name' | 'bouncer'>): ProgramActor {
  const program = { key: String(id), name, place };
  const takes = bouncer as BouncerTakes | null;
  return takes === null ? { kind: 'sensor', ...program } : { kind: 'bouncer', ...program, takes };
}

async function listed(db: Kysely<Tables>, places: 'all' | readonly Place[]): Promise<readonly KeyRecord[]> {
  let query = db
    .selectFrom('keys')
    .select(['id', 'place', 'name', 'made_by', 'made_at', 'used_at', 'bouncer'])
    .where('withdrawn_at', 'is', null)
    .orderBy('place')
    .orderBy('id')
    .limit(MOST_LISTED);
  if (places !== 'all') query = query.where(({ eb, fn, val }) => eb('place', '=', fn.any(val([...places]))));
  const rows = await query.execute();
  return rows.map(({ id, place, name, made_by, made_at, used_at, bouncer }) => ({
    id,
    place,
    name,
    madeBy: made_by,
    made: made_at.getTime(),
    used: used_at?.getTime() ?? null,
    bouncer: bouncer as BouncerTakes | null,
  }));
}

function makerOf(by: Actor): string {
  if (by.kind === 'person') return by.person;
  return by.kind === 'machine' ? 'machine' : `key:${by.key}`;
}

function unknownKey(id: number): Result<never, AuthError> {
  return err(authError('AUTH_KEY_UNKNOWN', `There is no key ${id}.`));
}
