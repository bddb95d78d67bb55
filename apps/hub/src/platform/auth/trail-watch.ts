/**
 * Keeps an eye on the chain while the hub runs: all of it at the start and once a day, and each hour what came since. It
 * remembers the last entry that it saw, so that a chain whose end was cut off is found, too.
 */
import type { Kysely } from 'kysely';
import { isDatabaseAway } from '../http/failures.ts';
import type { Tables } from '../postgres/tables.ts';
import { checkEntries, type TrailFault } from './trail-check.ts';
import { BEGINNING, type Head, trailHead, trailPages } from './trail-read.ts';

/** An hour: a chain that was broken is known before the day is over, and reading what is new costs nothing. ms. */
const EVERY = 3_600_000;

/** A day of checks: then the whole chain is read again, in case an old entry was changed. */
const WHOLE_EVERY = 24;

/** What it needs. */
export type TrailWatchOptions = {
  readonly db: Kysely<Tables>;
  /** Told of the first entry that is wrong, once for each. */
  readonly onBroken: (fault: TrailFault) => void;
  /** ms between checks; an hour if nothing is said. */
  readonly every?: number;
};

/** The eye on the chain. */
export type TrailWatch = {
  /** Whether the chain was unbroken when it was last looked at; waits for the first look. */
  isWhole(): Promise<boolean>;
  /** Looks now: at what is new, or at everything. Throws where the database is away. */
  lookAtTrail(all?: boolean): Promise<void>;
  /** No further look; waits for the one that is under way. */
  stop(): Promise<void>;
};

/** Begins to watch. */
export function watchTrail({ db, onBroken, every = EVERY }: TrailWatchOptions): TrailWatch {
  let seen: Head | undefined;
  let fault: TrailFault | undefined;
  let looks = 0;
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  async function look(all: boolean): Promise<void> {
    if (stopped) return;
    // Where something was wrong, only the whole chain can tell that it is right again.
    const from = all || fault !== undefined ? BEGINNING : (seen ?? BEGINNING);
    const found = (await cutOff(db, seen)) ?? (await faultBehind(db, from));
    if ('fault' in found) {
      if (fault?.number !== found.number || fault.fault !== found.fault) onBroken(found);
      fault = found;
      return;
    }
    fault = undefined;
    seen = found;
  }
  function lookInTurn(all: boolean): Promise<void> {
    const turn = last.then(() => look(all));
    last = turn.catch(() => {});
    return turn;
  }
  /** The database that is away now is there again for the next look. */
  function lookUnasked(all: boolean): void {
    lookInTurn(all).catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
    });
  }
  lookUnasked(true);
  const timer = setInterval(() => {
    looks++;
    lookUnasked(looks % WHOLE_EVERY === 0);
  }, every).unref();
  return {
    async isWhole() {
      await last;
      if (seen === undefined && fault === undefined) await lookInTurn(true);
      return fault === undefined;
    },
    async lookAtTrail(all = false) {
      await lookInTurn(all);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await last;
    },
  };
}

/** Whether the entry that was seen last is still there, and the same. */
async function cutOff(db: Kysely<Tables>, seen: Head | undefined): Promise<TrailFault | undefined> {
  if (seen === undefined || seen.number === 0) return undefined;
  const row = await db
    .selectFrom('trail')
    .select('hash')
    .where('number', '=', seen.number)
    .executeTakeFirst();
  if (row === undefined) return { number: seen.number, fault: 'missing' };
  return row.hash.toString('hex') === seen.hash ? undefined : { number: seen.number, fault: 'changed' };
}

async function faultBehind(db: Kysely<Tables>, from: Head): Promise<Head | TrailFault> {
  const { number } = await trailHead(db);
  const checked = await checkEntries(trailPages(db, 'all', from.number, number), from, 'whole');
  return checked.isErr() ? checked.error : checked.value;
}
