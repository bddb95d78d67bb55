/** What `bellwether admin` does: on the records of a data folder, whether its hub runs or not, as whoever holds the machine. */
import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '@bellwether/basics';
import type { NewCode, People, Person } from '../platform/auth/auth-types.ts';
import { type AuthError, authError } from '../platform/auth/errors.ts';
import { createPeople } from '../platform/auth/people.ts';
import type { Actor, Place, Role } from '../platform/auth/rights.ts';
import { createSessions } from '../platform/auth/sessions.ts';
import { createTrail } from '../platform/auth/trail.ts';
import { type Config, readConfig, USUAL_PORT, USUAL_ZONE } from '../platform/config.ts';
import { USUAL_HTTPS_PORT } from '../platform/config-https.ts';
import { withDatabase } from '../platform/doctor/with-database.ts';
import type { DataFolder, FolderError } from '../platform/folder.ts';
import type { Connection } from '../platform/postgres/connection.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { type PostgresError, postgresError } from '../platform/postgres/errors.ts';
import { databaseVersion, MIGRATIONS } from '../platform/postgres/migrations.ts';
import { readRunning } from '../up/running.ts';

/** What is to be done. `person`: their number, or their name. */
export type AdminAct =
  | { readonly verb: 'list' }
  | {
      readonly verb: 'invite';
      readonly name: string;
      readonly role: Role;
      readonly place: Place;
      readonly phone: string | null;
      /** When the role ends, ms since 1970; null: it does not. */
      readonly until: number | null;
      readonly why: string | null;
    }
  | { readonly verb: 'revoke' | 'recover'; readonly person: string; readonly why: string };

/** What was done. */
export type AdminAnswer =
  | { readonly kind: 'people'; readonly people: readonly Person[] }
  | { readonly kind: 'removed'; readonly person: string; readonly name: string }
  | ({ readonly kind: 'code'; readonly person: string; readonly name: string } & NewCode & WhereToType);

/** Where a code is typed. */
export type WhereToType = {
  /** Address of the page. */
  readonly url: string;
  /** Whether a hub runs that would show it. */
  readonly running: boolean;
  /** IANA name of the state's zone, for telling the time. */
  readonly zone: string;
};

/** Why it was not done: `detail` where the answer is no, `reason` where the records cannot be reached. */
export type AdminRefusal = AuthError | FolderError | PostgresError;

/** Whoever holds the data folder. There may be an administrator, so it is nobody's stand-in (`alone`). */
const MACHINE: Actor = { kind: 'machine', alone: false };

/** Does it. `now`: ms since 1970; `origin`: who gave the command, for the trail. */
export async function actOnPeople(
  folder: DataFolder,
  databaseUrl: string | undefined,
  act: AdminAct,
  origin: string,
  now: () => number,
): Promise<Result<AdminAnswer, AdminRefusal>> {
  return withDatabase<AdminAnswer, AdminRefusal>(folder, databaseUrl, async (connection) => {
    const database = openDatabase(connection, { connections: 2 });
    try {
      const old = await olderThanThis(database, connection);
      if (old !== undefined) return err(old);
      return await perform(peopleOf(database, now), act, origin, whereToType(folder));
    } finally {
      await database.close();
    }
  });
}

async function perform(
  people: People,
  act: AdminAct,
  origin: string,
  where: WhereToType,
): Promise<Result<AdminAnswer, AuthError>> {
  if (act.verb === 'list') return ok({ kind: 'people', people: await people.list('all') });
  if (act.verb === 'invite') {
    const { name } = act;
    const invited = await people.invite(MACHINE, act, origin);
    return invited.map((code) => ({ kind: 'code', name, ...code, ...where }));
  }
  const found = personNamed(await people.list('all'), act.person);
  if (found.isErr()) return found;
  const { id: person, name, state } = found.value;
  if (act.verb === 'revoke') {
    const removed = await people.removePerson(MACHINE, person, act.why, origin);
    return removed.map(() => ({ kind: 'removed', person, name }));
  }
  // Who never came in gets the first code once more.
  const purpose = state === 'invited' ? 'enrol' : 'recover';
  const made = await people.newCode(MACHINE, person, purpose, origin, act.why);
  return made.map((code) => ({ kind: 'code', person, name, ...code, ...where }));
}

/** The person with this number, or the only one with this name who is not removed. */
function personNamed(people: readonly Person[], text: string): Result<Person, AuthError> {
  const byNumber = people.find(({ id }) => id === text);
  if (byNumber !== undefined) return ok(byNumber);
  const name = text.normalize('NFC').trim();
  const [first, ...others] = people.filter((person) => person.name === name && person.state !== 'removed');
  if (first === undefined) return err(authError('AUTH_PERSON_UNKNOWN', 'Nobody has this number or name.'));
  if (others.length === 0) return ok(first);
  const numbers = [first, ...others].map(({ id }) => id).join(', ');
  return err(authError('AUTH_PERSON_UNKNOWN', `Several people are called so; say which number: ${numbers}.`));
}

function peopleOf({ query: db }: Database, now: () => number): People {
  const common = { db, trail: createTrail(now), now, random: randomBytes };
  return createPeople({ ...common, sessions: createSessions(common) });
}

/** A command changes no database: the hub brings it up to its version, with a backup before. */
async function olderThanThis({ pool }: Database, connection: Connection): Promise<PostgresError | undefined> {
  const { version } = await databaseVersion(pool);
  const known = MIGRATIONS.at(-1)?.number ?? 0;
  if (version === known) return undefined;
  const place = connection.kind === 'url' ? 'of DATABASE_URL' : 'of this folder';
  return version > known
    ? postgresError(
        'DATABASE_NEWER',
        `the database ${place} is of version ${version}, this program knows ${known}`,
      )
    : postgresError(
        'DATABASE_OLDER',
        `the database ${place} is of version ${version}, this program's is ${known}`,
      );
}

/** As the configuration says, if it can be read: with a broken one, this command is needed all the more. */
function whereToType(folder: DataFolder): WhereToType {
  const config = readConfig(folder.config);
  const { https, port, zone = USUAL_ZONE }: Config = config.isOk() ? config.value : {};
  const hub = readRunning(folder.path);
  const running = hub !== undefined && isAlive(hub.pid);
  if (https !== undefined) {
    const { name, port: securePort = USUAL_HTTPS_PORT } = https;
    return { url: `https://${name}${securePort === 443 ? '' : `:${securePort}`}/code`, running, zone };
  }
  return { url: `http://localhost:${running ? hub.port : (port ?? USUAL_PORT)}/code`, running, zone };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
